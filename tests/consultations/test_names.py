"""The annex of signers' names: who is in it, how it is made, handed out and destroyed."""

import hashlib
from datetime import timedelta

import pytest
from django.utils import timezone

from campaign.activity.models import LogEntry
from campaign.consultations.models import NamesAnnex, NamesPart, NamesPiece, NamesState
from campaign.consultations.names import pages
from campaign.consultations.names.people import gone_since
from campaign.consultations.services import names_work
from campaign.consultations.services.names import (
    AnnexIsFinished,
    AnnexIsReady,
    AnnexNotReady,
    AnnexOutdated,
    NoPetitionCited,
    SignersAreErased,
    cancel_names_annex,
    destroy_due_names,
    destroy_names_annex,
    hand_out_names,
    mark_outdated_names,
    order_names_annex,
)
from campaign.consultations.services.names_work import (
    gather_names,
    merge_names,
    release_stale_names,
    render_names,
)
from campaign.documents.children import NoLongerWanted, RendererCrashed, RenderFailed
from campaign.documents.chunks import Chunk, Joined
from campaign.documents.models import FrozenText
from campaign.petitions.models import Signature, SignatureState
from campaign.petitions.services import withdraw_signature
from tests.consultations.names_walk import made, planned, sign, signed_filing, words_of, work
from tests.consultations.test_filing_scripts import has_font
from tests.consultations.walk import freeze, prepare
from tests.factories.consultations import AnswerFactory
from tests.factories.filings import ReceiptFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOW = timezone.now()


@pytest.fixture
def no_drawing(monkeypatch):
    """Chunks as fast as nothing: for tests of what stands around the drawing."""

    def draw(*, html, digest, is_wanted, **_all):
        if not is_wanted():
            raise NoLongerWanted
        count = html.count('class="new"') + html.count(" new") + 1
        return Chunk(
            content=f"{digest} ".encode(), page_count=count, replaced=0, megabytes=80, cpu_seconds=0.5
        )

    def join(*, chunks, is_wanted, **_all):
        count = sum(NamesPart.objects.values_list("page_total", flat=True))
        return Joined(content=b"%PDF-1.7" + b"".join(chunks), page_count=count, megabytes=90)

    monkeypatch.setattr(names_work, "render_chunk", draw)
    monkeypatch.setattr(names_work, "join_chunks", join)


def gathered(filing):
    annex = order_names_annex(filing=filing, by=None, at=NOW)
    gather_names(annex_id=str(annex.pk), at=NOW)
    annex.refresh_from_db()
    return annex


# --- Who is named ----------------------------------------------------------------------


def test_annex_names_signers_in_the_order_of_the_ledger():
    filing = signed_filing(names=["Zoe Last", "Ada First"])

    annex = gathered(filing)

    assert planned(annex) == ["Zoe Last, Germany", "Ada First, Germany"]
    assert (annex.person_total, annex.counted_total, annex.part_total) == (2, 2, 1)


def test_annex_leaves_out_who_signed_after_the_filing_was_fixed():
    filing = signed_filing(names=["In Time"])
    sign(filing.submission.petition, "Too Late")

    assert planned(gathered(filing)) == ["In Time, Germany"]


def test_annex_leaves_out_who_has_withdrawn():
    filing = signed_filing(names=["Stays", "Leaves"])
    withdraw_signature(signature=Signature.objects.order_by("number").last(), at=NOW)

    annex = gathered(filing)

    assert planned(annex) == ["Stays, Germany"]
    assert annex.left_out_total == 1


def test_annex_leaves_out_who_was_out_of_the_count_when_it_was_fixed():
    filing = signed_filing(names=["Counted"])
    petition = filing.submission.petition
    [restored] = sign(petition, "Restored Later")
    for state in (SignatureState.INVALIDATED, SignatureState.CONFIRMED):
        Signature.objects.filter(pk=restored.pk).update(state=state)
        sign(petition)
        if state == SignatureState.INVALIDATED:
            filing = prepare(freeze(_another(filing), at=timezone.now()), at=timezone.now())

    assert planned(gathered(filing)) == ["Counted, Germany"]


def _another(filing):
    """A submission to the same authority that cites the same petition."""
    submission = AnswerFactory(submission__campaign=filing.submission.campaign).submission
    submission.consultation.authority = filing.submission.consultation.authority
    submission.consultation.save()
    submission.petition = filing.submission.petition
    submission.save()
    return submission


