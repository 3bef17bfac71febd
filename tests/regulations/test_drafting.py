"""Drafts as a whole: begin, adapt, set options, publish, throw away."""

from datetime import timedelta

import pytest
from django.db import connection

from campaign.activity.models import LogEntry
from campaign.regulations.models import Edition, ModelChange, ModelDecision, ProvisionRevision, Template
from campaign.regulations.queries import edition_text, edition_tree
from campaign.regulations.services import (
    DraftIsPublished,
    DraftIsThere,
    EditionNotPublishable,
    InstrumentFacts,
    LabelTaken,
    NoSuchVariable,
    NotSwitchable,
    ValuesDoNotFit,
    Words,
    adapt_edition,
    add_choice,
    discard_draft,
    publish_draft,
    publish_edition,
    remove_provision,
    save_words,
    set_options,
    start_edition,
    start_instrument,
)
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import CampaignFactory, JurisdictionFactory
from tests.factories.regulations import FILE, MOMENT, EditionFactory, ProvisionFactory
from tests.regulations.drafts import adaptation, publish, published_adaptation, words
from tests.threads import in_threads

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
LATER = MOMENT + timedelta(days=1)


@pytest.fixture
def person():
    return UserFactory()


@pytest.fixture
def draft():
    return adaptation()


def acts():
    return list(LogEntry.objects.order_by("at", "pk").values_list("act", flat=True))


def facts(**more):
    return InstrumentFacts(
        **{
            "title": "An act",
            "tradition": "us-bill",
            "locale": "en",
            "summary": "S.",
            "disclaimer": "D.",
            **more,
        }
    )


def write(draft, person, body):
    save_words(edition=draft, key="duty-return", version=1, words=Words(body=body), person=person, at=MOMENT)


# --- begin ----------------------------------------------------------------------------
def test_start_instrument_begins_an_empty_draft_of_the_campaign(person):
    campaign = CampaignFactory()

    draft = start_instrument(campaign=campaign, facts=facts(kind="treaty"), person=person, at=MOMENT)
    again = start_instrument(campaign=campaign, facts=facts(kind="treaty"), person=person, at=MOMENT)

    template = draft.template
    assert (template.campaign, template.kind, template.tradition) == (campaign, "treaty", "us-bill")
    assert (draft.label, draft.title, draft.is_published, draft.provisions.count()) == (
        "1.0",
        "An act",
        False,
        0,
    )
    assert template.slug != again.template.slug
    assert acts() == ["regulations.instrument_begun"] * 2


def test_adapt_edition_takes_text_and_objections_but_no_hooks(person):
    model = publish(FILE)
    place = JurisdictionFactory(code="KR", name="Korea")

    draft = adapt_edition(
        edition=model, campaign=CampaignFactory(), jurisdiction=place, facts=facts(), person=person, at=MOMENT
    )

    assert edition_tree(edition=draft) == edition_tree(edition=model)
    assert (draft.model_edition, draft.template.model, draft.template.jurisdiction) == (
        model,
        model.template,
        place,
    )
    assert (draft.template.kind, draft.template.tradition) == ("act", "us-bill")
    assert (draft.hooks.count(), draft.objections.count()) == (0, 1)
    assert acts() == ["regulations.edition_adapted"]


def test_adapt_edition_starts_from_the_defaults_of_the_jurisdiction(person):
    model = publish(
        FILE.replace(
            "    source: A source.\n",
            "    source: A source.\n    defaults:\n      KR:\n        value: 12 months\n        source: Theirs.\n",
            1,
        )
    )
    place = JurisdictionFactory(code="KR", name="Korea")

    draft = adapt_edition(
        edition=model, campaign=CampaignFactory(), jurisdiction=place, facts=facts(), person=person, at=MOMENT
    )

    spec = edition_text(edition=draft).variables["period"]
    assert (spec.default, spec.source) == ("12 months", "Theirs.")


def test_start_edition_goes_on_from_the_newest(person):
    first = published_adaptation(person=person)
    first.values = {"period": "12 months"}
    first.save()

    draft = start_edition(template=first.template, person=person, at=LATER)

    assert (draft.label, draft.base, draft.model_edition, draft.values) == (
        "1.1", first, first.model_edition, {"period": "12 months"},
    )  # fmt: skip
    assert edition_tree(edition=draft) == edition_tree(edition=first)
    assert draft.objections.count() == first.objections.count()


def test_start_edition_finds_a_label_that_is_free(person):
    first = published_adaptation(person=person)
    EditionFactory(template=first.template, label="1.1").delete()
    second = start_edition(template=first.template, person=person, at=LATER)
    publish_draft(edition=second, label="2.9", title="T", change_note="", person=person, at=LATER)

    assert start_edition(template=first.template, person=person, at=LATER).label == "2.10"


def test_start_edition_while_a_draft_is_open_is_refused(person):
    template = published_adaptation(person=person).template
    start_edition(template=template, person=person, at=LATER)

    with pytest.raises(DraftIsThere):
        start_edition(template=template, person=person, at=LATER)

    assert template.editions.count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer: there is no race to test"
)
def test_two_who_begin_the_next_edition_at_once_share_one():
    person = UserFactory()
    template = published_adaptation(person=person).template
    refused = []

    def begin():
        try:
            start_edition(template=template, person=person, at=LATER)
        except DraftIsThere:
            refused.append(True)

    in_threads([begin, begin, begin])

    draft = template.editions.get(state="draft")
    assert (len(refused), draft.provisions.count()) == (
        2,
        template.editions.get(label="1.0").provisions.count(),
    )


# --- throw away -----------------------------------------------------------------------
def test_discard_draft_takes_an_instrument_that_was_never_published_along(draft, person):
    discard_draft(edition=draft, person=person, at=LATER)

    assert not Template.objects.filter(pk=draft.template_id).exists()
    assert acts()[-1] == "regulations.draft_discarded"


