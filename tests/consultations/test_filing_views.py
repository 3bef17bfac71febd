"""The pages on the way from the frozen text to the authority's answer."""

from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from zoneinfo import ZoneInfo

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from campaign.consultations.models import (
    Consultation,
    CoSigner,
    Filing,
    FilingCorrection,
    FilingResponse,
    Receipt,
    SubmissionState,
    Thaw,
)
from campaign.documents.models import Document
from tests.consultations.test_filing import signatory_of
from tests.consultations.walk import freeze, prepare
from tests.factories.campaigns import PartnerFactory, TeamMemberFactory
from tests.factories.consultations import (
    AnswerFactory,
    ChannelFactory,
    QuestionFactory,
    RequirementFactory,
    SourceFactory,
)
from tests.factories.filings import CoSignerFactory, FilingResponseFactory, ReceiptFactory
from tests.factories.mandates import PDF

pytestmark = pytest.mark.django_db
BRUSSELS = ZoneInfo("Europe/Brussels")


@pytest.fixture
def drafted():
    """A submission of a published campaign with one answered question."""
    return AnswerFactory(submission__campaign__state="published", question__position=1).submission


@pytest.fixture
def filing(drafted):
    """Fixed an hour ago, with nobody behind it."""
    at = timezone.now() - timedelta(hours=1)
    return prepare(freeze(drafted, at=at), at=at)


def as_team(client, submission, role="owner"):
    member = TeamMemberFactory(campaign=submission.campaign, role=role)
    client.force_login(member.user)
    return member.user


def drafted_digest(submission):
    submission.refresh_from_db()
    return submission.frozen_text.digest


def receipt_form(**changes):
    now = timezone.now().astimezone(BRUSSELS)
    form = {
        "channel": "other",
        "filed_on": f"{now:%Y-%m-%d}",
        "filed_time": f"{now:%H:%M}",
        "time_zone": "Europe/Brussels",
        "reference": "F42",
        "note": "",
    }
    return {**form, **changes}


# --- Freezing with decisions -----------------------------------------------------------


def test_freeze_shows_what_is_wrong_and_freezes_once_the_warnings_are_read(client, drafted):
    QuestionFactory(consultation=drafted.consultation, position=2)
    as_team(client, drafted)
    address = reverse("submission_freeze", args=[drafted.pk])
    shown = client.get(address).context["form"]["shown"].value()

    refused = client.post(address, {"shown": shown})
    done = client.post(address, {"shown": shown, "read": "on"})

    assert refused.status_code == 422
    assert "This question has no answer." in refused.content.decode()
    assert done.url == reverse("submission_approvals", args=[drafted.pk])
    drafted.refresh_from_db()
    assert drafted.state == SubmissionState.FROZEN


def test_freeze_with_a_warning_that_was_not_on_the_page_asks_again(client, drafted):
    as_team(client, drafted)
    address = reverse("submission_freeze", args=[drafted.pk])
    shown = client.get(address).context["form"]["shown"].value()
    QuestionFactory(consultation=drafted.consultation, position=2)

    response = client.post(address, {"shown": shown, "read": "on"})

    assert response.status_code == 422
    drafted.refresh_from_db()
    assert drafted.state == SubmissionState.DRAFTING


def test_freeze_refused_for_a_new_warning_shows_it_and_it_can_be_read(client, drafted):
    as_team(client, drafted)
    address = reverse("submission_freeze", args=[drafted.pk])
    QuestionFactory(consultation=drafted.consultation, position=2)

    refused = client.post(address, {"shown": "", "read": "on"})
    form = refused.context["form"]
    done = client.post(address, {"shown": form["shown"].value(), "read": "on"})

    assert refused.status_code == 422
    assert not form["read"].value()
    assert done.status_code == 302


def test_freeze_over_an_unsure_limit_keeps_the_typed_reason_and_goes_on_with_it(client, drafted):
    RequirementFactory(consultation=drafted.consultation, value=3, status="reported")
    as_team(client, drafted)
    address = reverse("submission_freeze", args=[drafted.pk])
    name = next(each for each in client.get(address).context["form"].fields if each.startswith("reason-"))

    empty = client.post(address, {name: "  "})
    done = client.post(address, {name: "The form took 8 signs when we tried."})

    assert empty.status_code == 422
    assert done.status_code == 302
    assert drafted.decisions.get(is_override=True).reason == "The form took 8 signs when we tried."
    page = client.get(reverse("submission_approvals", args=[drafted.pk])).content.decode()
    assert "The form took 8 signs when we tried." in page


