"""A text moves on: everybody behind the one before is asked again."""

from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from campaign.mailing.models import OutgoingMail
from campaign.organizations.models import (
    Call,
    Correction,
    CorrectionKind,
    Endorsement,
    EndorsementState,
    Inclusion,
    Mandate,
)
from campaign.organizations.queries import current_text
from campaign.organizations.services import (
    EndorsesAlready,
    LinkExpired,
    MandateNotInForce,
    MandateRevoked,
    OnlyByInvitation,
    SecondPersonNeeded,
    Support,
    TextMovedOn,
    approve_endorsement,
    confirm_endorsement,
    decline_renewal,
    endorse_as_member,
    include_endorsements,
    move_call,
    reject_mandate,
    renew_endorsement,
    withdraw_endorsement,
)
from tests.factories.accounts import UserFactory
from tests.factories.documents import FrozenTextFactory
from tests.factories.organizations import EndorsementFactory, MandateFactory, OrganizationFactory
from tests.threads import in_threads

NOW = timezone.now()
LATER = NOW + timedelta(days=1)
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def asked_for(*texts, subject=None):
    """A call whose text went through all of `texts`."""
    subject = subject or uuid4()
    for text in texts:
        call = move_call(kind="tests.text", subject_id=subject, frozen_text=text, at=NOW)
    return call


def accepted(text, **fields):
    return confirm_endorsement(endorsement=EndorsementFactory(frozen_text=text, **fields), at=NOW)


def states(text):
    return sorted(Endorsement.objects.filter(frozen_text=text).values_list("state", flat=True))


def test_first_text_opens_the_call_and_the_same_again_changes_nothing():
    text, subject = FrozenTextFactory(), uuid4()

    asked_for(text, text, subject=subject)

    call = Call.objects.get()
    assert (call.frozen_text, call.texts.count()) == (text, 1)


def test_changed_text_asks_each_endorser_again_and_counts_nobody_meanwhile():
    old, new = FrozenTextFactory(), FrozenTextFactory()
    call = asked_for(old)
    row = accepted(old)
    OutgoingMail.objects.all().delete()

    asked_for(new, subject=call.subject_id)

    question = Endorsement.objects.get(frozen_text=new)
    assert (states(old), states(new)) == (["lapsed"], ["to_renew"])
    assert (question.renews, question.organization, question.signatory_email) == (
        row,
        row.organization,
        row.signatory_email,
    )
    assert not Endorsement.objects.accepted().exists()
    mail = OutgoingMail.objects.get()
    assert (mail.kind, mail.about_id) == ("organizations.renewal", question.pk)


def test_who_did_not_answer_is_asked_for_the_next_text_and_renews_what_stood_last():
    old, middle, new = FrozenTextFactory(), FrozenTextFactory(), FrozenTextFactory()
    call = asked_for(old)
    row = accepted(old)

    asked_for(middle, new, subject=call.subject_id)

    assert (states(middle), states(new)) == (["lapsed"], ["to_renew"])
    assert Endorsement.objects.get(frozen_text=new).renews == row


def test_going_back_to_earlier_words_asks_again():
    old, new = FrozenTextFactory(), FrozenTextFactory()
    call = asked_for(old)
    accepted(old)

    asked_for(new, old, subject=call.subject_id)

    assert states(old) == ["lapsed", "to_renew"]
    assert [text.number for text in call.texts.order_by("number")] == [1, 2, 3]
    assert current_text(frozen_text=new) == old


def test_renewing_stands_under_the_mandate_in_force():
    old, new = FrozenTextFactory(), FrozenTextFactory()
    call = asked_for(old)
    row = accepted(old)
    asked_for(new, subject=call.subject_id)
    question = Endorsement.objects.get(frozen_text=new)

    renew_endorsement(endorsement=question, at=LATER, support=Support([{"key": "a", "label": "Article 1"}]))

    question.refresh_from_db()
    assert (question.state, question.mandate, question.scope) == ("accepted", row.mandate, "part")
    assert question.exceptions == [{"key": "a", "label": "Article 1"}]
    assert Mandate.objects.count() == 1


