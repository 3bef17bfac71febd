import pytest

from campaign.core.yamlfile import FileError, parse_yaml
from campaign.documents.models import FrozenText
from campaign.regulations.importer import read_template
from campaign.regulations.models import Edition, Provision, Template
from campaign.regulations.services import import_template
from campaign.regulations.traditions import tradition_keys
from tests.factories.regulations import FILE, MOMENT, node

REFUSALS = {
    "unknown key": (
        ("slug: small-act", "slug: small-act\n  colour: red"),
        (
            "line 3, “template”: “colour” is not a key of this format. "
            "Known: disclaimer, kind, language, position, slug, summary, title, tradition."
        ),
    ),
    "schema": (
        ("schema: 1", "schema: 2"),
        "line 1, “schema”: this version reads schema 1. Write schema: 1.",
    ),
    "missing part": (
        ("  disclaimer: Not legal advice.\n", ""),
        "line 3, “template”: “disclaimer” is missing. Add it.",
    ),
    "slug": (
        ("slug: small-act", "slug: Small Act"),
        "line 3, “template.slug”: write the slug in small letters, digits and single hyphens.",
    ),
    "kind of instrument": (
        ("kind: act\n  tradition", "kind: song\n  tradition"),
        (
            "line 5, “template.kind”: “song” is not known. "
            "Use one of: act, amending-act, contract-clause, grant-condition, law-in-force, license, "
            "position-paper, remedy, treaty."
        ),
    ),
    "tradition": (
        ("tradition: eu-regulation", "tradition: martian"),
        f"line 6, “template.tradition”: “martian” is not known. Use one of: {', '.join(tradition_keys())}.",
    ),
    "label": (
        ('label: "1.0"', 'label: "first"'),
        "line 11, “edition.label”: “first” is no label. Write numbers parted by points, like 1.0.",
    ),
    "kind of provision": (
        ("kind: recital", "kind: refrain"),
        (
            "line 29, “provisions[1].kind”: “refrain” is not known. "
            "Use one of: amending-point, annex, article, chapter, citation, definition, division, indent, paragraph, point, "
            "quoted, recital, section, subparagraph, title."
        ),
    ),
    "nesting": (
        ("kind: point\n            text: to a second", "kind: chapter\n            text: to a second"),
        (
            "line 54, “provisions[3].children[2].children[2]”: “duty-limits-b”: a unit of the kind “Chapter” cannot stand "
            "in “duty-limits”, which is of the kind “Paragraph”. Move it or change its kind."
        ),
    ),
    "two keys": (
        ("key: duty-limits-b", "key: duty-limits-a"),
        (
            "line 54, “provisions[3].children[2].children[2]”: “duty-limits-a”: the key stands twice. "
            "Give one of the two another key."
        ),
    ),
    "dead reference": (
        ("[[ref:duty-return]]", "[[ref:duty-retrun]]"),
        (
            "line 47, “provisions[3].children[2]”: “duty-limits”: the reference [[ref:duty-retrun]] points to no provision. "
            "Correct the key or add the provision."
        ),
    ),
    "unknown variable": (
        ("text: to a first thing", "text: after [[perod]] to a first thing"),
        (
            "line 51, “provisions[3].children[2].children[1]”: “duty-limits-a”: there is no open value [[perod]]. "
            "Add it to the open values, or correct the name."
        ),
    ),
    "empty variable": (
        ("    default: 24 months\n", ""),
        "line 14, “variables[1]”: “period”: it has no value. Set one, or give it a default.",
    ),
    "variable of the wrong type": (
        ("default: 24 months", "default: two years"),
        (
            "line 14, “variables[1]”: “period”: “two years” is not a duration like "
            "24 months (days, working days, weeks, months or years)."
        ),
    ),
    "variable out of bounds": (
        ("default: 24 months", "default: 37 months"),
        "line 14, “variables[1]”: “period”: “37 months” is more than the bound 36 months.",
    ),
    "unused variable": (
        ("within [[period]]", "at once"),
        (
            "line 14, “variables[1]”: “period”: the open value is used nowhere. Write [[period]] where it belongs, or "
            "remove it."
        ),
    ),
    "heading only": (
        ("        text: means a thing.\n", "        heading: A thing\n"),
        "line 36, “provisions[2].children[1]”: “def-model”: it is only a heading. Write its text or remove it.",
    ),
    "unused definition": (
        ("Every model shall", "Everything shall"),
        (
            "line 36, “provisions[2].children[1]”: “def-model”: the term “model” is defined and used nowhere else. "
            "Use it or remove the definition."
        ),
    ),
    "undefined term": (
        ("Every model shall", "Every model and ‘engine’ shall"),
        (
            "line 44, “provisions[3].children[1]”: “duty-return”: ‘engine’ is used as a defined term and defined nowhere. "
            "Define it or take the quotes away."
        ),
    ),
    "fixed numbers": (
        ("key: duty-limits\n", "key: duty-limits\n        number: 1\n"),
        (
            "line 47, “provisions[3].children[2]”: “duty-limits”: the number 1 is taken by “duty-return”; "
            "give one of them another number."
        ),
    ),
    "reversed text": (
        ("text: Reasons are given,", 'text: "Reasons \\u202Eare given,"'),
        "line 30, “provisions[1].text”: the text holds control characters or marks that reverse the reading order. Type it anew.",
    ),
    "too long": (
        ("heading: Duty\n", f"heading: {'D' * 301}\n"),
        "line 42, “provisions[3].heading”: the text has 301 characters. Shorten it to 300.",
    ),
    "half a check": (
        ("address: https://example.org/law", "address: https://example.org/law\n    checked_by: Ada"),
        "line 22, “hooks[1]”: a check has a name and a day. Give both “checked_by” and “checked_on”, or neither.",
    ),
    "address": (
        ("https://example.org/law", "javascript:alert(1)"),
        "line 23, “hooks[1].address”: a full web address is needed here, beginning with https://.",
    ),
    "list needed": (
        ("provisions:\n", "provisions: none\nremainder:\n"),
        (
            "line 1, the top of the file: “remainder” is not a key of this format. "
            "Known: choices, edition, hooks, objections, provisions, schema, template, variables."
        ),
    ),
    "base": (
        ('label: "1.0"', 'label: "1.0"\n  base: "0.9"'),
        "line 12, “edition.base”: edition 0.9 of “small-act” is not published here. Load it first or correct the label.",
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", REFUSALS)
def test_import_refusal_names_file_place_and_remedy_and_stores_nothing(name):
    (old, new), sentence = REFUSALS[name]
    assert old in FILE

    with pytest.raises(FileError) as refusal:
        import_template(node=node(FILE.replace(old, new, 1)), at=MOMENT)

    assert str(refusal.value) == f"small.yaml, {sentence}"
    assert not Template.objects.exists()
    assert not Edition.objects.exists()
    assert not Provision.objects.exists()
    assert not FrozenText.objects.exists()


def test_read_template_tells_all_problems_at_once():
    broken = FILE.replace("[[ref:duty-return]]", "[[ref:gone]]").replace("Every model", "Everything")

    with pytest.raises(FileError) as refusal:
        read_template(node(broken))

    assert [line.split(":")[0] for line in str(refusal.value).splitlines()] == [
        "small.yaml, line 47, “provisions[3].children[2]”",
        "small.yaml, line 36, “provisions[2].children[1]”",
    ]


def test_read_template_refuses_two_hundred_levels():
    deep = "\n".join(
        f"{'  ' * level}- key: k{level}\n{'  ' * level}  kind: point\n{'  ' * level}  children:"
        for level in range(200)
    )

    with pytest.raises(FileError, match="nested more than 100 levels deep"):
        read_template(node(FILE.partition("provisions:\n")[0] + "provisions:\n" + deep + " []"))


def test_read_template_refuses_twenty_levels():
    deep = "\n".join(
        f"{'  ' * level}- key: k{level}\n{'  ' * level}  kind: point\n{'  ' * level}  children:"
        for level in range(20)
    )

    with pytest.raises(FileError, match=r"provisions are nested deeper than 16 levels\. Move them up\."):
        read_template(node(FILE.partition("provisions:\n")[0] + "provisions:\n" + deep + " []"))


def test_read_template_refuses_ten_thousand_provisions():
    many = "\n".join(f"- {{key: k{index}, kind: article, text: Words.}}" for index in range(10_001))

    with pytest.raises(FileError) as refusal:
        read_template(node(FILE.partition("provisions:\n")[0] + "provisions:\n" + many))

    assert str(refusal.value).endswith("an edition holds at most 10,000 provisions. Split the instrument.")


def test_read_template_composes_unicode():
    decomposed = FILE.replace("Reasons are given,", "Re\u0301asons are given,")

    read = read_template(parse_yaml(decomposed.encode(), file="small.yaml"))

    assert read.text.provisions[0].body == "Réasons are given,"


def test_read_template_keeps_non_breaking_spaces():
    read = read_template(node(FILE.replace("Reasons are given,", "Reasons\u00a0are given,")))

    assert read.text.provisions[0].body == "Reasons\u00a0are given,"
