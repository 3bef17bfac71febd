"""Of two who have one form of a draft open, the second is told what the first saved, and loses nothing."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.urls import reverse

from campaign.regulations.models import Objection
from campaign.regulations.queries import edition_variables
from campaign.regulations.services import (
    HookFacts,
    InstrumentFacts,
    RowChanged,
    Traits,
    add_choice,
    add_hook,
    change_choice,
    change_facts,
    change_hook,
    change_objection,
    change_traits,
    change_variable,
    publish_edition,
    remove_objection,
    seen_of,
    set_options,
)
from tests.factories.regulations import MOMENT
from tests.regulations.drafts import adaptation, member
from tests.threads import in_threads

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

LAW = HookFacts("A law, section 1", "https://example.org/law", "For its duty.")
FACTS = InstrumentFacts("Theirs", "eu-regulation", "en", "Their summary.", "D.", "act")


@pytest.fixture
def draft():
    """The small act with one of everything that has a form of its own."""
    draft = adaptation()
    add_choice(edition=draft, label="The way", required=True, help_text="")
    add_hook(edition=draft, facts=LAW)
    return draft


@pytest.fixture
def drafter(client, draft):
    client.force_login(member(draft.template.campaign))
    return client


def hook(draft):
    return draft.hooks.get()


def objection(draft):
    return draft.objections.get()


def variable(draft):
    return draft.variables.get()


def choice(draft):
    return draft.choice_groups.get()


def template(draft):
    return type(draft.template).objects.get(pk=draft.template_id)


def change_of_hook(draft):
    change_hook(edition=draft, hook_id=hook(draft).pk, facts=replace(LAW, note="Theirs"))


def change_of_objection(draft):
    row = objection(draft)
    change_objection(edition=draft, objection_id=row.pk, argument=row.argument, reply="Theirs")


def change_of_variable(draft):
    spec = edition_variables(edition=draft)["period"]
    change_variable(edition=draft, name="period", spec=replace(spec, label="Theirs"))


def change_of_choice(draft):
    change_choice(edition=draft, name="the-way", label="Theirs", required=False, help_text="")


def change_of_facts(draft):
    change_facts(edition=draft, facts=FACTS)


# Page, how its row is found in the address, the row, the field both write in, what somebody else does.
FORMS = [
    ("hook_edit", lambda draft: [hook(draft).pk], hook, "note", change_of_hook),
    ("objection_edit", lambda draft: [objection(draft).pk], objection, "reply", change_of_objection),
    ("variable_edit", lambda draft: ["period"], variable, "label", change_of_variable),
    ("choice_edit", lambda draft: ["the-way"], choice, "label", change_of_choice),
    ("draft_facts", lambda draft: [], template, "title", change_of_facts),
]
each_form = pytest.mark.parametrize(("page", "args", "row", "field", "other"), FORMS, ids=lambda each: each)


def opened(drafter, address):
    """What a browser sends back of a form that was just opened."""
    form = drafter.get(address).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value not in {None, False}}


@each_form
def test_save_over_what_somebody_saved_meanwhile_shows_both(drafter, draft, page, args, row, field, other):
    address = reverse(page, args=[draft.template.slug, *args(draft)])
    typed = opened(drafter, address) | {field: "Mine"}
    other(draft)

    answer = drafter.post(address, typed)

    form = answer.context["form"]
    assert answer.status_code == 422
    assert form.non_field_errors() == [str(RowChanged())]
    assert form[field].value() == "Mine"
    assert "Theirs" in [each.value for each in answer.context["theirs"]]
    assert "What the other person saved" in answer.content.decode()
    assert getattr(row(draft), field) == "Theirs"


@each_form
def test_save_again_after_seeing_theirs_stores_mine(drafter, draft, page, args, row, field, other):
    address = reverse(page, args=[draft.template.slug, *args(draft)])
    typed = opened(drafter, address) | {field: "Mine"}
    other(draft)
    shown = drafter.post(address, typed).context["form"]["seen"].value()

    answer = drafter.post(address, typed | {"seen": shown})

    assert answer.status_code == 302
    assert getattr(row(draft), field) == "Mine"


@each_form
def test_save_of_what_somebody_saved_alike_meanwhile_is_no_conflict(
    drafter, draft, page, args, row, field, other
):
    address = reverse(page, args=[draft.template.slug, *args(draft)])
    before = opened(drafter, address)
    other(draft)
    alike = opened(drafter, address) | {"seen": before["seen"]}

    assert drafter.post(address, alike).status_code == 302


@each_form
def test_a_form_without_what_was_seen_stores_nothing(drafter, draft, page, args, row, field, other):
    address = reverse(page, args=[draft.template.slug, *args(draft)])
    typed = opened(drafter, address) | {field: "Mine"}
    del typed["seen"]
    before = getattr(row(draft), field)

    answer = drafter.post(address, typed)

    assert (answer.status_code, getattr(row(draft), field)) == (422, before)


@pytest.mark.parametrize(("page", "args", "row", "field", "_other"), FORMS[:4], ids=lambda each: each)
def test_what_was_typed_for_a_row_that_is_gone_is_shown(drafter, draft, page, args, row, field, _other):
    address = reverse(page, args=[draft.template.slug, *args(draft)])
    typed = opened(drafter, address) | {field: "What I wrote."}
    row(draft).delete()

    answer = drafter.post(address, typed)

    assert answer.status_code == 409
    assert "What I wrote." in answer.content.decode()
    assert "Somebody has removed" in answer.content.decode()


@each_form
def test_what_was_typed_for_a_draft_that_is_published_is_shown(drafter, draft, page, args, row, field, other):
    address = reverse(page, args=[draft.template.slug, *args(draft)])
    typed = opened(drafter, address) | {field: "What I wrote."}
    draft.choice_groups.all().delete()
    publish_edition(edition=draft, at=MOMENT)

    answer = drafter.post(address, typed)

    assert answer.status_code == 409
    assert "What I wrote." in answer.content.decode()
    assert "This edition has been published meanwhile" in answer.content.decode()


def test_theirs_are_told_field_by_field_in_words(drafter, draft):
    address = reverse("hook_edit", args=[draft.template.slug, hook(draft).pk])
    typed = opened(drafter, address) | {"note": "Mine"}
    checked = replace(LAW, checked_by="Ada Lovelace", checked_on=date(2026, 11, 20))
    change_hook(edition=draft, hook_id=hook(draft).pk, facts=checked)

    theirs = drafter.post(address, typed).context["theirs"]

    assert [(each.label, each.value) for each in theirs] == [
        ("What it is needed for", "For its duty."),
        ("Checked by", "Ada Lovelace"),
        ("Checked on", "2026-11-20"),
    ]


def test_what_others_saved_is_escaped(drafter, draft):
    row = objection(draft)
    address = reverse("objection_edit", args=[draft.template.slug, row.pk])
    typed = opened(drafter, address) | {"reply": "Mine"}
    change_objection(
        edition=draft, objection_id=row.pk, argument=row.argument, reply="<script>alert(1)</script>"
    )

    page = drafter.post(address, typed).content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_row_that_changed_since_the_question_is_asked_again_before_it_goes(drafter, draft):
    row = objection(draft)
    address = reverse("objection_remove", args=[draft.template.slug, row.pk])
    seen = drafter.get(address).context["seen"]
    change_of_objection(draft)

    asked = drafter.post(address, {"seen": seen}, follow=True)
    is_there = Objection.objects.filter(pk=row.pk).exists()
    drafter.post(address, {"seen": asked.context["seen"]})

    assert "Somebody has changed this since you opened the page." in asked.content.decode()
    assert "Theirs" in asked.content.decode()
    assert (is_there, Objection.objects.filter(pk=row.pk).exists()) == (True, False)


def test_remove_of_what_changed_is_refused_by_the_service(draft):
    seen = seen_of(objection(draft))
    change_of_objection(draft)

    with pytest.raises(RowChanged):
        remove_objection(edition=draft, objection_id=objection(draft).pk, seen=seen)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer: there is no race to test"
)
@pytest.mark.parametrize("what", ["objection", "facts"])
def test_of_two_who_save_one_form_at_once_one_is_told(what):
    draft = adaptation()
    row = objection(draft)
    seen = {"objection": seen_of(row), "facts": seen_of(template(draft))}[what]
    told = []

    def save(words):
        try:
            if what == "facts":
                change_facts(edition=draft, facts=replace(FACTS, title=words), seen=seen)
            else:
                change_objection(
                    edition=draft, objection_id=row.pk, argument=row.argument, reply=words, seen=seen
                )
        except RowChanged:
            told.append(words)

    in_threads([lambda words=words: save(words) for words in ("One", "Two", "Three")])

    stored = template(draft).title if what == "facts" else objection(draft).reply
    assert len(told) == 2
    assert {stored, *told} == {"One", "Two", "Three"}


# --- traits of a provision ------------------------------------------------------------
def traits_of(drafter, draft, key):
    """What a browser sends back of the form of a provision's kind and options."""
    form = drafter.get(reverse("provision_edit", args=[draft.template.slug, key])).context["traits"]
    values = {form.add_prefix(name): form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value not in {None, False}}


