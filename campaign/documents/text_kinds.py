"""What kinds of text there are, how each is shown to readers, and what passages it consists of.

Upper rooms register theirs when the application starts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from campaign.documents.models import FrozenText, Publication


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a text that is compared as one: a provision, an answer, a paragraph.

    `key` is what it is called for good, the same in every version of the text; "" for a part that has no name of its own (a
    paragraph), which is found again by its words. `label` is how a reader cites it, in the text's language. `text` and
    `heading` are plain text or Markdown, as written. `language` is set where it is not that of the text; `level` is its depth.
    `is_provision`: it says something on its own that an endorsement can leave out, which a title or a recital does not.
    """

    key: str
    label: str
    text: str
    heading: str = ""
    language: str = ""
    level: int = 0
    is_provision: bool = False


Draw = Callable[[FrozenText], SafeString]
Passages = Callable[[FrozenText], list[Passage]]
Reader = AbstractBaseUser | AnonymousUser
IsReader = Callable[[FrozenText, Reader], bool]
FindAddress = Callable[[FrozenText, datetime], str]


@dataclass(frozen=True)
class TextKind:
    """`label` names the kind; `draw` gives the text as HTML for a page, headings from h3 down, everything cleaned.

    `passages` gives what `draw` shows as passages in reading order, no key twice; None where versions are never compared.
    `is_reader` says whether somebody may read a text and what was made from it; None where whoever has the link may.
    `address` gives the page on which everybody finds a text that no `Publication` lists (the record of an act), "" for none.
    """

    label: str | Promise
    draw: Draw
    passages: Passages | None = None
    is_reader: IsReader | None = None
    address: FindAddress | None = None


_kinds: dict[str, TextKind] = {}


def register_text_kind(
    kind: str,
    *,
    label: str | Promise,
    draw: Draw,
    passages: Passages | None = None,
    is_reader: IsReader | None = None,
    address: FindAddress | None = None,
) -> None:
    """Say how frozen texts of `kind` ("petitions.petition") are called, shown, compared, guarded and found.

    Call it in `AppConfig.ready()`.
    """
    _kinds[kind] = TextKind(label, draw, passages, is_reader, address)


def text_kind(kind: str) -> TextKind | None:
    """What was registered for a kind; None for one whose room is not installed any more."""
    return _kinds.get(kind)


def can_read(text: FrozenText, reader: Reader) -> bool:
    """Whether somebody who has the link to a text may read it."""
    kind = text_kind(text.kind)
    return kind is None or kind.is_reader is None or kind.is_reader(text, reader)


def is_guarded(text: FrozenText) -> bool:
    """Whether the link alone does not open a text, so that no shared cache may keep it."""
    kind = text_kind(text.kind)
    return kind is not None and kind.is_reader is not None


def public_address(text: FrozenText, *, at: datetime) -> str:
    """Path of the page on which everybody finds a text at `at`; empty when it is not public."""
    kind = text_kind(text.kind)
    if is_guarded(text):
        return ""
    if kind is not None and kind.address is not None:
        return kind.address(text, at)
    publication: Publication | None = getattr(text, "publication", None)
    return publication.address if publication else ""
