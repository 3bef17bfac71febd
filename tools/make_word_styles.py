"""Write campaign/documents/word/reference.docx and reference.odt: the look of what we make for word processors.

    .venv/bin/python tools/make_word_styles.py

Pandoc takes styles, page and footer from them and the text from us. Names of styles are those that pandoc uses,
and our own for `data-custom-style`. The same script writes the same bytes.
"""

import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parents[1] / "campaign" / "documents" / "word"
SERIF, SANS, MONO = "Georgia", "Arial", "Courier New"
ACCENT = "8A1C0F"  # of links; passes on white
A4 = (11906, 16838)  # twentieths of a point
MARGIN = 1417

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

# name, based on, followed by, font, size in half points, bold, space before and after in twentieths of a point, the rest
BOX = "".join(
    f'<w:{side} w:val="single" w:sz="6" w:space="6" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right")
)
BAR = '<w:left w:val="single" w:sz="18" w:space="8" w:color="000000"/>'
PARAGRAPHS = [
    ("Body Text", "Normal", "Body Text", SERIF, 22, False, 0, 140, ""),
    ("First Paragraph", "Body Text", "Body Text", SERIF, 22, False, 0, 140, ""),
    ("Compact", "Body Text", "Compact", SERIF, 22, False, 0, 40, ""),
    ("Title", "Normal", "Body Text", SERIF, 44, True, 240, 360, "<w:keepNext/><w:keepLines/>"),
    ("Subtitle", "Normal", "Body Text", SERIF, 26, False, 0, 240, "<w:keepNext/>"),
    ("Author", "Normal", "Body Text", SANS, 20, False, 0, 60, ""),
    ("Date", "Normal", "Body Text", SANS, 20, False, 0, 60, ""),
    ("Heading 1", "Normal", "Body Text", SERIF, 32, True, 480, 160, "<w:keepNext/><w:keepLines/>0"),
    ("Heading 2", "Normal", "Body Text", SERIF, 25, True, 320, 100, "<w:keepNext/><w:keepLines/>1"),
    ("Heading 3", "Normal", "Body Text", SERIF, 22, True, 240, 80, "<w:keepNext/><w:keepLines/>2"),
    ("Heading 4", "Normal", "Body Text", SERIF, 22, True, 200, 60, "<w:keepNext/><w:keepLines/>3"),
    ("Heading 5", "Normal", "Body Text", SERIF, 22, True, 200, 60, "<w:keepNext/><w:keepLines/>4"),
    ("Block Text", "Body Text", "Body Text", SERIF, 22, False, 0, 140, "<w:ind w:start=\"340\" w:end=\"340\"/>"),
    ("Footnote Text", "Normal", "Footnote Text", SERIF, 18, False, 0, 40, ""),
    ("Footnote Block Text", "Footnote Text", "Footnote Text", SERIF, 18, False, 0, 40, ""),
    ("Source Code", "Normal", "Source Code", MONO, 18, False, 0, 140, ""),
    ("Table Caption", "Normal", "Body Text", SANS, 19, True, 120, 60, "<w:keepNext/>"),
    ("Definition Term", "Normal", "Definition", SANS, 20, True, 60, 0, "<w:keepNext/>"),
    ("Definition", "Normal", "Body Text", SERIF, 22, False, 0, 100, ""),
    # Ours.
    ("Cover fact", "Normal", "Cover fact", SANS, 20, False, 0, 60, ""),
    ("Overline", "Normal", "Title", SANS, 20, True, 0, 240, "<w:keepNext/>"),
    ("Question", "Normal", "Body Text", SANS, 20, False, 0, 140,
     f'<w:keepNext/><w:pBdr>{BAR}</w:pBdr><w:ind w:start="200"/>'),
    ("Notice", "Normal", "Body Text", SANS, 20, False, 120, 200, f"<w:pBdr>{BOX}</w:pBdr>"),
    ("Small", "Normal", "Body Text", SANS, 17, False, 360, 60, ""),
]  # fmt: skip
CHARACTERS = [
    ("Verbatim Char", f'<w:rFonts w:ascii="{MONO}" w:hAnsi="{MONO}"/><w:sz w:val="19"/>'),
    ("Footnote Reference", '<w:vertAlign w:val="superscript"/>'),
    ("Hyperlink", f'<w:color w:val="{ACCENT}"/><w:u w:val="single"/>'),
    ("Body Text Char", ""),
]


def style_id(name: str) -> str:
    return "".join(word[0].upper() + word[1:] for word in name.split())


