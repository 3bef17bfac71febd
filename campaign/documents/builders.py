"""Who turns a frozen text into something that can be rendered.

This room never knows what a petition is: upper rooms register a builder by name in `AppConfig.ready()`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from campaign.documents.models import FrozenText


@dataclass(frozen=True, kw_only=True)
class DocumentSource:
    """What a builder hands over for rendering.

    `html` is a complete document from templates that extend `documents/pdf/base.html`, with everything people wrote
    already cleaned. `file_name` ends in ".pdf".
    """

    html: str
    title: str
    locale: str
    file_name: str


Builder = Callable[[FrozenText, str], DocumentSource]

_builders: dict[str, Builder] = {}


class UnknownDocumentKind(LookupError):
    """No builder has this name."""


def register_builder(kind: str, build: Builder) -> None:
    """Let `build(frozen_text, locale)` make documents of `kind`, a name like "consultations.submission".

    `build` must depend on the frozen text and the locale alone (no clock, no other rows, no settings): the same text has
    to give the same bytes. It is called with the locale active. It refuses a text by raising a DomainError.
    """
    known = _builders.get(kind)
    if known is not None and known is not build:
        raise ValueError(f"two builders want the name {kind!r}")
    _builders[kind] = build


def builder_for(kind: str) -> Builder:
    """The builder registered as `kind`. Raises UnknownDocumentKind."""
    try:
        return _builders[kind]
    except KeyError:
        raise UnknownDocumentKind(kind) from None
