"""The site's seal on finished PDFs: whose it is, whether it works, and putting it on.

Only a child process (`sealer.py`) ever reads the key. A site with a seal hands out no PDF without it: what cannot be sealed
fails with a reason that people see.
"""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaign.documents.children import Child, IsWanted, RendererCrashed, RenderFailed, always
from campaign.documents.reasons import Reason

logger = logging.getLogger(__name__)

SEALER = Path(__file__).with_name("sealer.py")


class SealFault(models.TextChoices):
    """Why there is no seal although one is set: a sentence for the operator."""

    INCOMPLETE = (
        "incomplete",
        _(
            "Only one of RECLAIM_SEAL_KEY_FILE and RECLAIM_SEAL_CERTIFICATE_FILE is set. Set both, or neither."
        ),
    )
    KEY_MISSING = (
        "key_missing",
        _(
            "The file named by RECLAIM_SEAL_KEY_FILE is not there or cannot be read. Correct the path or the file’s permissions."
        ),
    )
    KEY_BROKEN = (
        "key_broken",
        _("The file named by RECLAIM_SEAL_KEY_FILE holds no private key in PEM form. Put one there."),
    )
    KEY_KIND = (
        "key_kind",
        _("The seal’s key is not of the kind EC P-256. Get a key and certificate of that kind."),
    )
    PASSPHRASE = (
        "passphrase",
        _(
            "RECLAIM_SEAL_PASSPHRASE does not open the seal’s key. Correct it; leave it empty for a key without one."
        ),
    )
    CERTIFICATE_MISSING = (
        "certificate_missing",
        _(
            "The file named by RECLAIM_SEAL_CERTIFICATE_FILE is not there or cannot be read. Correct the path or the permissions."
        ),
    )
    CERTIFICATE_BROKEN = (
        "certificate_broken",
        _(
            "The file named by RECLAIM_SEAL_CERTIFICATE_FILE holds no certificate in PEM form. Put one there, its own first."
        ),
    )
    MISMATCH = (
        "mismatch",
        _(
            "The seal’s certificate is not that of its key. The seal’s own certificate stands first in its file."
        ),
    )
    NOT_YET = (
        "not_yet",
        _("The seal’s certificate is not valid yet. Check the clock, or wait until it begins."),
    )
    EXPIRED = (
        "expired",
        _("The seal’s certificate has expired. Get a new one; until then no PDF can be finished."),
    )
    USAGE = "usage", _("The seal’s certificate is not meant for signatures. Get one that is.")
    NOT_WHOLE = (
        "not_whole",
        _("The seal was put on, but did not hold when it was read again. Tell the developers."),
    )
    MEMORY = "memory", _("Sealing needed more memory than RECLAIM_RENDER_MEMORY_MB allows. Raise it.")
    INTERNAL = "internal", _("The program that seals stopped with an error. Tell the developers.")


