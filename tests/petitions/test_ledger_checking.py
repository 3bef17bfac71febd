import io

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from campaign.petitions.models import (
    EntryKind,
    LedgerEntry,
    LedgerTile,
    Signature,
    SignatureState,
    Tally,
    TreeHead,
)
from campaign.petitions.services import (
    confirm_signature,
    number_signatures,
    number_waiting_signatures,
    verify_ledger,
    verify_ledgers,
)
from campaign.petitions.services.leaving import blank_fields
from campaign.petitions.services.ledger import checking
from campaign.petitions.tasks import verify_ledgers as verify_ledgers_task
from tests.factories.petitions import ConfirmedSignatureFactory, PetitionFactory, SignatureFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def petition():
    """Seven added in steps, one of them withdrawn, one invalidated and restored."""
    petition, now = PetitionFactory(slug="return-it"), timezone.now()
    for index in range(7):
        signature = SignatureFactory(petition=petition, country=["DE", "FR", "ES"][index % 3])
        confirm_signature(signature=signature, at=now)
    for state in (None, SignatureState.WITHDRAWN, SignatureState.INVALIDATED, SignatureState.CONFIRMED):
        rows = Signature.objects.filter(petition=petition).order_by("pk")
        if state:
            row = rows[0] if state == SignatureState.WITHDRAWN else rows[1]
            rows.filter(pk=row.pk).update(state=state)
        while number_signatures(petition_id=petition.pk, at=now, batch=3):
            pass
    return petition


def verify(*arguments):
    out, err = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command("ledger", "verify", *arguments, stdout=out, stderr=err)
    except SystemExit as end:
        code = end.code
    return code, out.getvalue(), err.getvalue()


def test_sound_ledger_holds(petition):
    code, out, err = verify("return-it")

    assert (code, err) == (0, "")
    assert out == "return-it: holds: 6 counted, 10 entries, 6 signed heads\n"


def test_all_petitions_are_checked(petition):
    PetitionFactory(slug="empty")

    _code, out, _err = verify()

    assert sorted(line.split(":")[0] for line in out.splitlines()) == ["empty", "return-it"]


def test_unknown_petition_is_told():
    with pytest.raises(CommandError, match="There is no petition “nowhere”"):
        verify("nowhere")


@pytest.mark.parametrize(
    ("dimension", "key", "wrong", "line"),
    [
        ("total", "", 900, "total showed 900, now 6"),
        ("country", "DE", 0, "country DE showed 0, now 2"),
        ("country", "ZZ", 3, "country ZZ showed 3, now 0"),
        ("locale", "en", 5, "locale en showed 5, now 6"),
        ("source", "", 7, "source showed 7, now 6"),
    ],
)
def test_wrong_public_number_is_mended(petition, dimension, key, wrong, line):
    Tally.objects.update_or_create(
        petition=petition, dimension=dimension, key=key, defaults={"counted": wrong}
    )

    code, out, err = verify("return-it")

    assert (code, err) == (0, "")
    assert f"return-it: mended: {line}\n" in out
    assert "mended" not in verify("return-it")[1]


def test_wrong_day_is_mended(petition):
    Tally.objects.filter(petition=petition, dimension="day").delete()

    code, _out, _err = verify("return-it")

    assert code == 0
    assert Tally.objects.get(petition=petition, dimension="day").counted == 6


def test_wrong_public_number_without_repair_is_an_error(petition):
    Tally.objects.filter(petition=petition, dimension="total").update(counted=900)

    code, _out, err = verify("return-it", "--no-repair")

    assert (code, err) == (1, "return-it: WRONG: total shows 900, the rows have 6\n")
    assert Tally.objects.get(petition=petition, dimension="total").counted == 900


def other(value):
    return bytes([value[0] ^ 1]) + bytes(value[1:])


