"""Akoma Ntoso files: valid by the schema of OASIS, and nothing of the law is lost in them."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from lxml import etree

from campaign.regulations.checks import problems_of
from campaign.regulations.exports.akoma_ntoso import law_akoma_ntoso
from campaign.regulations.exports.akoma_ntoso.names import bare_number, language_code
from campaign.regulations.kinds import ProvisionKind
from campaign.regulations.numbered import NumberedText, walk_numbered
from campaign.regulations.traditions import tradition, tradition_keys
from campaign.regulations.tree import LegalText, Unit, walk
from tests.factories.regulations import ACT, unit
from tests.regulations.exports.samples import DISCLAIMER, ORIGIN, payload, payload_of, whole

SCHEMAS = Path(__file__).with_name("schemas")
AKN = "{http://docs.oasis-open.org/legaldocml/ns/akn/3.0}"


@pytest.fixture(scope="session")
def schema():
    return etree.XMLSchema(etree.parse(SCHEMAS / "akomantoso30.xsd"))


def akoma_ntoso_units(xml):
    """Number, heading and own words of each unit by its key, in reading order, with the marks around quoted text put back."""
    found = {}
    read(etree.fromstring(xml), "", found)
    return {key: tuple("".join(part) for part in parts) for key, parts in found.items()}


def read(element, key, found):
    key = element.get("wId", key)
    parts = found.setdefault(key, ([], [], []))
    if element.tag == f"{AKN}num":
        parts = (parts[0], [], parts[0])
    elif element.tag == f"{AKN}heading":
        parts = (parts[1], [], parts[1])
    parts[2].append(element.get("startQuote", "") + (element.text or ""))
    for child in element:
        if child.tag == f"{AKN}meta":
            continue
        if element.tag in (f"{AKN}num", f"{AKN}heading"):
            parts[2].append("".join(child.itertext()))
        else:
            read(child, key, found)
        parts[2].append(child.tail or "")
    parts[2].append(element.get("endQuote", ""))


def printed_units(data):
    """The same from the frozen payload."""
    law = NumberedText.of_payload(data)
    return {
        item.key: (item.number, item.heading_text, item.body_text)
        for _depth, item in walk_numbered(law.provisions)
    }


def without_marks(said):
    """Quote marks and what follows the closing one stand in another place in XML than in print."""
    number, heading, body = said
    return number.strip("‘"), heading.strip("‘"), body.strip("‘’;.")


def assert_sound(xml, data, schema):
    root = etree.fromstring(xml)
    assert schema.validate(root), schema.error_log
    read_back, printed = akoma_ntoso_units(xml), printed_units(data)
    read_back.pop("", None)
    assert list(read_back) == list(printed)
    for key, said in printed.items():
        assert without_marks(read_back[key]) == without_marks(said), key


def elements(xml, path):
    return etree.fromstring(xml).findall(path.replace("/", f"/{AKN}").replace(f".{AKN}", "."))


def by_key(xml, key):
    (found,) = etree.fromstring(xml).xpath("//*[@wId=$key]", key=key)
    return found


def test_law_akoma_ntoso_is_valid_and_holds_every_unit(schema):
    assert_sound(law_akoma_ntoso(whole(), ORIGIN), whole(), schema)


def test_law_akoma_ntoso_gives_the_same_bytes_twice():
    assert law_akoma_ntoso(whole(), ORIGIN) == law_akoma_ntoso(whole(), ORIGIN)


def test_units_have_the_identifiers_of_the_naming_convention():
    xml = law_akoma_ntoso(whole(), ORIGIN)

    assert {
        key: by_key(xml, key).get("eId")
        for key in ("cit", "rec-2", "one", "a", "a-1", "a-1-a", "a-1-a-i", "x")
    } == {
        "cit": "cit_1",
        "rec-2": "rec_2",
        "one": "chp_I",
        "a": "art_1",
        "a-1": "art_1__para_1",
        "a-1-a": "art_1__para_1__subpara_1__list_1__point_a",
        "a-1-a-i": "art_1__para_1__subpara_1__list_1__point_a__list_1__point_i",
        "x": "att_1",
    }


def test_references_point_to_the_identifier_of_their_target():
    xml = law_akoma_ntoso(whole(), ORIGIN)

    (reference,) = by_key(xml, "a-2").iter(f"{AKN}ref")

    assert reference.get("href") == f"#{by_key(xml, 'a-1').get('eId')}"
    assert reference.text == "paragraph\u00a01"


def test_text_put_into_another_act_is_a_modification():
    xml = law_akoma_ntoso(whole(), ORIGIN)

    quoted, words = by_key(xml, "quoted"), by_key(xml, "words")

    assert (quoted.tag, quoted.get("startQuote"), quoted.get("endQuote"), quoted.tail) == (
        f"{AKN}quotedStructure",
        "‘",
        "’",
        ";",
    )
    assert quoted.getparent().tag == f"{AKN}mod"
    assert by_key(xml, "new").find(f"{AKN}num").text == "Article 5a"
    assert (words.tag, words.text, words.tail) == (f"{AKN}quotedText", "other words", ".")


def test_quoted_text_within_quoted_text_keeps_its_own_marks(schema):
    inner = unit("inner", "quoted", "deep words", act="Decision 2")
    amends = unit(
        "amends", "article", "Amended:", unit("am", "amending-point", "by:", inner), fixed_number="3a"
    )
    outer = unit("outer", "quoted", "", amends, act=ACT)
    data = payload(unit("a", "article", "Amended:", unit("point", "amending-point", "inserted:", outer)))

    xml = law_akoma_ntoso(data, ORIGIN)

    assert_sound(xml, data, schema)
    assert [(by_key(xml, key).get("startQuote"), by_key(xml, key).tail) for key in ("inner", "outer")] == [
        ("‘", "."),
        ("‘", "."),
    ]


def test_definition_names_its_term():
    xml = law_akoma_ntoso(whole(), ORIGIN)

    (definition,) = by_key(xml, "def").iter(f"{AKN}def")
    (term,) = etree.fromstring(xml).iter(f"{AKN}TLCTerm")

    assert (definition.text, definition.tail) == ("model", "’ means a thing.")
    assert definition.get("refersTo") == f"#{term.get('eId')}"
    assert term.get("showAs") == "model"


def test_text_that_unnumbered_text_follows_is_the_first_subparagraph():
    paragraph = by_key(law_akoma_ntoso(whole(), ORIGIN), "a-1")

    assert [child.tag.removeprefix(AKN) for child in paragraph] == ["num", "subparagraph", "subparagraph"]
    assert paragraph[2].get("wId") == "a-1-2"


def test_addresses_have_full_dates_language_and_edition():
    root = etree.fromstring(law_akoma_ntoso(whole(), ORIGIN))
    work, expression, _file = (
        root.find(f".//{AKN}FRBR{part}") for part in ("Work", "Expression", "Manifestation")
    )

    assert work.find(f"{AKN}FRBRthis").get("value") == "/akn/eu/bill/model/2026-11-22/small-act/!main"
    assert expression.find(f"{AKN}FRBRuri").get("value") == (
        "/akn/eu/bill/model/2026-11-22/small-act/eng@2026-11-22"
    )
    assert work.find(f"{AKN}FRBRauthoritative").get("value") == "false"
    assert root.find(f".//{AKN}note/{AKN}p").text == DISCLAIMER


def test_other_instruments_than_acts_are_documents(schema):
    data = payload(unit("a", "article"))
    data["template"]["kind"] = "license"

    root = etree.fromstring(law_akoma_ntoso(data, ORIGIN))

    assert schema.validate(root), schema.error_log
    assert root[0].tag == f"{AKN}doc"


def test_text_with_nothing_enacted_is_valid(schema):
    assert schema.validate(etree.fromstring(law_akoma_ntoso(payload(unit("r", "recital")), ORIGIN)))


@pytest.mark.parametrize(
    "hostile",
    [
        "]]> & <script>alert(1)</script>",
        "<!-- --> <?php ?> &amp;",
        "\u202eabc\u2066",
        "a\x00b\x0b\ufffe",
        "\"'>",
    ],
)
def test_hostile_text_comes_out_as_text(schema, hostile):
    data = payload(
        unit("a", "article", hostile, unit("d", "definition", hostile, term=hostile), heading=hostile)
    )

    root = etree.fromstring(law_akoma_ntoso(data, ORIGIN))

    assert schema.validate(root), schema.error_log
    assert root.find(f".//{AKN}script") is None
    said = "".join(root.itertext())
    assert not set(said) & set("\u202e\u2066\x00\x0b\ufffe")


@pytest.mark.parametrize(
    ("printed", "bare"),
    [
        ("Article 5a", "5a"), ("(ii)", "ii"), ("1.", "1"), ("CHAPTER II", "II"), ("ANNEX", ""), ("①", "1"), ("２", "2"),
        ("제3조의2", "3-2"), ("第三条の二", "三-二"), ("SEC.\u00a02A.", "2A"), ("§ 3a", "3a"), ("가.", "가"), ("–", ""),
        ("1.1", "1-1"), ("Article 1er", "1er"), ("3)", "3"), ("(aa)", "aa"), ("", ""),
    ],
)  # fmt: skip
def test_bare_number(printed, bare):
    assert bare_number(printed) == bare


@pytest.mark.parametrize(("language", "code"), [("en", "eng"), ("ko", "kor"), ("fr", "fra"), ("de", "deu")])
def test_language_code(language, code):
    assert language_code(language) == code


# --- any sound law ----------------------------------------------------------------

WORDS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12).map(
    lambda said: said.replace("[", "(").replace("‘", "x").replace("’", "x").strip(";.") or "x"
)


@st.composite
def units(draw, form, chain=()):
    """Units that may stand below a chain of kinds, by the tradition's own rule."""
    allowed = [kind for kind in ProvisionKind.values if form.may_contain(chain, kind)]
    if not allowed or len(chain) > 6:
        return []
    kinds = draw(st.lists(st.sampled_from(allowed), min_size=not chain, max_size=4))
    found = [draw(one(form, chain, kind)) for kind in kinds]
    return (
        found
        if not form.mixture_problem(kinds, False)
        else [each for each in found if each.kind == "paragraph"]
    )


