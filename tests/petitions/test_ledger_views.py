import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from campaign.core.links import link_token
from campaign.core.merkle import consistency_holds, inclusion_holds, leaf_hash
from campaign.core.notes import parse_checkpoint, parse_verifier_key, public_key_of, verified_text
from campaign.petitions.models import (
    LedgerEntry,
    LedgerTile,
    Petition,
    PetitionState,
    Signature,
    SignatureState,
    TreeHead,
)
from campaign.petitions.services import confirm_signature, number_waiting_signatures
from tests.factories.petitions import ConfirmedSignatureFactory, PetitionFactory, SignatureFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
DATA = {
    "ledger_checkpoint": "",
    "ledger_inclusion": "?position=1",
    "ledger_consistency": "?from=1",
    "ledger_entries": "",
}


def counted(petition, count=1, **fields):
    """The last of so many signatures that were confirmed and numbered, a head for each."""
    for _ in range(count):
        signature = SignatureFactory(petition=petition, **fields)
        confirm_signature(signature=signature, at=timezone.now())
        number_waiting_signatures(at=timezone.now())
    return Signature.objects.get(pk=signature.pk)


def address(petition, name="petition_ledger", *arguments):
    return reverse(name, args=[petition.slug, *arguments])


def head_of(client, petition, *size):
    name = "ledger_checkpoint_of_size" if size else "ledger_checkpoint"
    note = client.get(address(petition, name, *size)).content.decode()
    key = client.get(reverse("ledger_keys")).content.decode().splitlines()[-1]
    return parse_checkpoint(verified_text(note, keys=[parse_verifier_key(key)]))


# --- The page ---------------------------------------------------------------
def test_page_shows_movements_total_and_digest(client):
    petition = PetitionFactory()
    counted(petition, 4)
    rows = Signature.objects.order_by("number")
    for number, state in ((1, "withdrawn"), (2, "invalidated"), (3, "invalidated")):
        rows.filter(number=number).update(state=state)
    number_waiting_signatures(at=timezone.now())
    rows.filter(number=3).update(state="confirmed")
    number_waiting_signatures(at=timezone.now())

    response = client.get(address(petition))

    movements = response.context["movements"]
    assert (movements.additions, movements.withdrawn, movements.invalidated, movements.restorations) == (
        4,
        1,
        2,
        1,
    )
    assert movements.total == 2
    assert bytes(TreeHead.objects.latest("size").root).hex() in response.content.decode()