FLAWS = {
    "entry changed": (
        lambda: LedgerEntry.objects.filter(position=4).update(mark=bytes(32)),
        "tile 0 of level 0 does not hold the hashes of its entries",
    ),
    "entry turned round": (
        lambda: LedgerEntry.objects.filter(position=8).update(kind=EntryKind.RESTORATION),
        "entry 8 does not follow from the one before it",
    ),
    "last entry gone": (
        lambda: LedgerEntry.objects.filter(position=10)._raw_delete("default"),
        "a head says 10 entries, there are 9",
    ),
    "entry in the middle gone": (
        lambda: LedgerEntry.objects.filter(position=5)._raw_delete("default"),
        "positions have gaps",
    ),
    "row gone": (
        lambda: Signature.objects.filter(number=5)._raw_delete("default"),
        "1 additions whose row is gone or has another number",
    ),
    "row counted twice": (
        lambda: Signature.objects.filter(counted=False).update(counted=True),
        "7 rows are counted, the entries add up to 6",
    ),
    "rows changed places": (
        lambda: (
            Signature.objects.filter(number=1).update(counted=True),
            Signature.objects.filter(number=7).update(counted=False),
        ),
        "2 rows are counted against what their entries say",
    ),
    "number changed": (
        lambda: Signature.objects.filter(number=7).update(number=8),
        "1 additions whose row is gone or has another number",
    ),
    "tile changed": (
        lambda: [
            LedgerTile.objects.filter(pk=tile.pk).update(hashes=other(tile.hashes))
            for tile in LedgerTile.objects.all()
        ],
        "tile 0 of level 0 does not hold the hashes of its entries",
    ),
    "tile gone": (
        lambda: LedgerTile.objects.all().delete(),
        "tile 0 of level 0 does not hold the hashes of its entries",
    ),
    "head changed": (
        lambda: TreeHead.objects.filter(size=3).update(root=bytes(32)),
        "the head of size 3 is not that of the entries",
    ),
    "head with another total": (
        lambda: TreeHead.objects.filter(size=6).update(total=5),
        "the head of size 6 is not that of the entries",
    ),
    "note changed": (
        lambda: [
            TreeHead.objects.filter(pk=head.pk).update(note=head.note.replace("total 3", "total 4"))
            for head in TreeHead.objects.filter(size=3)
        ],
        "the note of size 3 is not signed by its key: the signature does not belong to this text",
    ),
    "note of another head": (
        lambda: TreeHead.objects.filter(size=3).update(note=TreeHead.objects.get(size=6).note),
        "the note of size 3 says something else than its head",
    ),
    "key changed": (
        lambda: TreeHead.objects.filter(size=3).update(public_key=bytes(32)),
        "the note of size 3 is not signed by its key: no signature of a known key",
    ),
    "last head gone": (
        lambda: TreeHead.objects.filter(size=10).delete(),
        "entries after 9 are not in the tree",
    ),
}


@pytest.mark.parametrize("flaw", FLAWS)
def test_flaw_is_found_and_left_as_it_is(petition, flaw):
    make, line = FLAWS[flaw]
    make()

    code, _out, err = verify("return-it")

    assert code == 1
    assert f"return-it: WRONG: {line}\n" in err
    assert verify("return-it", "--no-repair")[0] == 1


def test_erased_people_leave_the_ledger_sound(petition):
    Signature.objects.filter(petition=petition).update(**blank_fields())
    Signature.objects.filter(petition=petition, state="pending").delete()

    assert verify("return-it")[0] == 0


def test_large_ledger_is_checked_tile_by_tile(monkeypatch):
    monkeypatch.setattr(checking, "CHUNK", 256)
    petition, now = PetitionFactory(), timezone.now()
    rows = ConfirmedSignatureFactory.build_batch(600, petition=petition, email=None, email_key=None)
    Signature.objects.bulk_create(rows)
    number_waiting_signatures(at=now)
    sound = verify_ledger(petition=petition)
    LedgerTile.objects.filter(level=1).update(hashes=bytes(64))

    flawed = verify_ledger(petition=petition)

    assert (sound.holds, sound.entries) == (True, 600)
    assert flawed.wrong == ["tile 0 of level 1 does not hold the hashes of its entries"]


def test_night_task_mends_twice_as_once_and_logs_ids_only(petition, caplog):
    Tally.objects.filter(petition=petition, dimension="total").update(counted=900)
    TreeHead.objects.filter(size=3).update(root=bytes(32))

    verify_ledgers_task()
    verify_ledgers_task()

    assert Tally.objects.get(petition=petition, dimension="total").counted == 6
    warnings = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert warnings == [f"public numbers of petition {petition.pk}: total showed 900, now 6"]
    errors = {record.getMessage() for record in caplog.records if record.levelname == "ERROR"}
    assert errors == {f"ledger of petition {petition.pk}: the head of size 3 is not that of the entries"}


@pytest.mark.parametrize("item_count", [1, 3])
def test_check_takes_the_same_queries_for_any_ledger(item_count, django_assert_num_queries):
    petition = PetitionFactory()
    ConfirmedSignatureFactory.create_batch(item_count, petition=petition)
    number_waiting_signatures(at=timezone.now())

    with django_assert_num_queries(18):
        results = verify_ledgers()

    assert [findings.total for findings in results] == [item_count]
