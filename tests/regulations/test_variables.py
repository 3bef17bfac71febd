"""The values a draft leaves open, and its alternatives: services and pages."""

from dataclasses import replace

import pytest
from django.db import connection
from django.urls import reverse

from campaign.regulations.models import ChoiceGroup, Provision, Variable
from campaign.regulations.queries import edition_variables
from campaign.regulations.services import (
    ChoiceInUse,
    DraftIsPublished,
    NameMalformed,
    NameTaken,
    NoSuchChoice,
    NoSuchVariable,
    VariableDoesNotFit,
    VariableInUse,
    Words,
    WordsChanged,
    add_choice,
    add_variable,
    change_choice,
    change_variable,
    move_choice,
    move_variable,
    publish_edition,
    remove_choice,
    remove_provision,
    remove_variable,
    restore_provision,
    save_words,
    seen_of,
    set_options,
)
from campaign.regulations.values import JurisdictionDefault, Option, VariableSpec
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import JurisdictionFactory
from tests.factories.regulations import MOMENT, ProvisionFactory, VariableFactory
from tests.regulations.drafts import adaptation, assert_guarded, member, words
from tests.threads import in_threads

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

SPEC = VariableSpec("fine", "percentage", "Fine", minimum="1 %", maximum="10 %", default="3 %")


@pytest.fixture
def draft():
    """The small act, with its value `period` used in one paragraph."""
    return adaptation()


@pytest.fixture
def drafter(client, draft):
    client.force_login(member(draft.template.campaign))
    return client


def period(draft):
    return edition_variables(edition=draft)["period"]


def names(draft):
    return list(edition_variables(edition=draft))


# --- add, change, remove, order -------------------------------------------------------
def test_add_variable_puts_it_at_the_end(draft):
    add_variable(edition=draft, spec=SPEC)

    assert names(draft) == ["period", "fine"]
    assert edition_variables(edition=draft)["fine"] == SPEC


def test_add_variable_keeps_options_and_defaults_of_jurisdictions(draft):
    spec = VariableSpec(
        "way",
        "enum",
        "Way",
        default="strict",
        options=(Option("strict", "Strict", "at once"), Option("mild", "Mild", "soon")),
        defaults=(JurisdictionDefault("KR", "mild", "A law"),),
    )

    add_variable(edition=draft, spec=spec)

    assert edition_variables(edition=draft)["way"] == spec


@pytest.mark.parametrize(
    ("name", "error"), [("period", NameTaken), ("Not one", NameMalformed), ("2nd", NameMalformed)]
)
def test_add_variable_refuses_a_name_that_is_taken_or_malformed(draft, name, error):
    with pytest.raises(error):
        add_variable(edition=draft, spec=replace(SPEC, name=name))

    assert names(draft) == ["period"]


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"minimum": "one"}, "minimum", "“one” is not a percentage like 20 %."),
        ({"maximum": "0.5 %"}, "maximum", "This is less than what it has to be at least."),
        ({"default": "20 %"}, "default", "“20 %” is more than the bound 10 %."),
        ({"default": "some"}, "default", "“some” is not a percentage like 20 %."),
        (
            {"defaults": (JurisdictionDefault("KR", "0 %"),)},
            "defaults",
            "KR: “0 %” is less than the bound 1 %.",
        ),
        (
            {"options": (Option("a", "A", "a"),)},
            "options",
            "Only a choice and a license have options. Leave this empty or choose another type.",
        ),
        (
            {"type": "text", "maximum": "", "default": ""},
            "minimum",
            "A value of this type has no bounds. Leave this empty.",
        ),
        (
            {"type": "enum", "minimum": "", "maximum": "", "default": ""},
            "options",
            "Write what can be chosen, one on each line.",
        ),
        (
            {"type": "money", "minimum": "EUR 5", "maximum": "USD 9", "default": ""},
            "maximum",
            "Both bounds need the same currency.",
        ),
        (
            {"type": "text", "minimum": "", "maximum": "", "default": "see [[period]]"},
            "default",
            "A value cannot hold marks; write the words out.",
        ),
        (
            {
                "type": "enum",
                "minimum": "",
                "maximum": "",
                "default": "",
                "options": (Option("a", "A", "a"), Option("a", "B", "b")),
            },
            "options",
            "“a” stands twice. Give each option a key of its own.",
        ),
    ],
)
def test_add_variable_refuses_what_does_not_fit_at_its_field(draft, wrong, field, said):
    with pytest.raises(VariableDoesNotFit) as refusal:
        add_variable(edition=draft, spec=replace(SPEC, **wrong))

    assert [(each.field, each.sentence) for each in refusal.value.refused] == [(field, said)]
    assert names(draft) == ["period"]