def run_properties(font: str, size: int, *, bold: bool) -> str:
    weight = "<w:b/><w:bCs/>" if bold else ""
    faces = f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}"/>'
    return f'{faces}{weight}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'


def word_paragraph_style(row: tuple[str, str, str, str, int, bool, int, int, str]) -> str:
    name, parent, follows, font, size, bold, before, after, more = row
    level = more[-1] if more[-1:].isdigit() else ""
    kept = more.rstrip("0123456789")
    outline = f'<w:outlineLvl w:val="{level}"/>' if level else ""
    # The order of these elements is fixed by the schema.
    indent = kept[kept.find("<w:ind") :] if "<w:ind" in kept else ""
    first = kept.replace(indent, "")
    return (
        f'<w:style w:type="paragraph" w:styleId="{style_id(name)}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="{style_id(parent)}"/><w:next w:val="{style_id(follows)}"/><w:qFormat/>'
        f'<w:pPr>{first}<w:spacing w:before="{before}" w:after="{after}"/>{indent}{outline}</w:pPr>'
        f"<w:rPr>{run_properties(font, size, bold=bold)}</w:rPr></w:style>"
    )


def word_styles() -> str:
    normal = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
        '<w:pPr><w:widowControl/><w:spacing w:after="140" w:line="290" w:lineRule="auto"/></w:pPr>'
        f"<w:rPr>{run_properties(SERIF, 22, bold=False)}</w:rPr></w:style>"
    )
    characters = (
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/></w:style>'
    ) + "".join(
        f'<w:style w:type="character" w:styleId="{style_id(name)}"><w:name w:val="{name}"/>'
        f"<w:rPr>{properties}</w:rPr></w:style>"
        for name, properties in CHARACTERS
    )
    line = '<w:{0} w:val="single" w:sz="{1}" w:space="0" w:color="000000"/>'
    table = (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr>'
        '<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:start w:w="80" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
        '<w:end w:w="80" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        '<w:style w:type="table" w:styleId="Table"><w:name w:val="Table"/><w:basedOn w:val="TableNormal"/>'
        f"<w:rPr>{run_properties(SANS, 19, bold=False)}</w:rPr>"
        f"<w:tblPr><w:tblBorders>{line.format('top', 8)}{line.format('bottom', 8)}"
        f"{line.format('insideH', 4)}</w:tblBorders></w:tblPr>"
        '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/><w:bCs/></w:rPr><w:tblPr/>'
        f"<w:tcPr><w:tcBorders>{line.format('bottom', 8)}</w:tcBorders>"
        '<w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr></w:style>'
    )
    paragraphs = "".join(word_paragraph_style(row) for row in PARAGRAPHS)
    footer = (
        '<w:style w:type="paragraph" w:styleId="Footer"><w:name w:val="footer"/><w:basedOn w:val="Normal"/>'
        f'<w:pPr><w:jc w:val="end"/></w:pPr><w:rPr>{run_properties(SANS, 17, bold=False)}</w:rPr></w:style>'
    )
    return f"{HEAD}<w:styles {WORD}>{normal}{characters}{table}{paragraphs}{footer}</w:styles>"


def field(code: str) -> str:
    """A field that the word processor fills in, with what stands there until it has."""
    parts = ('<w:fldChar w:fldCharType="begin"/>', f'<w:instrText xml:space="preserve"> {code} </w:instrText>',
             '<w:fldChar w:fldCharType="separate"/>', "<w:t>1</w:t>", '<w:fldChar w:fldCharType="end"/>')  # fmt: skip
    return "".join(f"<w:r>{part}</w:r>" for part in parts)