@st.composite
def one(draw, form, chain, kind):
    children = draw(units(form, ("quoted",) if kind == "quoted" else (*chain, kind)))
    must_be_bare = form.mixture_problem([child.kind for child in children], True)
    has_body = not children or (not must_be_bare and draw(st.booleans()))
    is_numbered_there = chain == ("quoted",) and form.style(chain, kind) is not None
    return Unit(
        key="",
        kind=kind,
        heading=draw(WORDS) if kind in {"article", "chapter", "annex"} and draw(st.booleans()) else "",
        body=draw(WORDS) if has_body else "",
        term=draw(WORDS) if kind == "definition" else "",
        act="Act 1" if kind == "quoted" else "",
        fixed_number=form.style(chain, kind).write(1) if is_numbered_there else "",
        children=children,
    )


@st.composite
def laws(draw, key="eu-regulation"):
    form = tradition(key)
    found = sorted(draw(units(form)), key=lambda item: form.order_at_top(item.kind))
    for place, (item, _above) in enumerate(walk(found)):
        item.key = f"k{place}"
    language = draw(st.sampled_from(sorted(form.languages)))
    return LegalText(title="A law", language=language, tradition=key, provisions=found)


def is_sound(law):
    """Whether it could be published, but for what only concerns its words."""
    return all(any(words in problem.remedy for words in FREE) for problem in problems_of(law))


FREE = ("used nowhere", "defined already", "missing", "out of order", "is taken", "as a defined term")


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(law=laws())
def test_any_sound_regulation_is_valid_and_complete(schema, law):
    assume(is_sound(law))
    data = payload_of(law)

    assert_sound(law_akoma_ntoso(data, ORIGIN), data, schema)


@pytest.mark.parametrize("key", tradition_keys())
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(choice=st.data())
def test_any_sound_law_of_any_tradition_is_valid_and_holds_every_unit(schema, key, choice):
    law = choice.draw(laws(key))
    assume(is_sound(law))
    data = payload_of(law)

    xml = law_akoma_ntoso(data, ORIGIN)

    root = etree.fromstring(xml)
    assert schema.validate(root), schema.error_log
    assert sorted(root.xpath("//@wId")) == sorted(printed_units(data))
    said = "".join(root.itertext())
    for number, heading, body in printed_units(data).values():
        assert all(part in said for part in (number, heading, body))