def test_renewing_by_mail_after_the_mandate_has_ended_states_a_new_one():
    old, new = FrozenTextFactory(), FrozenTextFactory()
    call = asked_for(old)
    row = accepted(old)
    asked_for(new, subject=call.subject_id)
    Mandate.objects.filter(pk=row.mandate_id).update(ends_at=NOW)

    renewed = renew_endorsement(endorsement=Endorsement.objects.get(frozen_text=new), at=LATER)

    assert renewed.mandate_id != row.mandate_id
    assert renewed.mandate.proven_at == LATER


def test_renewing_under_a_withdrawn_mandate_is_refused():
    old, new = FrozenTextFactory(), FrozenTextFactory()
    call = asked_for(old)
    row = accepted(old)
    asked_for(new, subject=call.subject_id)
    Mandate.objects.filter(pk=row.mandate_id).update(withdrawn_at=NOW)

    with pytest.raises(MandateNotInForce):
        renew_endorsement(endorsement=Endorsement.objects.get(frozen_text=new), at=LATER)

    assert states(new) == ["to_renew"]


def test_declining_is_final_for_this_text():
    old, new = FrozenTextFactory(), FrozenTextFactory()
    call = asked_for(old)
    accepted(old)
    asked_for(new, subject=call.subject_id)
    question = Endorsement.objects.get(frozen_text=new)

    decline_renewal(endorsement=question, at=LATER)
    decline_renewal(endorsement=question, at=LATER)

    assert states(new) == ["declined"]
    with pytest.raises(LinkExpired):
        renew_endorsement(endorsement=question, at=LATER)


def test_link_of_a_text_that_moved_on_signs_nothing_until_the_change_was_read():
    old, new = FrozenTextFactory(), FrozenTextFactory()
    call = asked_for(old)
    row = EndorsementFactory(frozen_text=old)
    asked_for(new, subject=call.subject_id)

    with pytest.raises(TextMovedOn) as refusal:
        confirm_endorsement(endorsement=row, at=NOW)
    assert (refusal.value.text, states(old)) == (new, ["pending"])

    confirm_endorsement(endorsement=row, at=NOW, read=new)
    assert (states(old), states(new)) == ([], ["accepted"])


def test_late_endorsement_stands_in_no_filing_and_is_noted():
    text = FrozenTextFactory()
    call = asked_for(text)
    Call.objects.filter(pk=call.pk).update(closes_at=NOW)

    row = accepted(text)

    assert row.is_late
    assert not Endorsement.objects.accepted_by(LATER).exists()
    assert Endorsement.objects.accepted().exists()
    assert Correction.objects.get().kind == CorrectionKind.LATE


def test_second_person_has_to_be_another():
    text, organization = FrozenTextFactory(), OrganizationFactory(needs_second_person=True)
    row = accepted(text, domain=organization.domain)
    signatory = UserFactory(email=row.signatory_email)
    assert row.state == EndorsementState.SECOND

    with pytest.raises(SecondPersonNeeded):
        approve_endorsement(endorsement=row, by=signatory, at=LATER)
    approve_endorsement(endorsement=row, by=UserFactory(), at=LATER)

    row.refresh_from_db()
    assert (row.state, row.accepted_at) == (EndorsementState.ACCEPTED, LATER)


def test_member_with_a_mandate_endorses_in_one_step():
    first, second = FrozenTextFactory(), FrozenTextFactory()
    row = accepted(first)
    user = UserFactory(email=row.signatory_email)

    endorsed = endorse_as_member(frozen_text=second, organization=row.organization, by=user, at=LATER)

    assert (endorsed.state, endorsed.mandate) == (EndorsementState.ACCEPTED, row.mandate)
    with pytest.raises(EndorsesAlready):
        endorse_as_member(frozen_text=second, organization=row.organization, by=user, at=LATER)
    with pytest.raises(MandateNotInForce):
        endorse_as_member(
            frozen_text=FrozenTextFactory(), organization=row.organization, by=UserFactory(), at=LATER
        )


def test_member_who_endorses_the_new_text_answers_the_question_that_waited():
    old, new = FrozenTextFactory(), FrozenTextFactory()
    call = asked_for(old)
    row = accepted(old)
    asked_for(new, subject=call.subject_id)

    endorse_as_member(
        frozen_text=new,
        organization=row.organization,
        by=UserFactory(email=row.signatory_email),
        at=LATER,
    )

    assert states(new) == ["accepted"]