# --- Sign-off ------------------------------------------------------------------------------


def test_signatory_signs_off_in_one_step(client, drafted):
    co_signer = CoSignerFactory(submission=drafted)
    PartnerFactory(campaign=drafted.campaign, organization=co_signer.organization)
    freeze(drafted, at=timezone.now())
    user = signatory_of(co_signer.organization)
    TeamMemberFactory(
        campaign=drafted.campaign, user=user, role="viewer", organization=co_signer.organization
    )
    client.force_login(user)
    page = client.get(reverse("submission_approvals", args=[drafted.pk])).content.decode()

    response = client.post(
        reverse("submission_sign_off", args=[drafted.pk]),
        {"organization": co_signer.organization.slug, "seen": drafted_digest(drafted)},
    )

    assert f"Sign off for {co_signer.organization.display_name}" in page
    assert response.url == reverse("submission_approvals", args=[drafted.pk])
    assert "1 of 1 organization has signed off." in client.get(response.url).content.decode()


def test_sign_off_without_a_mandate_says_so(client, drafted):
    co_signer = CoSignerFactory(submission=drafted)
    freeze(drafted, at=timezone.now())
    as_team(client, drafted)

    response = client.post(
        reverse("submission_sign_off", args=[drafted.pk]),
        {"organization": co_signer.organization.slug, "seen": drafted_digest(drafted)},
        follow=True,
    )

    assert "There is no mandate in force for this." in response.content.decode()
    assert "0 of 1 organization has signed off." in response.content.decode()


def test_lead_chooses_who_signs_off(client, drafted):
    as_team(client, drafted)
    owner = drafted.campaign.owner

    client.post(reverse("submission_co_signers", args=[drafted.pk]), {"organizations": [str(owner.pk)]})

    assert [row.organization for row in CoSigner.objects.all()] == [owner]


def test_co_signer_outside_the_coalition_is_refused(client, drafted):
    as_team(client, drafted)

    response = client.post(
        reverse("submission_co_signers", args=[drafted.pk]),
        {"organizations": [str(signatory_of(drafted.campaign.owner).pk)]},
    )

    assert response.status_code == 422
    assert not CoSigner.objects.exists()


# --- Thaw -------------------------------------------------------------------------------------


def test_thaw_needs_a_reason(client, drafted):
    freeze(drafted, at=timezone.now())
    as_team(client, drafted)
    address = reverse("submission_thaw", args=[drafted.pk])

    empty = client.post(address, {"reason": ""})
    done = client.post(address, {"reason": "A figure was wrong."})

    assert empty.status_code == 422
    assert done.url == reverse("submission_detail", args=[drafted.pk])
    assert Thaw.objects.get().reason == "A figure was wrong."
    drafted.refresh_from_db()
    assert drafted.state == SubmissionState.DRAFTING


# --- Filing -----------------------------------------------------------------------------------


def test_file_fixes_it_and_leads_to_the_kit(client, drafted):
    freeze(drafted, at=timezone.now())
    as_team(client, drafted)

    response = client.post(reverse("submission_file", args=[drafted.pk]), {"purpose": "reply"})

    filing = Filing.objects.get()
    assert response.url == reverse("filing_kit", args=[filing.pk])
    assert "Do this." in client.get(response.url).content.decode()


def test_file_twice_makes_one_filing(client, drafted):
    freeze(drafted, at=timezone.now())
    as_team(client, drafted)

    client.post(reverse("submission_file", args=[drafted.pk]), {"purpose": "reply"})
    client.post(reverse("submission_file", args=[drafted.pk]), {"purpose": "reply"})

    assert Filing.objects.count() == 1


def test_filing_is_the_teams_until_a_receipt_is_on_record(client, filing):
    before = client.get(reverse("filing_detail", args=[filing.pk])).status_code

    ReceiptFactory(filing=filing)

    page = client.get(reverse("filing_detail", args=[filing.pk]))
    assert before == 404
    assert page.status_code == 200
    assert "<strong>this</strong>" in page.content.decode()
    to_strangers = client.get(reverse("submission_detail", args=[filing.submission.pk]))
    assert to_strangers.url == reverse("filing_detail", args=[filing.pk])


