"""What the readers of both kinds of files share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zoneinfo import available_timezones

from django.utils.translation import gettext as _

from campaign.core.cleaning import clean_text
from campaign.core.yamlfile import Node


def expect_schema(root: Node, schema: int) -> None:
    """Raises FileError for a file of another schema."""
    if root.need("schema").integer() != schema:
        raise root.need("schema").error(_("this version reads schema %(schema)s.") % {"schema": schema})


def zone_name(node: Node) -> str:
    """The IANA name of a time zone. Raises FileError."""
    if node.text() not in available_timezones():
        raise node.error(
            _("“%(value)s” is not a time zone. Use an IANA name like Europe/Brussels.")
            % {"value": node.text()}
        )
    return node.text()


def short_text(node: Node, length: int) -> str:
    """Cleaned text of at most `length` characters. Raises FileError."""
    text = clean_text(node.text()).strip()
    if len(text) > length:
        raise node.error(_("at most %(most)s characters are possible here.") % {"most": length})
    return text


def optional_text(node: Node | None, length: int) -> str:
    """As `short_text`; empty when there is none."""
    return short_text(node, length) if node else ""


def items_of(node: Node | None) -> Iterator[Node]:
    """The entries of a list; none when there is no list."""
    return node.items() if node else iter(())


def plain_of(node: Node | None, empty: Any) -> Any:
    """The value as plain data; `empty` when there is none."""
    return node.plain() if node else empty
