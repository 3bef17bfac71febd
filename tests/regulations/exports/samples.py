"""A law with one of everything, and writings, for the tests of exports."""

import datetime as dt

from campaign.regulations.blocks import Heading, Mark, Paragraph, Span, Table, Writing
from campaign.regulations.exports.origin import Origin
from campaign.regulations.printing import numbered_text
from tests.factories.regulations import ACT, text, unit

ORIGIN = Origin(
    date=dt.date(2026, 11, 22),
    digest="ab" * 32,
    address="https://example.org/instruments/small-act/editions/1.0/",
)
DISCLAIMER = "A starting point and not legal advice."


def payload_of(legal_text, kind="amending-act"):
    """What an edition with this text freezes, as far as files need it."""
    return {
        "template": {
            "slug": "small-act",
            "title": "Small act",
            "kind": kind,
            "summary": "",
            "disclaimer": DISCLAIMER,
        },
        "edition": {"label": "1.0", "base": "", "change_note": ""},
        "law": numbered_text(legal_text).as_data(),
    }


def payload(*provisions, **more):
    return payload_of(text(*provisions, **more))


def whole():
    """Citations, recitals, chapters, points within points, definitions, text put into another act, annexes."""
    new = unit(
        "new",
        "article",
        "",
        unit("new-1", "paragraph"),
        unit("new-2", "paragraph"),
        fixed_number="5a",
        heading="New",
    )
    words = unit("words", "quoted", "other words", act=ACT)
    article = unit("quoted", "quoted", "", new, act=ACT)
    point = unit(
        "a-1-a", "point", "first:", unit("a-1-a-i", "point", "deep;", unit("dash", "indent", "deeper;"))
    )
    return payload(
        unit("cit", "citation", "Having regard to it,"),
        unit("rec-1", "recital", "A reason."),
        unit("rec-2", "recital", "Another, see [[ref:a-1-a]],"),
        unit(
            "one",
            "chapter",
            "",
            unit(
                "a",
                "article",
                "",
                unit(
                    "a-1",
                    "paragraph",
                    "Whatever follows:",
                    point,
                    unit("a-1-b", "point", "second."),
                    unit("a-1-2", "subparagraph", "It goes on."),
                ),
                unit("a-2", "paragraph", "As in [[ref:a-1]]."),
                heading="Duty",
            ),
            unit(
                "defs",
                "article",
                "The following apply:",
                unit("def", "definition", "means a thing.", term="model"),
            ),
            heading="General",
        ),
        unit(
            "two",
            "chapter",
            "",
            unit(
                "amends",
                "article",
                f"{ACT} is amended:",
                unit("am-1", "amending-point", "the following is inserted:", article),
                unit("am-2", "amending-point", "the words are replaced by:", words),
            ),
            heading="Changes",
        ),
        unit("x", "annex", "Words of the annex.", unit("x-a", "point", "listed."), heading="List"),
    )


def span(said, mark=Mark.PLAIN):
    return Span(said, mark)


def line(*spans, number=(), **more):
    return Paragraph(tuple(spans), tuple(number), **more)


REDLINE = Writing(
    "From 1.0 to 1.1",
    "en",
    (
        Heading((span("Article 1 "), span("Subject", Mark.DELETED), span("Scope", Mark.INSERTED))),
        line(
            span("It lays "),
            span("out", Mark.DELETED),
            span("down", Mark.INSERTED),
            span(" rules. "),
            span("moved from Article 3", Mark.NOTE),
            number=[span("1.")],
        ),
        line(span("new;", Mark.INSERTED), number=[span("(a)", Mark.INSERTED)], level=1),
        line(span("gone;", Mark.DELETED), number=[span("(b)", Mark.DELETED)], level=1),
        line(span("Place", Mark.STRONG), centered=True),
    ),
    ("Editions 1.0 and 1.1 are compared.",),
)
TABLE = Writing(
    "Amendments",
    "en",
    (
        Table(
            "Amendment 1",
            ("Text proposed", "Amendment"),
            (
                (
                    (line(span("A "), span("summary", Mark.CHANGED), span("."), number=[span("1.")]),),
                    (
                        line(
                            span("A "), span("longer summary", Mark.CHANGED), span("."), number=[span("1.")]
                        ),
                        line(span("below", Mark.UNDERLINED), level=1),
                    ),
                ),
                ((), (Heading((span("Added", Mark.NOTE),)), line(span("Words.")))),
            ),
        ),
    ),
)