def test_filing_of_a_draft_campaign_is_for_its_team(client, filing):
    ReceiptFactory(filing=filing)
    filing.submission.campaign.state = "draft"
    filing.submission.campaign.save()

    assert client.get(reverse("filing_detail", args=[filing.pk])).status_code == 404


def test_practice_filing_says_so_on_its_pages(client, drafted):
    drafted.consultation.closes_at = timezone.now() - timedelta(days=1)
    drafted.consultation.save()
    filing = prepare(freeze(drafted, at=timezone.now()), at=timezone.now())
    as_team(client, drafted)

    for address in (
        reverse("filing_detail", args=[filing.pk]),
        reverse("filing_kit", args=[filing.pk]),
        reverse("submission_detail", args=[drafted.pk]),
    ):
        assert "Practice filing." in client.get(address).content.decode()


def test_filing_made_in_time_is_no_practice_filing_after_the_deadline(client, filing):
    consultation = filing.submission.consultation
    consultation.closes_at = timezone.now() - timedelta(minutes=1)
    consultation.save()
    as_team(client, filing.submission)

    page = client.get(reverse("submission_detail", args=[filing.submission.pk])).content.decode()

    assert "Practice filing." not in page


# --- The kit and the receipt --------------------------------------------------------------------


def test_kit_gives_what_to_type_in_the_portals_fields(client, filing):
    RequirementFactory(
        consultation=filing.submission.consultation,
        topic="identification",
        subject="organization",
        unit="",
        value=["organization_name", "email"],
    )
    RequirementFactory(
        consultation=filing.submission.consultation,
        topic="field-length",
        subject="organization_name",
        value=3,
    )
    as_team(client, filing.submission, role="viewer")

    page = client.get(reverse("filing_kit", args=[filing.pk]))

    name, mail = page.context["kit"].organization_fields
    owner = filing.submission.campaign.owner
    assert (name.value, name.over_by) == (owner.legal_name, len(owner.legal_name) - 3)
    assert (mail.value, mail.is_own) == ("", True)


@pytest.mark.parametrize(
    ("subject", "numbers"), [("submission", [""]), ("answer", ["1"])], ids=["one box", "a box for each"]
)
def test_kit_has_the_boxes_of_the_portal(client, drafted, subject, numbers):
    RequirementFactory(consultation=drafted.consultation, subject=subject, value=4000)
    filing = prepare(freeze(drafted, at=timezone.now()), at=timezone.now())
    as_team(client, drafted)

    boxes = client.get(reverse("filing_kit", args=[filing.pk])).context["kit"].boxes

    assert [box.number for box in boxes] == numbers
    assert boxes[0].text.endswith("Do this.")


def test_kit_says_when_a_file_is_not_as_the_authority_wants_it(client, filing):
    RequirementFactory(
        consultation=filing.submission.consultation,
        topic="attachment-formats",
        subject="",
        unit="",
        value=["docx"],
    )
    Document.objects.update(state="ready", file="x/reply.pdf", byte_size=10, file_digest="0" * 64)
    as_team(client, filing.submission)

    page = client.get(reverse("filing_kit", args=[filing.pk])).content.decode()

    assert "The authority takes DOCX (read in an official source)." in page


def test_record_receipt_with_its_file(client, filing):
    as_team(client, filing.submission)
    file = SimpleUploadedFile("My name.pdf", PDF)

    response = client.post(reverse("filing_receipt", args=[filing.pk]), receipt_form(file=file), follow=True)

    receipt = Receipt.objects.get()
    page = response.content.decode()
    assert "On record: filed in time." in page
    assert "F42" in page
    assert "My name" not in page
    sent = client.get(reverse("receipt_file", args=[filing.pk, receipt.pk]))
    assert (sent.content, sent.headers["X-Content-Type-Options"]) == (PDF, "nosniff")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"filed_on": "2999-01-01"}, "This moment has not come yet."),
        ({"filed_on": "2020-01-01"}, "The text was fixed after this moment."),
        ({"filed_on": "0001-01-01"}, "this is long past"),
        ({"file": SimpleUploadedFile("a.exe", b"MZ")}, "This is no PDF, PNG or JPEG file."),
        ({"time_zone": "Mars/Base"}, "Select a valid choice."),
    ],
    ids=["future", "past", "year one", "no receipt", "no clock"],
)
def test_record_receipt_bad_input_keeps_the_form_and_stores_nothing(client, filing, changes, sentence):
    as_team(client, filing.submission)

    response = client.post(reverse("filing_receipt", args=[filing.pk]), receipt_form(**changes))

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert 'value="F42"' in response.content.decode()
    assert not Receipt.objects.exists()