def test_discard_draft_leaves_what_was_published(person):
    first = published_adaptation(person=person)
    draft = start_edition(template=first.template, person=person, at=LATER)

    discard_draft(edition=draft, person=person, at=LATER)

    assert list(first.template.editions.all()) == [first]


def test_discard_draft_never_takes_a_published_edition(person):
    first = published_adaptation(person=person)

    with pytest.raises(DraftIsPublished):
        discard_draft(edition=first, person=person, at=LATER)

    assert Edition.objects.filter(pk=first.pk).exists()


# --- options --------------------------------------------------------------------------
def test_set_options_keeps_what_is_not_the_default(draft):
    set_options(edition=draft, values={"period": "12 months"}, switches={})
    draft.refresh_from_db()
    kept = draft.values

    set_options(edition=draft, values={"period": "24 months"}, switches={})

    draft.refresh_from_db()
    assert (kept, draft.values) == ({"period": "12 months"}, {})


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("soon", "“soon” is not a duration like 24 months (days, working days, weeks, months or years)."),
        ("40 months", "“40 months” is more than the bound 36 months."),
    ],
)
def test_set_options_refuses_values_that_do_not_fit(draft, value, said):
    with pytest.raises(ValuesDoNotFit) as refusal:
        set_options(edition=draft, values={"period": value}, switches={})

    draft.refresh_from_db()
    assert refusal.value.refused == {"period": said}
    assert draft.values == {}


def test_set_options_of_what_is_not_there_or_not_optional(draft):
    with pytest.raises(NoSuchVariable):
        set_options(edition=draft, values={"fine": "1"}, switches={})
    with pytest.raises(NotSwitchable):
        set_options(edition=draft, values={}, switches={"duty": False})
    with pytest.raises(NotSwitchable):
        set_options(edition=draft, values={}, switches={"none": True})


def test_set_options_of_alternatives_lets_one_stand(draft):
    group = add_choice(edition=draft, label="Way", required=True, help_text="").name
    for key, is_default in (("one", True), ("two", False), ("three", False)):
        ProvisionFactory(edition=draft, key=key, choice=group, is_default=is_default)

    set_options(edition=draft, values={}, switches={"three": True})
    draft.refresh_from_db()
    third = draft.switches
    set_options(edition=draft, values={}, switches={"one": True})

    draft.refresh_from_db()
    assert (third, draft.switches) == ({"one": False, "three": True}, {})


def test_a_switch_goes_with_the_provision_that_is_taken_out(draft, person):
    draft.provisions.filter(key="duty").update(is_optional=True)
    set_options(edition=draft, values={}, switches={"duty": False})

    remove_provision(edition=draft, key="duty", person=person, at=MOMENT)

    draft.refresh_from_db()
    assert draft.switches == {}


# --- publish --------------------------------------------------------------------------
def test_publish_draft_names_it_and_clears_the_workshop(draft, person):
    write(draft, person, "Each model is returned within [[period]].")
    remove_provision(edition=draft, key="duty-limits-b", person=person, at=MOMENT)
    ModelChange.objects.create(
        edition=draft,
        model_edition=draft.model_edition,
        key="x",
        decision=ModelDecision.KEPT,
        decided_at=MOMENT,
    )

    published = publish_draft(
        edition=draft, label="2.0", title="Long title", change_note="All.", person=person, at=LATER
    )

    published.refresh_from_db()
    assert (published.label, published.title, published.change_note) == ("2.0", "Long title", "All.")
    assert published.frozen_text.data["edition"]["label"] == "2.0"
    assert not ProvisionRevision.objects.exists()
    assert not published.removed_provisions.exists()
    assert published.model_changes.exists()  # the next edition does not ask again what was answered
    assert acts()[-1] == "regulations.edition_published"


def test_publish_draft_refuses_a_label_that_is_taken(person):
    first = published_adaptation(person=person)
    draft = start_edition(template=first.template, person=person, at=LATER)

    with pytest.raises(LabelTaken):
        publish_draft(edition=draft, label="1.0", title="T", change_note="", person=person, at=LATER)

    draft.refresh_from_db()
    assert (draft.label, draft.is_published) == ("1.1", False)


def test_publish_draft_with_faults_stores_nothing(draft, person):
    draft.provisions.filter(key="duty-return").update(body="See [[ref:nowhere]].")

    with pytest.raises(EditionNotPublishable):
        publish_draft(edition=draft, label="3.0", title="T", change_note="C", person=person, at=LATER)

    draft.refresh_from_db()
    assert (draft.label, draft.change_note, draft.is_published) == ("1.0", "", False)


def test_publish_draft_twice_is_refused(draft, person):
    publish_edition(edition=draft, at=LATER)

    with pytest.raises(DraftIsPublished):
        publish_draft(edition=draft, label="3.0", title="T", change_note="", person=person, at=LATER)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer: there is no race to test"
)
def test_words_saved_while_it_is_published_are_in_it_or_refused():
    draft, person, refused = adaptation(), UserFactory(), []

    def save():
        try:
            save_words(
                edition=draft,
                key="duty-return",
                version=1,
                words=Words(body="Ours: a model, within [[period]]."),
                person=person,
                at=LATER,
            )
        except DraftIsPublished:
            refused.append(True)

    def publish_it():
        publish_draft(edition=draft, label="1.0", title="T", change_note="", person=person, at=LATER)

    in_threads([save, publish_it])

    draft.refresh_from_db()
    stored = words(draft)["duty-return"].startswith("Ours")
    assert stored is not bool(refused)
    assert ("Ours: a model" in str(draft.frozen_text.data)) is stored
