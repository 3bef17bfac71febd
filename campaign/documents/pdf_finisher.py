"""The last touch on a PDF before it is written: what WeasyPrint 70 leaves out for PDF/UA-1 beside PDF/A-3a.

Loaded by the renderer process only; imports nothing of Django or of this project.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pydyf

HEADING = re.compile(r"/H[1-6]")
PDFUA = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">\
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>The part of ISO 14289 that the file follows</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


def finish(document: Any, pdf: Any) -> None:
    """Claim PDF/UA-1 in the metadata, say what table headers head, and take running heads out of the reading order."""
    claim_pdfua(pdf)
    scope_table_headers(document, pdf)
    bodies_of_list_items(pdf)
    nest_headings(pdf)
    name_files_once(pdf)
    margin_boxes_to_artifacts(pdf)


# Scripts whose letters join, stack or change places when they are drawn: Indic and South-East Asian ones.
REORDERED = re.compile(
    "[\u0900-\u109f\u1780-\u17ff\u1900-\u1aaf\u1b00-\u1c4f\ua800-\uaadf\uabc0-\uabff\U00011000-\U000117ff]"
)


def keep_words_beside_glyphs() -> None:
    """Let drawn lines of such scripts carry their text, for copying and reading aloud.

    WeasyPrint maps each glyph to one text for the whole font; where one sign is part of several clusters, that is the wrong one.
    """
    from weasyprint.pdf.stream import Stream

    draw_marked = Stream.marked

    @contextmanager
    def marked(stream: Any, box: Any, tag: str) -> Iterator[None]:
        place = len(stream.stream)
        with draw_marked(stream, box, tag):
            text = getattr(box, "text", "")
            if text and REORDERED.search(text):
                stream.stream[place + 1]["ActualText"] = pydyf.String(text)
            yield

    Stream.marked = marked


def claim_pdfua(pdf: Any) -> None:
    """WeasyPrint writes one standard's mark; PDF/A wants the other one's name space explained beside it."""
    metadata = pdf.objects[number_of(pdf.catalog["Metadata"])]
    metadata.stream[0] = metadata.stream[0].replace(b"</rdf:RDF>", PDFUA + b"</rdf:RDF>")
    metadata.compress = False  # some checkers read only plain metadata


def scope_table_headers(document: Any, pdf: Any) -> None:
    """Headers get a Scope; the lists of header ids, which have no id tree to be looked up in, go."""
    rows = {
        id(box.mark)
        for page in document.pages
        for box in boxes_below(page._page_box)
        if getattr(box, "mark", None) is not None
        and box.element is not None
        and box.element.get("scope") == "row"
    }
    for element in pdf.objects:
        if not isinstance(element, dict) or element.get("Type") != "/StructElem":
            continue
        if element.get("S") == "/TH":
            attributes = element.setdefault("A", pydyf.Dictionary({"O": "/Table"}))
            attributes["Scope"] = "/Row" if id(element) in rows else "/Column"
            element.pop("ID", None)
        elif element.get("S") == "/TD" and "A" in element:
            element["A"].pop("Headers", None)
            if set(element["A"]) == {"O"}:
                del element["A"]


def name_files_once(pdf: Any) -> None:
    """WeasyPrint lists embedded files twice, for PDF and for PDF/A."""
    if "AF" in pdf.catalog:
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))


def bodies_of_list_items(pdf: Any) -> None:
    """What stands in a list item beside its first lines (a quotation, a table, code) belongs to the item's body."""
    for item in list(pdf.objects):
        if not isinstance(item, dict) or item.get("Type") != "/StructElem" or item.get("S") != "/LI":
            continue
        kept: list[Any] = []
        body = None
        for kid in item.get("K", ()):
            element = pdf.objects[number_of(kid)] if isinstance(kid, bytes | str) else None
            kind = element.get("S") if isinstance(element, dict) else None
            if kind == "/LBody":
                body = element
            elif element is not None and kind != "/Lbl":
                if body is None:
                    body = new_body(pdf, item)
                    kept.append(body.reference)
                element["P"] = body.reference
                body["K"].append(kid)
                continue
            kept.append(kid)
        if "K" in item:
            item["K"] = pydyf.Array(kept)


def new_body(pdf: Any, item: Any) -> Any:
    body = pydyf.Dictionary({"Type": "/StructElem", "S": "/LBody", "P": item.reference, "K": pydyf.Array([])})
    pdf.add_object(body)
    return body


def nest_headings(pdf: Any) -> None:
    """No level is left out between a heading and the one above it, whatever levels people wrote in their texts."""
    above: list[
        tuple[int, int]
    ] = []  # levels as written and as tagged, of the headings that this one stands below
    for element in elements_in_order(pdf):
        kind = str(element.get("S"))
        if not HEADING.fullmatch(kind):
            continue
        written = int(kind[2:])
        while above and above[-1][0] >= written:
            above.pop()
        tagged = above[-1][1] + 1 if above else 1
        above.append((written, tagged))
        element["S"] = f"/H{tagged}"


def elements_in_order(pdf: Any) -> Iterator[Any]:
    """The structure elements from the document element down, as they are read."""
    tree = pdf.objects[number_of(pdf.catalog["StructTreeRoot"])]
    waiting = [tree["K"][0]]
    while waiting:
        element = pdf.objects[number_of(waiting.pop())]
        yield element
        waiting.extend(kid for kid in reversed(element.get("K", ())) if isinstance(kid, bytes | str))


def boxes_below(box: Any) -> Iterator[Any]:
    """The box and all in it; explicit stack, because pages can be deep."""
    waiting = [box]
    while waiting:
        current = waiting.pop()
        current = getattr(current, "_box", current)  # absolutely placed boxes hide in a placeholder
        yield current
        waiting.extend(getattr(current, "children", ()))


def margin_boxes_to_artifacts(pdf: Any) -> None:
    """Running heads and page numbers are drawn as marked content that no element owns: make them artifacts."""
    owned = elements_in_tree(pdf)
    tree = pdf.objects[number_of(pdf.catalog["StructTreeRoot"])]
    numbers = pdf.objects[number_of(tree["ParentTree"])]["Nums"]
    parents = dict(zip(numbers[::2], numbers[1::2], strict=True))
    for reference in pdf.page_references:
        page = pdf.objects[number_of(reference)]
        owners = parents[page["StructParents"]]
        orphans = {index for index, owner in enumerate(owners) if number_of(owner) not in owned}
        if orphans:
            mark_as_artifacts(pdf.objects[number_of(page["Contents"])].stream, orphans)
        for index in orphans:
            owners[index] = "null"


def elements_in_tree(pdf: Any) -> set[int]:
    """Object numbers of all structure elements that hang below the document element."""
    tree = pdf.objects[number_of(pdf.catalog["StructTreeRoot"])]
    found: set[int] = set()
    waiting = [number_of(tree["K"][0])]
    while waiting:
        current = waiting.pop()
        found.add(current)
        waiting.extend(
            number_of(kid) for kid in pdf.objects[current].get("K", ()) if isinstance(kid, bytes | str)
        )
    return found


def mark_as_artifacts(operators: list[Any], orphans: set[int]) -> None:
    """Rewrite `/Span <</MCID n>> BDC` as pagination artifacts for the given n, in place."""
    for index, item in enumerate(operators):
        if item not in (b"BDC", "BDC"):
            continue
        if operators[index - 1]["MCID"] in orphans:
            operators[index - 2] = b"/Artifact"
            operators[index - 1] = b"<</Type /Pagination>>"


def number_of(reference: Any) -> int:
    """The object number in a reference like b"12 0 R"."""
    return int(reference.split()[0])