def test_page_is_for_everybody_and_may_be_cached(client):
    petition = PetitionFactory()
    counted(petition)

    response = client.get(address(petition))

    assert response.status_code == 200
    assert response["Cache-Control"] == "public, max-age=10"
    assert client.cookies == {}
    again = client.get(address(petition), headers={"if-none-match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_page_before_the_first_signature_says_so(client):
    response = client.get(address(PetitionFactory()))

    assert response.status_code == 200
    assert "Nothing has been counted yet" in response.content.decode()


@pytest.mark.parametrize("state", ["draft", "hidden", "rejected", "in_moderation"])
@pytest.mark.parametrize("name", ["petition_ledger", *DATA])
def test_ledger_of_a_petition_that_is_not_public_is_404(client, name, state):
    petition = PetitionFactory()
    counted(petition)
    Petition.objects.update(state=state)

    assert client.get(address(petition, name) + DATA.get(name, "")).status_code == 404


@pytest.mark.parametrize("name", ["petition_ledger", *DATA])
def test_ledger_is_only_read(client, name):
    assert client.post(address(PetitionFactory(), name)).status_code == 405


@pytest.mark.parametrize("item_count", [1, 3])
def test_page_takes_the_same_queries_for_any_ledger(client, item_count, django_assert_num_queries):
    petition = PetitionFactory()
    counted(petition, item_count)

    with django_assert_num_queries(4):
        client.get(address(petition))


# --- Data -------------------------------------------------------------------
@pytest.mark.parametrize("name", DATA)
@pytest.mark.parametrize("item_count", [2, 5])
def test_data_takes_the_same_queries_for_any_ledger(client, name, item_count, django_assert_num_queries):
    petition = PetitionFactory()
    counted(petition, item_count)

    with django_assert_num_queries(2 if name == "ledger_checkpoint" else 3):
        response = client.get(address(petition, name) + DATA[name])
    assert response.status_code == 200


@pytest.mark.parametrize("name", DATA)
def test_data_of_an_empty_ledger_is_404_with_a_sentence(client, name):
    response = client.get(address(PetitionFactory(), name) + DATA[name])

    assert (response.status_code, response.json()) == (404, {"error": "Nothing has been counted yet."})


@pytest.mark.parametrize("name", DATA)
def test_data_may_be_read_by_any_page_and_carries_a_validator(client, name):
    petition = PetitionFactory()
    counted(petition, 2)

    response = client.get(address(petition, name) + DATA[name])

    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cache-Control"] == "public, max-age=10"
    same = client.get(address(petition, name) + DATA[name], headers={"if-none-match": response["ETag"]})
    assert same.status_code == 304


def test_unknown_petition_is_404_with_a_sentence(client):
    response = client.get("/petitions/nowhere/ledger/checkpoint")

    assert (response.status_code, response.json()) == (404, {"error": "There is no such petition."})


def test_checkpoint_is_signed_and_says_the_total(client):
    petition = PetitionFactory()
    counted(petition, 3)

    head = head_of(client, petition)

    assert (head.origin, head.size) == (f"testserver/petitions/{petition.pk}", 3)
    assert head.extensions[0] == "total 3"


def test_checkpoint_of_a_size_never_changes(client):
    petition = PetitionFactory()
    counted(petition, 3)

    response = client.get(address(petition, "ledger_checkpoint_of_size", 2))

    assert head_of(client, petition, 2).size == 2
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    missing = client.get(address(petition, "ledger_checkpoint_of_size", 10**30))
    assert (missing.status_code, missing.json()) == (404, {"error": "No head was signed at this size."})


@pytest.mark.parametrize("size", [None, 2, 4])
def test_inclusion_proof_holds_against_the_signed_head(client, size):
    petition = PetitionFactory()
    counted(petition, 5)
    question = "?position=2" + (f"&size={size}" if size else "")

    proof = client.get(address(petition, "ledger_inclusion") + question).json()

    text = client.get(address(petition, "ledger_entries") + "?from=2&limit=1").json()["entries"][0]
    head = head_of(client, petition, *([size] if size else []))
    assert (proof["size"], proof["root"]) == (head.size, head.root.hex())
    path = [bytes.fromhex(step) for step in proof["path"]]
    leaf = leaf_hash(text.encode())
    assert inclusion_holds(leaf=leaf, index=1, size=head.size, path=path, root=head.root)


def test_consistency_proof_holds_between_signed_heads(client):
    petition = PetitionFactory()
    counted(petition, 5)

    proof = client.get(address(petition, "ledger_consistency") + "?from=3&to=5").json()

    old, new = head_of(client, petition, 3), head_of(client, petition)
    path = [bytes.fromhex(step) for step in proof["path"]]
    assert (proof["from_root"], proof["to_root"]) == (old.root.hex(), new.root.hex())
    assert consistency_holds(old=3, old_root=old.root, size=5, root=new.root, path=path)


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("ledger_inclusion", ""),
        ("ledger_inclusion", "?position=0"),
        ("ledger_inclusion", "?position=4"),
        ("ledger_inclusion", "?position=3&size=2"),
        ("ledger_inclusion", "?position=1&size=4"),
        ("ledger_inclusion", "?position=-1"),
        ("ledger_inclusion", "?position=1.5"),
        ("ledger_inclusion", "?position=٣"),
        ("ledger_inclusion", "?position=" + "9" * 50),
        ("ledger_consistency", ""),
        ("ledger_consistency", "?from=0"),
        ("ledger_consistency", "?from=3&to=2"),
        ("ledger_consistency", "?from=1&to=4"),
        ("ledger_entries", "?from=0"),
        ("ledger_entries", "?limit=0"),
        ("ledger_entries", "?limit=1001"),
        ("ledger_entries", "?from=x"),
    ],
)
def test_question_without_an_answer_is_422_with_a_sentence(client, name, question):
    petition = PetitionFactory()
    counted(petition, 3)

    response = client.get(address(petition, name) + question)

    assert response.status_code == 422
    assert response.json()["error"].endswith(".")


def test_entries_come_page_by_page_and_give_the_root(client):
    petition = PetitionFactory()
    counted(petition, 5)
    pages, start = [], 1
    while start:
        page = client.get(address(petition, "ledger_entries") + f"?from={start}&limit=2").json()
        pages.append(page["entries"])
        start = page["next"]

    assert [len(page) for page in pages] == [2, 2, 1]
    facts = [json.loads(text) for page in pages for text in page]
    assert [entry["position"] for entry in facts] == [1, 2, 3, 4, 5]
    assert {entry["petition"] for entry in facts} == {str(petition.pk)}


def test_entries_beyond_the_end_are_none(client):
    petition = PetitionFactory()
    counted(petition, 2)

    page = client.get(address(petition, "ledger_entries") + "?from=3").json()

    assert (page["entries"], page["next"], page["size"]) == ([], None, 2)


