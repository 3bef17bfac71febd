"""tools/verify_ledger.py, run as anybody would run it, on what the running site gives out."""

import base64
import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from campaign.core.links import link_token
from campaign.core.notes import VerifierKey, public_key_of, signed_note
from campaign.petitions.models import LedgerEntry, Signature
from campaign.petitions.services import confirm_signature, number_waiting_signatures
from tests.factories.petitions import PetitionFactory, SignatureFactory

TOOL = Path(__file__).resolve().parents[2] / "tools/verify_ledger.py"
SEED = bytes(range(96, 128))

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def verify(*arguments):
    """(exit code, output) of the verifier, in a Python that finds nothing of the project."""
    done = subprocess.run(
        [sys.executable, "-I", str(TOOL), *map(str, arguments)], capture_output=True, text=True, cwd="/"
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def counted(petition, count=1, **fields):
    for _ in range(count):
        signature = SignatureFactory(petition=petition, **fields)
        confirm_signature(signature=signature, at=timezone.now())
        number_waiting_signatures(at=timezone.now())
    return Signature.objects.get(pk=signature.pk)


def fetched(client, name, petition, *arguments):
    return client.get(reverse(name, args=[petition.slug, *arguments])).content.decode()


@pytest.fixture
def site(live_server, settings):
    """A site that the verifier can reach. Tests name it first: what they make is signed under its address."""
    settings.SITE_URL = live_server.url
    return live_server.url


@pytest.fixture
def key(settings):
    return str(VerifierKey(settings.SITE_URL.removeprefix("http://"), public_key_of(SEED)))


@pytest.fixture
def petition():
    return PetitionFactory(slug="return-it", title="Return “it”")


@pytest.fixture
def signature(petition):
    counted(petition, 2)
    signature = counted(petition, email="Ada@example.org")
    counted(petition, 2)
    return signature


@pytest.fixture
def receipt(client, signature, tmp_path):
    """A receipt's file as the site gave it out, with two entries after it."""
    token = link_token(purpose="signature-manage", row_id=signature.pk)
    path = tmp_path / "receipt.json"
    path.write_bytes(client.get(reverse("signature_receipt", args=[token])).content)
    return path


def changed(path, **changes):
    other = path.with_name("changed.json")
    other.write_text(json.dumps(json.loads(path.read_text()) | changes))
    return other


def flipped(text, place=-3):
    """Base64 or hex text with one bit changed."""
    swap = "1" if text[place] == "0" else "0"
    return text[:place] + swap + text[place:][1:]


def refused(result, why):
    code, output = result
    assert code == 1
    assert output.splitlines()[-1] == f"DOES NOT HOLD: {why}."


def test_receipt_holds(receipt, key):
    code, output = verify("receipt", receipt, "--address", "ada@example.org", "--key", key)

    assert code == 0
    assert "Number 3 is in the ledger" in output
    assert "It belongs to this address." in output
    assert output.endswith("All of it holds.\n")


def test_receipt_without_a_key_says_where_the_key_came_from(receipt, key):
    code, output = verify("receipt", receipt)

    assert code == 0
    assert "The key was taken from the receipt itself" in output
    assert key in output


def test_receipt_of_another_address(receipt):
    refused(
        verify("receipt", receipt, "--address", "eve@example.org"), "the receipt belongs to another address"
    )


def test_receipt_with_another_key(receipt, key):
    name = key.split("+")[0]
    other = VerifierKey(name, public_key_of(bytes(32)))

    refused(verify("receipt", receipt, "--key", other), "the head is not signed by this key")


def test_receipt_with_a_flipped_bit_in_its_signature(receipt, key):
    note = json.loads(receipt.read_text())["checkpoint"]

    file = changed(receipt, checkpoint=flipped(note, -20))

    refused(verify("receipt", file, "--key", key), "the signature does not belong to this head")


def test_receipt_with_a_flipped_bit_in_its_path(receipt):
    path = json.loads(receipt.read_text())["inclusion_path"]

    file = changed(receipt, inclusion_path=[flipped(path[0]), *path[1:]])

    refused(verify("receipt", file), "the entry is not in the signed ledger")


def test_receipt_with_a_foreign_leaf(receipt, client, petition):
    entries = json.loads(fetched(client, "ledger_entries", petition))["entries"]

    file = changed(receipt, leaf=entries[0])

    refused(verify("receipt", file), "the entry is not in the signed ledger")


def test_receipt_with_another_number(receipt):
    refused(verify("receipt", changed(receipt, number=2)), "the receipt says something else than its entry")


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": "reclaim-receipt-v1"}'])
def test_file_that_is_no_receipt(tmp_path, text):
    path = tmp_path / "receipt.json"
    path.write_text(text)

    assert verify("receipt", path)[0] == 1


def test_receipt_online_goes_on_in_the_newest_head_and_was_never_removed(site, receipt, petition, key):
    counted(petition, 2)

    code, output = verify("receipt", receipt, "--address", "ada@example.org", "--key", key, "--online")

    assert code == 0
    assert "(7 entries, 7 counted) goes on from there." in output
    assert "It was never removed." in output


def test_receipt_online_of_a_withdrawn_signature(site, receipt, signature):
    Signature.objects.filter(pk=signature.pk).update(state="withdrawn")
    number_waiting_signatures(at=timezone.now())

    code, output = verify("receipt", receipt, "--address", "ada@example.org", "--online")

    assert code == 0
    assert f"It was removed on {timezone.now():%Y-%m-%d} (signer) and does not count." in output


def test_head_holds_and_says_what_it_says(client, petition, signature, key, tmp_path):
    path = tmp_path / "head.txt"
    path.write_text(fetched(client, "ledger_checkpoint", petition))

    code, output = verify("head", path, "--key", key)

    assert code == 0
    assert f"/petitions/{petition.pk}: 5 entries, 5 counted, on 20" in output


def test_head_that_was_changed(client, petition, signature, key, tmp_path):
    path = tmp_path / "head.txt"
    path.write_text(fetched(client, "ledger_checkpoint", petition).replace("total 5", "total 6"))

    refused(verify("head", path, "--key", key), "the signature does not belong to this head")


@pytest.fixture
def heads(client, petition, signature, tmp_path):
    """Two heads and the proof between them, as files."""
    files = {
        "old.txt": fetched(client, "ledger_checkpoint_of_size", petition, 3),
        "new.txt": fetched(client, "ledger_checkpoint", petition),
        "proof.json": client.get(
            reverse("ledger_consistency", args=[petition.slug]) + "?from=3&to=5"
        ).content.decode(),
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    return [tmp_path / name for name in files]


def test_consistency_holds(heads, key):
    code, output = verify("consistency", *heads, "--key", key)

    assert code == 0
    assert "The 3 entries of" in output
    assert "stand unchanged in the 5 of" in output


def test_consistency_of_a_forked_head(heads, key):
    """A dishonest site signs another history: with its true key, at the same size."""
    text = heads[0].read_text().rpartition("\n\n")[0] + "\n"
    lines = text.split("\n")
    lines[2] = base64.b64encode(bytes(32)).decode()
    heads[0].write_text(signed_note("\n".join(lines), name=key.split("+")[0], seed=SEED))

    refused(
        verify("consistency", *heads, "--key", key), "the heads do not belong to one ledger: it was forked"
    )


def test_two_heads_of_one_size(heads, key, tmp_path):
    text = heads[1].read_text().rpartition("\n\n")[0] + "\n"
    lines = text.split("\n")
    lines[2] = base64.b64encode(bytes(32)).decode()
    heads[0].write_text(signed_note("\n".join(lines), name=key.split("+")[0], seed=SEED))
    heads[2].write_text('{"path": []}')

    refused(
        verify("consistency", *heads, "--key", key), "two heads of one size differ: the ledger was forked"
    )


def test_consistency_with_a_flipped_bit(heads, key):
    proof = json.loads(heads[2].read_text())
    proof["path"][0] = flipped(proof["path"][0])
    heads[2].write_text(json.dumps(proof))

    assert verify("consistency", *heads, "--key", key)[0] == 1


@pytest.mark.parametrize("end", ["", "/"])
def test_recount_adds_up(site, petition, signature, receipt, end):
    Signature.objects.filter(number=1).update(state="invalidated")
    number_waiting_signatures(at=timezone.now())

    code, output = verify(
        "recount", f"{site}/petitions/return-it{end}", "--receipt", receipt, "--address", "ada@example.org"
    )

    assert code == 0
    assert "Recounted: 4 counted. The 6 entries are exactly those of the signed head." in output
    assert "  addition: 5\n  removal (moderator): 1\n" in output
    assert "Number 3 was never removed." in output


def test_recount_tells_of_a_removed_receipt(site, signature, receipt, key):
    for state in ("invalidated", "confirmed"):
        Signature.objects.filter(pk=signature.pk).update(state=state)
        number_waiting_signatures(at=timezone.now())

    arguments = ["--key", key, "--receipt", receipt, "--address", "ada@example.org"]
    code, output = verify("recount", f"{site}/petitions/return-it/", *arguments)

    assert code == 0
    assert "Number 3 was removed and restored on" in output


def test_recount_of_a_changed_entry(site, signature):
    LedgerEntry.objects.filter(position=2).update(mark=bytes(32))

    refused(
        verify("recount", f"{site}/petitions/return-it/"),
        "the entries are not those of the signed head",
    )


def test_recount_of_a_withheld_entry(site, signature):
    LedgerEntry.objects.filter(position=2)._raw_delete("default")

    refused(verify("recount", f"{site}/petitions/return-it/"), "entry 2 does not follow from those before it")


def test_recount_of_a_petition_that_is_not_there(site, petition):
    code, output = verify("recount", f"{site}/petitions/nowhere/")

    assert code == 1
    assert "answers 404" in output


def test_called_in_a_wrong_way():
    done = subprocess.run([sys.executable, "-I", str(TOOL)], capture_output=True, text=True)

    assert done.returncode == 2
    assert done.stderr.startswith("usage:")
