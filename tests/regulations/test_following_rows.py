"""What a model changed beside its text is offered to its adaptations: names, open values, alternatives, law, objections."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.urls import reverse

from campaign.regulations.following import ModelMove
from campaign.regulations.following_rows import RowKind, row_changes
from campaign.regulations.models import ModelChange, ModelDecision
from campaign.regulations.queries import edition_text, edition_variables, open_changes
from campaign.regulations.services import (
    HookFacts,
    NothingToFollow,
    VariableInUse,
    Words,
    add_hook,
    add_variable,
    change_objection,
    change_variable,
    draft_problems,
    follow_model,
    publish_draft,
    remove_objection,
    remove_provision,
    save_words,
    set_options,
    start_edition,
    take_over_untouched,
)
from campaign.regulations.values import Option, VariableSpec
from tests.factories.accounts import UserFactory
from tests.factories.regulations import FILE, MOMENT
from tests.regulations.drafts import adaptation, member, publish

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
LATER = MOMENT + timedelta(days=1)

# What the model's next edition says beside its text: its name, a value's bounds and default, another law, another reply.
NEXT = (
    FILE.replace('label: "1.0"', 'label: "1.1"\n  base: "1.0"')
    .replace("title: Small act", "title: Small and fair act")
    .replace("title: A small regulation", "title: A small and fair regulation")
    .replace("summary: A summary.", "summary: A summary that says more.")
    .replace("maximum: 36 months", "maximum: 30 months")
    .replace("default: 24 months\n    source: A source.", "default: 18 months\n    source: Another source.")
    .replace("citation: Some law, Article 1", "citation: Some law, Article 2")
    .replace("reply: It grows.", "reply: It grows, and quickly.")
)


def edition(number, source=FILE):
    """The file of another edition of the model."""
    return source.replace('label: "1.0"', f'label: "{number}"')


@pytest.fixture
def person():
    return UserFactory()


@pytest.fixture
def draft():
    """The adaptation of edition 1.0, whose model then publishes edition 1.1."""
    draft = adaptation()
    publish(NEXT, at=LATER)
    return draft


@pytest.fixture
def drafter(client, draft):
    client.force_login(member(draft.template.campaign))
    return client


def rows(draft):
    draft.refresh_from_db()
    return {change.key: change for change in open_changes(edition=draft).rows}


def key_of(draft, kind):
    return next(key for key, change in rows(draft).items() if change.kind == kind)


def follow(draft, person, key, decision=ModelDecision.TAKEN):
    return follow_model(edition=draft, key=key, decision=decision, person=person, at=LATER)


def label_of(draft):
    draft.refresh_from_db()
    return draft.model_edition.label


# --- what is offered ------------------------------------------------------------------
def test_all_that_the_model_changed_beside_its_text_is_offered(draft):
    found = [(row.kind, row.name, row.move, row.is_ours_untouched) for row in rows(draft).values()]

    assert found == [
        (RowKind.FACT, "title", ModelMove.CHANGED, False),
        (RowKind.FACT, "summary", ModelMove.CHANGED, False),
        (RowKind.FACT, "long-title", ModelMove.CHANGED, True),
        (RowKind.VARIABLE, "period", ModelMove.CHANGED, True),
        (RowKind.OBJECTION, "It is too small.", ModelMove.CHANGED, True),
    ]


def test_a_value_is_compared_as_the_model_proposes_it_for_the_place(person):
    for_there = FILE.replace(
        "    source: A source.\n",
        "    source: A source.\n    defaults:\n      EU: {value: 12 months, source: A law.}\n",
    )
    draft = adaptation(model=publish(for_there))
    general = edition("1.1", for_there).replace("default: 24 months", "default: 20 months")
    publish(general, at=LATER)
    untouched = rows(draft)

    publish(general.replace('"1.1"', '"1.2"').replace("EU: {value: 12", "EU: {value: 6"), at=LATER)

    change = rows(draft)["variable:period"]
    assert untouched == {}
    assert (change.old["default"], change.new["default"]) == ("12 months", "6 months")
    assert change.is_ours_untouched


def test_law_of_the_model_is_offered_only_when_it_is_new_or_ours_has_it(person):
    draft = adaptation()
    two = FILE.replace(
        "objections:", "  - citation: Other law\n    address: https://example.org/other\nobjections:"
    )
    publish(edition("1.1", two).replace("Article 1\n", "Article 1a\n"), at=LATER)
    offered = [(row.name, row.move) for row in rows(draft).values()]
    add_hook(edition=draft, facts=HookFacts("Some law, Article 1", "https://example.org/law"))

    assert offered == [("Other law", ModelMove.ADDED)]
    assert [(row.name, row.move) for row in rows(draft).values()] == [
        ("Some law, Article 1", ModelMove.CHANGED),
        ("Other law", ModelMove.ADDED),
    ]


def test_a_new_value_is_offered_while_a_provision_may_use_it(person):
    draft = adaptation()
    more = FILE.replace(
        "hooks:",
        "  - name: fine\n    label: Fine\n    type: percentage\n    default: 3 %\n    source: A source.\nhooks:",
    )
    more += (
        "  - key: penalty\n    kind: article\n    heading: Penalty\n    text: A fine of [[fine]] is due.\n"
    )
    publish(edition("1.1", more), at=LATER)
    offered = list(rows(draft))

    follow(draft, person, "penalty", ModelDecision.KEPT)

    assert offered == ["variable:fine"]
    assert rows(draft) == {}
    assert label_of(draft) == "1.1"


def test_rows_are_found_again_by_what_stayed_of_them():
    old = {RowKind.OBJECTION: [{"argument": "A", "reply": "One"}, {"argument": "B", "reply": "Two"}]}
    new = {RowKind.OBJECTION: [{"argument": "B", "reply": "Two"}, {"argument": "A anew", "reply": "One"}]}
    ours = {RowKind.OBJECTION: [{"pk": 1, "argument": "A", "reply": "One"}]}

    found = row_changes(old=old, new=new, ours=ours)

    assert [(row.move, row.changed, row.ours["pk"]) for row in found] == [
        (ModelMove.CHANGED, ("argument",), 1)
    ]


# --- taken over, or kept --------------------------------------------------------------
def test_all_rows_taken_over_say_what_the_model_says(draft, person):
    keys = list(rows(draft))

    left = [follow(draft, person, key).count for key in keys]

    draft.refresh_from_db()
    spec = edition_variables(edition=draft)["period"]
    assert left == [4, 3, 2, 1, 0]
    assert (draft.template.title, draft.template.summary) == (
        "Small and fair act",
        "A summary that says more.",
    )
    assert draft.title == "A small and fair regulation"
    assert (spec.maximum, spec.default, spec.source) == ("30 months", "18 months", "Another source.")
    assert draft.objections.get().reply == "It grows, and quickly."
    assert label_of(draft) == "1.1"


def test_rows_that_are_kept_stay_and_are_not_asked_again(draft, person):
    before = edition_text(edition=draft)

    for key in list(rows(draft)):
        follow(draft, person, key, ModelDecision.KEPT)

    draft.refresh_from_db()
    assert edition_text(edition=draft) == before
    assert draft.template.title == "Small act there"
    assert (rows(draft), label_of(draft)) == ({}, "1.1")
    with pytest.raises(NothingToFollow):
        follow(draft, person, "variable:period")


def test_take_over_leaves_what_the_model_did_not_change_about_a_row(draft, person):
    spec = edition_variables(edition=draft)["period"]
    change_variable(edition=draft, name="period", spec=replace(spec, label="기간", help="Ours."))

    follow(draft, person, "variable:period")

    spec = edition_variables(edition=draft)["period"]
    assert (spec.label, spec.help, spec.default) == ("기간", "Ours.", "18 months")


def test_a_value_of_ours_stays_when_a_default_is_taken_over(draft, person):
    set_options(edition=draft, values={"period": "12 months"}, switches={})

    follow(draft, person, "variable:period")

    draft.refresh_from_db()
    assert draft.values == {"period": "12 months"}


def test_a_value_the_model_gives_is_taken_over_when_asked(person):
    draft = adaptation()
    newer = publish(edition("1.1"), at=LATER)
    newer.values = {"period": "6 months"}
    newer.save(update_fields=["values"])

    follow(draft, person, "variable:period")

    draft.refresh_from_db()
    assert draft.values == {"period": "6 months"}


def test_a_removed_value_waits_until_no_provision_uses_it(person):
    draft = adaptation()
    gone = edition("1.1").replace("within [[period]]", "at once")
    start, end = gone.index("  - name: period"), gone.index("hooks:")
    publish((gone[:start] + gone[end:]).replace("variables:\n", ""), at=LATER)

    with pytest.raises(VariableInUse):
        follow(draft, person, "variable:period")
    follow(draft, person, "duty-return")
    follow(draft, person, "variable:period")

    assert edition_variables(edition=draft) == {}
    assert label_of(draft) == "1.1"


def test_a_check_goes_with_the_citation_that_was_checked(person):
    draft = adaptation()
    checked = HookFacts("Some law, Article 1", "https://example.org/law", "Ours.", "Ada", date(2026, 11, 20))
    add_hook(edition=draft, facts=checked)
    publish(edition("1.1").replace("Some law, Article 1", "Some law, Article 2"), at=LATER)

    follow(draft, person, key_of(draft, RowKind.HOOK))

    hook = draft.hooks.get()
    assert (hook.citation, hook.note, hook.is_checked) == ("Some law, Article 2", "Ours.", False)


def test_law_and_objections_that_the_model_added_or_removed(person):
    draft = adaptation()
    add_hook(edition=draft, facts=HookFacts("Some law, Article 1", "https://example.org/law"))
    other = edition("1.1").replace(
        "Some law, Article 1\n    address: https://example.org/law",
        "New law\n    address: https://example.org/new",
    )
    publish(other.replace("It is too small.\n    reply: It grows.", "It is new.\n    reply: So."), at=LATER)

    for key in list(rows(draft)):
        follow(draft, person, key)

    assert list(draft.hooks.values_list("citation", "checked_by")) == [("New law", "")]
    assert list(draft.objections.values_list("argument", flat=True)) == ["It is new."]


def test_an_objection_in_other_words_is_added_when_its_change_is_taken_over(draft, person):
    row = draft.objections.get()
    change_objection(edition=draft, objection_id=row.pk, argument="Zu klein.", reply="Es wächst.")

    follow(draft, person, key_of(draft, RowKind.OBJECTION))

    arguments = draft.objections.order_by("position").values_list("argument", flat=True)
    assert list(arguments) == ["Zu klein.", "It is too small."]


def test_alternatives_are_offered_with_what_is_said_of_them(person):
    draft = adaptation(model=publish(ALTERNATIVES))
    renamed = edition("1.1", ALTERNATIVES).replace("label: The way", "label: Which way")
    publish(renamed, at=LATER)

    follow(draft, person, "choice:way")

    group = draft.choice_groups.get()
    assert (group.label, label_of(draft)) == ("Which way", "1.1")


# --- all that was left untouched ------------------------------------------------------
def test_take_over_untouched_takes_rows_and_leaves_what_is_ours(draft, person):
    row = draft.objections.get()
    change_objection(edition=draft, objection_id=row.pk, argument=row.argument, reply="Ours.")

    taken = take_over_untouched(edition=draft, person=person, at=LATER)

    assert taken.count == 2
    assert [row.kind for row in rows(draft).values()] == [RowKind.FACT, RowKind.FACT, RowKind.OBJECTION]
    assert draft.title == "A small and fair regulation"
    assert draft.template.title == "Small act there"


def test_take_over_untouched_takes_a_value_out_after_the_provision_that_used_it(person):
    draft = adaptation()
    gone = edition("1.1").replace("within [[period]]", "at once")
    start, end = gone.index("  - name: period"), gone.index("hooks:")
    publish((gone[:start] + gone[end:]).replace("variables:\n", ""), at=LATER)

    taken = take_over_untouched(edition=draft, person=person, at=LATER)

    assert (taken.count, label_of(draft)) == (2, "1.1")
    assert edition_variables(edition=draft) == {}


def test_take_over_untouched_leaves_new_law_to_be_decided(person):
    draft = adaptation()
    two = FILE.replace(
        "objections:", "  - citation: Other law\n    address: https://example.org/other\nobjections:"
    )
    publish(edition("1.1", two), at=LATER)

    taken = take_over_untouched(edition=draft, person=person, at=LATER)

    assert (taken.count, len(rows(draft)), draft.hooks.count()) == (0, 1, 0)


# --- a third edition ------------------------------------------------------------------
def third(change=lambda source: source):
    return publish(change(NEXT.replace('label: "1.1"\n  base: "1.0"', 'label: "1.2"')), at=LATER)


def test_what_was_kept_at_the_second_edition_is_not_asked_at_the_third(draft, person):
    follow(draft, person, "variable:period", ModelDecision.KEPT)

    third()

    assert "variable:period" not in rows(draft)
    assert len(rows(draft)) == 4


def test_what_the_third_edition_changed_again_is_asked_again(draft, person):
    follow(draft, person, "variable:period", ModelDecision.KEPT)

    third(lambda source: source.replace("default: 18 months", "default: 15 months"))

    assert "variable:period" in rows(draft)


def test_a_provision_kept_at_the_second_edition_is_asked_again_only_when_it_changed(person):
    draft = adaptation()
    second = edition("1.1").replace("shall be returned", "shall be given back")
    second = second.replace("to a second thing.", "to another thing.")
    publish(second, at=LATER)
    follow(draft, person, "duty-return", ModelDecision.KEPT)
    publish(second.replace('"1.1"', '"1.2"'), at=LATER)
    same = [change.key for change in open_changes(edition=draft).provisions]

    publish(second.replace('"1.1"', '"1.3"').replace("given back", "handed back"), at=LATER)

    assert same == ["duty-limits-b"]
    assert [change.key for change in open_changes(edition=draft).provisions] == [
        "duty-return",
        "duty-limits-b",
    ]


def test_answers_are_kept_through_publishing_before_all_was_decided(draft, person):
    follow(draft, person, "variable:period", ModelDecision.KEPT)
    publish_draft(edition=draft, label="1.0", title="T", change_note="", person=person, at=LATER)

    following = start_edition(template=draft.template, person=person, at=LATER)

    assert "variable:period" not in rows(following)
    assert len(rows(following)) == 4


# --- what a provision needs comes along -----------------------------------------------
OPTIONS = FILE.replace(
    "hooks:",
    "  - name: way\n    label: Way\n    type: enum\n    default: strict\n    source: A source.\n    options:\n"
    "      - {key: strict, label: Strict, text: at once}\n      - {key: mild, label: Mild, text: soon}\nhooks:",
).replace("within [[period]]", "[[way]] within [[period]]")

ALTERNATIVES = (
    FILE.replace("hooks:", "choices:\n  - name: way\n    label: The way\nhooks:")
    + "  - key: fast\n    kind: article\n    heading: Fast\n    text: It is fast.\n    choice: way\n    default: true\n"
    + "  - key: slow\n    kind: article\n    heading: Slow\n    text: It is slow.\n    choice: way\n    default: false\n"
)


def test_a_condition_brings_the_option_it_names_along(person):
    draft = adaptation(model=publish(OPTIONS))
    spec = edition_variables(edition=draft)["way"]
    change_variable(edition=draft, name="way", spec=replace(spec, label="Weg"))
    more = edition("1.1", OPTIONS).replace(
        "text: soon}\n", "text: soon}\n      - {key: free, label: Free, text: freely}\n"
    )
    more += "  - key: freedom\n    kind: article\n    heading: Freedom\n    text: It is free.\n"
    publish(f"{more}    optional: true\n    default: false\n    needs: [way=free]\n", at=LATER)

    followed = follow(draft, person, "freedom")

    spec = edition_variables(edition=draft)["way"]
    assert followed.brought == ("Weg: Free",)
    assert (spec.label, spec.options[-1]) == ("Weg", Option("free", "Free", "freely"))
    assert draft_problems(edition=draft, text=edition_text(edition=draft)) == []


def test_a_condition_brings_the_alternative_it_names_along(person):
    draft = adaptation(model=publish(ALTERNATIVES))
    more = edition("1.1", ALTERNATIVES)
    more += (
        "  - key: never\n    kind: article\n    heading: Never\n    text: It is never.\n"
        "    choice: way\n    default: false\n"
        "  - key: why\n    kind: article\n    heading: Why\n    text: It is why.\n"
        "    optional: true\n    default: false\n    needs: [never]\n"
    )
    publish(more, at=LATER)

    followed = follow(draft, person, "why")

    assert followed.brought == ("Never",)
    assert set(ModelChange.objects.values_list("key", "decision")) == {("why", "taken"), ("never", "taken")}
    assert draft_problems(edition=draft, text=edition_text(edition=draft)) == []
    assert label_of(draft) == "1.1"


# --- the page -------------------------------------------------------------------------
def at(name, draft, *args):
    return reverse(name, args=[draft.template.slug, *args])


def test_page_shows_each_row_with_its_fields_old_and_new(drafter, draft):
    blocks = {block.change.key: block for block in drafter.get(at("draft_model", draft)).context["rows"]}

    labels = [label for label, _words, _ours in blocks["variable:period"].lines]
    words = blocks["variable:period"].lines[0][1]
    assert labels == ["At most", "Default", "Where the default comes from"]
    assert "<del>" in words
    assert "36" in words
    assert "30" in words
    assert blocks["fact:title"].lines[0][2] == "Small act there"


def test_page_says_that_a_value_of_ours_stays(drafter, draft):
    set_options(edition=draft, values={"period": "12 months"}, switches={})

    page = drafter.get(at("draft_model", draft)).content.decode()

    assert "Your text sets it to “12 months”." in page


def test_page_does_not_offer_to_take_out_a_value_that_is_used(client, person):
    draft = adaptation()
    gone = edition("1.1").replace("within [[period]]", "at once")
    start, end = gone.index("  - name: period"), gone.index("hooks:")
    publish((gone[:start] + gone[end:]).replace("variables:\n", ""), at=LATER)
    client.force_login(member(draft.template.campaign))

    page = client.get(at("draft_model", draft)).content.decode()

    assert "Your text uses it. It can go once no provision does." in page


def test_page_escapes_hostile_rows(drafter, draft, person):
    newer = draft.model_edition.template.editions.get(label="1.1")
    newer.objections.update(reply="<script>alert(1)</script>")
    newer.variables.update(label="<script>alert(2)</script>")

    page = drafter.get(at("draft_model", draft)).content.decode()

    assert "<script>alert(" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_decide_on_a_row_and_what_came_along_is_told(client, person):
    draft = adaptation(model=publish(OPTIONS))
    more = edition("1.1", OPTIONS).replace(
        "text: soon}\n", "text: soon}\n      - {key: free, label: Free, text: freely}\n"
    )
    more += "  - key: freedom\n    kind: article\n    heading: Freedom\n    text: It is free.\n"
    newer = publish(f"{more}    optional: true\n    default: false\n    needs: [way=free]\n", at=LATER)
    client.force_login(member(draft.template.campaign))
    seen = {"decision": "taken", "seen": newer.pk}

    page = client.post(at("model_decide", draft, "freedom"), seen, follow=True).content.decode()

    assert "This came along, because what you took over needs it: Way: Free." in page


@pytest.mark.parametrize("decision", ["taken", "kept"])
def test_decide_on_a_row_by_button(drafter, draft, decision):
    newer = draft.model_edition.template.editions.get(label="1.1")

    page = drafter.post(
        at("model_decide", draft, "variable:period"),
        {"decision": decision, "seen": newer.pk, "ours": rows(draft)["variable:period"].ours_digest},
        follow=True,
    ).content.decode()

    default = edition_variables(edition=draft)["period"].default
    assert "4 changes are left to decide." in page
    assert default == {"taken": "18 months", "kept": "24 months"}[decision]


def test_a_row_that_we_took_out_and_the_model_removed_need_not_be_decided(person):
    draft = adaptation()
    remove_objection(edition=draft, objection_id=draft.objections.get().pk)
    start, end = FILE.index("objections:"), FILE.index("provisions:")
    publish(edition("1.1", FILE[:start] + FILE[end:]), at=LATER)

    assert rows(draft) == {}


def test_a_value_of_our_own_is_none_of_the_models(person):
    draft = adaptation()
    add_variable(edition=draft, spec=VariableSpec("own", "percentage", "Own", default="3 %"))
    publish(edition("1.1"), at=LATER)
    save_words(
        edition=draft,
        key="duty-return",
        version=1,
        words=Words(body="Every model shall be returned within [[period]], or [[own]] is due."),
        person=person,
        at=MOMENT,
    )
    remove_provision(edition=draft, key="duty-limits-b", person=person, at=MOMENT)

    assert rows(draft) == {}


# --- whose row it is ------------------------------------------------------------------
HOOK = "  - citation: Some law, Article 1\n    address: https://example.org/law\n"


def same_address(draft, **more):
    """Law of our own at the same address as one of the model's."""
    facts = HookFacts("Some law, Article 9", "https://example.org/law", "About 9.", "Ada", MOMENT.date())
    return add_hook(edition=draft, facts=replace(facts, **more))


