"""A mail that is ready to send to an authority: the text of the reply, the files attached. A person sends it."""

from email.message import EmailMessage
from email.policy import SMTP

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import override

from campaign.consultations.models import Channel, Filing
from campaign.consultations.printed.content import running_title
from campaign.consultations.printed.data import practice_words
from campaign.core.cleaning import clean_line
from campaign.documents.models import Document

MAX_BYTES = 25_000_000  # of all files: what mail servers commonly take


def filing_message(*, filing: Filing, channel: Channel, documents: list[Document]) -> bytes:
    """An RFC 5322 message, unsent and without a sender: whoever opens it in a mail program sends it from there. That of a
    practice filing says so and is addressed to nobody; nor is one whose channel names no single mail address in plain letters.

    `documents` are ready; in their order, each that no longer fits into MAX_BYTES in all is left out and named in the text.
    """
    submission, text = filing.submission, filing.frozen_text.data
    attached: list[Document] = []
    left_out: list[Document] = []
    size = 0
    for document in documents:
        bytes_with = size + (document.byte_size or 0)
        if bytes_with > MAX_BYTES:
            left_out.append(document)  # smaller ones after it may still fit
            continue
        attached.append(document)
        size = bytes_with
    message = EmailMessage(policy=SMTP)
    if not filing.is_practice and (address := _one_address(channel.address)):
        message["To"] = address
    message["X-Unsent"] = "1"  # mail programs open it for writing
    with override(submission.locale):
        title = running_title(submission.title, practice=filing.is_practice)
        reference = clean_line(submission.consultation.reference)
        message["Subject"] = f"{reference}: {clean_line(title)}" if reference else clean_line(title)
        lines = [
            *([practice_words(), ""] if filing.is_practice else []),
            _("%(owner)s hands in its reply to: %(consultation)s")
            % {
                "owner": text["campaign"]["owner"],
                "consultation": submission.consultation.title,
            },
            *(
                _("Attached: %(name)s (SHA-256 %(digest)s)")
                % {"name": document.file_name, "digest": document.file_digest}
                for document in attached
            ),
            *(_("Sent apart: %(name)s") % {"name": document.file_name} for document in left_out),
        ]
    body = "\n".join(lines)
    if text["box_text"]:
        body += f"\n\n{text['box_text']}"
    message.set_content(body + "\n")
    for document in attached:
        main, _slash, sub = document.media_type.partition("/")
        with document.file.open("rb") as file:
            message.add_attachment(
                file.read(), maintype=main, subtype=sub.partition(";")[0], filename=document.file_name
            )
    return message.as_bytes()


def _one_address(typed: str) -> str:
    """The mail address that a channel names; "" for other words, and for letters that not every mail server takes."""
    address = clean_line(typed)
    try:
        validate_email(address)
    except ValidationError:
        return ""
    return address if address.isascii() else ""
