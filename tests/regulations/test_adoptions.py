"""Who took over which provisions: kept by drafters, read by everybody."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from campaign.activity.models import LogEntry
from campaign.regulations.models import AdoptedProvision, Adoption
from campaign.regulations.services.adoptions import (
    AdoptedWords,
    AdoptionFacts,
    AdoptionGone,
    OtherEditionLacks,
    ProvisionNotThere,
    ProvisionRecorded,
    add_adopted_words,
    change_adopted_words,
    change_adoption,
    check_adoption,
    record_adoption,
    remove_adopted_words,
    remove_adoption,
)
from tests.factories import regulations as make
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import JurisdictionFactory
from tests.regulations.compared import begun, member, second, team_instrument

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 20)
TYPED = {
    "body": "City council of Somewhere",
    "title": "By-law 7",
    "address": "https://example.org/by-law-7",
    "locale": "en",
    "stage": "adopted",
    "stage_date": "2026-11-20",
    "note": "",
}
HOSTILE = "<script>alert(1)</script>"


def facts(**changed):
    said = {**TYPED, "stage_date": DAY, "jurisdiction": JurisdictionFactory(), **changed}
    return AdoptionFacts(**said)


def recorded(
    template, *, words="Every model must be given back within 24 months.", key="duty-return", **changed
):
    """A record of the newest edition with one provision in it; without one where `words` is empty."""
    edition = template.editions.published().order_by("-published_at").first()
    row = record_adoption(edition=edition, facts=facts(**changed), person=UserFactory(), at=make.MOMENT)
    if words:
        said = AdoptedWords(key, "Section 3(1)", words)
        add_adopted_words(adoption=row, words=said, person=UserFactory(), at=make.MOMENT)
    return row


def checked(row):
    check_adoption(adoption=row, name="Ada Reader", on=DAY, person=UserFactory(), at=make.MOMENT)
    return row


def is_checked(row):
    return Adoption.objects.get(pk=row.pk).is_checked


def address(name, row=None, **more):
    arguments = {"slug": "small-act", **({"pk": row.pk} if row else {}), **more}
    return reverse(name, kwargs=arguments)


def typed(template, **changed):
    edition = template.editions.published().order_by("-published_at").first()
    return {**TYPED, "edition": edition.pk, "jurisdiction": JurisdictionFactory().pk, **changed}


# --- Services ---------------------------------------------------------------------------


def test_record_begins_unchecked_and_belongs_to_the_campaign_of_its_instrument():
    template = team_instrument()

    row = recorded(template, words="")

    assert (row.campaign, row.is_checked, row.is_demo) == (template.campaign, False, False)
    assert LogEntry.objects.filter(act="regulations.adoption_recorded").count() == 1


@pytest.mark.parametrize(
    ("changed", "stays"),
    [
        ({"note": "A note."}, True),
        ({"stage": "in-force"}, False),
        ({"address": "https://example.org/x"}, False),
    ],
)
def test_change_of_more_than_the_note_has_to_be_checked_again(changed, stays):
    row = checked(recorded(team_instrument()))

    change_adoption(
        adoption=row, edition=row.edition, facts=facts(**changed), person=UserFactory(), at=make.MOMENT
    )

    assert is_checked(row) == stays


def test_change_to_an_edition_without_a_recorded_provision_is_refused():
    template = team_instrument()
    row = recorded(template, key="duty-limits-b")
    draft = begun(template)
    draft.provisions.filter(key="duty-limits-b").delete()
    from campaign.regulations.services import publish_edition

    newer = publish_edition(edition=draft, at=make.MOMENT + timedelta(days=1))

    with pytest.raises(OtherEditionLacks):
        change_adoption(adoption=row, edition=newer, facts=facts(), person=UserFactory(), at=make.MOMENT)


def test_words_added_changed_and_taken_out():
    row = checked(recorded(team_instrument()))
    one = row.provisions.get()

    words = AdoptedWords("duty-return", "Section 4", "Other words.")
    change_adopted_words(provision=one, words=words, person=UserFactory(), at=make.MOMENT)

    one.refresh_from_db()
    assert (one.citation, one.text, is_checked(row)) == ("Section 4", "Other words.", False)
    remove_adopted_words(provision=one, person=UserFactory(), at=make.MOMENT)
    assert not AdoptedProvision.objects.exists()


@pytest.mark.parametrize(
    ("key", "refusal"), [("none", ProvisionNotThere), ("duty-return", ProvisionRecorded)]
)
def test_words_of_a_provision_not_there_or_recorded_are_refused(key, refusal):
    row = recorded(team_instrument())

    with pytest.raises(refusal):
        add_adopted_words(
            adoption=row, words=AdoptedWords(key, "S", "W"), person=UserFactory(), at=make.MOMENT
        )


def test_record_removed_meanwhile_is_refused():
    row = recorded(team_instrument())
    remove_adoption(adoption=Adoption.objects.get(), person=UserFactory(), at=make.MOMENT)

    with pytest.raises(AdoptionGone):
        checked(row)


# --- What everybody reads ---------------------------------------------------------------


@pytest.mark.sqlite
def test_adoptions_of_an_instrument_are_listed(client):
    template = team_instrument()
    recorded(template)

    html = client.get(address("instrument_adoptions")).content.decode()

    assert "City council of Somewhere" in html
    assert "Section 3(1)" in html
    assert "1 provision" in html
    assert '<span class="state">Adopted</span>' in html
    assert "Nobody has checked this against the official text yet." in html


@pytest.mark.parametrize("name", ["instrument_adoptions", "adoptions"])
def test_adoptions_without_any_teach(client, name):
    team_instrument()

    html = client.get(reverse(name, args=[] if name == "adoptions" else ["small-act"])).content.decode()

    assert "recorded yet." in html


def test_adoption_shows_the_words_against_those_of_the_model(client):
    row = checked(recorded(team_instrument()))

    html = client.get(address("adoption", row)).content.decode().replace("\u00a0", " ")

    assert 'href="https://example.org/by-law-7"' in html
    assert (
        'Checked against the official text by <bdi lang="und">Ada Reader</bdi> on 20 November 2026.' in html
    )
    assert 'id="duty-return"' in html
    assert '<del class="writing__del">' in html
    assert "shall" in html
    assert "must" in html


def test_adoption_in_another_language_is_shown_side_by_side(client):
    row = recorded(team_instrument(), words="모든 모델은 돌려준다.", locale="ko")

    html = client.get(address("adoption", row)).content.decode()

    assert "writing__del" not in html
    assert '<p class="box-text" lang="ko" dir="ltr">모든 모델은 돌려준다.</p>' in html


def test_adoption_of_a_whole_article_compares_all_below_it(client):
    words = "Duty\nEvery model shall be returned within 24 months.\nParagraph 1 shall not apply:\n(a) to a first thing;"
    row = recorded(team_instrument(), key="duty", words=words)

    html = client.get(address("adoption", row)).content.decode()

    assert html.count("<del ") <= 6
    assert "to a second thing." in html


def test_adoption_shows_hostile_words_as_words(client):
    row = recorded(team_instrument(), words=HOSTILE, body=HOSTILE, title=HOSTILE, note=HOSTILE)

    for page in (address("adoption", row), address("instrument_adoptions"), reverse("adoptions")):
        assert HOSTILE not in client.get(page).content.decode()


def test_adoption_under_another_instrument_is_404(client):
    row = recorded(team_instrument())
    make.published_edition(make.FILE.replace("small-act", "other-act"))

    assert client.get(reverse("adoption", args=["other-act", row.pk])).status_code == 404


def test_adoptions_of_an_instrument_never_published_are_404(client):
    make.EditionFactory(template__slug="small-act")

    assert client.get(address("instrument_adoptions")).status_code == 404


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"One", "Two"}),
        ("?stage=in-force", {"Two"}),
        ("?jurisdiction=KR", {"Two"}),
        ("?jurisdiction=EU&stage=adopted", {"One"}),
        ("?jurisdiction=EU&stage=in-force", set()),
        ("?jurisdiction=none&stage=none", {"One", "Two"}),
    ],
)
def test_overview_is_filtered_by_jurisdiction_and_stage(client, query, shown):
    template = team_instrument()
    recorded(template, body="Body One")
    korea = JurisdictionFactory(code="KR", name="Korea")
    recorded(template, body="Body Two", jurisdiction=korea, stage="in-force")

    response = client.get(reverse("adoptions") + query)

    html = response.content.decode()
    assert response.status_code == 200
    assert {name for name in ("One", "Two") if f"Body {name}" in html} == shown


@pytest.mark.parametrize("item_count", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("adoptions", 4), ("instrument_adoptions", 5)])
def test_lists_take_a_constant_number_of_queries(
    client, django_assert_num_queries, item_count, name, queries
):
    template = team_instrument()
    for _index in range(item_count):
        recorded(template)
    page = reverse(name, args=[] if name == "adoptions" else ["small-act"])

    with django_assert_num_queries(queries):
        client.get(page)


# --- What drafters keep -----------------------------------------------------------------


@pytest.mark.sqlite
def test_drafter_records_an_adoption_then_its_provisions(client):
    template = team_instrument()
    client.force_login(member(template))

    first = client.post(address("adoption_add"), typed(template))
    row = Adoption.objects.get()
    words = {"key": "duty-return", "citation": "Section 3", "text": "Words."}
    then = client.post(address("adopted_add", row), words)

    assert first.url == address("adopted_add", row)
    assert then.url == address("adoption", row)
    assert row.provisions.values_list("key", "citation", "text").get() == (
        "duty-return",
        "Section 3",
        "Words.",
    )


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"address": "javascript:alert(1)"}, "Enter a valid URL."),
        ({"body": ""}, "This field is required."),
        ({"stage_date": "2999-01-01"}, "This day has not come yet."),
        ({"stage": "dreamt"}, "Select a valid choice."),
    ],
)
def test_bad_facts_keep_the_form(client, changed, said):
    template = team_instrument()
    client.force_login(member(template))

    response = client.post(address("adoption_add"), typed(template, **changed))

    assert response.status_code == 422
    assert said in response.content.decode()
    assert "By-law 7" in response.content.decode()
    assert not Adoption.objects.exists()


def test_edition_of_another_instrument_is_refused(client):
    template = team_instrument()
    other = make.published_edition(make.FILE.replace("small-act", "other-act"))
    client.force_login(member(template))

    response = client.post(address("adoption_add"), typed(template, edition=other.pk))

    assert response.status_code == 422


def test_drafter_changes_checks_and_removes_a_record(client):
    template = team_instrument()
    row = recorded(template)
    client.force_login(member(template))

    client.post(address("adoption_edit", row), typed(template, stage="in-force"))
    client.post(address("adoption_check", row), {"name": "Ada Reader", "on": "2026-11-20"})

    row.refresh_from_db()
    assert (row.stage, row.checked_by, row.checked_on) == ("in-force", "Ada Reader", DAY)
    assert client.get(address("adoption_remove", row)).status_code == 200
    assert Adoption.objects.exists()
    assert client.post(address("adoption_remove", row)).url == address("instrument_adoptions")
    assert not Adoption.objects.exists()


def test_edit_shows_what_is_recorded(client):
    template = second(team_instrument()).template
    row = recorded(template)
    client.force_login(member(template))

    html = client.get(address("adoption_edit", row)).content.decode()

    assert 'value="2026-11-20"' in html
    assert 'value="City council of Somewhere"' in html
    assert (
        "Every model must be given back"
        in client.get(address("adopted_edit", row, provision=row.provisions.get().pk)).content.decode()
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": "", "on": "2026-11-20"}, "This field is required."),
        ({"name": "Ada", "on": str(timezone.now().date() + timedelta(days=2))}, "This day has not come yet."),
    ],
)
def test_check_wants_a_name_and_a_day_that_has_come(client, given, said):
    template = team_instrument()
    row = recorded(template)
    client.force_login(member(template))

    response = client.post(address("adoption_check", row), given)

    assert response.status_code == 422
    assert said in response.content.decode()
    assert not is_checked(row)


def test_provision_is_changed_and_taken_out(client):
    template = team_instrument()
    row = recorded(template)
    one = row.provisions.get()
    client.force_login(member(template))
    said = {"key": "duty-return", "citation": "Section 9", "text": "Words."}

    client.post(address("adopted_edit", row, provision=one.pk), said)

    one.refresh_from_db()
    assert (one.citation, one.text) == ("Section 9", "Words.")
    client.post(address("adopted_remove", row, provision=one.pk))
    assert not row.provisions.exists()


def test_provision_recorded_twice_is_refused_and_kept_in_the_form(client):
    template = team_instrument()
    row = recorded(template)
    client.force_login(member(template))

    response = client.post(
        address("adopted_add", row), {"key": "duty-return", "citation": "Section 9", "text": "Kept words."}
    )

    assert response.status_code == 422
    assert "This provision is recorded already." in response.content.decode()
    assert "Kept words." in response.content.decode()


WORK = ["adoption_add", "adoption_edit", "adoption_check", "adoption_remove", "adopted_add", "adopted_edit"]


def work_address(name, row):
    if name == "adoption_add":
        return address(name)
    more = (
        {"provision": row.provisions.get().pk}
        if name.startswith("adopted_") and name != "adopted_add"
        else {}
    )
    return address(name, row, **more)


@pytest.mark.parametrize("name", WORK)
@pytest.mark.parametrize(
    ("role", "status"), [(None, 404), ("viewer", 403), ("translator", 403), ("editor", 200)]
)
def test_records_are_kept_by_drafters(client, name, role, status):
    template = team_instrument()
    row = recorded(template)
    client.force_login(member(template, role) if role else UserFactory())

    assert client.get(work_address(name, row)).status_code == status
    client.logout()
    assert client.get(work_address(name, row)).url.startswith("/accounts/login/")


@pytest.mark.parametrize("name", ["adoption_remove", "adopted_remove"])
@pytest.mark.parametrize("role", [None, "viewer"])
def test_records_are_removed_by_nobody_else(client, name, role):
    template = team_instrument()
    row = recorded(template)
    client.force_login(member(template, role) if role else UserFactory())

    assert client.post(work_address(name, row)).status_code in {403, 404}
    assert row.provisions.count() == 1


def test_records_of_the_library_are_kept_by_staff(client):
    make.published_edition()
    client.force_login(UserFactory(is_staff=True))
    allowed = client.get(address("adoption_add")).status_code
    client.force_login(UserFactory())

    assert (allowed, client.get(address("adoption_add")).status_code) == (200, 404)


@pytest.mark.parametrize("name", ["adoptions", "instrument_adoptions", "adoption"])
def test_pages_by_post_are_405(client, name):
    row = recorded(team_instrument())
    pages = {"adoptions": reverse("adoptions"), "adoption": address("adoption", row)}

    assert client.post(pages.get(name) or address(name)).status_code == 405


def test_taking_a_provision_out_by_get_is_405(client):
    template = team_instrument()
    row = recorded(template)
    client.force_login(member(template))

    assert client.get(work_address("adopted_remove", row)).status_code == 405
