"""What each kind of mail says. Upper rooms register theirs when the application starts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string

from campaign.mailing.models import OutgoingMail


@dataclass(frozen=True)
class Attachment:
    """A text file that goes with a letter, in UTF-8."""

    name: str
    text: str
    media_type: str


@dataclass(frozen=True)
class Letter:
    """A finished letter. `text` always; `html` may be empty."""

    subject: str
    text: str
    html: str = ""
    attachments: tuple[Attachment, ...] = ()


Compose = Callable[..., Letter | None]
Load = Callable[[list[OutgoingMail]], Any]


@dataclass(frozen=True)
class Kind:
    """How mails of one kind are worded."""

    compose: Compose
    load: Load | None


_kinds: dict[str, Kind] = {}


def register_mail_kind(kind: str, compose: Compose, *, load: Load | None = None) -> None:
    """Name the function that words mails of `kind` at the moment they are sent.

    It receives the mail, runs with the mail's locale active, and returns None when there is nothing to say any more. With `load`,
    which reads once what all mails of a batch need, it receives the mail and what `load` returned.
    """
    if _kinds.setdefault(kind, Kind(compose, load)).compose is not compose:
        raise ValueError(f"mail kind {kind} is registered twice")


class Letters:
    """Words the letters of one batch."""

    def __init__(self, mails: list[OutgoingMail]) -> None:
        self.mails = mails
        self.loaded: dict[str, Any] = {}

    def compose(self, mail: OutgoingMail) -> Letter | None:
        """The letter for a row of the batch. Raises KeyError for a kind that no room registered."""
        kind = _kinds[mail.kind]
        if kind.load is None:
            return kind.compose(mail)
        if mail.kind not in self.loaded:
            self.loaded[mail.kind] = kind.load([row for row in self.mails if row.kind == mail.kind])
        return kind.compose(mail, self.loaded[mail.kind])


def letter_from_templates(name: str, context: dict[str, object]) -> Letter:
    """`name` is a path without ending below `templates/`: `.subject.txt`, `.txt` and `.html` are read."""
    subject = " ".join(render_to_string(f"{name}.subject.txt", context).split())
    return Letter(
        subject=subject,
        text=render_to_string(f"{name}.txt", context),
        html=render_to_string(f"{name}.html", context),
    )
