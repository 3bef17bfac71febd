from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from campaign.core.ids import first_uuid7_at
from campaign.moderation.forms.desk import kept_part
from campaign.moderation.models import Act, ModerationAct, Sweep, SweepKind, SweepState
from campaign.moderation.queries import Criteria, recorded_acts, signer_rows, trends
from campaign.moderation.services import ScanHasNotEnded, ask_for_found, pause_site
from campaign.moderation.tasks import forget
from campaign.petitions.models import PetitionState, Signature, SignatureState, SigningPause
from campaign.petitions.services import refresh_search_texts
from tests.factories.moderation import AlertFactory, asked, run_all, staff
from tests.factories.petitions import (
    ConfirmedSignatureFactory,
    DraftPetitionFactory,
    PetitionFactory,
    SignatureFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def moderator(client):
    user = staff()
    client.force_login(user)
    return user


def signed(petition, email, **fields):
    return ConfirmedSignatureFactory(petition=petition, email=email, **fields)


def look(client, petition, **typed):
    return client.post(reverse("moderation_look", args=[petition.slug]), typed)


def page_of(client, sweep):
    return client.get(reverse("moderation_sweep", args=[sweep.pk]))


def act(client, name, sweep, reason="robots"):
    return client.post(reverse(name, args=[sweep.pk]), {"reason": reason})


# --- What waits -------------------------------------------------------------------
def test_desk_shows_what_waits(client, moderator):
    alert = AlertFactory()
    AlertFactory(dismissed_at=timezone.now())
    submitted = DraftPetitionFactory(state=PetitionState.IN_MODERATION)
    held = SignatureFactory(quarantined_at=timezone.now())
    sweep = asked(held.petition, domain="robots.example")

    page = client.get(reverse("moderation_desk"))

    assert list(page.context["alerts"]) == [alert]
    assert list(page.context["to_publish"]) == [submitted]
    assert [(row.slug, row.count) for row in page.context["quarantined"]] == [(held.petition.slug, 1)]
    assert list(page.context["passes"]) == [sweep]


@pytest.mark.parametrize("item_count", [1, 3])
def test_desk_takes_a_fixed_number_of_queries(client, moderator, item_count, django_assert_num_queries):
    for _item in range(item_count):
        petition = SignatureFactory(quarantined_at=timezone.now()).petition
        AlertFactory(petition=petition)
        asked(petition, domain="robots.example")
        DraftPetitionFactory(state=PetitionState.IN_MODERATION)

    with django_assert_num_queries(9):
        client.get(reverse("moderation_desk"))


def test_desk_finds_the_petition_whose_signatures_are_meant(client, moderator):
    found = PetitionFactory(title="Bibliothèques ouvertes", state=PetitionState.HIDDEN)
    PetitionFactory(title="Models return")
    DraftPetitionFactory(title="Bibliothèques en projet")
    refresh_search_texts()

    page = client.get(reverse("moderation_desk"), {"q": "OUVERTES bibliotheques"})

    assert list(page.context["petitions"]) == [found]
    assert len(client.get(reverse("moderation_desk")).context["petitions"]) == 2


def test_pausing_the_site_is_on_record_and_says_why(client, moderator):
    client.post(reverse("moderation_pause"), {"note": "Under attack until noon."})

    assert SigningPause.objects.get().note == "Under attack until noon."
    assert ModerationAct.objects.get().act == Act.PAUSE
    assert "Under attack until noon." in client.get(reverse("moderation_desk")).content.decode()


def test_letting_people_sign_again_ends_the_pause(client, moderator):
    pause_site(note="a note", by=moderator, at=timezone.now())

    client.post(reverse("moderation_pause"), {"resume": "1"})

    assert not SigningPause.objects.exists()


def test_pause_without_a_note_keeps_the_site_open(client, moderator):
    response = client.post(reverse("moderation_pause"), {"note": ""})

    assert response.status_code == 422
    assert not SigningPause.objects.exists()


# --- The fraud desk ---------------------------------------------------------------
def test_trends_name_domains_and_networks_with_their_part():
    petition = PetitionFactory()
    for number in range(3):
        signed(petition, f"{number}@Robots.example", network="203.0.113.0/24")
    signed(petition, "ada@people.example")

    found = trends(petition=petition, since=timezone.now() - timedelta(hours=1))

    assert found.total == 4
    assert [(row.label, row.count, row.share) for row in found.domains] == [("robots.example", 3, 75.0)]
    assert [(row.label, row.count, row.share) for row in found.networks] == [("203.0.113.0/24", 3, 75.0)]


def test_trends_leave_out_what_came_before():
    petition = PetitionFactory()
    signed(petition, "ada@people.example")

    found = trends(petition=petition, since=timezone.now() + timedelta(seconds=1))

    assert (found.total, found.domains, found.networks) == (0, [], [])


@pytest.mark.parametrize("item_count", [1, 3])
def test_petition_page_takes_a_fixed_number_of_queries(
    client, moderator, item_count, django_assert_num_queries
):
    petition = PetitionFactory()
    for number in range(item_count):
        for name in ("a", "b"):
            signed(petition, f"{name}@d{number}.example", network=f"203.0.{number}.0/24")
        AlertFactory(petition=petition)
        asked(petition, domain="robots.example")

    with django_assert_num_queries(20):
        client.get(reverse("moderation_petition", args=[petition.slug]))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        ("203.0.113.7/32", "203.0.113.0/24"),
        ("203.0.113.128/25", "203.0.113.0/24"),
        ("203.0.113.0/24", "203.0.113.0/24"),
        ("::ffff:203.0.113.7", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::/64", "2001:db8:1:2::/64"),
        ("203.0.0.0/16", ""),
        ("2001:db8::/48", ""),
        ("203.0.113.0/33", ""),
        ("203.0.113.0/-1", ""),
        ("203.0.113.0/²", ""),
        ("robots.example", ""),
        ("", ""),
    ],
)
def test_network_is_cut_to_what_is_kept(typed, kept):
    assert kept_part(typed) == kept