def test_traits_over_those_of_another_are_shown_beside_them(drafter, draft):
    address = reverse("provision_traits", args=[draft.template.slug, "duty-return"])
    typed = traits_of(drafter, draft, "duty-return") | {"traits-fixed_number": "1a"}
    change_traits(edition=draft, key="duty-return", traits=Traits(kind="paragraph", is_optional=True))

    answer = drafter.post(address, typed)
    form, theirs = answer.context["traits"], answer.context["traits_theirs"]
    between = draft.provisions.get(key="duty-return")
    again = drafter.post(address, typed | {"traits-seen": form["seen"].value()})

    row = draft.provisions.get(key="duty-return")
    assert answer.status_code == 422
    assert form["fixed_number"].value() == "1a"
    assert [(each.label, each.value) for each in theirs] == [("Fixed number", ""), ("Optional", "yes")]
    assert (between.is_optional, between.fixed_number) == (True, "")
    assert (again.status_code, row.is_optional, row.fixed_number) == (302, False, "1a")


# --- options --------------------------------------------------------------------------
def options_of(drafter, draft):
    """What a browser sends back of the options, with what it was opened on."""
    form = drafter.get(reverse("draft_options", args=[draft.template.slug])).context["form"]
    values = {name: form[name].initial for name in form.fields}
    opened = {f"initial-{name}": "" if value is None else str(value) for name, value in values.items()}
    return opened | {name: value for name, value in values.items() if value not in {None, False}}