def test_annex_for_another_authority_names_only_who_is_named_in_public():
    filing = signed_filing(names=["Not Shown"], is_addressee=False)
    annex = order_names_annex(filing=filing, by=None, at=NOW)
    Signature.objects.update(name_is_public=True)
    sign(filing.submission.petition, "After", name_is_public=True)
    gather_names(annex_id=str(annex.pk), at=NOW)

    annex.refresh_from_db()
    assert (annex.basis, planned(annex)) == ("public", ["Not Shown, Germany"])


def test_annex_for_the_addressee_needs_the_consent_given_with_the_signature():
    filing = signed_filing(names=["Agreed"])
    Signature.objects.update(consents=[])

    annex = gathered(filing)

    assert (annex.basis, annex.state, annex.reason) == ("addressee", NamesState.FAILED, "nobody")


def test_names_are_encrypted_at_rest():
    annex = gathered(signed_filing(names=["Ada Signer"]))

    [stored] = NamesPart.objects.filter(annex=annex).values_list("lines", flat=True)
    assert b"Ada" not in stored.value


def test_names_are_in_no_frozen_text():
    made(signed_filing(names=["Wilhelmina Rare"]))

    assert not FrozenText.objects.filter(payload__contains="Wilhelmina").exists()


# --- Making it -------------------------------------------------------------------------


def test_annex_is_made_whole():
    annex = made(signed_filing(names=["Ada Signer", "محمد علي", "김민수", "अनन्या"]))
    content = b"".join(hand_out_names(annex=annex, by=None, at=NOW))

    squares = 0 if has_font("ko") else 1  # a name in letters that this machine cannot draw
    assert (annex.state, annex.page_count, annex.replaced_total) == (NamesState.READY, 1, squares)
    assert annex.file_digest == hashlib.sha256(content).hexdigest()
    assert annex.byte_size == len(content)
    assert "Ada Signer, Germany" in words_of(content)[0]
    assert not annex.parts.exists()


def test_annex_with_hostile_names_is_made():
    hostile = ["<img src=x onerror=1>", "{{ 1 }}", "\U0010fffd private", "a" + "\u0301" * 60, "M" * 100]
    annex = made(signed_filing(names=hostile))
    words = " ".join(words_of(b"".join(hand_out_names(annex=annex, by=None, at=NOW))))

    assert annex.state == NamesState.READY
    assert "<img src=x onerror=1>, Germany" in words
    assert "{{ 1 }}, Germany" in words


def test_annex_of_many_parts_is_joined_in_order(monkeypatch):
    monkeypatch.setattr(pages, "LINES_PER_PAGE", 20)
    monkeypatch.setattr(pages, "PAGES_PER_PART", 1)
    filing = signed_filing(names=[f"Signer {n}" for n in range(40)])

    annex = made(filing)

    words = words_of(b"".join(hand_out_names(annex=annex, by=None, at=NOW)))
    assert (annex.part_total, annex.page_count) == (3, 3)
    assert [line for page in words for line in page.splitlines() if line.startswith("Signer")] == [
        f"Signer {n}, Germany" for n in range(40)
    ]
    assert [page.split("Page ")[1].split()[0] for page in words] == ["1", "2", "3"]


def test_each_step_done_twice_is_done_once(no_drawing):
    annex = order_names_annex(filing=signed_filing(names=["Ada"]), by=None, at=NOW)

    first, second = work(annex), work(annex)

    assert (first.state, second.state) == (NamesState.READY, NamesState.READY)
    assert first.finished_at == second.finished_at
    assert NamesPiece.objects.count() == 1


def test_order_while_one_is_at_work_gives_that_one():
    filing = signed_filing(names=["Ada"])

    orders = {order_names_annex(filing=filing, by=None, at=NOW).pk for _time in range(2)}

    assert len(orders) == 1


def test_order_when_one_is_ready_is_refused_unless_it_is_to_be_anew(no_drawing):
    filing = signed_filing(names=["Ada"])
    old = made(filing)
    with pytest.raises(AnnexIsReady):
        order_names_annex(filing=filing, by=None, at=NOW)

    new = made(filing, anew=True)

    old.refresh_from_db()
    assert (old.state, old.numbers, old.pieces.count()) == (NamesState.DESTROYED, None, 0)
    assert (new.state, old.file_digest != "") == (NamesState.READY, True)


