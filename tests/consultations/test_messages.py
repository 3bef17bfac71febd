"""The mail that is ready to send, and what the page of a filing says of who stands behind it."""

from email import message_from_bytes
from email.policy import default

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from campaign.consultations.message import MAX_BYTES, filing_message
from campaign.consultations.models import Filing, Submission
from campaign.documents.models import Document
from campaign.documents.services import freeze_text
from campaign.organizations.models import LogoUse, Organization
from tests.consultations.filing_sample import IN_PART
from tests.consultations.walk import freeze, prepare
from tests.factories.campaigns import TeamMemberFactory
from tests.factories.consultations import AnswerFactory, ChannelFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOW = timezone.now()


@pytest.fixture
def filing():
    submission = AnswerFactory(
        submission__title="Our reply", submission__consultation__reference="REF 1\nREF 2"
    ).submission
    return prepare(freeze(submission, at=NOW), at=NOW)


def message_to(filing, address="replies@authority.example"):
    channel = ChannelFactory(consultation=filing.submission.consultation, address=address)
    content = filing_message(filing=filing, channel=channel, documents=[])
    return message_from_bytes(content, policy=default)


def test_message_of_a_practice_filing_says_so_and_is_addressed_to_nobody(filing):
    filing.is_practice = True

    message = message_to(filing)

    assert message["To"] is None
    assert message["Subject"] == "REF 1 REF 2: Our reply (practice filing)"
    assert message.get_body().get_content().startswith("Practice filing. It was made after the deadline")


def test_message_of_a_filing_in_time_says_nothing_of_practice(filing):
    message = message_to(filing)

    assert message["To"] == "replies@authority.example"
    assert message["Subject"] == "REF 1 REF 2: Our reply"
    assert "ractice" not in message.as_string()


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("replies@authority.example\n", "replies@authority.example"),
        ("Unit A\nreplies@authority.example", None),
        ("see notice, page 3", None),
        ("b\u00fcro@amt.example", None),
        ("a@b.example\r\nBcc: spy@c.example", None),
    ],
)
def test_message_is_addressed_to_what_is_one_mail_address_and_else_to_nobody(filing, address, shown):
    message = message_to(filing, address)

    assert message["To"] == shown
    assert message["Bcc"] is None


def test_message_takes_the_smaller_files_after_one_that_is_too_large(filing):
    channel = ChannelFactory(consultation=filing.submission.consultation)
    sizes = {"first.pdf": 10, "scan.pdf": MAX_BYTES, "last.pdf": MAX_BYTES - 10, "over.pdf": 1}
    documents = [
        Document(
            file=SimpleUploadedFile(name, b"content"),
            file_digest="ab",
            media_type="application/pdf",
            byte_size=size,
        )
        for name, size in sizes.items()
    ]

    content = filing_message(filing=filing, channel=channel, documents=documents)

    message = message_from_bytes(content, policy=default)
    assert [each.get_filename() for each in message.iter_attachments()] == ["first.pdf", "last.pdf"]
    words = message.get_body().get_content()
    assert "Sent apart: scan.pdf\nSent apart: over.pdf\n" in words.replace("\r\n", "\n")


def test_page_of_a_filing_says_what_an_organization_does_not_stand_behind(client, filing):
    record = {**filing.record.data, "endorsements": [IN_PART]}
    text = freeze_text(kind="consultations.filing", title="In part", locale="en", payload=record, at=NOW)
    Filing.objects.update(record=text)
    client.force_login(TeamMemberFactory(campaign=filing.submission.campaign, role="viewer").user)

    page = client.get(reverse("filing_detail", args=[filing.pk])).content.decode()

    assert "In part, except for:" in page
    assert "staff has checked" in page
    assert "confirmed by mail on its own domain" not in page


@pytest.mark.parametrize(("uses", "shown"), [([LogoUse.DOCUMENTS], "ab" * 32), ([LogoUse.WEB], "")])
def test_logo_of_who_files_is_fixed_with_the_record_where_documents_may_print_it(uses, shown):
    frozen = freeze(AnswerFactory().submission, at=NOW)
    name = f"logos/{'ab' * 32}.png"
    Organization.objects.filter(pk=frozen.campaign.owner_id).update(
        logo=name, logo_small=name, logo_uses=uses
    )

    filing = prepare(Submission.objects.get(pk=frozen.pk), at=NOW)

    assert filing.record.data["letterhead"] == shown
