"""How a law looks in a word processor: built-in headings, so that its outline can be read, and hanging numbers by depth."""

from __future__ import annotations

import icu  # type: ignore[import-untyped]
from django.conf import settings

from campaign.regulations.exports.word.elements import Element, add, root

STEP = 680  # twentieths of a point: how far a number hangs
LEVELS = 12  # deeper units stand where the last one stands
HEADINGS = 6
# Faces every word processor has, or has a substitute for.
EAST_ASIA = {"ko": "Batang", "ja": "MS Mincho", "zh": "SimSun"}
FACE = "Times New Roman"
BUILT_IN = {
    "Normal",
    "Title",
    "caption",
    "header",
    "footer",
    *(f"heading {n}" for n in range(1, HEADINGS + 1)),
}


def is_mirrored(language: str) -> bool:
    """Whether the language is written from right to left."""
    return language.split("-")[0] in settings.LANGUAGES_BIDI


def word_language(language: str, tradition: str = "") -> str:
    """The language with a region, which word processors ask for: "ko" is ko-KR. English is British but in laws of the US."""
    if language == "en":
        return "en-US" if tradition.startswith("us") else "en-GB"
    likely = icu.Locale.forLanguageTag(language).addLikelySubtags()
    if not likely.getCountry():
        return language
    return f"{likely.getLanguage()}-{likely.getCountry()}"


def style_sheet(language: str, *, tradition: str = "", stacked: bool = True) -> Element:
    """The part word/styles.xml. `stacked` laws have centered headings, others have them at the start of the line."""
    styles = root("styles")
    _defaults(styles, language, tradition)
    _paragraph(styles, "Normal", "Normal", after=120, is_default=True)
    _title(styles)
    for level in range(1, HEADINGS + 1):
        _heading(styles, level, centered=stacked)
    for level in range(LEVELS + 1):
        _paragraph(
            styles, f"Law{level}", f"Law {level}", based="Normal", left=(level + 1) * STEP, hanging=STEP
        )
        _paragraph(styles, f"LawText{level}", f"Law text {level}", based="Normal", left=level * STEP)
    for level in range(LEVELS + 1):
        _paragraph(
            styles,
            f"Cell{level}",
            f"Cell {level}",
            based="Normal",
            left=level * (STEP // 2),
            after=60,
            size=20,
        )
    _paragraph(styles, "CellHead", "Cell head", based="Normal", after=60, size=20, bold=True, keep=True)
    _paragraph(styles, "Centered", "Law centered", based="Normal", centered=True)
    _paragraph(styles, "Notice", "Notice", based="Normal", size=18, after=240)
    _paragraph(styles, "Caption", "caption", based="Normal", bold=True, keep=True, before=240)
    _paragraph(styles, "Header", "header", based="Normal", size=17, after=240)
    _paragraph(styles, "Footer", "footer", based="Normal", size=15, after=0)
    _table(styles)
    return styles


def _defaults(styles: Element, language: str, tradition: str) -> None:
    defaults = add(styles, "docDefaults")
    run = add(add(defaults, "rPrDefault"), "rPr")
    eastern = EAST_ASIA.get(language.split("-")[0], FACE)
    add(run, "rFonts", ascii=FACE, hAnsi=FACE, eastAsia=eastern, cs=FACE)
    add(run, "sz", val=22)
    add(run, "szCs", val=22)
    if is_mirrored(language):
        add(run, "rtl")
    own = word_language(language, tradition)
    is_eastern = language.split("-")[0] in EAST_ASIA
    add(
        run, "lang",
        val="en-US" if is_eastern or is_mirrored(language) else own,
        eastAsia=own if is_eastern else "ja-JP",
        bidi=own if is_mirrored(language) else "ar-SA",
    )  # fmt: skip
    paragraph = add(add(defaults, "pPrDefault"), "pPr")
    add(paragraph, "widowControl")
    if is_mirrored(language):
        add(paragraph, "bidi")
    add(paragraph, "spacing", after=120, line=264, lineRule="auto")


def _paragraph(
    styles: Element,
    key: str,
    name: str,
    *,
    based: str = "",
    left: int = 0,
    hanging: int = 0,
    before: int = 0,
    after: int | None = None,
    size: int = 0,
    bold: bool = False,
    keep: bool = False,
    centered: bool = False,
    outline: int | None = None,
    following: str = "",
    is_default: bool = False,
) -> None:
    marks = {"default": 1} if is_default else {}
    marks |= {} if name in BUILT_IN else {"customStyle": 1}
    style = add(styles, "style", type="paragraph", **marks, styleId=key)
    add(style, "name", val=name)
    if based:
        add(style, "basedOn", val=based)
    if following:
        add(style, "next", val=following)
    add(style, "qFormat")
    properties = add(style, "pPr")
    if keep:
        add(properties, "keepNext")
        add(properties, "keepLines")
    if before or after is not None:
        add(
            properties,
            "spacing",
            **({"before": before} if before else {}),
            after=120 if after is None else after,
        )
    if left or hanging:
        add(properties, "ind", left=left, **({"hanging": hanging} if hanging else {}))
    if centered:
        add(properties, "jc", val="center")
    if outline is not None:
        add(properties, "outlineLvl", val=outline)
    run = add(style, "rPr")
    for toggle in ["b", "bCs"] if bold else []:
        add(run, toggle)
    for dimension in ["sz", "szCs"] if size else []:
        add(run, dimension, val=size)


def _title(styles: Element) -> None:
    _paragraph(
        styles,
        "Title",
        "Title",
        based="Normal",
        centered=True,
        bold=True,
        size=28,
        after=360,
        following="Normal",
    )


def _heading(styles: Element, level: int, *, centered: bool) -> None:
    _paragraph(
        styles, f"Heading{level}", f"heading {level}",
        based="Normal", following="Normal", keep=True, bold=True, centered=centered,
        before=360 if level == 1 else 240, after=120, size=24 if level == 1 else 22, outline=level - 1,
    )  # fmt: skip


def _table(styles: Element) -> None:
    style = add(styles, "style", type="table", customStyle=1, styleId="LawTable")
    add(style, "name", val="Law table")
    properties = add(style, "tblPr")
    borders = add(properties, "tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        add(borders, side, val="single", sz=4, space=0, color="auto")
    margins = add(properties, "tblCellMar")
    for side in ("left", "right"):
        add(margins, side, w=100, type="dxa")