def test_tile_holds_the_hashes_and_a_full_one_is_cached_for_good(client):
    petition = PetitionFactory()
    rows = ConfirmedSignatureFactory.build_batch(257, petition=petition, email=None, email_key=None)
    Signature.objects.bulk_create(rows)
    number_waiting_signatures(at=timezone.now())

    full = client.get(address(petition, "ledger_tile", 0, 0))
    part = client.get(address(petition, "ledger_tile", 0, 1))

    first = client.get(address(petition, "ledger_entries") + "?limit=1").json()["entries"][0]
    assert full.content[:32] == leaf_hash(first.encode())
    assert (len(full.content), len(part.content)) == (256 * 32, 32)
    assert full["Cache-Control"] == "public, max-age=31536000, immutable"
    assert part["Cache-Control"] == "public, max-age=10"


@pytest.mark.parametrize(("level", "index"), [(0, 1), (1, 0), (64, 0), (0, 10**30), (10**30, 0)])
def test_tile_that_is_not_there_is_404(client, level, index):
    petition = PetitionFactory()
    counted(petition)

    response = client.get(address(petition, "ledger_tile", level, index))

    assert (response.status_code, response.json()) == (404, {"error": "There is no such tile."})


def test_keys_are_listed_with_the_day_of_their_first_head(client, settings):
    before = client.get(reverse("ledger_keys")).content.decode().splitlines()
    now = timezone.now()
    ConfirmedSignatureFactory()
    number_waiting_signatures(at=now)
    settings.LEDGER_KEY = bytes(32)
    ConfirmedSignatureFactory()
    number_waiting_signatures(at=now + timedelta(hours=1))

    lines = client.get(reverse("ledger_keys")).content.decode().splitlines()

    assert before[1] == "# has not signed yet"
    assert lines[3] == f"# since {now:%Y-%m-%dT%H:%M:%SZ}"
    assert lines[4] == before[2]
    assert parse_verifier_key(lines[2]).public_key == public_key_of(bytes(32))


# --- Checking a receipt on the page -----------------------------------------
def receipt_of(client, signature):
    token = link_token(purpose="signature-manage", row_id=signature.pk)
    return client.get(reverse("signature_receipt", args=[token])).content.decode()


def check(client, petition, text, mail="ada@example.org", **headers):
    data = {"text": text, "address": mail}
    return client.post(address(petition, "receipt_check"), data, **headers)


@pytest.fixture
def petition():
    return PetitionFactory()


@pytest.fixture
def signature(petition):
    counted(petition)
    signature = counted(petition, email="Ada@example.org")
    counted(petition)
    return signature


def standing(response):
    assert response.status_code == 200
    return response.context["answer"].standing


def test_receipt_of_a_counted_signature_is_in(client, petition, signature):
    response = check(client, petition, receipt_of(client, signature), mail=" ADA@Example.org ")

    assert standing(response) == "in"
    assert response.context["answer"].number == 2
    assert "Yes, it is in" in response.content.decode()
    assert "no-store" in response["Cache-Control"]


def test_receipt_as_a_file_is_read(client, petition, signature):
    file = SimpleUploadedFile("receipt.json", receipt_of(client, signature).encode(), "application/json")

    response = client.post(address(petition, "receipt_check"), {"file": file, "address": "ada@example.org"})

    assert standing(response) == "in"


def test_receipt_stays_good_while_the_ledger_grows(client, petition, signature):
    text = receipt_of(client, signature)
    counted(petition, 3)

    assert standing(check(client, petition, text)) == "in"


def test_receipt_signed_with_an_older_key_stays_good(client, petition, signature, settings):
    text = receipt_of(client, signature)
    settings.LEDGER_KEY, settings.SITE_URL = bytes(32), "https://elsewhere.example"
    counted(petition)

    assert standing(check(client, petition, text)) == "in"


@pytest.mark.parametrize(("state", "reason"), [("withdrawn", "signer"), ("invalidated", "moderator")])
def test_receipt_of_a_removed_signature_says_when_and_by_whom(client, petition, signature, state, reason):
    text, now = receipt_of(client, signature), timezone.now()
    Signature.objects.filter(pk=signature.pk).update(state=state)
    number_waiting_signatures(at=now)

    answer = check(client, petition, text).context["answer"]

    assert (answer.standing, answer.number, answer.removed_by) == ("removed", 2, reason)
    assert answer.removed_on == now.date()


