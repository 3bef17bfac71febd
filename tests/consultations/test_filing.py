"""From the frozen text to the receipt: sign-off, thaw, what is fixed, who is told, when it is public."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from django.urls import reverse
from django.utils import timezone

from campaign.campaigns.services import publish_campaign
from campaign.consultations.checks import filing_findings
from campaign.consultations.letters import filed_letter, sign_off_letter
from campaign.consultations.models import Consultation, CoSigner, Filing, Receipt, SubmissionState
from campaign.consultations.queries import (
    campaign_instruments,
    is_public,
    newer_filing,
    public_filings,
    sign_offs,
)
from campaign.consultations.services import (
    AnotherTextNow,
    DeadlineSaysOtherwise,
    Decided,
    FiledBeforeFixed,
    FiledInFuture,
    NotACoSigner,
    NothingToSignOff,
    NotInTheCoalition,
    PracticeIsNotFiled,
    Purpose,
    ReceiptIsRecorded,
    SubmissionCannotMove,
    WarningsNotRead,
    list_due_filings,
    prepare_filing,
    receipt_bytes,
    record_receipt,
    set_co_signers,
    sign_off,
    thaw_submission,
)
from campaign.documents.models import Document, Publication
from campaign.mailing.models import OutgoingMail
from campaign.organizations.models import Call, EndorsementState, Inclusion
from campaign.organizations.services import MandateNotInForce
from tests.consultations.walk import everything, freeze, prepare, thaw
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import TeamMemberFactory
from tests.factories.consultations import (
    AnswerFactory,
    ChannelFactory,
    QuestionFactory,
    RequirementFactory,
    SubmissionFactory,
)
from tests.factories.filings import CoSignerFactory
from tests.factories.mandates import PDF, MandateFactory
from tests.factories.organizations import OrganizationFactory
from tests.factories.regulations import published_edition

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOW = timezone.now().replace(second=30, microsecond=0)


def answered(**kwargs):
    """A submission of a published campaign with one answer."""
    fields = {"campaign__state": "published", **kwargs}
    return AnswerFactory(**{f"submission__{name}": value for name, value in fields.items()}).submission


def seen(submission):
    """The digest of the text that is on the page."""
    return submission.frozen_text.digest if submission.frozen_text else ""


def signatory_of(organization):
    """Somebody with a mandate in force."""
    user = UserFactory()
    MandateFactory(
        organization=organization, user=user, signatory_email=user.email, stated_at=NOW - timedelta(days=1)
    )
    return user


def receipt_of(filing, **changes):
    act = {
        "channel": None,
        "filed_at": NOW + timedelta(minutes=10),
        "time_zone": "Europe/Brussels",
        "reference": "F1234",
        "note": "",
        "content": None,
        "by": None,
        "at": NOW + timedelta(minutes=20),
    }
    return record_receipt(filing=filing, **{**act, **changes})


# --- Sign-off ----------------------------------------------------------------------


def test_sign_off_puts_the_organization_behind_the_frozen_text():
    co_signer = CoSignerFactory(submission=answered())
    frozen = freeze(co_signer.submission, at=NOW)
    user = signatory_of(co_signer.organization)

    endorsement = sign_off(
        submission=frozen, organization=co_signer.organization, seen=seen(frozen), by=user, at=NOW
    )

    assert endorsement.frozen_text == frozen.frozen_text
    assert [row.is_given for row in sign_offs(submission=frozen)] == [True]


def test_sign_off_works_when_others_are_asked_by_invitation_only():
    co_signer = CoSignerFactory(submission=answered())
    frozen = freeze(co_signer.submission, at=NOW)
    Call.objects.update(is_open=False)
    user = signatory_of(co_signer.organization)

    sign_off(submission=frozen, organization=co_signer.organization, seen=seen(frozen), by=user, at=NOW)

    assert [row.is_given for row in sign_offs(submission=frozen)] == [True]


def test_sign_off_without_a_mandate_is_refused():
    co_signer = CoSignerFactory(submission=answered())
    frozen = freeze(co_signer.submission, at=NOW)

    with pytest.raises(MandateNotInForce):
        sign_off(
            submission=frozen,
            organization=co_signer.organization,
            seen=seen(frozen),
            by=UserFactory(),
            at=NOW,
        )


def test_sign_off_of_a_draft_is_refused():
    co_signer = CoSignerFactory(submission=answered())
    user = signatory_of(co_signer.organization)

    with pytest.raises(NothingToSignOff):
        sign_off(
            submission=co_signer.submission,
            organization=co_signer.organization,
            seen=seen(co_signer.submission),
            by=user,
            at=NOW,
        )


def test_sign_off_by_who_was_not_asked_is_refused():
    frozen = freeze(answered(), at=NOW)
    stranger = OrganizationFactory()

    with pytest.raises(NotACoSigner):
        sign_off(
            submission=frozen, organization=stranger, seen=seen(frozen), by=signatory_of(stranger), at=NOW
        )


def test_sign_off_of_a_text_that_was_not_on_the_page_is_refused():
    co_signer = CoSignerFactory(submission=answered())
    first = seen(freeze(co_signer.submission, at=NOW))
    thaw(co_signer.submission, at=NOW)
    co_signer.submission.answers.update(text="Do the contrary.")
    again = freeze(co_signer.submission, at=NOW)
    user = signatory_of(co_signer.organization)

    with pytest.raises(AnotherTextNow):
        sign_off(submission=again, organization=co_signer.organization, seen=first, by=user, at=NOW)

    assert [row.is_given for row in sign_offs(submission=again)] == [False]


def test_co_signer_added_to_a_frozen_text_is_asked_by_mail():
    frozen = freeze(answered(), at=NOW)
    owner = frozen.campaign.owner
    user = signatory_of(owner)

    set_co_signers(submission=frozen, organizations=[owner], by=None, at=NOW)

    assert [mail.recipient for mail in OutgoingMail.objects.filter(kind="consultations.sign_off")] == [
        user.email
    ]


def test_set_co_signers_takes_those_of_the_coalition_only():
    submission = SubmissionFactory()
    owner = submission.campaign.owner

    set_co_signers(submission=submission, organizations=[owner], by=None, at=NOW)
    with pytest.raises(NotInTheCoalition):
        set_co_signers(submission=submission, organizations=[OrganizationFactory()], by=None, at=NOW)

    assert [row.organization for row in CoSigner.objects.all()] == [owner]


def test_freeze_asks_each_co_signer_by_mail_and_those_who_stood_behind_it_once():
    first, second = CoSignerFactory.create_batch(2, submission=answered())
    later = CoSignerFactory(submission=first.submission)
    users = [signatory_of(row.organization) for row in (first, second, later)]
    frozen = freeze(first.submission, at=NOW)
    sign_off(submission=frozen, organization=first.organization, seen=seen(frozen), by=users[0], at=NOW)
    thaw(frozen, at=NOW)
    frozen.answers.update(text="Do that.")

    freeze(frozen, at=NOW + timedelta(hours=1))

    asked = OutgoingMail.objects.filter(kind="consultations.sign_off").order_by("created_at")
    to = [mail.recipient for mail in asked]
    assert sorted(to[:3]) == sorted(user.email for user in users)
    assert sorted(to[3:]) == sorted(user.email for user in users[1:])


def test_letter_that_asks_for_a_sign_off_is_not_sent_once_it_is_given():
    co_signer = CoSignerFactory(submission=answered())
    user = signatory_of(co_signer.organization)
    frozen = freeze(co_signer.submission, at=NOW)
    mail = OutgoingMail.objects.get(kind="consultations.sign_off")
    before = sign_off_letter(mail)

    sign_off(submission=frozen, organization=co_signer.organization, seen=seen(frozen), by=user, at=NOW)

    assert frozen.title in before.subject
    assert f"/endorse/{frozen.frozen_text.digest}/" in before.text
    assert sign_off_letter(mail) is None


def test_letter_about_the_receipt_names_number_clock_and_text():
    co_signer = CoSignerFactory(submission=answered())
    frozen = freeze(co_signer.submission, at=NOW)
    user = signatory_of(co_signer.organization)
    sign_off(submission=frozen, organization=co_signer.organization, seen=seen(frozen), by=user, at=NOW)
    receipt_of(prepare(frozen, at=NOW))

    letter = filed_letter(OutgoingMail.objects.get(kind="consultations.filed"))

    assert letter.subject == f"Filed: {frozen.title}"
    assert "F1234" in letter.text
    assert "(Europe/Brussels)" in letter.text
    assert frozen.frozen_text.digest in letter.text


# --- Thaw ----------------------------------------------------------------------------


def test_thaw_keeps_the_reason_and_a_changed_text_asks_every_signatory_again():
    co_signer = CoSignerFactory(submission=answered())
    frozen = freeze(co_signer.submission, at=NOW)
    user = signatory_of(co_signer.organization)
    sign_off(submission=frozen, organization=co_signer.organization, seen=seen(frozen), by=user, at=NOW)

    thaw_submission(submission=frozen, reason="The figure was wrong.", by=None, at=NOW)
    while_open = [row.is_given for row in sign_offs(submission=frozen.__class__.objects.get())]
    frozen.answers.update(text="Do that.")
    again = freeze(frozen, at=NOW + timedelta(hours=1))

    row = sign_offs(submission=again)[0]
    assert frozen.thaws.get().reason == "The figure was wrong."
    assert while_open == [False]
    assert (row.is_given, row.endorsement.state) == (False, EndorsementState.TO_RENEW)


def test_sign_off_after_a_thaw_renews():
    co_signer = CoSignerFactory(submission=answered())
    frozen = freeze(co_signer.submission, at=NOW)
    user = signatory_of(co_signer.organization)
    sign_off(submission=frozen, organization=co_signer.organization, seen=seen(frozen), by=user, at=NOW)
    thaw(frozen, at=NOW)
    frozen.answers.update(text="Do that.")
    again = freeze(frozen, at=NOW + timedelta(hours=1))

    sign_off(
        submission=again,
        organization=co_signer.organization,
        seen=seen(again),
        by=user,
        at=NOW + timedelta(hours=2),
    )

    assert [row.is_given for row in sign_offs(submission=again)] == [True]
    assert again.frozen_text.endorsements.filter(state=EndorsementState.TO_RENEW).count() == 0


def test_thaw_of_a_draft_is_refused():
    with pytest.raises(SubmissionCannotMove):
        thaw(answered(), at=NOW)


# --- Fixing what is filed ------------------------------------------------------------


def test_prepare_filing_waits_for_a_word_about_who_has_not_signed_off():
    co_signer = CoSignerFactory(submission=answered())
    frozen = freeze(co_signer.submission, at=NOW)

    with pytest.raises(WarningsNotRead) as caught:
        prepare_filing(submission=frozen, decided=Decided(), purpose=Purpose.REPLY, by=None, at=NOW)

    assert [each.code for each in caught.value.findings] == ["no-sign-off"]
    assert not Filing.objects.exists()


def test_prepared_filing_is_ready_and_nobody_else_sees_it():
    frozen = freeze(answered(), at=NOW)

    filing = prepare(frozen, at=NOW)

    frozen.refresh_from_db()
    assert frozen.state == SubmissionState.READY
    assert not is_public(filing=filing, at=NOW)
    assert not Publication.objects.exists()


def test_prepare_filing_while_one_channel_is_open_is_no_practice():
    frozen = freeze(answered(consultation__closes_at=NOW - timedelta(days=1)), at=NOW)
    ChannelFactory(
        consultation=frozen.consultation,
        closes_at=NOW + timedelta(days=1),
        closes_wall_time="2030-01-01T00:00:00",
        time_zone="UTC",
    )

    filing = prepare(frozen, at=NOW)

    assert filing.is_practice is False
    assert filing.record.data["is_practice"] is False


def test_prepare_filing_orders_the_formats_that_the_authority_takes():
    frozen = freeze(answered(), at=NOW)
    RequirementFactory(
        consultation=frozen.consultation,
        topic="attachment-formats",
        subject="",
        unit="",
        value=["docx", "hwp"],
    )

    prepare(frozen, at=NOW)

    kinds = Document.objects.order_by("kind").values_list("kind", flat=True)
    assert list(kinds) == ["consultations.filing", "consultations.filing.docx"]


def test_prepare_filing_finds_what_changed_at_the_authority_since_the_freeze():
    frozen = freeze(answered(), at=NOW)
    question = frozen.consultation.questions.get()
    question.text = "What should not be done?"
    question.save()
    QuestionFactory(consultation=frozen.consultation, position=90, is_required=True)
    RequirementFactory(consultation=frozen.consultation, value=2, status="verified")

    found = filing_findings(submission=frozen, at=NOW)

    assert [(each.code, each.is_error, each.may_override) for each in found] == [
        ("asked-since-freeze", True, False),
        ("over-shared-limit", True, False),
        ("changed-since-freeze", False, False),
    ]


@pytest.mark.parametrize(
    ("closes_in", "purpose"),
    [(-1, Purpose.REPLY), (1, Purpose.PRACTICE), (1, Purpose.LATE)],
)
def test_prepare_filing_for_what_the_deadline_does_not_allow_is_refused(closes_in, purpose):
    frozen = freeze(answered(consultation__closes_at=NOW + timedelta(days=closes_in)), at=NOW)
    decided = everything(filing_findings(submission=frozen, at=NOW))

    with pytest.raises(DeadlineSaysOtherwise):
        prepare_filing(submission=frozen, decided=decided, purpose=purpose, by=None, at=NOW)

    assert not Filing.objects.exists()


def test_page_opened_in_time_makes_nothing_public_after_the_deadline(client):
    frozen = freeze(answered(), at=NOW)
    client.force_login(TeamMemberFactory(campaign=frozen.campaign, role="owner", membership="owner").user)
    address = reverse("submission_file", args=[frozen.pk])
    opened = client.get(address).context["form"]
    Consultation.objects.update(closes_at=NOW - timedelta(minutes=1))

    answer = client.post(
        address, {"purpose": opened["purpose"].value(), "shown": opened["shown"].value(), "read": "on"}
    )

    assert answer.status_code == 422
    assert not Filing.objects.exists()
    assert "purpose" in answer.context["form"].errors


def test_late_reply_is_no_practice_and_its_receipt_says_late():
    frozen = freeze(answered(consultation__closes_at=NOW - timedelta(days=1)), at=NOW)
    decided = everything(filing_findings(submission=frozen, at=NOW))

    filing = prepare_filing(submission=frozen, decided=decided, purpose=Purpose.LATE, by=None, at=NOW)
    receipt = receipt_of(filing)

    assert (filing.is_practice, filing.record.data["is_practice"], receipt.is_late) == (False, False, True)


def test_what_was_not_handed_in_is_fixed_anew_with_who_signed_off_since():
    co_signer = CoSignerFactory(submission=answered())
    frozen = freeze(co_signer.submission, at=NOW)
    first = prepare(frozen, at=NOW)
    frozen.refresh_from_db()
    user = signatory_of(co_signer.organization)
    sign_off(submission=frozen, organization=co_signer.organization, seen=seen(frozen), by=user, at=NOW)

    second = prepare(frozen, at=NOW + timedelta(minutes=1))

    assert [len(each.record.data["endorsements"]) for each in (first, second)] == [0, 1]
    assert newer_filing(filing=first) == second
    assert newer_filing(filing=second) is None


def test_what_was_handed_in_is_not_fixed_anew():
    frozen = freeze(answered(), at=NOW)
    receipt_of(prepare(frozen, at=NOW))

    with pytest.raises(SubmissionCannotMove):
        prepare(frozen, at=NOW + timedelta(hours=1))


# --- Receipts --------------------------------------------------------------------------


def test_record_receipt_files_tells_every_signatory_and_makes_it_public():
    co_signer = CoSignerFactory(submission=answered())
    frozen = freeze(co_signer.submission, at=NOW)
    user = signatory_of(co_signer.organization)
    sign_off(submission=frozen, organization=co_signer.organization, seen=seen(frozen), by=user, at=NOW)
    filing = prepare(frozen, at=NOW)

    receipt = receipt_of(filing, content=PDF)

    frozen.refresh_from_db()
    told = OutgoingMail.objects.filter(kind="consultations.filed")
    assert frozen.state == SubmissionState.FILED
    assert (receipt.is_late, receipt.media_type, receipt_bytes(receipt)) == (False, "application/pdf", PDF)
    assert [(mail.recipient, mail.about_id) for mail in told] == [(user.email, receipt.pk)]
    assert Inclusion.objects.get().address == reverse("filing_detail", args=[filing.pk])
    assert is_public(filing=filing, at=NOW)
    assert Publication.objects.get().frozen_text == filing.frozen_text


def test_who_endorsed_after_it_was_fixed_is_not_told_that_it_stood_behind_it():
    co_signer = CoSignerFactory(submission=answered())
    frozen = freeze(co_signer.submission, at=NOW)
    filing = prepare(frozen, at=NOW)
    frozen.refresh_from_db()
    user = signatory_of(co_signer.organization)
    later = NOW + timedelta(minutes=5)
    sign_off(submission=frozen, organization=co_signer.organization, seen=seen(frozen), by=user, at=later)

    receipt_of(filing)

    assert not OutgoingMail.objects.filter(kind="consultations.filed").exists()


def test_second_receipt_tells_nobody_again():
    co_signer = CoSignerFactory(submission=answered())
    frozen = freeze(co_signer.submission, at=NOW)
    sign_off(
        submission=frozen,
        organization=co_signer.organization,
        seen=seen(frozen),
        by=signatory_of(co_signer.organization),
        at=NOW,
    )
    filing = prepare(frozen, at=NOW)
    receipt_of(filing)

    receipt_of(filing, reference="")

    assert OutgoingMail.objects.filter(kind="consultations.filed").count() == 1


@pytest.mark.parametrize(("minutes", "is_late"), [(-1, False), (0, True), (1, True)])
def test_in_time_is_decided_by_the_channels_own_deadline(minutes, is_late):
    frozen = freeze(answered(), at=NOW)
    closes_at = NOW + timedelta(hours=1)
    channel = ChannelFactory(
        consultation=frozen.consultation,
        closes_at=closes_at,
        closes_wall_time="2030-01-01T00:00:00",
        time_zone="UTC",
    )
    filing = prepare(frozen, at=NOW)

    receipt = receipt_of(
        filing, channel=channel, filed_at=closes_at + timedelta(minutes=minutes), at=NOW + timedelta(hours=2)
    )

    assert (receipt.is_late, receipt.closes_at) == (is_late, closes_at)


@pytest.mark.parametrize(
    ("filed_at", "refusal"),
    [(NOW + timedelta(hours=1), FiledInFuture), (NOW - timedelta(minutes=1), FiledBeforeFixed)],
)
def test_record_receipt_at_an_impossible_moment_is_refused(filed_at, refusal):
    filing = prepare(freeze(answered(), at=NOW), at=NOW)

    with pytest.raises(refusal):
        receipt_of(filing, filed_at=filed_at)

    assert not Receipt.objects.exists()


def test_record_receipt_of_the_minute_in_which_it_was_fixed():
    filing = prepare(freeze(answered(), at=NOW), at=NOW)

    receipt = receipt_of(filing, filed_at=NOW.replace(second=0))

    assert receipt.is_late is False


def test_filed_on_is_the_day_of_the_first_receipt_on_the_authoritys_clock():
    at = datetime(2026, 3, 14, 12, tzinfo=UTC)
    filing = prepare(freeze(answered(), at=at), at=at)

    receipt = receipt_of(
        filing,
        time_zone="America/New_York",
        filed_at=datetime(2026, 3, 16, 3, 30, tzinfo=UTC),
        content=b"%PDF-1.7 proof",
        at=at + timedelta(days=3),
    )

    assert filing.filed_on == date(2026, 3, 15)
    assert receipt.file_name.endswith("-2026-03-15.pdf")


def test_filed_on_of_what_nobody_handed_in_is_the_day_it_was_fixed():
    at = datetime(2026, 3, 14, 12, tzinfo=UTC)
    filing = prepare(freeze(answered(), at=at), at=at)

    assert filing.filed_on == date(2026, 3, 14)


def test_record_receipt_twice_is_refused():
    filing = prepare(freeze(answered(), at=NOW), at=NOW)
    receipt_of(filing)

    with pytest.raises(ReceiptIsRecorded):
        receipt_of(filing)

    assert Receipt.objects.count() == 1


def test_record_receipt_of_a_practice_filing_is_refused():
    frozen = freeze(answered(consultation__closes_at=NOW - timedelta(days=1)), at=NOW)

    with pytest.raises(PracticeIsNotFiled):
        receipt_of(prepare(frozen, at=NOW))


def test_record_receipt_after_the_text_was_opened_again_leaves_the_draft_open():
    frozen = freeze(answered(), at=NOW)
    filing = prepare(frozen, at=NOW)
    thaw(frozen, at=NOW)

    receipt_of(filing)

    frozen.refresh_from_db()
    assert frozen.state == SubmissionState.DRAFTING


def test_receipt_is_stored_encrypted():
    filing = prepare(freeze(answered(), at=NOW), at=NOW)
    receipt_of(filing, content=PDF + b"board@office.example")

    stored = Receipt.objects.values_list("file", flat=True).get()

    assert "board" not in str(getattr(stored, "value", stored))


# --- When it is public -------------------------------------------------------------------


def test_filing_under_embargo_is_public_once_the_embargo_is_over():
    frozen = freeze(answered(), at=NOW)
    Call.objects.update(embargo_until=NOW + timedelta(days=1))
    filing = prepare(frozen, at=NOW)
    receipt_of(filing)
    before = (is_public(filing=filing, at=NOW), Publication.objects.count(), list_due_filings(at=NOW))

    listed = list_due_filings(at=NOW + timedelta(days=1))

    assert before == (False, 0, 0)
    assert listed == 1
    assert is_public(filing=filing, at=NOW + timedelta(days=1))
    assert Publication.objects.get().address == reverse("filing_detail", args=[filing.pk])


def test_filing_is_listed_in_public_when_its_campaign_becomes_public():
    frozen = freeze(answered(campaign__state="draft", campaign__owner__proven_at=NOW), at=NOW)
    filing = prepare(frozen, at=NOW)
    receipt_of(filing)
    before = Publication.objects.count()

    publish_campaign(campaign=frozen.campaign, at=NOW + timedelta(hours=1))

    assert before == 0
    assert Publication.objects.get(frozen_text=filing.frozen_text).address == reverse(
        "filing_detail", args=[filing.pk]
    )


def test_instrument_of_a_filing_is_on_the_campaigns_page_once_the_filing_is_public():
    submission = answered(annex=published_edition())
    filing = prepare(freeze(submission, at=NOW), at=NOW)
    before = list(campaign_instruments(campaign=submission.campaign, at=NOW))

    receipt_of(filing)

    assert before == []
    assert list(campaign_instruments(campaign=submission.campaign, at=NOW)) == [submission.annex.template]


_names = count()


@pytest.mark.parametrize("item_count", [1, 3])
def test_list_of_filings_takes_two_queries(item_count, django_assert_num_queries):
    for _each in range(item_count):
        receipt_of(prepare(freeze(answered(title=f"Reply {next(_names)}"), at=NOW), at=NOW))

    with django_assert_num_queries(2):
        rows = [(row.filed_on, row.submission.campaign.owner.slug) for row in public_filings(at=NOW)]

    assert len(rows) == item_count
