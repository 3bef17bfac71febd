"""Every file of the starter library: whole, sound however it is switched, and honest about what nobody has checked."""

import re
from dataclasses import replace
from functools import cache
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from campaign.core.yamlfile import read_yaml
from campaign.regulations.checks import problems_of
from campaign.regulations.importer import is_adaptation, read_adaptation, read_template
from campaign.regulations.kinds import ProvisionKind
from campaign.regulations.models import Edition, Template
from campaign.regulations.options import can_be_switched, effective
from campaign.regulations.printing import numbered_text
from campaign.regulations.tree import walk
from tests.regulations.trees import law_text

DATA = Path(__file__).resolve().parents[2] / "campaign/regulations/data"
MODELS = sorted(path.stem for path in DATA.glob("*.yaml"))
ADAPTATIONS = sorted(path.stem for path in DATA.glob("adaptations/*.yaml"))
LISTED = {ProvisionKind.POINT, ProvisionKind.DEFINITION, ProvisionKind.INDENT}
UNFINISHED = re.compile(r"(?:[;,]|\b(?:and|or|und|oder|sowie|et|ou))\Z")


@cache
def model(stem):
    return read_template(read_yaml(DATA / f"{stem}.yaml"))


@cache
def adaptation(stem):
    read = read_adaptation(read_yaml(DATA / f"adaptations/{stem}.yaml"))
    return read, read.adapt(model(read.model).text)


def text_of(stem):
    return model(stem).text if stem in MODELS else adaptation(stem)[1]


def read_of(stem):
    return model(stem) if stem in MODELS else adaptation(stem)[0]


def switches_of(text):
    """Each decision a drafter can take by itself, with all it takes along: conditions name what has to go with it."""
    units = {unit.key: unit for unit, _above in walk(text.provisions)}
    for unit in units.values():
        if unit.is_optional and not unit.choice:
            yield {unit.key: not text.switches.get(unit.key, unit.is_default)}
        if unit.choice and not text.switches.get(unit.key, unit.is_default):
            others = [
                other.key for other in units.values() if other.choice == unit.choice and other is not unit
            ]
            yield {unit.key: True, **dict.fromkeys(others, False)}


def followed(text, switches):
    """The switches, and off with what needs something that is off, as a drafter is told to do."""
    switches = {**text.switches, **switches}
    for _round in range(20):
        standing = {unit.key for unit, _above in walk(effective(replace(text, switches=switches)).provisions)}
        hanging = [
            unit.key
            for unit, _above in walk(text.provisions)
            if unit.key in standing
            and can_be_switched(unit)
            and any("=" not in need and need not in standing for need in unit.needs)
        ]
        if not hanging:
            return switches
        switches |= dict.fromkeys(hanging, False)
    return switches


@pytest.mark.parametrize("stem", [*MODELS, *ADAPTATIONS])
def test_file_is_named_by_its_slug_and_says_it_is_no_legal_advice(stem):
    read = read_of(stem)

    assert read.slug == stem
    assert read.summary
    assert read.disclaimer
    assert read.position


@pytest.mark.parametrize("stem", [*MODELS, *ADAPTATIONS])
def test_text_is_sound_as_it_is_and_with_each_switch_alone(stem):
    text = text_of(stem)

    faults = {"": problems_of(text)}
    for switches in switches_of(text):
        faults[str(switches)] = problems_of(replace(text, switches=followed(text, switches)))

    assert {switched: found for switched, found in faults.items() if found} == {}


def last_words(item):
    """The words that a unit ends on, those below it included."""
    return last_words(item.children[-1]) if item.children else item.body_text


def unfinished_lists(items, *, goes_on=False):
    """Keys of the last points of lists that end as if another point followed. `goes_on`: the list stands in one that does."""
    points = [item for item in items if item.kind in LISTED]
    for item in points:
        is_last = item is points[-1]
        if is_last and not goes_on and UNFINISHED.search(last_words(item)):
            yield item.key
        yield from unfinished_lists(item.children, goes_on=goes_on or not is_last)
    for item in items:
        if item.kind not in LISTED:
            yield from unfinished_lists(item.children)


def lone_paragraphs(items):
    """Keys of articles whose only paragraph carries a number, as if there were a second."""
    for item in items:
        paragraphs = [below for below in item.children if below.kind == ProvisionKind.PARAGRAPH]
        if item.kind == ProvisionKind.ARTICLE and len(paragraphs) == 1:
            yield item.key
        yield from lone_paragraphs(item.children)


@pytest.mark.parametrize("stem", [*MODELS, *ADAPTATIONS])
def test_lists_and_articles_are_complete_as_they_are_and_with_each_switch_alone(stem):
    text = text_of(stem)

    faults = {}
    for switches in [{}, *switches_of(text)]:
        shown = effective(replace(text, switches=followed(text, switches)))
        items = numbered_text(shown).provisions
        lone = lone_paragraphs(items) if text.tradition != "position-paper" else []
        faults[str(switches)] = [*unfinished_lists(items), *lone]

    assert {switched: found for switched, found in faults.items() if found} == {}


@pytest.mark.parametrize("stem", [*MODELS, *ADAPTATIONS])
def test_text_prints_whole(stem):
    shown = effective(text_of(stem))

    printed = law_text({"law": numbered_text(shown).as_data()})

    assert "[[" not in printed
    assert "  " not in "".join(line.strip() for line in printed.splitlines())


@pytest.mark.parametrize("stem", MODELS)
def test_every_default_has_its_source_and_a_drafter_can_decide_something(stem):
    text = text_of(stem)

    for spec in text.variables.values():
        assert spec.source or not spec.default, spec.name
        assert all(default.source for default in spec.defaults), spec.name
    assert any(can_be_switched(unit) for unit, _above in walk(text.provisions))


@pytest.mark.parametrize("stem", [*MODELS, *ADAPTATIONS])
def test_hooks_have_addresses_and_nobody_is_said_to_have_checked_them(stem):
    hooks = read_of(stem).hooks

    assert hooks
    assert all(hook.address.startswith("https://") and hook.note for hook in hooks)
    assert not any(hook.checked_by or hook.checked_on for hook in hooks)


@pytest.mark.parametrize("stem", MODELS)
def test_objections_are_met(stem):
    objections = read_of(stem).objections

    assert len(objections) >= 3
    assert all(len(item.reply) > 80 for item in objections)


@pytest.mark.django_db
def test_load_instruments_publishes_the_whole_library_once():
    first, second = StringIO(), StringIO()

    call_command("load_reference", verbosity=0)
    call_command("load_instruments", stdout=first)
    call_command("load_instruments", stdout=second)

    names = {f"{stem} {read_of(stem).label}" for stem in [*MODELS, *ADAPTATIONS]}
    assert {line.rpartition(":")[0] for line in second.getvalue().splitlines()} == names
    assert all(line.endswith(": unchanged") for line in second.getvalue().splitlines())
    assert Edition.objects.published().count() == Template.objects.count() == len(names)
    assert not is_adaptation(read_yaml(DATA / f"{MODELS[0]}.yaml"))
