"""What kinds of text there are, how each is shown to readers, and what passages it consists of.

Upper rooms register theirs when the application starts.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.safestring import SafeString

from campaign.documents.models import FrozenText


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


@dataclass(frozen=True)
class TextKind:
    """`label` names the kind; `draw` gives the text as HTML for a page, headings from h3 down, everything cleaned.

    `passages` gives what `draw` shows as passages in reading order, no key twice; None where versions are never compared.
    """

    label: str | Promise
    draw: Draw
    passages: Passages | None = None


_kinds: dict[str, TextKind] = {}


def register_text_kind(
    kind: str, *, label: str | Promise, draw: Draw, passages: Passages | None = None
) -> None:
    """Say how frozen texts of `kind` ("petitions.petition") are called, shown and compared. Call it in `AppConfig.ready()`."""
    _kinds[kind] = TextKind(label, draw, passages)


def text_kind(kind: str) -> TextKind | None:
    """What was registered for a kind; None for one whose room is not installed any more."""
    return _kinds.get(kind)
