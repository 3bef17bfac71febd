"""Reading YAML that people wrote, so that a mistake is told as: file, line, place, remedy.

`read_yaml(path)` gives a `Node`; each getter checks the type and names the place when it is wrong. Nothing is stored by
this module: read a file whole before you write the first row.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from django.utils.translation import gettext as _

from campaign.core.errors import DomainError

MAX_BYTES = 2_000_000
MAX_LEVELS = 100  # of lists and mappings; the C parser builds each level on the stack and ends the process when it is full
FIRST_YEAR, LAST_YEAR = 1900, 2200  # farther away, time zones and databases give up
_DIGITS = re.compile(r"0|[1-9][0-9]{0,17}")
# The C parser does in a second what the other one needs half a minute for.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class FileError(DomainError):
    """A file is not as it should be. The message names file, line, place and remedy."""


class Node:
    """One value of the file together with where it stands."""

    def __init__(self, node: yaml.Node, *, file: str, place: str) -> None:
        self._node = node
        self.file = file
        self.place = place

    def error(self, remedy: str) -> FileError:
        """The refusal to raise for this place; `remedy` is a sentence that says what to write instead."""
        line = self._node.start_mark.line + 1
        where = f"“{self.place}”" if self.place else _("the top of the file")
        words = {"file": self.file, "line": line, "where": where, "remedy": remedy}
        return FileError(_("%(file)s, line %(line)s, %(where)s: %(remedy)s") % words)

    # --- what the value is ---
    @property
    def is_null(self) -> bool:
        return self._node.tag == "tag:yaml.org,2002:null"

    def text(self) -> str:
        """The value as text. Raises FileError when it is a list, a mapping, or empty."""
        if not isinstance(self._node, yaml.ScalarNode) or self.is_null or not self._node.value.strip():
            raise self.error(_("a text is needed here."))
        if "\x00" in self._node.value:
            raise self.error(_("remove the NUL character."))
        return self._node.value

    def integer(self, *, minimum: int = 0, maximum: int = 2**31 - 1) -> int:
        """The value as a whole number written in decimal digits. Raises FileError."""
        text = self.text()
        if not _DIGITS.fullmatch(text):
            raise self.error(_("a whole number is needed here, not “%(text)s”.") % {"text": text})
        if not minimum <= int(text) <= maximum:
            raise self.error(
                _("a whole number from %(minimum)s to %(maximum)s is needed here.")
                % {"minimum": f"{minimum:,}", "maximum": f"{maximum:,}"}
            )
        return int(text)

    def boolean(self) -> bool:
        """true or false. Raises FileError."""
        if self._node.tag != "tag:yaml.org,2002:bool":
            raise self.error(_("true or false is needed here."))
        return bool(yaml.safe_load(self._node.value))

    def date(self) -> dt.date:
        """The value as a date. Raises FileError."""
        try:
            value = dt.date.fromisoformat(self.text())
        except ValueError:
            raise self.error(
                _("a date like 2026-01-31 is needed here, not “%(text)s”.") % {"text": self.text()}
            ) from None
        return self._in_our_time(value)

    def local_datetime(self) -> dt.datetime:
        """Wall-clock time without zone. Raises FileError."""
        try:
            value = dt.datetime.fromisoformat(self.text())
        except ValueError:
            value = None
        if value is None or value.tzinfo is not None:
            raise self.error(_("a local time like 2026-01-31T23:59:59, without an offset, is needed here."))
        self._in_our_time(value.date())
        return value

    def _in_our_time(self, day: dt.date) -> dt.date:
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise self.error(
                _("a year from %(first)s to %(last)s is needed here.")
                % {"first": FIRST_YEAR, "last": LAST_YEAR}
            )
        return day

    def web_address(self) -> str:
        """An address with http or https. Raises FileError."""
        text = self.text().strip()
        parts = urlsplit(text)
        if parts.scheme not in {"http", "https"} or not parts.hostname or len(text) > 500:
            raise self.error(_("a web address that begins with https:// is needed here."))
        return text

    def one_of(self, allowed: Any) -> str:
        """The value, when it is among `allowed` (an iterable of texts). Raises FileError that lists them."""
        value, known = self.text(), sorted(str(item) for item in allowed)
        if value not in known:
            raise self.error(
                _("“%(value)s” is not known. Use one of: %(known)s.")
                % {"value": value, "known": ", ".join(known)}
            )
        return value

    def plain(self) -> Any:
        """The value and all below it as plain Python data, for storage as JSON; dates become ISO text.

        Raises FileError for a value that JSON and the database cannot hold.
        """
        try:
            return _plain(self._node)
        except (yaml.YAMLError, ValueError, TypeError, OverflowError):
            raise self.error(_("a value in here cannot be read. Write it as plain text in quotes.")) from None

    def mapping(self) -> dict[str, Any]:
        """The entries as plain Python data. Raises FileError when it is no mapping."""
        self._expect_mapping()
        plain: dict[str, Any] = self.plain()
        return plain

    # --- what it contains ---
    def keys(self) -> list[str]:
        self._expect_mapping()
        return [str(key.value) for key, _ in self._node.value]

    def get(self, key: str) -> Node | None:
        """The value under `key`, or None when it is absent or null."""
        self._expect_mapping()
        for name, value in self._node.value:
            if name.value == key:
                child = Node(value, file=self.file, place=f"{self.place}.{key}" if self.place else key)
                return None if child.is_null else child
        return None

    def need(self, key: str) -> Node:
        """The value under `key`. Raises FileError when it is absent or null."""
        found = self.get(key)
        if found is None:
            raise self.error(_("“%(key)s” is missing. Add it.") % {"key": key})
        return found

    def only(self, allowed: Any) -> None:
        """Refuse keys that are not in `allowed`: a misspelt key must not be passed over in silence."""
        for name in self.keys():
            if name not in allowed:
                raise self.error(
                    _("“%(name)s” is not a key of this format. Known: %(known)s.")
                    % {"name": name, "known": ", ".join(sorted(allowed))}
                )

    def items(self) -> Iterator[Node]:
        """The entries of a list. Raises FileError when it is none."""
        if not isinstance(self._node, yaml.SequenceNode):
            raise self.error(_("a list is needed here."))
        for index, value in enumerate(self._node.value, start=1):
            yield Node(value, file=self.file, place=f"{self.place}[{index}]")

    def _expect_mapping(self) -> None:
        if not isinstance(self._node, yaml.MappingNode):
            raise self.error(_("entries of the form “key: value” are needed here."))


def read_yaml(path: Path) -> Node:
    """Parse a file. Raises FileError when it is missing, too large, no UTF-8 or no YAML."""
    try:
        raw = path.read_bytes()
    except OSError:
        raise FileError(
            _("%(file)s: the file cannot be read. Check the path.") % {"file": path.name}
        ) from None
    return parse_yaml(raw, file=path.name)


def parse_yaml(raw: bytes, *, file: str) -> Node:
    """Parse the bytes of a file called `file`. Raises FileError. Aliases are refused: they can grow without end."""
    if len(raw) > MAX_BYTES:
        raise FileError(
            _("%(file)s: larger than %(most)s bytes. Split the file.")
            % {"file": file, "most": f"{MAX_BYTES:,}"}
        )
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FileError(
            _("%(file)s: byte %(byte)s is not UTF-8. Save the file as UTF-8.")
            % {"file": file, "byte": error.start}
        ) from None
    try:
        _refuse_what_grows(text, file)
        node = yaml.compose(text, Loader=_Loader)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problem = getattr(error, "problem", None) or _("the text cannot be parsed")
        words = {"file": file, "line": line, "problem": problem}
        raise FileError(
            _("%(file)s, line %(line)s: this is not valid YAML (%(problem)s). Mend the line.") % words
        ) from None
    if node is None:
        raise FileError(_("%(file)s: the file is empty.") % {"file": file})
    _refuse_double_keys(node, file)
    return Node(node, file=file, place="")


def _refuse_what_grows(text: str, file: str) -> None:
    """Raises FileError for aliases and for what is nested too deeply. Events are read one by one, nothing is built yet."""
    level = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent):
            raise FileError(
                _("%(file)s, line %(line)s: aliases (*name) are not allowed. Write the value out.")
                % {"file": file, "line": _line_of(event)}
            )
        if isinstance(event, yaml.CollectionStartEvent):
            level += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            level -= 1
        if level > MAX_LEVELS:
            raise FileError(
                _(
                    "%(file)s, line %(line)s: lists and entries are nested more than %(most)s levels deep. "
                    "Nest them less deeply."
                )
                % {"file": file, "line": _line_of(event), "most": MAX_LEVELS}
            )


def _line_of(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _refuse_double_keys(node: yaml.Node, file: str) -> None:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.value in seen:
                line = key.start_mark.line + 1
                raise FileError(
                    _("%(file)s, line %(line)s: the key “%(key)s” stands twice or is no text. Keep one.")
                    % {"file": file, "line": line, "key": key.value}
                )
            seen.add(key.value)
            _refuse_double_keys(value, file)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            _refuse_double_keys(value, file)


def _plain(node: yaml.Node) -> Any:
    # Keys are taken as written: the loader would make True of a key called "on".
    if isinstance(node, yaml.MappingNode):
        return {key.value: _plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(value) for value in node.value]
    return _scalar(node)


def _scalar(node: yaml.Node) -> Any:
    value = yaml.SafeLoader("").construct_document(node)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("not a number")
    if isinstance(value, str):
        if "\x00" in value:
            raise ValueError("NUL")
        value.encode()  # a lone surrogate cannot be stored
    if not isinstance(value, str | int | float | bool | None):
        raise TypeError(type(value).__name__)
    return value