def test_a_value_over_that_of_another_is_shown_beside_it(drafter, draft):
    address = reverse("draft_options", args=[draft.template.slug])
    draft.choice_groups.all().delete()
    typed = options_of(drafter, draft) | {"value:period": "6 months"}
    set_options(edition=draft, values={"period": "12 months"}, switches={})

    answer = drafter.post(address, typed)
    form, theirs = answer.context["form"], answer.context["theirs"]
    draft.refresh_from_db()
    between = draft.values
    again = drafter.post(address, typed | {"initial-value:period": form.data["initial-value:period"]})

    draft.refresh_from_db()
    assert answer.status_code == 422
    assert form["value:period"].value() == "6 months"
    assert [(each.label, each.value) for each in theirs] == [("Period", "12 months")]
    assert between == {"period": "12 months"}
    assert (again.status_code, draft.values) == (302, {"period": "6 months"})


def test_set_options_over_those_of_another_is_refused_by_the_service(draft):
    seen = seen_of(draft)
    set_options(edition=draft, values={"period": "12 months"}, switches={})

    with pytest.raises(RowChanged):
        set_options(edition=draft, values={"period": "6 months"}, switches={}, seen=seen)


def test_traits_of_a_provision_that_is_gone_are_shown(drafter, draft):
    address = reverse("provision_traits", args=[draft.template.slug, "duty-return"])
    typed = traits_of(drafter, draft, "duty-return") | {"traits-fixed_number": "1a"}
    draft.provisions.filter(key="duty-return").delete()

    answer = drafter.post(address, typed)

    assert answer.status_code == 409
    assert ">1a</dd>" in answer.content.decode()


def test_a_value_that_is_gone_is_not_dropped_silently(drafter, draft):
    address = reverse("draft_options", args=[draft.template.slug])
    typed = options_of(drafter, draft) | {"value:period": "6 months"}
    draft.choice_groups.all().delete()
    draft.provisions.filter(key="duty-return").update(body="Every model shall be returned.")
    draft.variables.all().delete()

    answer = drafter.post(address, typed)

    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors() == [
        "Somebody has removed “period” meanwhile. You wrote for it: 6 months"
    ]