@pytest.mark.parametrize(
    ("was", "becomes"),
    [(f"hooks:\n{HOOK}", ""), (HOOK, f"{HOOK}    note: About 1.\n")],
    ids=["removed", "changed"],
)
def test_law_of_our_own_at_the_address_of_the_models_stays(person, was, becomes):
    draft = adaptation()
    same_address(draft)
    publish(edition("1.1").replace(was, becomes), at=LATER)

    assert [change for change in rows(draft).values() if change.kind == RowKind.HOOK] == []
    take_over_untouched(edition=draft, person=person, at=LATER)
    assert list(draft.hooks.values_list("citation", "note", "checked_by")) == [
        ("Some law, Article 9", "About 9.", "Ada")
    ]


def test_each_row_of_ours_belongs_to_one_change():
    def one(reply):
        return {"pk": reply, "argument": "Same.", "reply": reply}

    changes = row_changes(
        old={RowKind.OBJECTION: [one("One."), one("Two.")]},
        new={RowKind.OBJECTION: []},
        ours={RowKind.OBJECTION: [one("Two."), one("One.")]},
    )

    assert [(each.old["reply"], each.ours["reply"]) for each in changes] == [
        ("One.", "One."),
        ("Two.", "Two."),
    ]
    assert len({each.key for each in changes}) == 2


