"""What each kind of mail says. Upper rooms register theirs when the application starts."""

from collections.abc import Callable
from dataclasses import dataclass

from django.template.loader import render_to_string

from campaign.mailing.models import OutgoingMail


@dataclass(frozen=True)
class Letter:
    """A finished letter. `text` always; `html` may be empty."""

    subject: str
    text: str
    html: str = ""


Compose = Callable[[OutgoingMail], Letter | None]
_kinds: dict[str, Compose] = {}


def register_mail_kind(kind: str, compose: Compose) -> None:
    """Name the function that words mails of `kind` at the moment they are sent.

    It runs with the mail's locale active and returns None when there is nothing to say any more.
    """
    if _kinds.setdefault(kind, compose) is not compose:
        raise ValueError(f"mail kind {kind} is registered twice")


def compose_letter(mail: OutgoingMail) -> Letter | None:
    """The letter for a row. Raises KeyError for a kind that no room registered."""
    return _kinds[mail.kind](mail)


def letter_from_templates(name: str, context: dict[str, object]) -> Letter:
    """`name` is a path without ending below `templates/`: `.subject.txt`, `.txt` and `.html` are read."""
    subject = " ".join(render_to_string(f"{name}.subject.txt", context).split())
    return Letter(
        subject=subject,
        text=render_to_string(f"{name}.txt", context),
        html=render_to_string(f"{name}.html", context),
    )