def test_change_variable_says_it_anew(draft):
    change_variable(edition=draft, name="period", spec=replace(period(draft), default="18 months"))

    assert period(draft).default == "18 months"


def test_change_variable_under_another_name_rewrites_the_text(draft):
    set_options(edition=draft, values={"period": "12 months"}, switches={})
    ProvisionFactory(
        edition=draft, key="under", kind="article", needs=["period=x", "duty"], excludes=["period=y"]
    )
    versions = dict(draft.provisions.values_list("key", "version"))

    change_variable(edition=draft, name="period", spec=replace(period(draft), name="time_limit"))

    draft.refresh_from_db()
    under = draft.provisions.get(key="under")
    assert words(draft)["duty-return"] == "Every model shall be returned within [[time_limit]]."
    assert (under.needs, under.excludes) == (["time_limit=x", "duty"], ["time_limit=y"])
    assert draft.values == {"time_limit": "12 months"}
    assert names(draft) == ["time_limit"]
    raised = {row.key for row in draft.provisions.all() if row.version == versions[row.key] + 1}
    assert raised == {"duty-return"}  # of “under” only a condition changed, no words


def test_change_variable_under_another_name_follows_into_what_was_taken_out(draft):
    removed = remove_provision(edition=draft, key="duty", person=UserFactory(), at=MOMENT)

    change_variable(edition=draft, name="period", spec=replace(period(draft), name="time_limit"))
    restore_provision(edition=draft, removed_id=removed.pk)

    assert words(draft)["duty-return"] == "Every model shall be returned within [[time_limit]]."


def test_rename_is_not_undone_by_somebody_who_had_the_provision_open(draft):
    change_variable(edition=draft, name="period", spec=replace(period(draft), name="time_limit"))

    with pytest.raises(WordsChanged):
        save_words(
            edition=draft,
            key="duty-return",
            version=1,
            words=Words(body="It is returned within [[period]]."),
            person=UserFactory(),
            at=MOMENT,
        )


def test_change_variable_to_a_name_that_is_taken_changes_nothing(draft):
    add_variable(edition=draft, spec=SPEC)

    with pytest.raises(NameTaken):
        change_variable(edition=draft, name="fine", spec=replace(SPEC, name="period", label="Other"))

    assert edition_variables(edition=draft)["fine"] == SPEC


def test_change_variable_that_is_gone_is_refused(draft):
    with pytest.raises(NoSuchVariable):
        change_variable(edition=draft, name="fine", spec=SPEC)


def test_remove_variable_that_nothing_uses(draft):
    add_variable(edition=draft, spec=SPEC)
    set_options(edition=draft, values={"fine": "4 %"}, switches={})

    remove_variable(edition=draft, name="fine")

    draft.refresh_from_db()
    assert names(draft) == ["period"]
    assert draft.values == {}


@pytest.mark.parametrize("condition", ["needs", "excludes"])
def test_remove_variable_is_refused_while_a_condition_names_it(draft, condition):
    add_variable(edition=draft, spec=SPEC)
    Provision.objects.filter(edition=draft, key="duty").update(**{condition: ["fine=3 %"]})

    with pytest.raises(VariableInUse) as refusal:
        remove_variable(edition=draft, name="fine")

    assert refusal.value.keys == ["duty"]


def test_remove_variable_is_refused_while_the_text_uses_it(draft):
    with pytest.raises(VariableInUse) as refusal:
        remove_variable(edition=draft, name="period")

    assert refusal.value.keys == ["duty-return"]
    assert names(draft) == ["period"]