def test_receipt_of_the_last_hours_that_calendars_know_has_not_come_yet(client, filing):
    Consultation.objects.update(time_zone="America/New_York")
    as_team(client, filing.submission)
    form = receipt_form(filed_on="9999-12-31", filed_time="23:59", time_zone="America/New_York")

    response = client.post(reverse("filing_receipt", args=[filing.pk]), form)

    assert response.status_code == 422
    assert response.context["form"].errors == {
        "filed_on": ["This moment has not come yet. Record the receipt once it is filed."]
    }
    assert not Receipt.objects.exists()


def test_mail_is_not_given_before_a_file_is_ready(client, filing):
    channel = ChannelFactory(consultation=filing.submission.consultation)
    as_team(client, filing.submission)

    response = client.get(reverse("filing_mail", args=[filing.pk, channel.pk]), follow=True)

    assert "No file is ready that this authority takes." in response.content.decode()


def test_kit_of_what_was_fixed_anew_leads_to_the_newer_one(client, filing):
    later = prepare(filing.submission, at=timezone.now())
    as_team(client, filing.submission)

    old = client.get(reverse("filing_kit", args=[filing.pk])).content.decode()
    new = client.get(reverse("filing_kit", args=[later.pk])).content.decode()

    assert reverse("filing_kit", args=[later.pk]) in old
    assert "fixed anew after this" not in new


def test_kit_gives_the_full_answer_as_plain_text_where_there_is_no_short_one(client):
    answer = AnswerFactory(text="Do **this**[^a].\n\n- and\n- that", short_text="")
    SourceFactory(campaign=answer.submission.campaign, key="a", title="A report")
    filing = prepare(freeze(answer.submission, at=timezone.now()), at=timezone.now())
    as_team(client, filing.submission)

    box = client.get(reverse("filing_kit", args=[filing.pk])).context["kit"].boxes[0]

    head, _line, sources = box.text.rpartition("\n\n")
    assert head == "Do this[1].\n\n– and\n– that"
    assert sources.startswith("[1] ")
    assert "A report" in sources


def test_receipt_file_is_the_teams_alone(client, filing):
    receipt = ReceiptFactory(filing=filing, file="UERG", file_name="a.pdf", byte_size=3, file_digest="0" * 64)
    address = reverse("receipt_file", args=[filing.pk, receipt.pk])
    as_team(client, AnswerFactory().submission)

    assert client.get(address).status_code == 404


def test_mail_that_is_ready_to_send_has_the_address_the_text_and_the_files(client, filing):
    channel = ChannelFactory(consultation=filing.submission.consultation, address="replies@authority.example")
    document = Document.objects.get()
    document.file.save("reply.pdf", ContentFile(PDF), save=False)
    document.state, document.byte_size, document.file_digest = "ready", len(PDF), "0" * 64
    document.save()
    as_team(client, filing.submission)

    response = client.get(reverse("filing_mail", args=[filing.pk, channel.pk]))

    message = message_from_bytes(response.content, policy=default)
    assert message["To"] == "replies@authority.example"
    assert message["From"] is None
    assert message["Subject"] == f"REF 1: {filing.submission.title}"
    assert [part.get_content() for part in message.iter_attachments()] == [PDF]
    assert "Do this." in message.get_body().get_content()


# --- Afterwards ---------------------------------------------------------------------------------


def test_correction_stands_beside_the_record(client, filing):
    ReceiptFactory(filing=filing)
    as_team(client, filing.submission)

    empty = client.post(reverse("filing_correct", args=[filing.pk]), {"text": ""})
    client.post(reverse("filing_correct", args=[filing.pk]), {"text": "The number is F43."})
    client.logout()

    assert empty.status_code == 422
    assert FilingCorrection.objects.get().text == "The number is F43."
    assert "The number is F43." in client.get(reverse("filing_detail", args=[filing.pk])).content.decode()


