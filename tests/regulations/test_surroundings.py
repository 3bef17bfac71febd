"""What stands around a draft: the law it leans on, objections, and what is said of it as a whole."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from campaign.regulations.models import Hook, Objection
from campaign.regulations.queries import edition_text
from campaign.regulations.services import (
    CheckIncomplete,
    CitationTaken,
    DraftIsPublished,
    FixedByPublishing,
    HookFacts,
    HookGone,
    InstrumentFacts,
    NeedsMending,
    ObjectionGone,
    add_hook,
    add_objection,
    change_facts,
    change_hook,
    change_objection,
    draft_problems,
    move_hook,
    move_objection,
    publish_edition,
    remove_hook,
    remove_objection,
    seen_of,
    start_edition,
    start_instrument,
)
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import CampaignFactory
from tests.factories.regulations import MOMENT, HookFactory, ObjectionFactory, ProvisionFactory
from tests.regulations.drafts import adaptation, assert_guarded, member
from tests.threads import in_threads

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

LAW = HookFacts("A law, section 1", "https://example.org/law")


@pytest.fixture
def draft():
    """The small act: no law named, one objection."""
    return adaptation()


@pytest.fixture
def drafter(client, draft):
    client.force_login(member(draft.template.campaign))
    return client


def citations(draft):
    return list(draft.hooks.order_by("position", "pk").values_list("citation", flat=True))


def arguments(draft):
    return list(draft.objections.order_by("position", "pk").values_list("argument", flat=True))


# --- existing law ---------------------------------------------------------------------
def test_add_hook_puts_it_at_the_end_unchecked(draft):
    HookFactory(edition=draft, citation="First", position=4)

    hook = add_hook(edition=draft, facts=LAW)

    assert citations(draft) == ["First", "A law, section 1"]
    assert not hook.is_checked


def test_change_hook_records_a_check(draft):
    hook = add_hook(edition=draft, facts=LAW)
    checked = HookFacts(LAW.citation, LAW.address, "For its duty.", "Ada Lovelace", date(2026, 11, 20))

    change_hook(edition=draft, hook_id=hook.pk, facts=checked)

    hook.refresh_from_db()
    assert hook.is_checked
    assert (hook.note, hook.checked_by, hook.checked_on) == (
        "For its duty.",
        "Ada Lovelace",
        date(2026, 11, 20),
    )


@pytest.mark.parametrize("half", [{"checked_by": "Ada"}, {"checked_on": date(2026, 11, 20)}])
def test_a_check_has_a_name_and_a_day(draft, half):
    with pytest.raises(CheckIncomplete):
        add_hook(edition=draft, facts=HookFacts("A law", "https://example.org/law", **half))

    assert citations(draft) == []


def test_law_is_named_once(draft):
    hook = add_hook(edition=draft, facts=LAW)
    other = add_hook(edition=draft, facts=HookFacts("Another", LAW.address))

    with pytest.raises(CitationTaken):
        add_hook(edition=draft, facts=LAW)
    with pytest.raises(CitationTaken):
        change_hook(edition=draft, hook_id=other.pk, facts=LAW)
    change_hook(edition=draft, hook_id=hook.pk, facts=LAW)

    assert citations(draft) == ["A law, section 1", "Another"]


def test_hooks_are_moved_and_removed(draft):
    first, second = (HookFactory(edition=draft, citation=name) for name in ("First", "Second"))

    move_hook(edition=draft, hook_id=second.pk, step=-1)
    moved = citations(draft)
    remove_hook(edition=draft, hook_id=first.pk)

    assert (moved, citations(draft)) == (["Second", "First"], ["Second"])
    with pytest.raises(HookGone):
        remove_hook(edition=draft, hook_id=first.pk)


def test_a_hook_of_another_draft_is_none_of_this_one(draft):
    elsewhere = HookFactory()

    with pytest.raises(HookGone):
        change_hook(edition=draft, hook_id=elsewhere.pk, facts=LAW)


# --- objections -----------------------------------------------------------------------
def test_objections_are_added_changed_moved_and_removed(draft):
    new = add_objection(edition=draft, argument="It costs.", reply="Less than it saves.")
    change_objection(edition=draft, objection_id=new.pk, argument="It costs much.", reply="It does not.")
    move_objection(edition=draft, objection_id=new.pk, step=-1)
    moved = arguments(draft)

    remove_objection(edition=draft, objection_id=new.pk)

    assert moved == ["It costs much.", "It is too small."]
    assert arguments(draft) == ["It is too small."]
    with pytest.raises(ObjectionGone):
        move_objection(edition=draft, objection_id=new.pk, step=1)


def test_a_published_edition_keeps_its_surroundings(draft):
    hook = add_hook(edition=draft, facts=LAW)
    objection = draft.objections.get()
    publish_edition(edition=draft, at=MOMENT)

    for act in (
        lambda: add_hook(edition=draft, facts=LAW),
        lambda: remove_hook(edition=draft, hook_id=hook.pk),
        lambda: add_objection(edition=draft, argument="A.", reply="B."),
        lambda: remove_objection(edition=draft, objection_id=objection.pk),
        lambda: change_facts(edition=draft, facts=facts()),
    ):
        with pytest.raises(DraftIsPublished):
            act()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer: there is no race to test"
)
def test_two_who_name_the_same_law_at_once_name_it_once():
    draft, refused = adaptation(), []

    def name_it():
        try:
            add_hook(edition=draft, facts=LAW)
        except CitationTaken:
            refused.append(True)

    in_threads([name_it, name_it, name_it])

    assert (citations(draft), len(refused)) == (["A law, section 1"], 2)


# --- facts ----------------------------------------------------------------------------
def facts(**more):
    given = {"title": "T", "tradition": "eu-regulation", "locale": "en", "summary": "S.", "disclaimer": "D."}
    return InstrumentFacts(**{**given, **more})


@pytest.fixture
def own():
    """A bill begun from an empty page, with words in quotes, which elsewhere are those of a defined term."""
    edition = start_instrument(
        campaign=CampaignFactory(),
        facts=facts(kind="act", tradition="us-bill"),
        person=UserFactory(),
        at=MOMENT,
    )
    ProvisionFactory(edition=edition, key="why", kind="article", body="A ‘thing’ is given.", position=0)
    ProvisionFactory(edition=edition, key="duty", kind="article", body="Give.", position=1)
    return edition


def test_change_facts_before_anything_is_published(own):
    change_facts(
        edition=own,
        facts=facts(
            title="New",
            kind="treaty",
            summary="More.",
            disclaimer="A.",
            tradition="french-act",
            locale="fr",
        ),
    )

    own.refresh_from_db()
    template = own.template
    said = (template.title, template.kind, template.summary, template.disclaimer, template.locale)
    assert said == ("New", "treaty", "More.", "A.", "fr")
    assert own.title == "New"


def test_change_facts_leaves_a_long_title_of_its_own(own):
    own.title = "A law on things"
    own.save()

    change_facts(edition=own, facts=facts(title="New", kind="act", tradition="us-bill"))

    own.refresh_from_db()
    assert own.title == "A law on things"


def test_change_facts_to_a_tradition_where_some_cannot_stay_asks_first(own):
    with pytest.raises(NeedsMending) as refusal:
        change_facts(edition=own, facts=facts(title="New", kind="act"))

    own.template.refresh_from_db()
    assert [problem.place for problem in refusal.value.problems] == ["why"]
    assert (own.template.tradition, own.template.title) == ("us-bill", "T")


def test_change_facts_accepted_keeps_every_word_and_lists_what_to_mend(own):
    change_facts(edition=own, facts=facts(kind="act"), accepts_mending=True)

    own.refresh_from_db()
    bodies = dict(own.provisions.values_list("key", "body"))
    assert bodies == {"why": "A ‘thing’ is given.", "duty": "Give."}
    assert "why" in {problem.place for problem in draft_problems(edition=own, text=edition_text(edition=own))}


def test_change_facts_of_an_adaptation_keeps_the_kind_of_its_model(draft):
    change_facts(edition=draft, facts=facts(kind="treaty"))

    draft.template.refresh_from_db()
    assert draft.template.kind == "act"


@pytest.mark.parametrize("fixed", [{"tradition": "uk-bill"}, {"locale": "fr"}, {"kind": "treaty"}])
def test_change_facts_once_published_keeps_how_it_is_drafted(own, fixed):
    publish_edition(edition=own, at=MOMENT)
    following = start_edition(template=own.template, person=UserFactory(), at=MOMENT)

    with pytest.raises(FixedByPublishing):
        change_facts(edition=following, facts=facts(**{"kind": "act", "tradition": "us-bill", **fixed}))
    change_facts(edition=following, facts=facts(title="New", kind="act", tradition="us-bill"))

    own.template.refresh_from_db()
    assert (own.template.title, own.template.tradition) == ("New", "us-bill")


# --- pages ----------------------------------------------------------------------------
def at(name, draft, *args):
    return reverse(name, args=[draft.template.slug, *args])


def test_surroundings_page_says_what_nobody_checked(drafter, draft):
    add_hook(edition=draft, facts=LAW)
    add_hook(edition=draft, facts=HookFacts("B", LAW.address, "", "Ada Lovelace", date(2026, 11, 20)))

    page = drafter.get(at("draft_surroundings", draft)).content.decode()

    assert "1 of 2 has not been checked by anyone yet." in page
    assert page.count('data-state="unchecked">Not checked') == 1
    assert "by Ada Lovelace on 20 November 2026" in page
    assert "It is too small." in page


@pytest.mark.parametrize("item_count", [1, 3])
def test_surroundings_page_takes_a_constant_number_of_queries(
    drafter, draft, item_count, django_assert_num_queries
):
    for _index in range(item_count):
        HookFactory(edition=draft)
        ObjectionFactory(edition=draft)

    with django_assert_num_queries(8):
        drafter.get(at("draft_surroundings", draft))


def test_hook_pages_add_and_change(drafter, draft):
    fields = {"citation": "A law", "address": "https://example.org/law", "note": "Duty."}
    answer = drafter.post(at("hook_add", draft), fields)
    hook = draft.hooks.get()

    checked = {"checked_by": "Ada", "checked_on": "2026-11-20", "seen": seen_of(hook)}
    drafter.post(at("hook_edit", draft, hook.pk), fields | checked)

    hook.refresh_from_db()
    assert answer.url == at("draft_surroundings", draft)
    assert (hook.citation, hook.note, hook.checked_by, hook.checked_on) == (
        "A law",
        "Duty.",
        "Ada",
        date(2026, 11, 20),
    )
    shown = drafter.get(at("hook_edit", draft, hook.pk)).context["form"]
    assert shown["citation"].value() == "A law"


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        (
            {"citation": "Taken"},
            "citation",
            "This draft names that law already. Change the one that is there.",
        ),
        ({"address": "javascript:alert(1)"}, "address", "Enter a valid URL."),
        (
            {"checked_by": "Ada"},
            "checked_on",
            "A check has a name and a day. Give the day, or take the name out.",
        ),
        (
            {"checked_on": "2026-11-20"},
            "checked_by",
            "A check has a name and a day. Give the name, or take the day out.",
        ),
        (
            {"checked_by": "Ada", "checked_on": f"{timezone.localdate() + timedelta(days=3)}"},
            "checked_on",
            "This day is still to come. Write the day of the check.",
        ),
    ],
)
def test_hook_add_with_bad_input_keeps_the_form(drafter, draft, wrong, field, said):
    HookFactory(edition=draft, citation="Taken")
    fields = {"citation": "A law", "address": "https://example.org/law"} | wrong

    answer = drafter.post(at("hook_add", draft), fields)

    form = answer.context["form"]
    assert (answer.status_code, form.errors[field]) == (422, [said])
    assert form["citation"].value() == fields["citation"]
    assert citations(draft) == ["Taken"]


def test_hook_and_objection_pages_move_and_remove(drafter, draft):
    first, second = (HookFactory(edition=draft, citation=name) for name in ("First", "Second"))
    drafter.post(at("objection_add", draft), {"argument": "It costs.", "reply": "It saves."})
    new = draft.objections.get(argument="It costs.")

    drafter.post(at("hook_move", draft, second.pk), {"step": "up"})
    drafter.post(at("objection_move", draft, new.pk), {"step": "up"})
    orders = citations(draft), arguments(draft)
    drafter.post(at("hook_remove", draft, first.pk))
    drafter.post(at("objection_remove", draft, new.pk))

    assert orders == (["Second", "First"], ["It costs.", "It is too small."])
    assert (citations(draft), arguments(draft)) == (["Second"], ["It is too small."])


def test_objection_edit_changes_it_and_keeps_bad_input(drafter, draft):
    row = draft.objections.get()

    kept = drafter.post(at("objection_edit", draft, row.pk), {"argument": "Still there", "reply": ""})
    words = {"argument": "Other.", "reply": "Answer.", "seen": seen_of(row)}
    drafter.post(at("objection_edit", draft, row.pk), words)

    row.refresh_from_db()
    assert (kept.status_code, kept.context["form"]["argument"].value()) == (422, "Still there")
    assert (row.argument, row.reply) == ("Other.", "Answer.")


def test_facts_page_saves_and_shows_what_to_mend(client, own):
    client.force_login(member(own.template.campaign))
    fields = {"title": "New", "kind": "act", "locale": "en", "summary": "S.", "disclaimer": "D."}
    fields["seen"] = seen_of(own.template)

    asked = client.post(at("draft_facts", own), fields | {"tradition": "eu-regulation"})
    own.template.refresh_from_db()
    before = own.template.tradition
    answer = client.post(at("draft_facts", own), fields | {"tradition": "eu-regulation", "accepts": "on"})

    own.template.refresh_from_db()
    page = asked.content.decode()
    assert (asked.status_code, before) == (422, "us-bill")
    assert "1 place would have to be mended" in page
    assert f'href="{at("provision_edit", own, "why")}"' in page
    assert asked.context["form"]["title"].value() == "New"
    assert (answer.status_code, own.template.tradition, own.template.title) == (302, "eu-regulation", "New")
    assert client.get(at("draft", own)).status_code == 200


def test_facts_page_refuses_a_language_the_tradition_has_no_forms_for(client, own):
    client.force_login(member(own.template.campaign))
    fields = {"title": "New", "kind": "act", "tradition": "us-bill", "summary": "S.", "disclaimer": "D."}
    fields["seen"] = seen_of(own.template)

    answer = client.post(at("draft_facts", own), fields | {"locale": "ko"})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["locale"])


def test_facts_page_once_published_offers_no_other_tradition(client, own):
    publish_edition(edition=own, at=MOMENT)
    following = start_edition(template=own.template, person=UserFactory(), at=MOMENT)
    client.force_login(member(own.template.campaign))

    form = client.get(at("draft_facts", following)).context["form"]
    fields = {"title": "New", "summary": "S.", "disclaimer": "D.", "seen": form["seen"].value()}
    answer = client.post(at("draft_facts", following), fields)

    own.template.refresh_from_db()
    assert set(form.fields) == {"title", "summary", "disclaimer", "accepts", "seen"}
    assert (answer.status_code, own.template.title) == (302, "New")


PAGES = ("draft_surroundings", "hook_add", "hook_edit", "objection_add", "objection_edit", "draft_facts")
PAGES += ("hook_remove", "objection_remove")
ACTS = ("hook_move", "objection_move")


def arguments_of(name, draft):
    if name.startswith("hook") and name != "hook_add":
        return [(draft.hooks.first() or HookFactory(edition=draft)).pk]
    return [draft.objections.get().pk] if name.startswith("objection") and name != "objection_add" else []


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_for_drafters(client, draft, name):
    address = at(name, draft, *arguments_of(name, draft))

    assert_guarded(client, draft, address)
    client.force_login(member(draft.template.campaign))
    before = Hook.objects.count(), Objection.objects.count()
    assert client.get(address).status_code == 200
    assert (Hook.objects.count(), Objection.objects.count()) == before
    assert client.put(address).status_code == 405


@pytest.mark.parametrize("name", ACTS)
def test_acts_are_for_drafters_and_by_post(client, draft, name):
    address = at(name, draft, *arguments_of(name, draft))
    before = Hook.objects.count(), Objection.objects.count()

    assert_guarded(client, draft, address, method="post")
    client.force_login(member(draft.template.campaign))
    assert client.get(address).status_code == 405
    assert (Hook.objects.count(), Objection.objects.count()) == before


@pytest.mark.parametrize("name", ["hook_edit", "hook_remove", "objection_edit", "objection_remove"])
def test_what_is_gone_is_not_found(drafter, draft, name):
    assert drafter.get(at(name, draft, uuid4())).status_code == 404