@pytest.mark.parametrize(
    ("name", "step", "expected"),
    [
        ("fine", -1, ["fine", "period"]),
        ("period", 1, ["fine", "period"]),
        ("period", -1, ["period", "fine"]),
        ("fine", 1, ["period", "fine"]),
    ],
)
def test_move_variable(draft, name, step, expected):
    add_variable(edition=draft, spec=SPEC)

    move_variable(edition=draft, name=name, step=step)

    assert names(draft) == expected


def test_a_published_edition_keeps_its_variables(draft):
    publish_edition(edition=draft, at=MOMENT)

    for act in (
        lambda: add_variable(edition=draft, spec=SPEC),
        lambda: change_variable(edition=draft, name="period", spec=SPEC),
        lambda: remove_variable(edition=draft, name="period"),
        lambda: move_variable(edition=draft, name="period", step=1),
        lambda: add_choice(edition=draft, label="Way", required=True, help_text=""),
    ):
        with pytest.raises(DraftIsPublished):
            act()
    assert names(draft) == ["period"]


# --- alternatives ---------------------------------------------------------------------
def test_add_choice_makes_names_of_labels(draft):
    for label in ("The way", "The way", "길"):
        add_choice(edition=draft, label=label, required=True, help_text="")

    rows = draft.choice_groups.order_by("position").values_list("name", "label")
    assert list(rows) == [("the-way", "The way"), ("the-way-2", "The way"), ("choice", "길")]


def test_change_choice_keeps_its_name(draft):
    group = add_choice(edition=draft, label="The way", required=True, help_text="")

    change_choice(edition=draft, name=group.name, label="Which way", required=False, help_text="Ask.")

    group.refresh_from_db()
    assert (group.name, group.label, group.required, group.help) == ("the-way", "Which way", False, "Ask.")


def test_remove_choice_is_refused_while_provisions_belong_to_it(draft):
    group = add_choice(edition=draft, label="The way", required=True, help_text="")
    draft.provisions.filter(key="duty").update(choice=group.name)

    with pytest.raises(ChoiceInUse) as refusal:
        remove_choice(edition=draft, name=group.name)
    draft.provisions.filter(key="duty").update(choice="")
    remove_choice(edition=draft, name=group.name)

    assert refusal.value.keys == ["duty"]
    assert not ChoiceGroup.objects.exists()


def test_move_choice_and_one_that_is_gone(draft):
    for label in ("One", "Two"):
        add_choice(edition=draft, label=label, required=True, help_text="")

    move_choice(edition=draft, name="two", step=-1)

    assert list(draft.choice_groups.order_by("position").values_list("name", flat=True)) == ["two", "one"]
    with pytest.raises(NoSuchChoice):
        move_choice(edition=draft, name="three", step=1)


# --- two at once ----------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer: there is no race to test"
)
def test_two_who_rename_and_save_at_once_leave_no_mark_that_leads_nowhere():
    draft, person = adaptation(), UserFactory()
    done = []

    def rename():
        change_variable(edition=draft, name="period", spec=replace(period(draft), name="time_limit"))

    def save():
        try:
            save_words(
                edition=draft,
                key="duty-return",
                version=1,
                words=Words(body="It is returned within [[period]]."),
                person=person,
                at=MOMENT,
            )
        except WordsChanged:
            done.append("told")

    in_threads([rename, save])

    assert "[[time_limit]]" in words(draft)["duty-return"]
    assert ("It is" in words(draft)["duty-return"]) is not bool(done)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer: there is no race to test"
)
def test_two_who_add_variables_at_once_give_each_a_place():
    draft = adaptation()

    in_threads(
        [
            lambda name=name: add_variable(edition=draft, spec=replace(SPEC, name=name))
            for name in ("one", "two", "three")
        ]
    )

    positions = draft.variables.order_by("position").values_list("position", flat=True)
    assert list(positions) == [0, 1, 2, 3]


# --- pages ----------------------------------------------------------------------------
def at(name, draft, *args):
    return reverse(name, args=[draft.template.slug, *args])


FIELDS = {"label": "Fine", "name": "fine", "type": "percentage", "default": "3 %", "required": "on"}


