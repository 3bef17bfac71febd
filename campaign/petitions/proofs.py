"""What an entry of the ledger looks like to the world, and what its signer holds to prove that it is theirs.

`docs/ledger.md` describes these bytes for people who write a verifier of their own. Nothing here reads the database.
"""

import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext_lazy as _

from campaign.core.errors import DomainError
from campaign.core.merkle import HASH_BYTES
from campaign.core.notes import Checkpoint

RECEIPT_FORMAT = "reclaim-receipt-v1"
SALT_BYTES = 32


class NotAReceipt(DomainError):
    message = _("This is not a whole receipt. Open the file you were sent, and copy all of it.")


def commitment(*, salt: bytes, address: str) -> bytes:
    """What an addition shows of its signer: 32 bytes that nobody can open without the salt."""
    return _bound("commitment", salt, address)


def trace(*, salt: bytes, address: str) -> bytes:
    """What removals and restorations show: who holds the receipt finds them; nobody else can tell whose addition they undo."""
    return _bound("trace", salt, address)


def _bound(purpose: str, salt: bytes, address: str) -> bytes:
    return sha256(f"reclaim-{purpose}-v1\n".encode() + salt + b"\n" + address.lower().encode()).digest()


def leaf(
    *,
    petition: str,
    position: int,
    kind: str,
    reason: str,
    additions: int,
    total: int,
    day: str,
    mark: bytes | memoryview | None,
) -> str:
    """An entry as canonical JSON. No value needs escaping: they are numbers, ids, days and fixed words."""
    shown = mark.hex() if mark else ""
    return (
        f'{{"additions":{additions},"day":"{day}","kind":"{kind}","mark":"{shown}","petition":"{petition}",'
        f'"position":{position},"reason":"{reason}","total":{total}}}'
    )


def origin(*, key_name: str, petition_id: uuid.UUID) -> str:
    """The name of a petition's log in its checkpoints. The id stays when title and address change."""
    return f"{key_name}/petitions/{petition_id}"


def head(
    *, key_name: str, petition_id: uuid.UUID, size: int, root: bytes, total: int, at: datetime
) -> Checkpoint:
    """The statement that is signed after each step of the count. `at` in UTC."""
    extensions = (f"total {total}", f"time {at:%Y-%m-%dT%H:%M:%SZ}")
    return Checkpoint(origin(key_name=key_name, petition_id=petition_id), size, root, extensions)


@dataclass(frozen=True)
class Receipt:
    """What a signer keeps. `salt` is empty where the entry is older than commitments."""

    petition_id: uuid.UUID
    title: str
    address: str  # of the petition's page
    number: int
    position: int
    leaf: str
    salt: bytes
    size: int
    path: tuple[bytes, ...]
    checkpoint: str  # a signed note
    verifier_key: str

    def as_text(self, *, how_to_check: str) -> str:
        """The file: JSON that people can read."""
        data = {
            "format": RECEIPT_FORMAT,
            "petition": {"id": str(self.petition_id), "title": self.title, "address": self.address},
            "number": self.number,
            "position": self.position,
            "leaf": self.leaf,
            "salt": self.salt.hex(),
            "tree_size": self.size,
            "inclusion_path": [step.hex() for step in self.path],
            "checkpoint": self.checkpoint,
            "verifier_key": self.verifier_key,
            "how_to_check": how_to_check,
        }
        return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def read_receipt(text: str) -> Receipt:
    """Read the file back. Raises NotAReceipt when a part is missing or is not what it should be."""
    try:
        data = json.loads(text)
        if data["format"] != RECEIPT_FORMAT:
            raise NotAReceipt
        return _receipt(data)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        raise NotAReceipt from None


def _receipt(data: dict[str, Any]) -> Receipt:
    petition = data["petition"]
    parts = (data["leaf"], data["checkpoint"], data["verifier_key"], petition["title"], petition["address"])
    if not all(isinstance(part, str) for part in parts):
        raise NotAReceipt
    "".join(parts).encode()  # half a surrogate pair is no text: ValueError
    number, position, size = (int(data[name]) for name in ("number", "position", "tree_size"))
    if not (0 < number <= position <= size < 2**63):
        raise NotAReceipt
    return Receipt(
        petition_id=uuid.UUID(petition["id"]),
        title=petition["title"],
        address=petition["address"],
        number=number,
        position=position,
        leaf=data["leaf"],
        salt=bytes.fromhex(data["salt"]),
        size=size,
        path=tuple(_digest(step) for step in data["inclusion_path"]),
        checkpoint=data["checkpoint"],
        verifier_key=data["verifier_key"],
    )


def _digest(text: str) -> bytes:
    """Raises ValueError when it is not 32 bytes in hex."""
    step = bytes.fromhex(text)
    if len(step) != HASH_BYTES:
        raise ValueError
    return step