def test_receipt_of_a_restored_signature_is_in(client, petition, signature):
    text = receipt_of(client, signature)
    for state in (SignatureState.INVALIDATED, SignatureState.CONFIRMED):
        Signature.objects.filter(pk=signature.pk).update(state=state)
        number_waiting_signatures(at=timezone.now())

    assert standing(check(client, petition, text)) == "in"


def test_receipt_with_another_address_is_not_theirs(client, petition, signature):
    response = check(client, petition, receipt_of(client, signature), mail="eve@example.org")

    assert standing(response) == "other_address"


def test_receipt_with_another_salt_is_not_theirs(client, petition, signature):
    data = json.loads(receipt_of(client, signature)) | {"salt": "00" * 32}

    assert standing(check(client, petition, json.dumps(data))) == "other_address"


def test_receipt_older_than_commitments_names_no_address(client, petition):
    signature = ConfirmedSignatureFactory(petition=petition, email="ada@example.org")
    number_waiting_signatures(at=timezone.now())

    assert standing(check(client, petition, receipt_of(client, signature))) == "unbound"


def test_receipt_of_another_petition_is_not_here(client, petition, signature):
    assert standing(check(client, PetitionFactory(), receipt_of(client, signature))) == "not_here"


@pytest.mark.parametrize(
    "change",
    [
        {"position": 3},
        {"number": 1},
        {"tree_size": 2},
        {"inclusion_path": ["00" * 32]},
        {"checkpoint": "no note"},
        {"leaf": "{}"},
    ],
)
def test_receipt_that_was_changed_is_told(client, petition, signature, change):
    text = json.dumps(json.loads(receipt_of(client, signature)) | change)

    assert standing(check(client, petition, text)) == "altered"


@pytest.mark.parametrize("part", ["total 3", "time 2", "— testserver "])
def test_receipt_with_a_changed_head_is_told(client, petition, signature, part):
    data = json.loads(receipt_of(client, signature))
    changed = data["checkpoint"].replace(part, f"{part[:-1]}9")

    response = check(client, petition, json.dumps(data | {"checkpoint": changed}))

    assert changed != data["checkpoint"]
    assert standing(response) == "altered"


@pytest.mark.parametrize("flaw", ["entry", "tile", "cut"])
def test_ledger_that_was_changed_contradicts_the_receipt(client, petition, signature, flaw):
    text = receipt_of(client, signature)
    if flaw == "entry":
        LedgerEntry.objects.filter(position=2).update(mark=bytes(32))
    elif flaw == "tile":
        for tile in LedgerTile.objects.all():
            LedgerTile.objects.filter(pk=tile.pk).update(hashes=bytes(32) + bytes(tile.hashes[32:]))
    else:
        TreeHead.objects.filter(size__gt=1).delete()

    response = check(client, petition, text)

    assert standing(response) == "contradicted"
    assert "That must never happen" in response.content.decode()


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        ({"text": "{}"}, ["text", "address"]),
        ({"address": "ada@example.org"}, ["file"]),
        ({"text": "{}", "address": "ada@example.org"}, ["text"]),
        ({"text": "x" * 20_001, "address": "ada@example.org"}, ["text"]),
        ({"file": SimpleUploadedFile("a.json", b""), "address": "ada@example.org"}, ["file"]),
        ({"file": SimpleUploadedFile("a.json", b"\xff\xfe"), "address": "ada@example.org"}, ["file"]),
        ({"file": SimpleUploadedFile("a.json", b" " * 20_001), "address": "ada@example.org"}, ["file"]),
        ({"text": "{}", "address": "nobody"}, ["address", "text"]),
    ],
)
def test_form_with_errors_says_so_and_keeps_what_was_typed(client, petition, data, fields):
    response = client.post(address(petition, "receipt_check"), data)

    assert response.status_code == 422
    assert sorted(response.context["form"].errors) == sorted(fields)
    assert response.context["answer"] is None
    if data.get("text") == "{}":
        assert "{}</textarea>" in response.content.decode()


def test_check_works_without_cookie_or_token_and_stores_nothing(client, petition, signature):
    text = receipt_of(client, signature)
    client.handler.enforce_csrf_checks = True

    response = check(client, petition, text)

    assert standing(response) == "in"
    assert client.cookies == {}


def test_check_from_another_site_is_refused(client, petition):
    assert check(client, petition, "{}", headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_check_asked_with_get_leads_to_the_page(client, petition):
    response = client.get(address(petition, "receipt_check"))

    assert (response.status_code, response.url) == (302, address(petition))


def test_check_of_a_hidden_petition_is_404(client, petition):
    Petition.objects.update(state=PetitionState.HIDDEN)

    assert check(client, petition, "{}").status_code == 404
