from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from campaign.documents.models import Document, FrozenText
from campaign.petitions.models import (
    Correction,
    Handover,
    HandoverState,
    Manner,
    OfficialResponse,
    Petition,
    PetitionState,
    ResponseState,
    Signature,
)
from campaign.petitions.queries import signature_total
from campaign.petitions.services import (
    ActIsInFuture,
    ActTooEarly,
    HandoverCannotMove,
    HandoverIsPrepared,
    NobodyHasSigned,
    PetitionIsNotPublic,
    ResponseCannotMove,
    cancel_handover,
    close_petition,
    correct_handover,
    correct_response,
    discard_response,
    draft_response,
    edit_response,
    hide_petition,
    number_waiting_signatures,
    prepare_handover,
    publish_response,
    record_handover,
    withdraw_signature,
)
from tests.factories.accounts import UserFactory
from tests.factories.petitions import (
    ConfirmedSignatureFactory,
    DemandFactory,
    DoneHandoverFactory,
    DraftPetitionFactory,
    HandoverFactory,
    PublishedResponseFactory,
    ResponseFactory,
)
from tests.threads import in_threads

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOW = timezone.now()


def plan(petition, **changes):
    fields = {
        "petition": petition,
        "by": UserFactory(),
        "at": NOW,
        "addressee": petition.addressee,
        "office": "",
        "planned_date": NOW.date(),
        "manner": Manner.POST,
        "items": ["This document"],
    }
    return {**fields, **changes}


def act(**changes):
    fields = {
        "by": UserFactory(),
        "at": NOW,
        "done_at": NOW,
        "time_zone": "Europe/Brussels",
        "received_by": "The secretariat",
        "manner": Manner.IN_PERSON,
        "items": ["This document", "A box"],
        "reference": "P-17",
    }
    return {**fields, **changes}


def signed(people=1, **fields):
    petition = DemandFactory(**fields)
    ConfirmedSignatureFactory.create_batch(people, petition=petition)
    number_waiting_signatures(at=NOW)
    return petition


def test_prepare_fixes_count_text_and_ledger_and_orders_the_document():
    petition = signed(6)

    handover = prepare_handover(**plan(petition, office="Room 4", note="Thank you."))

    fixed = handover.record.data
    assert (handover.state, handover.total, handover.record.kind) == ("prepared", 6, "petitions.handover")
    assert fixed["petition"]["digest"] == petition.frozen_text.digest
    assert fixed["petition"]["text"] == petition.frozen_text.data
    assert (fixed["signatures"]["total"], fixed["ledger"]["total"], fixed["ledger"]["size"]) == (6, 6, 6)
    assert fixed["signatures"]["countries"] == [{"code": "DE", "total": 6}]
    assert sum(day["total"] for day in fixed["signatures"]["days"]) == 6
    assert (fixed["office"], fixed["note"], fixed["handover"]) == ("Room 4", "Thank you.", str(handover.pk))
    assert Document.objects.get().frozen_text == handover.record


def test_prepare_merges_small_countries_as_the_public_page_does():
    petition = signed(6)
    ConfirmedSignatureFactory.create_batch(2, petition=petition, country="MT")
    number_waiting_signatures(at=NOW)

    fixed = prepare_handover(**plan(petition)).record.data

    assert fixed["signatures"]["countries"] == [{"code": "", "total": 8}]


def test_prepare_of_a_closed_petition_says_when_it_closed():
    petition = signed()
    close_petition(petition=petition, at=NOW)

    fixed = prepare_handover(**plan(petition)).record.data

    assert fixed["petition"]["closed_at"] == NOW.isoformat(timespec="seconds")


def test_prepare_without_a_signature_is_refused():
    with pytest.raises(NobodyHasSigned):
        prepare_handover(**plan(DemandFactory()))

    assert not FrozenText.objects.filter(kind="petitions.handover").exists()


def test_prepare_after_everybody_withdrew_is_refused():
    petition = signed()
    withdraw_signature(signature=petition.signatures.get(), at=NOW)
    number_waiting_signatures(at=NOW)

    with pytest.raises(NobodyHasSigned):
        prepare_handover(**plan(petition))


@pytest.mark.parametrize("state", ["draft", "hidden"])
def test_prepare_of_what_is_not_public_is_refused(state):
    petition = DraftPetitionFactory() if state == "draft" else signed()
    if state == "hidden":
        hide_petition(petition=petition, note="x")

    with pytest.raises(PetitionIsNotPublic):
        prepare_handover(**plan(petition))


