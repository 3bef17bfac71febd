"""The instruments that come with Reclaim: what a lawyer would look for first."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from campaign.core.cleaning import clean_text
from campaign.documents.builders import builder_for
from campaign.regulations.importer import read_template_file
from campaign.regulations.kinds import ProvisionKind as Kind
from campaign.regulations.management.commands.load_instruments import DATA
from campaign.regulations.models import Edition, Template
from campaign.regulations.numbered import walk_numbered
from campaign.regulations.options import effective
from campaign.regulations.printing import numbered_text
from campaign.regulations.terms import term_pattern
from campaign.regulations.tree import walk
from tests.factories.regulations import FILE
from tests.regulations.trees import law_text

FILES = sorted(DATA.glob("*.yaml"))
EU = DATA / "eu-model-return-regulation.yaml"


@pytest.fixture(scope="module", params=FILES, ids=lambda path: path.stem)
def loaded(request):
    return read_template_file(request.param)


@pytest.fixture(scope="module")
def eu_law():
    return law_text({"law": numbered_text(read_template_file(EU).text).as_data()}).replace("\u00a0", " ")


def test_library_texts_hold_no_mark_and_no_straight_quote(loaded):
    law = numbered_text(effective(loaded.text))

    for _depth, item in walk_numbered(law.provisions):
        said = item.heading_text + item.body_text
        assert "[[" not in said
        assert "'" not in said
        assert '"' not in said
        assert clean_text(said) == said


def test_library_says_where_every_default_comes_from(loaded):
    assert [spec.name for spec in loaded.text.variables.values() if not spec.source] == []
    assert "not legal advice" in loaded.disclaimer
    assert loaded.hooks
    assert loaded.objections


def test_library_uses_each_defined_term_in_another_provision(loaded):
    units = [unit for unit, _ in walk(loaded.text.provisions)]
    for definition in [unit for unit in units if unit.kind == Kind.DEFINITION]:
        operative = [
            unit
            for unit in units
            if unit.kind in {Kind.PARAGRAPH, Kind.SUBPARAGRAPH, Kind.POINT, Kind.ARTICLE, Kind.DEFINITION}
            and unit is not definition
        ]
        texts = [unit.body for unit in operative] + [
            option.text for spec in loaded.text.variables.values() for option in spec.options
        ]
        assert any(term_pattern(definition.term).search(said) for said in texts), definition.term


@pytest.mark.parametrize(
    "words",
    [
        "(1) Regulation (EU) 2024/1689 of the European Parliament",
        "  (1) in Article 3, the following points are added:",
        "‘(69) ‘model weights’ means",
        "(78) ‘public licence’ means a licence that complies with Article 53a(6).’;",
        "‘Article 53a Return of general-purpose AI models",
        "measured in floating-point operations, is greater than 10²⁵;",
        "(b) its public data share is 20 % or more.",
        "The AI Office shall keep a register",
        "with the exception of the calculation referred to in the first subparagraph, point (d).",
        "no later than six months before the return date.’;",
        "‘, Article 53(5) and (6) and Article 53f(1)’;",
        "fines not exceeding 3 % of its annual total worldwide turnover in the preceding financial year or EUR 15 000 000",
        "evaluate the application of Articles 53a to 53f and submit a report",
        "are still appropriate.’.",
        "However, Article 1, point (2), in so far as",
        "and Article 1, point (5), shall apply from the date of entry into force",
        "This Regulation shall be binding in its entirety and directly applicable in all Member States.",
    ],
)
def test_eu_regulation_reads_as_the_journal_prints(eu_law, words):
    assert words in eu_law


def test_eu_regulation_gives_each_time_limit_its_starting_event(eu_law):
    """Each “within N months” is followed by the event it is counted from."""
    for limit in re.finditer(
        r"[Ww]ithin (?:\w+ )?(?:\d+|one|two|three|six) (?:working )?(?:hours|days?|months?)\b(.{0,24})",
        eu_law,
    ):
        assert re.match(r"( of |’;)", limit[1]), limit[0]


def test_eu_regulation_has_fifteen_to_twenty_five_recitals(eu_law):
    law = numbered_text(read_template_file(EU).text)

    assert 15 <= len(law.part(Kind.RECITAL)) <= 25
    assert law.part(Kind.RECITAL)[-1].body_text.endswith(",")


@pytest.mark.django_db
def test_load_instruments_with_a_faulty_file_loads_none(tmp_path: Path):
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(FILE)
    bad.write_text(FILE.replace("slug: small-act", "slug: other").replace("[[period]]", "[[perod]]"))

    with pytest.raises(CommandError) as refusal:
        call_command("load_instruments", good, bad)

    assert str(refusal.value).splitlines()[0].startswith("bad.yaml, line 44, “provisions[3].children[1]”: ")
    assert not Template.objects.exists()


@pytest.mark.django_db
def test_load_instruments_leaves_out_what_is_published_here_with_other_words(tmp_path, monkeypatch):
    (tmp_path / "adaptations").mkdir()
    (tmp_path / "one.yaml").write_text(FILE)
    (tmp_path / "two.yaml").write_text(FILE.replace("slug: small-act", "slug: other"))
    monkeypatch.setattr("campaign.regulations.management.commands.load_instruments.DATA", tmp_path)
    call_command("load_instruments", verbosity=0)
    published = set(Edition.objects.values_list("pk", "frozen_text"))
    (tmp_path / "one.yaml").write_text(FILE.replace("means a thing.", "means another thing."))
    said = StringIO()

    call_command("load_instruments", stdout=said)

    first, second = said.getvalue().splitlines()
    assert first.startswith("left out: one.yaml, line ")
    assert "a published edition never changes" in first
    assert second == "other 1.0: unchanged"
    assert set(Edition.objects.values_list("pk", "frozen_text")) == published
    with pytest.raises(CommandError, match="a published edition never changes"):
        call_command("load_instruments", tmp_path / "one.yaml")


@pytest.mark.django_db
def test_load_instruments_with_a_missing_file_says_so(tmp_path: Path):
    with pytest.raises(CommandError) as refusal:
        call_command("load_instruments", tmp_path / "none.yaml")

    assert str(refusal.value) == "none.yaml: the file cannot be read. Check the path."


@pytest.mark.django_db
def test_edition_document_is_drawn_from_the_frozen_text_alone():
    call_command("load_instruments", EU, verbosity=0)
    frozen = Edition.objects.get().frozen_text
    build = builder_for("regulations.edition")

    first = build(frozen, "en")
    Template.objects.update(title="Changed", summary="Changed", disclaimer="Changed")
    Edition.objects.get().hooks.update(checked_by="Ada", checked_on="2026-11-20")
    second = build(frozen, "en")

    assert first == second
    assert first.title == "EU regulation on the return of AI models (Article 53a), 1.1"
    assert first.file_name == "eu-model-return-regulation-1.1.pdf"
    assert "18 of 18 references to existing law had not been checked by anyone." in first.html
    assert '<section class="law-article" id="return">' in first.html
    assert "law-ref" not in first.html