def word_parts() -> dict[str, str]:
    footer = (
        f'<w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>{field("PAGE")}'
        f'<w:r><w:t xml:space="preserve"> / </w:t></w:r>{field("NUMPAGES")}</w:p>'
    )
    section = (
        f'<w:sectPr><w:footerReference w:type="default" r:id="rId3" xmlns:r="{OFFICE_RELS}"/>'
        f'<w:pgSz w:w="{A4[0]}" w:h="{A4[1]}"/><w:pgMar w:top="{MARGIN}" w:right="{MARGIN}" w:bottom="{MARGIN}" '
        f'w:left="{MARGIN}" w:header="708" w:footer="708" w:gutter="0"/></w:sectPr>'
    )
    note = (
        '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
        '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>'
    )
    parts = ("styles", "settings", "footer1", "footnotes")
    relations = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE_RELS}/{part.rstrip("1")}" Target="{part}.xml"/>'
        for number, part in enumerate(parts, start=1)
    )
    overrides = "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="{WORD_TYPES}.{part.rstrip("1")}+xml"/>'
        for part in parts
    )
    return {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{WORD_TYPES}.document.main+xml"/>{overrides}</Types>',
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{RELS}"><Relationship Id="rId1" '
        f'Type="{OFFICE_RELS}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'{HEAD}<Relationships xmlns="{RELS}">{relations}</Relationships>',
        "word/_rels/footnotes.xml.rels": f'{HEAD}<Relationships xmlns="{RELS}"/>',
        "word/document.xml": f"{HEAD}<w:document {WORD}><w:body><w:p/>{section}</w:body></w:document>",
        "word/styles.xml": word_styles(),
        "word/settings.xml": f'{HEAD}<w:settings {WORD}><w:compat><w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>',
        "word/footer1.xml": f"{HEAD}<w:ftr {WORD}>{footer}</w:ftr>",
        "word/footnotes.xml": f"{HEAD}<w:footnotes {WORD}>{note}</w:footnotes>",
    }


# --- OpenDocument ---------------------------------------------------------------------

ODF = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (
        ("office", "office"), ("style", "style"), ("text", "text"), ("fo", "xsl-fo-compatible"),
        ("svg", "svg-compatible"), ("table", "table"), ("number", "datastyle"),
    )
)  # fmt: skip
ODT_NAMES = {
    "Body Text": "Text body", "First Paragraph": "First paragraph", "Block Text": "Quotations", "Footnote Text": "Footnote",
    "Source Code": "Preformatted Text", "Definition Term": "Definition Term", "Table Caption": "Table",
}  # fmt: skip
NOT_IN_ODT = {"Compact", "Footnote Block Text"}


def odt_name(name: str) -> str:
    return ODT_NAMES.get(name, name).replace(" ", "_20_")


def odt_paragraph_style(row: tuple[str, str, str, str, int, bool, int, int, str]) -> str:
    name, parent, follows, font, size, bold, before, after, more = row
    level = more[-1] if more[-1:].isdigit() else ""
    outline = f' style:default-outline-level="{int(level) + 1}"' if level else ""
    keep = ' fo:keep-with-next="always"' if "keepNext" in more else ""
    border = ""
    if name == "Question":
        border = ' fo:border-left="2.25pt solid #000000" fo:padding-left="0.3cm"'
    elif name == "Notice":
        border = ' fo:border="0.75pt solid #000000" fo:padding="0.2cm"'
    margins = {
        "Block Text": ' fo:margin-left="0.6cm" fo:margin-right="0.6cm"',
        "Footnote Text": ' fo:margin-left="0.6cm" fo:text-indent="-0.6cm"',
    }.get(name, "")
    above = "Standard" if parent == "Normal" else odt_name(parent)
    shown = odt_name(name).replace("_20_", " ")
    weight = "bold" if bold else "normal"
    return (
        f'<style:style style:name="{odt_name(name)}" style:display-name="{shown}" style:family="paragraph" '
        f'style:parent-style-name="{above}" style:next-style-name="{odt_name(follows)}"{outline} style:class="text">'
        f'<style:paragraph-properties fo:margin-top="{before / 20}pt" fo:margin-bottom="{after / 20}pt"{margins}{keep}{border}/>'
        f'<style:text-properties style:font-name="{font}" style:font-name-asian="" fo:font-size="{size / 2}pt" '
        f'style:font-size-asian="{size / 2}pt" style:font-size-complex="{size / 2}pt" fo:font-weight="{weight}" '
        f'style:font-weight-asian="{weight}" style:font-weight-complex="{weight}"/></style:style>'
    ).replace(' style:font-name-asian=""', "")