def test_order_without_a_petition_is_refused():
    filing = prepare(freeze(AnswerFactory().submission, at=NOW), at=NOW)

    with pytest.raises(NoPetitionCited):
        order_names_annex(filing=filing, by=None, at=NOW)


def test_order_after_the_signers_are_erased_is_refused():
    filing = signed_filing(names=["Ada"])
    petition = filing.submission.petition
    petition.erased_at = NOW
    petition.save()

    with pytest.raises(SignersAreErased):
        order_names_annex(filing=filing, by=None, at=NOW)


def test_canceled_annex_keeps_nothing(no_drawing):
    annex = gathered(signed_filing(names=["Ada"]))
    part = annex.parts.get()
    cancel_names_annex(annex=annex, by=None, at=NOW)
    render_names(part_id=str(part.pk), at=NOW)
    merge_names(annex_id=str(annex.pk), at=NOW)

    annex.refresh_from_db()
    assert (annex.state, annex.numbers) == (NamesState.CANCELED, None)
    assert not NamesPart.objects.exists()
    with pytest.raises(AnnexIsFinished):
        cancel_names_annex(annex=annex, by=None, at=NOW)


def test_cancel_while_a_part_is_drawn_stops_it(monkeypatch):
    annex = gathered(signed_filing(names=["Ada"]))
    answers = []

    def draw(*, is_wanted, **_all):
        answers.append(is_wanted())
        cancel_names_annex(annex=annex, by=None, at=NOW)
        answers.append(is_wanted())
        raise NoLongerWanted

    monkeypatch.setattr(names_work, "render_chunk", draw)
    render_names(part_id=str(annex.parts.get().pk), at=NOW)

    annex.refresh_from_db()
    assert (answers, annex.state) == ([True, False], NamesState.CANCELED)


def test_part_that_cannot_be_made_ends_the_annex_with_a_reason(monkeypatch):
    annex = gathered(signed_filing(names=["Ada"]))

    def draw(**_all):
        raise RenderFailed("too_large")

    monkeypatch.setattr(names_work, "render_chunk", draw)
    render_names(part_id=str(annex.parts.get().pk), at=NOW)

    annex.refresh_from_db()
    assert (annex.state, annex.reason, annex.parts.count()) == (NamesState.FAILED, "too_large", 0)


def test_part_whose_pages_are_not_as_planned_is_not_kept(monkeypatch):
    annex = gathered(signed_filing(names=["Ada"]))
    wrong = Chunk(content=b"%PDF", page_count=2, replaced=0, megabytes=1, cpu_seconds=0.1)
    monkeypatch.setattr(names_work, "render_chunk", lambda **_all: wrong)
    render_names(part_id=str(annex.parts.get().pk), at=NOW)

    annex.refresh_from_db()
    assert (annex.state, annex.reason) == (NamesState.FAILED, "faulty")


def test_crash_is_tried_again_and_ends_after_the_last_attempt(monkeypatch):
    annex = gathered(signed_filing(names=["Ada"]))
    part = annex.parts.get()

    def draw(**_all):
        raise RendererCrashed("gone")

    monkeypatch.setattr(names_work, "render_chunk", draw)
    states = []
    for _time in range(names_work.MAX_ATTEMPTS):
        render_names(part_id=str(part.pk), at=NOW)
        annex.refresh_from_db()
        states.append(annex.state)

    assert states == [NamesState.RENDERING, NamesState.RENDERING, NamesState.FAILED]
    assert annex.reason == "interrupted"


@pytest.mark.parametrize("step", [NamesState.GATHERING, NamesState.MERGING])
def test_annex_of_a_worker_that_vanished_is_given_back(step):
    annex = gathered(signed_filing(names=["Ada"]))
    NamesAnnex.objects.update(state=step, attempts=1, alive_at=NOW)

    early = release_stale_names(at=NOW + timedelta(seconds=30))
    late = release_stale_names(at=NOW + timedelta(seconds=90))

    annex.refresh_from_db()
    before = {NamesState.GATHERING: NamesState.ORDERED, NamesState.MERGING: NamesState.RENDERING}
    assert (early, late, annex.state) == (0, 1, before[step])


def test_part_of_a_worker_that_vanished_too_often_ends_the_annex():
    annex = gathered(signed_filing(names=["Ada"]))
    NamesPart.objects.update(state="rendering", attempts=3, alive_at=NOW)

    release_stale_names(at=NOW + timedelta(seconds=90))

    annex.refresh_from_db()
    assert (annex.state, annex.reason, NamesPart.objects.count()) == (NamesState.FAILED, "interrupted", 0)


