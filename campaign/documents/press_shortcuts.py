"""Work that WeasyPrint 70 does again and again, and a press that makes thousands of pages need not.

Loaded by the press only; imports nothing of Django or of this project.
"""

import re
from typing import Any

PARAGRAPHS = frozenset("\n\r\u2029")  # where Pango ends one
SIZED_ARRAY = re.compile(r"(\w+)\[\d+\]")


def keep_lines_until_drawn() -> None:
    """Let what Pango made of a line while its place was sought serve for drawing it, too.

    WeasyPrint throws it away in between. That saves memory in a document of hundreds of pages, and costs a tenth of the time.
    """
    from weasyprint.text import line_break
    from weasyprint.text.ffi import pango

    class Kept(line_break.Layout):
        def set_text(self, text: str, justify: bool = False) -> None:
            # As drawing wants it: said only then, Pango would shape the line again.
            pango.pango_layout_set_single_paragraph_mode(self.layout, PARAGRAPHS.isdisjoint(text))
            super().set_text(text, justify)

        def deactivate(self) -> None:
            pass

        def reactivate(self, style: Any) -> None:
            if self.justification_spacing or style is not self.style:
                super().reactivate(style)

    line_break.Layout = Kept


def set_lists_line_by_line() -> None:
    """Let `<pre>` be taken line by line, as it stands there, each line as high as its own font asks.

    WeasyPrint would shape each line with the beginning of the next one, then alone, and make it higher where another font steps
    in, so that nobody could say beforehand how many fit on a page.
    """
    from weasyprint.layout import inline
    from weasyprint.text import line_break

    split_first_line = inline.split_first_line

    def first_line(text: str, style: Any, context: Any, width: Any, spacing: Any, **options: Any) -> Any:
        line, newline, _rest = text.partition("\n")
        if style["white_space"] != "pre" or not line:
            return split_first_line(text, style, context, width, spacing, **options)
        layout = line_break.create_layout(line, style, context, width, spacing)
        made, _second = layout.get_first_line()
        line_width, _own_height = line_break.line_size(made, style)
        height, baseline = line_break.strut(style)
        length = len(line.encode())
        return layout, length, length + 1 if newline else None, line_width, height, baseline

    inline.split_first_line = first_line


def know_arrays_of_any_size() -> None:
    """Let arrays for subsets of fonts be made by a type that is known, not by one for each size.

    For every type it has not met, cffi goes through all C declarations, a quarter of the time that a short document takes.
    """
    from weasyprint.pdf import fonts

    class AnySize:
        def __init__(self, ffi: Any) -> None:
            self._ffi = ffi

        def __getattr__(self, name: str) -> Any:
            return getattr(self._ffi, name)

        def new(self, kind: str, init: Any = None) -> Any:
            sized = SIZED_ARRAY.fullmatch(kind)
            if sized and isinstance(init, list | tuple):
                return self._ffi.new(f"{sized[1]}[]", init)
            return self._ffi.new(kind, init)

    fonts.ffi = AnySize(fonts.ffi)


def take_shortcuts() -> None:
    """All of them. The pages that come out are the same, but for lists in `<pre>`."""
    keep_lines_until_drawn()
    set_lists_line_by_line()
    know_arrays_of_any_size()