def test_prepare_twice_for_one_office_is_refused_and_for_another_is_not():
    petition = signed()
    prepare_handover(**plan(petition))

    with pytest.raises(HandoverIsPrepared):
        prepare_handover(**plan(petition))
    prepare_handover(**plan(petition, office="Another room"))

    assert Handover.objects.count() == 2


def test_prepare_again_after_the_first_was_done():
    petition = signed()
    first = prepare_handover(**plan(petition))
    record_handover(handover=first, **act())
    ConfirmedSignatureFactory(petition=petition)
    number_waiting_signatures(at=NOW)

    second = prepare_handover(**plan(petition))

    assert (first.total, second.total) == (1, 2)


def test_two_prepared_for_one_office_cannot_stand_in_the_database():
    handover = HandoverFactory()
    twin = Handover.objects.get(pk=handover.pk)
    twin.pk, twin.record = None, HandoverFactory().record

    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


def test_record_puts_the_act_beside_the_plan():
    handover = HandoverFactory(manner=Manner.POST, items=["This document"])

    record_handover(handover=handover, **act())

    row = Handover.objects.get(pk=handover.pk)
    assert (row.state, row.received_by, row.reference) == (HandoverState.DONE, "The secretariat", "P-17")
    assert (row.manner, row.items, row.done_at) == (Manner.IN_PERSON, ["This document", "A box"], NOW)
    assert (row.record.data["manner"], row.record.data["items"]) == (Manner.POST, ["This document"])


def test_record_keeps_who_received_it_encrypted():
    handover = DoneHandoverFactory()

    with connection.cursor() as cursor:
        cursor.execute("SELECT received_by FROM petitions_handover")
        stored = bytes(cursor.fetchone()[0])

    assert b"secretariat" not in stored
    assert Handover.objects.get(pk=handover.pk).received_by == "The secretariat"


def test_record_keeps_the_number_that_was_fixed_when_signers_withdraw_meanwhile():
    petition = signed(3)
    handover = prepare_handover(**plan(petition))
    withdraw_signature(signature=petition.signatures.first(), at=NOW)
    number_waiting_signatures(at=NOW)

    record_handover(handover=handover, **act())

    handover.refresh_from_db()
    assert (handover.total, signature_total(petition=petition)) == (3, 2)


def test_record_in_the_future_is_refused():
    with pytest.raises(ActIsInFuture):
        record_handover(handover=HandoverFactory(), **act(done_at=NOW + timedelta(minutes=1)))


def test_record_before_the_document_was_fixed_is_refused():
    handover = HandoverFactory(at=datetime(2026, 5, 4, 23, 30, tzinfo=UTC))
    moment = datetime(2026, 5, 4, 12, tzinfo=UTC)  # in Brussels it was fixed on the fifth

    with pytest.raises(ActTooEarly, match="5 May 2026"):
        record_handover(handover=handover, **act(done_at=moment))

    handover.refresh_from_db()
    assert handover.state == HandoverState.PREPARED


def test_record_of_a_hidden_petition_is_refused():
    handover = HandoverFactory()
    hide_petition(petition=handover.petition, note="x")

    with pytest.raises(PetitionIsNotPublic):
        record_handover(handover=handover, **act())


@pytest.mark.parametrize("end", ["done", "canceled"])
def test_record_and_cancel_need_a_prepared_one(end):
    handover = DoneHandoverFactory() if end == "done" else HandoverFactory()
    if end == "canceled":
        cancel_handover(handover=handover, reason="Put off", at=NOW)

    with pytest.raises(HandoverCannotMove):
        record_handover(handover=handover, **act())
    with pytest.raises(HandoverCannotMove):
        cancel_handover(handover=handover, reason="Again", at=NOW)

    handover.refresh_from_db()
    assert (handover.state, handover.cancel_reason) == (end, "Put off" if end == "canceled" else "")


def test_correction_stands_beside_what_was_recorded():
    handover, user = DoneHandoverFactory(), UserFactory()

    correct_handover(handover=handover, text="It was in room 5.", by=user, at=NOW)
    correct_handover(handover=handover, text="In room 6, in fact.", by=user, at=NOW)

    handover.refresh_from_db()
    assert handover.place == "Room 4"
    rows = Correction.objects.order_by("at", "pk").values_list("text", "by")
    assert list(rows) == [("It was in room 5.", user.pk), ("In room 6, in fact.", user.pk)]