def test_variables_page_tells_where_each_is_used(drafter, draft):
    page = drafter.get(at("draft_variables", draft)).content.decode()

    assert "Used in 1 provision:" in page
    assert f'href="{at("provision_edit", draft, "duty-return")}"' in page
    assert at("variable_remove", draft, "period") not in page


@pytest.mark.parametrize("item_count", [1, 3])
def test_variables_page_takes_a_constant_number_of_queries(
    drafter, draft, item_count, django_assert_num_queries
):
    for _index in range(item_count):
        VariableFactory(edition=draft)

    with django_assert_num_queries(9):
        drafter.get(at("draft_variables", draft))


def test_variable_add_stores_it(drafter, draft):
    JurisdictionFactory(code="KR", name="Korea")
    more = {"defaults": "KR | 5 % | Act", "source": "A source."}

    answer = drafter.post(at("variable_add", draft), FIELDS | more)

    spec = edition_variables(edition=draft)["fine"]
    assert (answer.status_code, answer.url) == (302, at("draft_variables", draft))
    assert (spec.default, spec.required, spec.source) == ("3 %", True, "A source.")
    assert spec.defaults == (JurisdictionDefault("KR", "5 %", "Act"),)


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"name": "period"}, "name", "Another open value of this draft has this name. Choose another."),
        ({"default": "much"}, "default", "“much” is not a percentage like 20 %."),
        (
            {"defaults": "XX | 3 %"},
            "defaults",
            "“XX” is no jurisdiction that is known here. Write a code like KR or EU.",
        ),
        (
            {"defaults": "EU"},
            "defaults",
            "“EU” is no default. Write the code, the value and where it comes from: KR | 12 months | A law",
        ),
        ({"defaults": "EU | 3 %\nEU | 4 %"}, "defaults", "“EU” stands twice. Keep one of the two lines."),
        (
            {"type": "enum", "default": "", "options": "A key"},
            "options",
            (
                "“A key” is no option. Write a key in small letters and digits, a label and the words printed: "
                "strict | The strict way | without delay"
            ),
        ),
        ({"label": ""}, "label", "This field is required."),
    ],
)
def test_variable_add_with_bad_input_keeps_the_form(drafter, draft, wrong, field, said):
    answer = drafter.post(at("variable_add", draft), FIELDS | wrong)

    form = answer.context["form"]
    assert answer.status_code == 422
    assert form.errors == {field: [said]}
    assert form[field].value() == wrong[field]
    assert names(draft) == ["period"]


def test_variable_add_of_a_choice_prints_the_label_where_no_words_are_given(drafter, draft):
    fields = FIELDS | {"type": "enum", "default": "b", "options": "a | At once | without delay\n\nb | Soon"}

    drafter.post(at("variable_add", draft), fields)

    assert edition_variables(edition=draft)["fine"].options == (
        Option("a", "At once", "without delay"),
        Option("b", "Soon", "Soon"),
    )


def test_variable_edit_saves_what_it_shows_unchanged(drafter, draft):
    spec = replace(
        SPEC,
        name="way",
        type="enum",
        minimum="",
        maximum="",
        default="a",
        options=(Option("a", "A way", "this way"),),
        defaults=(JurisdictionDefault("EU", "a", "A source"),),
        help="Two\nlines.",
    )
    add_variable(edition=draft, spec=spec)

    form = drafter.get(at("variable_edit", draft, "way")).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    answer = drafter.post(at("variable_edit", draft, "way"), {**shown, "required": "on"})

    assert answer.status_code == 302
    assert edition_variables(edition=draft)["way"] == spec


def test_variable_edit_renames_it_in_the_text(drafter, draft):
    shown = drafter.get(at("variable_edit", draft, "period")).context["form"].initial

    answer = drafter.post(at("variable_edit", draft, "period"), shown | {"name": "time_limit"})

    assert answer.status_code == 302
    assert "[[time_limit]]" in words(draft)["duty-return"]


def test_variable_remove_of_one_in_use_says_so(drafter, draft):
    page = drafter.post(at("variable_remove", draft, "period"), follow=True).content.decode()

    assert "The text uses this value. Take it out of the text first." in page
    assert Variable.objects.filter(edition=draft).count() == 1