def response_form(authority, **changes):
    form = {
        "authority": str(authority.pk),
        "answered_on": "2026-03-01",
        "title": "What we heard",
        "url": "https://authority.example/heard",
        "locale": "en",
        "text": "",
        "comment": "",
        "version": "0",
        "demand-TOTAL_FORMS": "2",
        "demand-INITIAL_FORMS": "0",
        "demand-0-demand": "Publish the weights.",
        "demand-0-question_number": "1",
        "demand-0-outcome": "in-part",
        "demand-0-where": "Page 4",
        "demand-1-demand": "",
        "demand-1-outcome": "silent",
    }
    return {**form, **changes}


def test_response_is_written_shown_and_then_stays(client, filing):
    ReceiptFactory(filing=filing)
    as_team(client, filing.submission)
    authority = filing.submission.consultation.authority

    client.post(reverse("filing_response_create", args=[filing.pk]), response_form(authority))
    response = FilingResponse.objects.get()
    before = client.get(reverse("filing_detail", args=[filing.pk])).content.decode()
    client.post(reverse("filing_response_publish", args=[filing.pk, response.pk]), {"version": "1"})
    late = client.post(
        reverse("filing_response_edit", args=[filing.pk, response.pk]), response_form(authority, version="1")
    )
    client.logout()
    page = client.get(reverse("filing_detail", args=[filing.pk])).content.decode()

    assert "Publish the weights." not in before
    assert "Publish the weights." in page
    assert "Taken up in part" in page
    assert late.status_code == 422


@pytest.mark.parametrize("version", ["\u00b2", "\u0664", "9" * 5_000, "-1", "one", ""])
def test_publishing_a_response_with_what_is_no_version_leads_back_to_it(client, filing, version):
    response = FilingResponseFactory(filing=filing)
    as_team(client, filing.submission)

    page = client.post(
        reverse("filing_response_publish", args=[filing.pk, response.pk]), {"version": version}
    )

    assert page.url == reverse("filing_response_edit", args=[filing.pk, response.pk])
    assert not FilingResponse.objects.filter(state="published").exists()


def test_response_sent_twice_is_one(client, filing):
    ReceiptFactory(filing=filing)
    as_team(client, filing.submission)
    address = reverse("filing_response_create", args=[filing.pk])
    token = client.get(address).context["form"]["token"].value()
    form = response_form(filing.submission.consultation.authority, token=str(token))

    client.post(address, form)
    again = client.post(address, form)

    assert FilingResponse.objects.count() == 1
    assert again.status_code == 422
    assert "Publish the weights." in again.content.decode()


def test_response_saved_by_two_shows_both(client, filing):
    ReceiptFactory(filing=filing)
    response = FilingResponseFactory(filing=filing, version=3, text="Theirs.")
    response.outcomes.create(position=1, demand="Open the data.", outcome="taken-up")
    as_team(client, filing.submission)
    form = response_form(response.authority, version="2", text="Mine.")

    page = client.post(reverse("filing_response_edit", args=[filing.pk, response.pk]), form)

    assert page.status_code == 422
    assert "Theirs." in page.content.decode()
    assert "Mine." in page.content.decode()
    assert "Open the data." in page.content.decode()
    response.refresh_from_db()
    assert response.text == "Theirs."


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"url": ""}, "Give the authority&#x27;s words, or the address of the original."),
        ({"title": ""}, "This field is required."),
    ],
)
def test_response_bad_input_keeps_the_form(client, filing, changes, sentence):
    ReceiptFactory(filing=filing)
    as_team(client, filing.submission)
    form = response_form(filing.submission.consultation.authority, **changes)

    page = client.post(reverse("filing_response_create", args=[filing.pk]), form)

    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert "Publish the weights." in page.content.decode()
    assert not FilingResponse.objects.exists()


def test_response_before_a_receipt_is_refused(client, filing):
    as_team(client, filing.submission)

    page = client.post(
        reverse("filing_response_create", args=[filing.pk]),
        response_form(filing.submission.consultation.authority),
    )

    assert page.status_code == 422
    assert "No receipt is on record yet" in page.content.decode()
