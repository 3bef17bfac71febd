"""Who turns a frozen text into something that can be made into a file.

This room never knows what a petition is: upper rooms register a builder by name in `AppConfig.ready()`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from campaign.documents.formats import FORMATS, PDF
from campaign.documents.models import Document, FrozenText


@dataclass(frozen=True, kw_only=True)
class Embedded:
    """A file inside a PDF, for machines (PDF/A-3). `relationship`: what it is to the page: "Data", "Source", "Supplement"."""

    name: str
    content: bytes
    media_type: str
    description: str
    relationship: str = "Data"


@dataclass(frozen=True, kw_only=True)
class DocumentSource:
    """What a builder hands over to be made into a PDF.

    `html` is a complete document from templates that extend `documents/pdf/base.html`, with everything people wrote
    already cleaned. `file_name` is how people save it; it gets the format's own ending.
    """

    html: str
    title: str
    locale: str
    file_name: str
    embedded: tuple[Embedded, ...] = ()


@dataclass(frozen=True, kw_only=True)
class WordSource:
    """What becomes a file for word processors: a complete HTML document of plain elements, everything people wrote cleaned.

    Headings are h1 to h4. A note is `<a role="doc-noteref" href="#ID">` with its `<li id="ID" role="doc-endnote">` in one
    `<section role="doc-endnotes">`. Tables have <thead>. `data-custom-style` names a style of ours (tools/make_word_styles.py).
    """

    html: str
    title: str
    locale: str
    file_name: str


@dataclass(frozen=True, kw_only=True)
class TextSource:
    """What is a file as it is: Markdown, plain text, JSON, CSV."""

    text: str
    file_name: str


@dataclass(frozen=True, kw_only=True)
class BundleSource:
    """An archive of the documents of `kinds` that are ready for the same text and locale, with a list of their digests."""

    kinds: tuple[str, ...]
    file_name: str


Source = DocumentSource | WordSource | TextSource | BundleSource
Builder = Callable[[FrozenText, str], Source]
Person = AbstractBaseUser | AnonymousUser
MayCancel = Callable[[FrozenText, Person], bool]


@dataclass(frozen=True)
class _Registered:
    build: Builder
    media_type: str
    may_cancel: MayCancel | None


_builders: dict[str, _Registered] = {}


class UnknownDocumentKind(LookupError):
    """No builder has this name."""


def register_builder(
    kind: str, build: Builder, *, media_type: str = PDF, may_cancel: MayCancel | None = None
) -> None:
    """Let `build(frozen_text, locale)` make documents of `kind`, a name like "consultations.submission".

    `build` must depend on the frozen text and the locale alone (no clock, no other rows, no settings): the same text has
    to give the same bytes. It is called with the locale active. It refuses a text by raising a DomainError. `may_cancel`
    says who, beside those who run the site, may stop the work on such a document. Raises KeyError for an unknown format.
    """
    known = _builders.get(kind)
    if known is not None and known.build is not build:
        raise ValueError(f"two builders want the name {kind!r}")
    if media_type not in FORMATS:
        raise KeyError(media_type)
    _builders[kind] = _Registered(build, media_type, may_cancel)


def builder_for(kind: str) -> Builder:
    """The builder registered as `kind`. Raises UnknownDocumentKind."""
    return _registered(kind).build


def media_type_of(kind: str) -> str:
    """The format of documents of `kind`. Raises UnknownDocumentKind."""
    return _registered(kind).media_type


def can_cancel(document: Document, person: Person) -> bool:
    """Whether somebody may stop the work on a document: those who answer for it, and those who run the site."""
    if not person.is_authenticated:
        return False
    if getattr(person, "is_staff", False):
        return True
    known = _builders.get(document.kind)
    return bool(known and known.may_cancel and known.may_cancel(document.frozen_text, person))


def _registered(kind: str) -> _Registered:
    try:
        return _builders[kind]
    except KeyError:
        raise UnknownDocumentKind(kind) from None