def test_search_shows_number_and_rows_opened(client, moderator):
    petition = PetitionFactory()
    signed(petition, "bot@robots.example", name="Robot One", network="203.0.113.0/24")
    signed(petition, "ada@people.example")

    page = client.post(
        reverse("moderation_look", args=[petition.slug]), {"network": "203.0.113.99"}, follow=True
    )

    assert page.context["sweep"].matched == 1
    assert [(row.name, row.address, row.network) for row in page.context["rows"]] == [
        ("Robot One", "bot@robots.example", "203.0.113.0/24")
    ]


def test_search_by_name_waits_for_a_worker(client, moderator):
    petition = PetitionFactory()
    signed(petition, "a@people.example", name="Mickey Mouse")

    response = look(client, petition, name="mouse")
    waiting = client.get(response.url)
    run_all()
    done = client.get(response.url)

    assert (waiting.context["is_unfinished"], waiting.context["rows"]) == (True, [])
    assert [row.name for row in done.context["rows"]] == ["Mickey Mouse"]


def test_search_puts_nothing_into_the_address_and_is_on_record(client, moderator):
    petition = PetitionFactory()

    response = look(client, petition, address="ada@people.example", name="Ada")

    sweep = Sweep.objects.get()
    assert urlsplit(response.url).path == reverse("moderation_sweep", args=[sweep.pk])
    assert urlsplit(response.url).query == ""
    line = ModerationAct.objects.get()
    assert (line.act, line.actor, line.petition, line.note) == (Act.SCAN, moderator, petition, "")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({}, "__all__"),
        ({"domain": "robots"}, "domain"),
        ({"network": "203.0.0.0/8"}, "network"),
        ({"address": "no address"}, "address"),
        ({"since": "2026-01-02T10:00", "until": "2026-01-02T10:00"}, "until"),
        ({"only": "withdrawn"}, "only"),
    ],
)
def test_search_that_cannot_be_read_keeps_what_was_typed(client, moderator, typed, field):
    page = look(client, PetitionFactory(), **typed)

    assert page.status_code == 422
    assert list(page.context["filter_form"].errors) == [field]
    assert page.context["filter_form"].data.dict() == typed
    assert not Sweep.objects.exists()


def test_search_for_the_quarantine_alone_is_good(client, moderator):
    held = SignatureFactory(quarantined_at=timezone.now(), quarantine_cause="network")

    page = client.get(look(client, held.petition, only="quarantined").url)

    assert [(row.state, row.cause) for row in page.context["rows"]] == [
        ("quarantined", "Too many from one network")
    ]
    assert (page.context["invalidate_count"], page.context["release_count"]) == (0, 1)


def test_rows_of_another_petition_are_never_shown():
    other = signed(PetitionFactory(), "ada@people.example")

    assert signer_rows(petition=PetitionFactory(), ids=[str(other.pk)]) == []