def test_variable_remove_asks_once(drafter, draft):
    add_variable(edition=draft, spec=SPEC)

    page = drafter.get(at("variable_remove", draft, "fine")).content.decode()
    asked = names(draft)
    drafter.post(at("variable_remove", draft, "fine"))

    assert "It goes from this draft and cannot be brought back." in page
    assert (asked, names(draft)) == (["period", "fine"], ["period"])


def test_variable_move_and_a_move_without_a_step(drafter, draft):
    add_variable(edition=draft, spec=SPEC)

    page = drafter.post(at("variable_move", draft, "fine"), {"step": "away"}, follow=True).content.decode()
    before = names(draft)
    drafter.post(at("variable_move", draft, "fine"), {"step": "up"})

    assert "Choose where to move it." in page
    assert (before, names(draft)) == (["period", "fine"], ["fine", "period"])


def test_choices_page_shows_which_provisions_belong_to_each(drafter, draft):
    drafter.post(at("choice_add", draft), {"label": "The way", "required": "on"})
    draft.provisions.filter(key="duty").update(choice="the-way")

    page = drafter.get(at("draft_choices", draft)).content.decode()

    assert f'href="{at("provision_edit", draft, "duty")}"' in page
    assert at("choice_remove", draft, "the-way") not in page


@pytest.mark.parametrize("item_count", [1, 3])
def test_choices_page_takes_a_constant_number_of_queries(
    drafter, draft, item_count, django_assert_num_queries
):
    for index in range(item_count):
        add_choice(edition=draft, label=f"Way {index}", required=True, help_text="")

    with django_assert_num_queries(9):
        drafter.get(at("draft_choices", draft))


def test_choice_pages_change_move_and_remove(drafter, draft):
    for label in ("One", "Two"):
        drafter.post(at("choice_add", draft), {"label": label})

    seen = seen_of(draft.choice_groups.get(name="one"))
    drafter.post(at("choice_edit", draft, "one"), {"label": "First", "required": "on", "seen": seen})
    drafter.post(at("choice_move", draft, "two"), {"step": "up"})
    drafter.post(at("choice_remove", draft, "one"))

    assert list(draft.choice_groups.values_list("name", "label", "required")) == [("two", "Two", False)]
    assert drafter.post(at("choice_add", draft), {"label": ""}).status_code == 422
    assert drafter.get(at("choice_edit", draft, "none")).status_code == 404


PAGES = [("draft_variables", []), ("variable_add", []), ("variable_edit", ["period"])]
PAGES += [("draft_choices", []), ("choice_add", []), ("choice_edit", ["way"])]
PAGES += [("variable_remove", ["period"]), ("choice_remove", ["way"])]
ACTS = [("variable_move", ["period"]), ("choice_move", ["way"])]


@pytest.mark.parametrize(("name", "args"), PAGES)
def test_pages_are_for_drafters(client, draft, name, args):
    add_choice(edition=draft, label="Way", required=True, help_text="")

    assert_guarded(client, draft, at(name, draft, *args))
    client.force_login(member(draft.template.campaign))
    assert client.get(at(name, draft, *args)).status_code == 200
    assert client.put(at(name, draft, *args)).status_code == 405


@pytest.mark.parametrize(("name", "args"), ACTS)
def test_acts_are_for_drafters_and_by_post(client, draft, name, args):
    assert_guarded(client, draft, at(name, draft, *args), method="post")
    client.force_login(member(draft.template.campaign))
    assert client.get(at(name, draft, *args)).status_code == 405
    assert names(draft) == ["period"]


def test_variable_edit_of_another_drafts_variable_is_not_found(drafter, draft):
    VariableFactory(name="elsewhere")

    assert drafter.get(at("variable_edit", draft, "elsewhere")).status_code == 404


def test_variables_page_escapes_what_people_write(drafter, draft):
    add_variable(edition=draft, spec=replace(SPEC, label="<script>alert(1)</script>"))

    page = drafter.get(at("draft_variables", draft)).content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