def test_withdrawing_after_a_filing_is_noted_beside_the_list():
    text = FrozenTextFactory()
    row = accepted(text)
    included = include_endorsements(
        frozen_text=text, record=FrozenTextFactory(), title="Filing", address="/filings/1/", at=LATER
    )

    withdraw_endorsement(endorsement=row, at=LATER)

    correction = Correction.objects.get()
    assert (included, Inclusion.objects.count()) == (1, 1)
    assert (correction.kind, correction.was) == (CorrectionKind.WITHDRAWN, row.display_name)


def test_rejected_mandate_takes_its_endorsements_and_its_organization_off_every_list():
    row = accepted(FrozenTextFactory())

    reject_mandate(mandate=row.mandate, reason="The board did not agree.", by=UserFactory(), at=LATER)

    row.refresh_from_db()
    row.organization.refresh_from_db()
    assert (row.state, row.reason) == (EndorsementState.REJECTED, "The board did not agree.")
    assert row.organization.proven_at is None
    assert not Endorsement.objects.accepted().exists()


def test_colleague_who_endorses_by_mail_answers_the_question_and_the_text_can_move_on():
    old, new, newest = FrozenTextFactory(), FrozenTextFactory(), FrozenTextFactory()
    call = asked_for(old)
    row = accepted(old)
    asked_for(new, subject=call.subject_id)

    accepted(new, domain=row.domain, signatory_email=f"colleague@{row.domain}")
    asked_for(newest, subject=call.subject_id)

    assert (states(new), states(newest)) == (["lapsed"], ["to_renew"])
    assert Endorsement.objects.get(frozen_text=new).renews == row


def test_mailbox_whose_mandate_was_rejected_makes_no_new_one():
    row = accepted(FrozenTextFactory())
    waiting = EndorsementFactory(domain=row.domain, signatory_email=row.signatory_email)
    reject_mandate(mandate=row.mandate, reason="The board did not agree.", by=UserFactory(), at=NOW)

    with pytest.raises(MandateRevoked):
        confirm_endorsement(endorsement=waiting, at=LATER)

    assert Mandate.objects.count() == 1
    waiting.refresh_from_db()
    assert waiting.state == EndorsementState.PENDING


def test_who_renews_signed_in_is_the_signatory_from_then_on():
    old, new = FrozenTextFactory(), FrozenTextFactory()
    call = asked_for(old)
    row = accepted(old)
    other = MandateFactory(organization=row.organization, signatory_email=f"other@{row.domain}")
    asked_for(new, subject=call.subject_id)
    question = Endorsement.objects.get(frozen_text=new)

    renew_endorsement(endorsement=question, by=UserFactory(email=other.signatory_email), at=LATER)

    question.refresh_from_db()
    assert (question.mandate, question.signatory_email) == (other, other.signatory_email)


def test_second_person_cannot_approve_under_a_mandate_withdrawn_meanwhile():
    text, organization = FrozenTextFactory(), OrganizationFactory(needs_second_person=True)
    row = accepted(text, domain=organization.domain)
    Mandate.objects.update(withdrawn_at=NOW)

    with pytest.raises(MandateNotInForce):
        approve_endorsement(endorsement=row, by=UserFactory(), at=LATER)

    assert states(text) == ["second"]


def test_member_cannot_endorse_what_only_invited_organizations_can():
    text, mandate = FrozenTextFactory(), MandateFactory()
    call = asked_for(text)
    Call.objects.filter(pk=call.pk).update(is_open=False)

    with pytest.raises(OnlyByInvitation):
        endorse_as_member(
            frozen_text=text,
            organization=mandate.organization,
            by=UserFactory(email=mandate.signatory_email),
            at=LATER,
        )


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer: there is no race to test"
)
@pytest.mark.django_db(transaction=True)
def test_text_that_moves_on_at_this_moment_leaves_nobody_behind_the_old_one():
    old, new = FrozenTextFactory(), FrozenTextFactory()
    call = asked_for(old)
    rows = [EndorsementFactory(frozen_text=old) for _ in range(4)]

    def confirm(row):
        with suppress(TextMovedOn):
            confirm_endorsement(endorsement=row, at=NOW)

    in_threads(
        [
            *(lambda row=row: confirm(row) for row in rows),
            lambda: asked_for(new, subject=call.subject_id),
        ]
    )

    assert not Endorsement.objects.filter(frozen_text=old, state=EndorsementState.ACCEPTED).exists()
    assert set(states(new)) <= {"to_renew"}