@pytest.mark.parametrize("item_count", [1, 3])
def test_gathering_reads_signers_in_batches(item_count, django_assert_num_queries):
    filing = signed_filing(names=[f"Signer {n}" for n in range(item_count)])
    annex = order_names_annex(filing=filing, by=None, at=NOW)

    with django_assert_num_queries(15):
        gather_names(annex_id=str(annex.pk), at=NOW)


# --- Handing it out, and its end -------------------------------------------------------


def test_hand_out_is_on_the_log(no_drawing):
    annex = made(signed_filing(names=["Ada"]))

    b"".join(hand_out_names(annex=annex, by=None, at=NOW))

    assert LogEntry.objects.filter(act="consultations.names_downloaded").count() == 1


def test_hand_out_is_refused_while_nothing_is_ready():
    annex = gathered(signed_filing(names=["Ada"]))

    with pytest.raises(AnnexNotReady):
        hand_out_names(annex=annex, by=None, at=NOW)


@pytest.mark.parametrize("how", ["withdrawn", "erased", "hidden"])
def test_hand_out_is_refused_when_somebody_took_the_name_back(how, no_drawing):
    filing = signed_filing(names=["Stays", "Leaves"], is_addressee=False, name_is_public=True)
    annex = made(filing)
    leaving = Signature.objects.get(number=2)
    change = {
        "withdrawn": {"state": "withdrawn", "counted": False},
        "erased": {"email_key": None, "name": None},
        "hidden": {"name_is_public": False},
    }
    Signature.objects.filter(pk=leaving.pk).update(**change[how])

    mark_outdated_names()

    annex.refresh_from_db()
    assert (gone_since(annex), annex.gone_total) == (1, 1)
    with pytest.raises(AnnexOutdated):
        hand_out_names(annex=annex, by=None, at=NOW)


def test_who_comes_does_not_hide_who_goes(no_drawing):
    filing = signed_filing(names=["Shown"], is_addressee=False, name_is_public=True)
    sign(filing.submission.petition, "Later", name_is_public=True)
    annex = made(filing)
    Signature.objects.filter(number=1).update(name_is_public=False)

    assert gone_since(annex) == 1


def test_annex_that_was_handed_in_stays_as_it_was(no_drawing):
    annex = made(signed_filing(names=["Leaves"]))
    ReceiptFactory(filing=annex.filing)
    withdraw_signature(signature=Signature.objects.get(), at=NOW)

    assert b"".join(hand_out_names(annex=annex, by=None, at=NOW)).startswith(b"%PDF-1.7")
    assert mark_outdated_names() == 0


@pytest.mark.parametrize(("days", "destroyed"), [(89, 0), (91, 1)])
def test_annex_is_destroyed_some_days_after_it_was_made(days, destroyed, no_drawing):
    annex = made(signed_filing(names=["Ada"]))

    assert destroy_due_names(at=annex.finished_at + timedelta(days=days)) == destroyed


@pytest.mark.parametrize(("days", "destroyed"), [(29, 0), (31, 1)])
def test_annex_is_destroyed_some_days_after_the_receipt(days, destroyed, no_drawing):
    annex = made(signed_filing(names=["Ada"]))
    recorded = annex.finished_at + timedelta(days=10)
    ReceiptFactory(filing=annex.filing, recorded_at=recorded)

    assert destroy_due_names(at=recorded + timedelta(days=days)) == destroyed


def test_annex_is_destroyed_with_the_personal_data_of_the_signers(no_drawing):
    annex = made(signed_filing(names=["Ada"]))
    annex.petition.erased_at = NOW
    annex.petition.save()

    assert destroy_due_names(at=annex.finished_at) == 1


def test_destroyed_annex_leaves_numbers_and_digest(no_drawing):
    annex = made(signed_filing(names=["Ada"]))
    destroy_names_annex(annex=annex, by=None, at=NOW)

    row = NamesAnnex.objects.get(pk=annex.pk)
    assert (row.person_total, row.page_count, row.file_digest) == (1, 1, annex.file_digest)
    assert (row.numbers, NamesPiece.objects.count()) == (None, 0)
    with pytest.raises(AnnexNotReady):
        destroy_names_annex(annex=row, by=None, at=NOW)
