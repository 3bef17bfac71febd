"""What an Akoma Ntoso document says about itself: addresses, dates, language, who made it, and what it is not."""

from __future__ import annotations

from typing import Any, TypeAlias

from lxml import etree

from campaign.regulations.exports.akoma_ntoso.names import BILLS, NAMESPACE, country_of, language_code
from campaign.regulations.exports.origin import Origin, file_text
from campaign.regulations.numbered import NumberedText, walk_numbered

OWN = "urn:reclaim:frozen-text"
AGENT = "#reclaim"
PROGRAM = "Reclaim"

Element: TypeAlias = Any  # lxml has no types


def add(parent: Element, name: str, text: str = "", /, **attributes: str) -> Element:
    """Append an element of Akoma Ntoso; attributes without a value are left out."""
    given = {key: file_text(value) for key, value in attributes.items() if value}
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}", given)
    if text:
        element.text = file_text(text)
    return element


class Addresses:
    """The addresses of one edition as work, as text in a language, and as file, by the naming convention."""

    def __init__(self, payload: dict[str, Any], law: NumberedText, origin: Origin) -> None:
        template = payload["template"]
        self.is_bill = template["kind"] in BILLS
        self.country = country_of(law.tradition)
        self.language = language_code(law.language)
        self.slug = template["slug"]
        document = "bill" if self.is_bill else "doc"
        # “model”: wording for a bill, which nobody has tabled.
        self.work = f"/akn/{self.country}/{document}/model/{origin.work_date.isoformat()}/{self.slug}"
        self.expression = f"{self.work}/{self.language}@{origin.date.isoformat()}"


def add_meta(
    parent: Element, payload: dict[str, Any], law: NumberedText, origin: Origin, *, component: str = "main"
) -> None:
    """Append the meta element. `component` names the part: "main", "annex_1"."""
    where = Addresses(payload, law, origin)
    meta = add(parent, "meta")
    identification = add(meta, "identification", source=AGENT)
    day = origin.date.isoformat()

    work = add(identification, "FRBRWork")
    _core(work, f"{where.work}/!{component}", where.work, origin.work_date.isoformat(), "first-edition")
    add(work, "FRBRcountry", value=where.country)
    add(work, "FRBRsubtype", value="model")
    add(work, "FRBRnumber", value=where.slug)
    add(work, "FRBRname", value=payload["template"]["title"])
    add(work, "FRBRprescriptive", value="false")
    add(work, "FRBRauthoritative", value="false")

    expression = add(identification, "FRBRExpression")
    _core(expression, f"{where.expression}/!{component}", where.expression, day, "edition")
    add(expression, "FRBRversionNumber", value=payload["edition"]["label"])
    add(expression, "FRBRlanguage", language=where.language)

    manifestation = add(identification, "FRBRManifestation")
    _core(manifestation, f"{where.expression}/!{component}.xml", f"{where.expression}.akn", day, "file")
    add(manifestation, "FRBRformat", value="application/akn+xml")
    if component == "main":
        _add_references(meta, payload, law)
        _add_notes(meta, payload, origin)


def _core(parent: Element, this: str, uri: str, day: str, what: str) -> None:
    add(parent, "FRBRthis", value=this)
    add(parent, "FRBRuri", value=uri)
    add(parent, "FRBRdate", date=day, name=what)
    add(parent, "FRBRauthor", href=AGENT)


def _add_references(meta: Element, payload: dict[str, Any], law: NumberedText) -> None:
    references = add(meta, "references", source=AGENT)
    add(
        references,
        "TLCOrganization",
        eId=AGENT[1:],
        href="/akn/ontology/organizations/reclaim",
        showAs=PROGRAM,
    )
    for _depth, item in walk_numbered(law.provisions):
        if item.term:
            address = f"/akn/ontology/terms/{payload['template']['slug']}/{item.key}"
            add(references, "TLCTerm", eId=term_id(item.key), href=address, showAs=item.term)


def term_id(key: str) -> str:
    """The identifier of a defined term, by the key of its definition."""
    return f"term-{key}"


def _add_notes(meta: Element, payload: dict[str, Any], origin: Origin) -> None:
    notes = add(meta, "notes", source=AGENT)
    add(add(notes, "note", eId="note-legal-advice"), "p", payload["template"]["disclaimer"])
    if not origin.digest and not origin.address:
        return
    proprietary = add(meta, "proprietary", source=AGENT)
    facts = etree.SubElement(proprietary, f"{{{OWN}}}frozenText", nsmap={"reclaim": OWN})
    for name, value in (("sha256", origin.digest), ("address", origin.address)):
        if value:
            facts.set(name, value)