def test_hostile_name_is_shown_as_text(client, moderator):
    petition = PetitionFactory()
    signed(petition, "a@robots.example", name="<script>alert(1)</script>")

    page = client.get(look(client, petition, domain="robots.example").url).content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("item_count", [1, 3])
def test_result_takes_a_fixed_number_of_queries(client, moderator, item_count, django_assert_num_queries):
    petition = PetitionFactory()
    for number in range(item_count):
        signed(petition, f"{number}@robots.example")
    scan = asked(petition, SweepKind.SCAN, domain="robots.example")

    with django_assert_num_queries(7):
        page_of(client, scan)


# --- What is done about them ------------------------------------------------------
def test_invalidating_names_the_number_and_does_it(client, moderator):
    petition = PetitionFactory()
    for number in range(2):
        signed(petition, f"{number}@robots.example")
    scan = asked(petition, SweepKind.SCAN, domain="robots.example")

    page = client.get(reverse("moderation_invalidate", args=[scan.pk]))
    made = client.get(act(client, "moderation_invalidate", scan).url).context["sweep"]
    run_all()

    made.refresh_from_db()
    assert page.context["count"] == 2
    assert (made.kind, made.reason, made.changed) == (SweepKind.INVALIDATE, "robots", 2)


def test_invalidating_leaves_alone_what_came_in_after_the_search(client, moderator):
    petition = PetitionFactory()
    seen = signed(petition, "seen@robots.example")
    scan = asked(petition, SweepKind.SCAN, domain="robots.example")
    later = signed(petition, "later@robots.example", pk=first_uuid7_at(scan.asked_at + timedelta(seconds=1)))

    act(client, "moderation_invalidate", scan)
    run_all()

    assert Signature.objects.get(pk=seen.pk).state == SignatureState.INVALIDATED
    assert Signature.objects.get(pk=later.pk).state == SignatureState.CONFIRMED


def test_invalidating_by_name_counts_only_what_can_be_invalidated(client, moderator):
    petition = PetitionFactory()
    signed(petition, "a@people.example", name="Mickey Mouse")
    signed(petition, "b@people.example", name="Minnie Mouse", state=SignatureState.INVALIDATED)
    signed(petition, "c@people.example", name="Ada")
    scan = asked(petition, SweepKind.SCAN, name="mouse")
    run_all()

    page = page_of(client, scan)

    assert (page.context["sweep"].matched, page.context["invalidate_count"]) == (2, 1)


def test_invalidating_without_a_reason_is_refused(client, moderator):
    scan = asked(PetitionFactory(), SweepKind.SCAN, domain="robots.example")

    page = act(client, "moderation_invalidate", scan, reason="")

    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["reason"]
    assert Sweep.objects.count() == 1


@pytest.mark.parametrize(
    "state", [SweepState.WAITING, SweepState.RUNNING, SweepState.CANCELED, SweepState.FAILED]
)
def test_invalidating_what_was_not_looked_at_to_the_end_is_refused(client, moderator, state):
    scan = asked(PetitionFactory(), SweepKind.SCAN, domain="robots.example")
    Sweep.objects.filter(pk=scan.pk).update(state=state)

    page = act(client, "moderation_invalidate", scan)

    assert (page.status_code, Sweep.objects.count()) == (422, 1)


def test_invalidating_by_another_pass_than_a_search_is_refused():
    made = asked(PetitionFactory(), domain="robots.example")

    with pytest.raises(ScanHasNotEnded):
        ask_for_found(scan=made, kind=SweepKind.INVALIDATE, reason="a reason", by=staff(), at=timezone.now())


def test_releasing_frees_what_was_found(client, moderator):
    petition = PetitionFactory()
    held = SignatureFactory(petition=petition, quarantined_at=timezone.now())
    scan = asked(petition, SweepKind.SCAN, only="quarantined")

    act(client, "moderation_release", scan, reason="a fair at the university")
    run_all()

    held.refresh_from_db()
    assert held.quarantined_at is None


def test_undoing_brings_them_back(client, moderator):
    petition = PetitionFactory()
    row = signed(petition, "a@robots.example")
    made = asked(petition, domain="robots.example")
    run_all()

    shown = page_of(client, made).context["undo_count"]
    act(client, "moderation_undo", made, reason="a mistake")
    run_all()

    assert shown == 1
    assert Signature.objects.get(pk=row.pk).state == SignatureState.CONFIRMED
    assert page_of(client, made).context["undo_count"] == 0


