"""What kinds of text there are, and how each is shown to readers. Upper rooms register theirs when the application starts."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.safestring import SafeString

from campaign.documents.models import FrozenText

Draw = Callable[[FrozenText], SafeString]


@dataclass(frozen=True)
class TextKind:
    """`label` names the kind; `draw` gives the text as HTML for a page, headings from h3 down, everything cleaned."""

    label: str | Promise
    draw: Draw


_kinds: dict[str, TextKind] = {}


def register_text_kind(kind: str, *, label: str | Promise, draw: Draw) -> None:
    """Say how frozen texts of `kind` ("petitions.petition") are called and shown. Call it in `AppConfig.ready()`."""
    _kinds[kind] = TextKind(label, draw)


def text_kind(kind: str) -> TextKind | None:
    """What was registered for a kind; None for one whose room is not installed any more."""
    return _kinds.get(kind)
