"""From what people type to what may be shown: Markdown in, a closed list of HTML elements out."""

import re
import unicodedata

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = {
    "p", "br", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "strong", "em", "code", "pre", "a", "hr",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
MAX_NESTING = 20
MAX_PARAGRAPH = 20_000  # one endless paragraph would keep the PDF renderer busy for minutes

_parser = (
    MarkdownIt("commonmark", {"html": False, "maxNesting": MAX_NESTING}).enable("table").disable("image")
)


def markdown_to_html(text: str, *, heading_offset: int = 1) -> SafeString:
    """HTML for people's Markdown: raw HTML is shown as text, images are dropped, links go to http(s) and mail only.

    `heading_offset` moves headings below those of the page: 1 makes `#` an h2. Nothing goes below h4.
    """
    tokens = _parser.parse(clean_text(text))
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(max(int(token.tag[1]) + heading_offset, 2), 4)}"
    html = _parser.renderer.render(tokens, _parser.options, {})
    return mark_safe(clean_html(html))  # noqa: S308  cleaned right here


def clean_html(html: str) -> str:
    """Only the elements in TAGS, only `href` on links, only http, https and mailto addresses."""
    return nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow ugc",
        clean_content_tags={"script", "style"},
    )


def clean_text(text: str) -> str:
    """Unicode NFC, `\\n` for line ends, no control characters but tab and line end, no bidirectional overrides."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _UNWANTED.sub("", text)


def clean_line(text: str) -> str:
    """One line: cleaned, white space folded to single spaces, no ends."""
    return " ".join(clean_text(text).split())


# Control characters (C0, C1), surrogates, and the marks that reverse the order in which text is read.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff]")