def odt_styles() -> str:
    faces = "".join(
        f'<style:font-face style:name="{font}" svg:font-family="{font!r}"/>'.replace("'", "&apos;")
        for font in (SERIF, SANS, MONO)
    )
    own = "".join(odt_paragraph_style(row) for row in PARAGRAPHS if row[0] not in NOT_IN_ODT)
    cells = "".join(
        f'<style:style style:name="{name}" style:display-name="{name.replace("_20_", " ")}" style:family="paragraph" '
        f'style:parent-style-name="Standard"><style:paragraph-properties fo:margin-top="1.5pt" fo:margin-bottom="1.5pt"/>'
        f'<style:text-properties style:font-name="{SANS}" fo:font-size="9.5pt" style:font-size-asian="9.5pt" '
        f'style:font-size-complex="9.5pt" fo:font-weight="{weight}" style:font-weight-complex="{weight}"/></style:style>'
        for name, weight in (("Table_20_Contents", "normal"), ("Table_20_Heading", "bold"))
    )
    texts = "".join(
        f'<style:style style:name="{name}" style:display-name="{name.replace("_20_", " ")}" style:family="text">'
        f"<style:text-properties {properties}/></style:style>"
        for name, properties in (
            ("Strong_20_Emphasis", 'fo:font-weight="bold" style:font-weight-asian="bold" style:font-weight-complex="bold"'),
            ("Emphasis", 'fo:font-style="italic" style:font-style-complex="italic"'),
            ("Source_20_Text", f'style:font-name="{MONO}"'),
            ("Internet_20_link", f'fo:color="#{ACCENT}" style:text-underline-style="solid"'),
            ("Footnote_20_anchor", 'style:text-position="super 65%"'),
            ("Footnote_20_Symbol", ""),
        )
    )  # fmt: skip
    page = (
        '<office:automatic-styles><style:page-layout style:name="A4"><style:page-layout-properties fo:page-width="21cm" '
        'fo:page-height="29.7cm" fo:margin-top="2.5cm" fo:margin-bottom="2cm" fo:margin-left="2.5cm" fo:margin-right="2.5cm">'
        '<style:footnote-sep style:width="0.018cm" style:rel-width="25%" style:color="#000000" style:line-style="solid"/>'
        "</style:page-layout-properties>"
        '<style:footer-style><style:header-footer-properties fo:min-height="0.6cm" fo:margin-top="0.5cm"/></style:footer-style>'
        "</style:page-layout></office:automatic-styles>"
        '<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="A4"><style:footer>'
        '<text:p text:style-name="Footer"><text:page-number text:select-page="current">1</text:page-number> / '
        "<text:page-count>1</text:page-count></text:p></style:footer></style:master-page></office:master-styles>"
    )
    return (
        f'{HEAD}<office:document-styles {ODF} office:version="1.3"><office:font-face-decls>{faces}</office:font-face-decls>'
        '<office:styles><style:default-style style:family="paragraph"><style:paragraph-properties fo:orphans="2" fo:widows="2" '
        f'style:writing-mode="page"/><style:text-properties style:font-name="{SERIF}" fo:font-size="11pt"/></style:default-style>'
        '<style:style style:name="Standard" style:family="paragraph" style:class="text"><style:paragraph-properties '
        'fo:line-height="130%" style:writing-mode="page"/></style:style>'
        '<style:style style:name="Heading" style:family="paragraph" style:parent-style-name="Standard"/>'
        '<style:style style:name="Footer" style:family="paragraph" style:parent-style-name="Standard">'
        f'<style:paragraph-properties fo:text-align="end"/>'
        f'<style:text-properties style:font-name="{SANS}" fo:font-size="8.5pt"/></style:style>'
        f"{own}{cells}{texts}"
        '<text:notes-configuration text:note-class="footnote" text:citation-style-name="Footnote_20_Symbol" '
        'text:citation-body-style-name="Footnote_20_anchor" style:num-format="1" text:start-value="0" '
        'text:footnotes-position="page" text:start-numbering-at="document"/>'
        f"</office:styles>{page}</office:document-styles>"
    )


def odt_parts() -> dict[str, str]:
    kind = "application/vnd.oasis.opendocument.text"
    manifest = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{media}"/>'
        for path, media in (
            ("/", kind),
            ("content.xml", "text/xml"),
            ("styles.xml", "text/xml"),
            ("meta.xml", "text/xml"),
        )
    )
    return {
        "mimetype": kind,
        "META-INF/manifest.xml": f'{HEAD}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
        f'manifest:version="1.3">{manifest}</manifest:manifest>',
        "content.xml": f'{HEAD}<office:document-content {ODF} office:version="1.3"><office:body><office:text/></office:body>'
        "</office:document-content>",
        "styles.xml": odt_styles(),
        "meta.xml": f'{HEAD}<office:document-meta {ODF} office:version="1.3"><office:meta/></office:document-meta>',
    }


def write(path: Path, parts: dict[str, str]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            # OpenDocument wants its first part as it is, so that the kind of file can be told from its first bytes.
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)


def main() -> None:
    HERE.mkdir(exist_ok=True)
    write(HERE / "reference.docx", word_parts())
    write(HERE / "reference.odt", odt_parts())


if __name__ == "__main__":
    main()