def test_undoing_twice_is_refused_in_words(client, moderator):
    petition = PetitionFactory()
    signed(petition, "a@robots.example")
    made = asked(petition, domain="robots.example")
    run_all()
    act(client, "moderation_undo", made)

    page = act(client, "moderation_undo", made)

    assert page.status_code == 422


def test_stopping_a_pass_changes_nothing_more(client, moderator):
    petition = PetitionFactory()
    row = signed(petition, "a@robots.example")
    made = asked(petition, domain="robots.example")

    client.post(reverse("moderation_cancel", args=[made.pk]))
    run_all()

    made.refresh_from_db()
    assert made.state == SweepState.CANCELED
    assert Signature.objects.get(pk=row.pk).state == SignatureState.CONFIRMED


def test_record_tells_how_many_signatures_a_pass_changed():
    petition = PetitionFactory()
    signed(petition, "a@robots.example")
    made = asked(petition, domain="robots.example")
    run_all()
    asked(petition, SweepKind.SCAN, domain="people.example")

    lines = {line.act: line.signature_count for line in recorded_acts(petition=petition)}

    made.refresh_from_db()
    assert lines == {Act.INVALIDATE: made.changed, Act.SCAN: 0}
    assert made.changed == 1


# --- Progress ---------------------------------------------------------------------
def fragment_of(client, sweep):
    return client.get(reverse("moderation_sweep", args=[sweep.pk]), headers={"HX-Request": "true"})


def test_progress_alone_is_answered_to_htmx_and_asks_again(client, moderator):
    made = asked(PetitionFactory(), domain="robots.example")

    piece = fragment_of(client, made)

    assert [template.name for template in piece.templates] == [
        "moderation/_sweep_progress.html",
        "moderation/_progress.html",
    ]
    assert 'hx-trigger="every 2s"' in piece.content.decode()
    assert "HX-Request" in piece["Vary"]


def test_progress_of_an_ended_pass_loads_the_page_again(client, moderator):
    made = asked(PetitionFactory(), domain="robots.example")
    run_all()

    assert fragment_of(client, made)["HX-Refresh"] == "true"
    assert "hx-get" not in page_of(client, made).content.decode()


def test_pages_with_signers_are_stored_nowhere(client, moderator):
    scan = asked(PetitionFactory(), SweepKind.SCAN, domain="robots.example")

    assert "no-store" in page_of(client, scan)["Cache-Control"]


# --- Forgetting -------------------------------------------------------------------
def test_old_searches_are_forgotten_and_their_acts_can_still_be_undone(client, moderator, settings):
    settings.NETWORK_DAYS = 30
    petition = PetitionFactory()
    row = signed(petition, "a@robots.example")
    made = asked(petition, domain="robots.example")
    scan = asked(petition, SweepKind.SCAN, domain="robots.example")
    run_all()
    Sweep.objects.update(ended_at=timezone.now() - timedelta(days=31))

    forget()
    forget()

    made.refresh_from_db()
    assert (made.criteria, made.matches) == (None, [])
    assert (page_of(client, scan).status_code, page_of(client, scan).context["rows"]) == (200, [])
    act(client, "moderation_undo", made)
    run_all()
    assert Signature.objects.get(pk=row.pk).state == SignatureState.CONFIRMED


def test_forgotten_search_cannot_be_acted_on(client, moderator):
    scan = asked(PetitionFactory(), SweepKind.SCAN, domain="robots.example")
    Sweep.objects.update(criteria=None)

    assert act(client, "moderation_invalidate", scan).status_code == 422


def test_criteria_that_were_forgotten_are_empty():
    assert Criteria.from_json(None) == Criteria()


# --- Legal hold -------------------------------------------------------------------
def test_hold_is_set_and_lifted_on_record(client, moderator):
    petition = PetitionFactory()
    address = reverse("moderation_hold", args=[petition.slug])

    client.post(address, {"hold-reason": "Court of Utrecht, case 12"})
    petition.refresh_from_db()
    held = petition.legal_hold_reason
    client.post(address, {"lift": "1"})

    petition.refresh_from_db()
    assert (held, petition.legal_hold_reason) == ("Court of Utrecht, case 12", "")
    assert [line.act for line in ModerationAct.objects.all()] == [Act.HOLD, Act.HOLD]