def test_correction_needs_something_on_record():
    with pytest.raises(HandoverCannotMove):
        correct_handover(handover=HandoverFactory(), text="x", by=UserFactory(), at=NOW)
    with pytest.raises(ResponseCannotMove):
        correct_response(response=ResponseFactory(), text="x", by=UserFactory(), at=NOW)

    assert not Correction.objects.exists()


def test_correction_belongs_to_one_thing():
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.create(text="x", at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.create(
            text="x", at=NOW, handover=DoneHandoverFactory(), response=PublishedResponseFactory()
        )


def test_handover_cannot_be_deleted_under_its_corrections():
    handover = DoneHandoverFactory()
    correct_handover(handover=handover, text="x", by=UserFactory(), at=NOW)

    with pytest.raises(ProtectedError):
        handover.delete()


# --- Responses --------------------------------------------------------------
def words(**changes):
    fields = {"answered_on": NOW.date(), "title": "Answer", "text": "We decline.", "locale": "fr"}
    return {**fields, **changes}


def test_response_is_drafted_edited_and_published():
    petition, user = DemandFactory(), UserFactory()
    response = draft_response(petition=petition, by=user, authority=petition.addressee, **words())

    edit_response(response=response, authority=petition.addressee, **words(title="Mended"))
    publish_response(response=response, by=user, at=NOW)

    response.refresh_from_db()
    assert (response.state, response.title) == (ResponseState.PUBLISHED, "Mended")
    assert (response.published_by, response.published_at, response.written_by) == (user, NOW, user)


def test_published_response_is_not_changed_or_thrown_away():
    response = PublishedResponseFactory(title="As it is")

    with pytest.raises(ResponseCannotMove):
        edit_response(response=response, authority=response.authority, **words(title="Other"))
    with pytest.raises(ResponseCannotMove):
        discard_response(response=response)
    with pytest.raises(ResponseCannotMove):
        publish_response(response=response, by=UserFactory(), at=NOW)

    response.refresh_from_db()
    assert response.title == "As it is"


def test_draft_response_is_thrown_away():
    response = ResponseFactory()

    discard_response(response=response)

    assert not OfficialResponse.objects.exists()


def test_response_to_what_is_not_public_is_refused():
    response = ResponseFactory()
    Petition.objects.update(state=PetitionState.HIDDEN)

    with pytest.raises(PetitionIsNotPublic):
        publish_response(response=response, by=UserFactory(), at=NOW)
    with pytest.raises(PetitionIsNotPublic):
        draft_response(petition=response.petition, by=UserFactory(), authority=response.authority, **words())

    response.refresh_from_db()
    assert response.state == ResponseState.DRAFT


# --- Races ------------------------------------------------------------------
postgresql_only = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer: there is no race to test"
)


@postgresql_only
@pytest.mark.django_db(transaction=True)
def test_prepared_twice_at_once_is_prepared_once():
    fields = plan(signed())
    refused = []

    def prepare():
        try:
            prepare_handover(**fields)
        except HandoverIsPrepared:
            refused.append(1)

    in_threads([prepare] * 4)

    assert (Handover.objects.count(), len(refused)) == (1, 3)


@postgresql_only
@pytest.mark.django_db(transaction=True)
def test_numbers_of_one_moment_while_people_are_numbered():
    petition = signed(5)
    ConfirmedSignatureFactory.create_batch(40, petition=petition)
    handovers = []

    def prepare():
        handovers.append(prepare_handover(**plan(petition, by=None)))

    in_threads([prepare, lambda: number_waiting_signatures(at=NOW)])

    fixed = handovers[0].record.data
    total = fixed["signatures"]["total"]
    assert total == fixed["ledger"]["total"] == sum(day["total"] for day in fixed["signatures"]["days"])
    assert Signature.objects.filter(counted=False).count() in {0, 40}


@postgresql_only
@pytest.mark.django_db(transaction=True)
def test_recorded_and_canceled_at_once_has_one_outcome():
    handover, refused, fields = HandoverFactory(), [], act()

    def attempt(verb):
        def run():
            try:
                verb()
            except HandoverCannotMove:
                refused.append(1)

        return run

    in_threads(
        [
            attempt(lambda: record_handover(handover=handover, **fields)),
            attempt(lambda: cancel_handover(handover=handover, reason="Put off", at=NOW)),
        ]
    )

    handover.refresh_from_db()
    assert len(refused) == 1
    assert (handover.state == "done") == bool(handover.recorded_at)
    assert (handover.state == "canceled") == bool(handover.canceled_at)
