import json
import uuid
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.core.notes import parse_checkpoint
from campaign.petitions.proofs import (
    NotAReceipt,
    Receipt,
    commitment,
    head,
    leaf,
    origin,
    read_receipt,
    trace,
)

SALT = bytes(range(32))
PETITION = uuid.UUID("01931f00-0000-7000-8000-000000000001")
RECEIPT = Receipt(
    petition_id=PETITION,
    title="Return “it” – to ‹everybody›",
    address="https://campaign.example.org/petitions/return-it/",
    number=7,
    position=9,
    leaf="{}",
    salt=SALT,
    size=12,
    path=(bytes(32), bytes(range(32))),
    checkpoint="campaign.example.org\n12\n\n— name AAAA\n",
    verifier_key="name+00000000+AAAA",
)


def test_commitment_and_trace_are_as_documented():
    address = b"ada@example.org"

    assert (
        commitment(salt=SALT, address="Ada@Example.org")
        == sha256(b"reclaim-commitment-v1\n" + SALT + b"\n" + address).digest()
    )
    assert (
        trace(salt=SALT, address="ada@example.org")
        == sha256(b"reclaim-trace-v1\n" + SALT + b"\n" + address).digest()
    )


@given(
    position=st.integers(1, 2**62),
    numbers=st.tuples(st.integers(0, 2**62), st.integers(0, 2**62)),
    mark=st.none() | st.binary(min_size=32, max_size=32),
    kind=st.sampled_from(["addition", "removal", "restoration"]),
    reason=st.sampled_from(["", "signer", "moderator"]),
    day=st.dates(),
)
def test_leaf_is_what_a_json_library_writes(position, numbers, mark, kind, reason, day):
    facts = {
        "additions": numbers[0],
        "day": day.isoformat(),
        "kind": kind,
        "mark": mark.hex() if mark else "",
        "petition": str(PETITION),
        "position": position,
        "reason": reason,
        "total": numbers[1],
    }

    text = leaf(**facts | {"mark": mark})

    assert text == json.dumps(facts, sort_keys=True, separators=(",", ":"))


def test_head_says_size_root_total_and_time():
    at = datetime(2026, 11, 22, 9, 27, 31, 5, tzinfo=UTC)

    text = str(
        head(key_name="campaign.example.org", petition_id=PETITION, size=12, root=SALT, total=9, at=at)
    )

    lines = text.splitlines()
    assert lines[0] == f"campaign.example.org/petitions/{PETITION}"
    assert lines[0] == origin(key_name="campaign.example.org", petition_id=PETITION)
    assert (lines[1], lines[3:]) == ("12", ["total 9", "time 2026-11-22T09:27:31Z"])
    assert parse_checkpoint(text).root == SALT


def test_receipt_is_read_back_as_written():
    text = RECEIPT.as_text(how_to_check="Paste it.")

    assert read_receipt(text) == RECEIPT
    assert json.loads(text)["how_to_check"] == "Paste it."
    assert "“it”" in text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        "[" * 100_000,
        '{"format": "reclaim-receipt-v2"}',
        RECEIPT.as_text(how_to_check="")[:-10],
        RECEIPT.as_text(how_to_check="").replace('"number": 7', '"number": "seven"'),
        RECEIPT.as_text(how_to_check="").replace('"number": 7', f'"number": {"9" * 5_000}'),
        RECEIPT.as_text(how_to_check="").replace('"number": 7', '"number": 1e999'),
        RECEIPT.as_text(how_to_check="").replace('"number": 7', '"number": NaN'),
        RECEIPT.as_text(how_to_check="").replace('"number": 7', f'"number": {"9" * 40}'),
        RECEIPT.as_text(how_to_check="").replace(SALT.hex(), "xyz"),
        RECEIPT.as_text(how_to_check="").replace(str(PETITION), "no-id"),
        RECEIPT.as_text(how_to_check="").replace('"leaf": "{}"', '"leaf": 5'),
        RECEIPT.as_text(how_to_check="").replace('"inclusion_path": [', '"inclusion_path": [5, '),
    ],
)
def test_text_that_is_no_receipt_is_refused(text):
    with pytest.raises(NotAReceipt):
        read_receipt(text)