def test_an_objection_of_our_own_with_the_reply_of_one_that_went_stays(person):
    draft = adaptation()
    change_objection(
        edition=draft, objection_id=draft.objections.get().pk, argument="Ours.", reply="It grows."
    )
    start, end = FILE.index("objections:"), FILE.index("provisions:")
    publish(edition("1.1", FILE[:start] + FILE[end:]), at=LATER)

    assert rows(draft) == {}
    take_over_untouched(edition=draft, person=person, at=LATER)

    assert draft.objections.get().argument == "Ours."


def test_two_new_objections_with_the_same_argument_are_taken_over(person):
    draft = adaptation()
    more = "".join(f"  - argument: Same.\n    reply: {reply}\n" for reply in ("One.", "Two."))
    publish(edition("1.1", FILE.replace("    reply: It grows.\n", f"    reply: It grows.\n{more}")), at=LATER)

    followed = take_over_untouched(edition=draft, person=person, at=LATER)

    assert followed.count == 2
    assert list(draft.objections.order_by("position").values_list("reply", flat=True)) == [
        "It grows.",
        "One.",
        "Two.",
    ]
    assert rows(draft) == {}


# --- ours as it was looked at ---------------------------------------------------------
def test_take_over_of_a_row_that_somebody_changed_since_is_refused(drafter, draft):
    newer = draft.model_edition.template.editions.get(label="1.1")
    change = next(each for each in rows(draft).values() if each.kind == RowKind.OBJECTION)
    seen = {"decision": "taken", "seen": newer.pk, "ours": change.ours_digest}
    row = draft.objections.get()
    change_objection(edition=draft, objection_id=row.pk, argument=row.argument, reply="A long reply.")

    page = drafter.post(at("model_decide", draft, change.key), seen, follow=True).content.decode()
    between = draft.objections.get().reply
    fresh = seen | {"ours": rows(draft)[change.key].ours_digest}
    drafter.post(at("model_decide", draft, change.key), fresh)

    assert "Somebody has changed yours since you opened this page." in page
    assert "Taking it over puts the model’s words in the place of yours." in page
    assert "Yours are not kept here" in page
    assert f'name="ours" value="{fresh["ours"]}"' in page
    assert between == "A long reply."
    assert draft.objections.get().reply == "It grows, and quickly."


def test_keeping_ours_needs_no_second_look(drafter, draft):
    newer = draft.model_edition.template.editions.get(label="1.1")
    key = "variable:period"

    drafter.post(at("model_decide", draft, key), {"decision": "kept", "seen": newer.pk, "ours": "x"})

    assert key not in rows(draft)


def test_a_row_left_as_the_model_had_it_loses_nothing_of_ours(drafter, draft):
    change = next(each for each in rows(draft).values() if each.kind == RowKind.OBJECTION)

    page = drafter.get(at("draft_model", draft)).content.decode()

    block = page[page.index(f'id="change-{change.key}"') :].partition("</section>")[0]
    assert not change.replaces_ours
    assert "Yours are not kept here" not in block