class SealUnusable(Exception):
    """A seal is set, but does not work. `code` is a SealFault."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def sentence(self) -> str | Promise:
        return SealFault(self.code).label


@dataclass(frozen=True, kw_only=True)
class Seal:
    """Whose seal it is. `certificate` is its chain in PEM form, its own first; `digest` the SHA-256 of its own."""

    subject: str
    digest: str
    is_self_signed: bool
    ends_at: datetime
    certificate: str


@dataclass(frozen=True, kw_only=True)
class SealedPdf:
    content: bytes
    seal: Seal


def is_seal_set() -> bool:
    return bool(settings.SEAL_KEY_FILE or settings.SEAL_CERTIFICATE_FILE)


def site_seal() -> Seal | None:
    """The seal that is set, as its certificate says; None for a site without. Raises SealUnusable."""
    if not is_seal_set():
        return None
    if not (settings.SEAL_KEY_FILE and settings.SEAL_CERTIFICATE_FILE):
        raise SealUnusable(SealFault.INCOMPLETE)
    try:
        pem = Path(settings.SEAL_CERTIFICATE_FILE).read_bytes()
    except OSError:
        raise SealUnusable(SealFault.CERTIFICATE_MISSING) from None
    return _read_seal(pem)


def sealed_by_line() -> dict[str, dict[str, str]]:
    """What a text that is being frozen says of the seal its documents will carry, for its payload. Empty for a site without.

    The page prints it from there, so that the bytes before sealing depend on the frozen text alone. Empty also while the seal
    cannot be used: freezing goes on, and the document, when its turn comes, fails until the seal is mended.
    """
    try:
        seal = site_seal()
    except SealUnusable as fault:
        logger.error("the seal cannot be named: %s", fault.code)
        return {}
    if seal is None:
        return {}
    return {"seal": {"subject": seal.subject, "check_at": settings.SITE_URL + reverse("document_check")}}


@contextmanager
def sealer_at_hand(*, at: datetime) -> Iterator[Child | None]:
    """The program that seals, loading while the PDF is still being made; None for a site without a seal.

    It reads the key once it has the finished PDF. Loading takes it longer than sealing.
    """
    if not is_seal_set():
        yield None
        return
    with _sealer(at) as sealer:
        yield sealer


def seal_pdf(
    *,
    content: bytes,
    promised: str,
    at: datetime,
    is_wanted: IsWanted = always,
    sealer: Child | None = None,
) -> SealedPdf | None:
    """Put the site's seal on a finished PDF, with `at` as its time; None for a site without a seal.

    `promised` is whose seal the page names; "" for a page that names none. `sealer` is one that is at hand. Raises RenderFailed
    when there is another seal, or one that does not work; RendererCrashed or NoLongerWanted.
    """
    try:
        seal = site_seal()
        if promised and (seal is None or seal.subject != promised):
            logger.error("the frozen text names a seal that is not the one that is set now")
            raise RenderFailed(Reason.SEAL)
        if seal is None:
            return None
        return SealedPdf(content=_seal(seal, content, at, is_wanted, sealer), seal=seal)
    except SealUnusable as fault:
        logger.error("no document can be sealed: %s", fault.code)  # no trace: it could show more
        raise RenderFailed(Reason.SEAL) from None


def try_seal(*, at: datetime) -> Seal | None:
    """Whose seal it is, after key, passphrase and certificate have been tried; None for a site without. Raises SealUnusable."""
    seal = site_seal()
    if seal is not None:
        _seal(seal, b"", at, always, None)
    return seal


def _sealer(at: datetime) -> Child:
    command = [sys.executable, "-s", "-P", str(SEALER)]
    limits = [str(settings.RENDER_SECONDS), str(settings.RENDER_MEMORY_MB)]
    return Child([*command, *limits], epoch=int(at.timestamp()))


def _seal(seal: Seal, content: bytes, at: datetime, is_wanted: IsWanted, sealer: Child | None) -> bytes:
    order = {
        "key_file": str(Path(settings.SEAL_KEY_FILE).absolute()),
        "certificate": seal.certificate,
        "passphrase": settings.SEAL_PASSPHRASE,
        "moment": at.astimezone(UTC).isoformat(timespec="seconds"),
    }
    with sealer or _sealer(at) as program:
        answer = program.ask(json.dumps(order).encode() + b"\n" + content, is_wanted=is_wanted)
    head, _newline, sealed = answer.partition(b"\n")
    try:
        result: dict[str, Any] = json.loads(head)
    except ValueError:
        raise RendererCrashed("no answer") from None
    if not result["ok"]:
        if detail := result.get("detail"):
            logger.error("sealing failed: %s", detail)
        raise SealUnusable(result["error"])
    return sealed


@lru_cache(maxsize=4)
def _read_seal(pem: bytes) -> Seal:
    try:
        own = x509.load_pem_x509_certificates(pem)[0]
    except ValueError:
        raise SealUnusable(SealFault.CERTIFICATE_BROKEN) from None
    return Seal(
        subject=_subject(own),
        digest=own.fingerprint(hashes.SHA256()).hex(),
        is_self_signed=own.subject == own.issuer,
        ends_at=own.not_valid_after_utc,
        certificate=pem.decode("ascii", "ignore"),
    )


def _subject(certificate: x509.Certificate) -> str:
    """The names by which people know its owner, the organization's last."""
    names = [
        str(attribute.value)
        for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME)
        for attribute in certificate.subject.get_attributes_for_oid(kind)
    ]
    return ", ".join(dict.fromkeys(names)) or certificate.subject.rfc4514_string()
