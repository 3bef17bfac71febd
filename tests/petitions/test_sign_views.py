import json
import re
import statistics
from datetime import timedelta
from time import perf_counter

import altcha
import pytest
import time_machine
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from campaign.guard.models import AccessList, Cause, GuardedNetwork
from campaign.petitions.keys import network_keys
from campaign.petitions.models import (
    CheckWhen,
    Signature,
    SignatureState,
    SigningPause,
    SignRequest,
)
from campaign.petitions.services import take_in_requests
from tests.factories.petitions import (
    ConfirmedSignatureFactory,
    DraftPetitionFactory,
    PetitionFactory,
    SignatureFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
FORM = {"name": "Ada Signer", "email": "ada@example.org", "country": "DE", "agree": "on"}


@pytest.fixture(autouse=True)
def _light_work(settings):
    settings.CHECK_COST = 10


def sign(client, petition, headers=None, **changes):
    data = {key: value for key, value in {**FORM, **changes}.items() if value is not None}
    return client.post(reverse("petition_sign", args=[petition.slug]), data, **(headers or {}))


def typed():
    return [json.loads(row.typed) for row in SignRequest.objects.order_by("pk")]


def thanks(petition):
    return reverse("petition_thanks", args=[petition.slug])


def test_sign_works_without_session_cookie_or_token(client):
    petition = PetitionFactory()
    client.handler.enforce_csrf_checks = True

    response = sign(client, petition)

    assert response.url == thanks(petition)
    assert [data["name"] for data in typed()] == ["Ada Signer"]
    assert client.cookies == {}


@pytest.mark.parametrize(("page_seconds", "statements"), [(0, 3), (10, 1)])
def test_sign_is_one_statement_once_the_petition_is_in_memory(
    client, settings, page_seconds, statements, django_assert_num_queries
):
    petition = PetitionFactory()
    settings.PAGE_SECONDS = page_seconds
    sign(client, petition, email="first@example.org")

    with django_assert_num_queries(statements):
        sign(client, petition, email="second@example.org")

    assert SignRequest.objects.count() == 2
    caches["pages"].clear()


def people(petition):
    """A mail address of each sort that an answer could tell apart, all as long."""
    SignatureFactory(petition=petition, email="pending@example.org")
    ConfirmedSignatureFactory(petition=petition, email="counted@example.org")
    SignatureFactory(petition=petition, email="invalid@example.org", state=SignatureState.INVALIDATED)
    SignatureFactory(petition=petition, email="isaside@example.org", quarantined_at=timezone.now())
    AccessList.objects.create(kind="block", lines="blocked@example.org", changed_at=timezone.now())
    sorts = ("unknown", "pending", "counted", "invalid", "isaside", "blocked")
    return [f"{sort}@example.org" for sort in sorts]


def answer(client, petition, address, **changes):
    """All that somebody can see of an answer, and the statements behind it: without the address and the time."""
    with CaptureQueriesContext(connection) as queries:
        response = sign(client, petition, email=address, **changes)
    headers = {name: value for name, value in response.headers.items() if name != "Date"}
    statements = [re.sub(r"VALUES.*|'[^']*'", "", query["sql"]) for query in queries]
    body = response.content.decode().replace(address, "")
    return response.status_code, tuple(headers.items()), body, tuple(statements)


@pytest.mark.parametrize("changes", [{}, {"name": None}, {"remark": "spam"}])
def test_sign_answers_alike_whatever_the_address(client, changes):
    petition = PetitionFactory()

    answers = {answer(client, petition, address, **changes) for address in people(petition)}

    assert len(answers) == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="times mean something where the site runs")
@pytest.mark.django_db(transaction=True)
def test_sign_takes_as_long_whatever_the_address(client):
    petition = PetitionFactory()
    addresses = people(petition)
    times, answers = {address: [] for address in addresses}, set()

    for turn in range(240):  # in turns, so that a busy moment of the machine falls on all
        address = addresses[turn % len(addresses)]
        began = perf_counter()
        response = sign(client, petition, email=address)
        times[address].append(perf_counter() - began)
        answers.add((response.status_code, response.url, response.content))

    medians = [statistics.median(each) for each in times.values()]
    assert len(answers) == 1
    assert max(medians) < 1.5 * min(medians) + 0.001


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": None}, "name"),
        ({"name": " \t "}, "name"),
        ({"email": "no-address"}, "email"),
        ({"country": "XX"}, "country"),
        ({"agree": None}, "agree"),
    ],
)
def test_sign_bad_input_is_told_at_its_field_and_kept(client, changes, field):
    petition = PetitionFactory()

    response = sign(client, petition, **changes)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not SignRequest.objects.exists()
    if field != "email":
        assert 'value="ada@example.org"' in response.content.decode()


def test_sign_nul_byte_is_400(client):
    assert sign(client, PetitionFactory(), name="A\x00da").status_code == 400


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"HTTP_SEC_FETCH_SITE": "cross-site"}, 403),
        ({"HTTP_SEC_FETCH_SITE": "same-site"}, 403),
        ({"HTTP_SEC_FETCH_SITE": "same-origin"}, 302),
        ({"HTTP_ORIGIN": "https://evil.example"}, 403),
        ({"HTTP_ORIGIN": "null"}, 403),
        ({"HTTP_ORIGIN": "http://testserver"}, 302),
        ({}, 302),
    ],
)
def test_sign_from_another_site_is_refused(client, headers, status):
    response = sign(client, PetitionFactory(), headers)

    assert response.status_code == status
    assert SignRequest.objects.exists() is (status == 302)


@pytest.mark.parametrize("method", ["get", "head"])
def test_sign_get_and_head_lead_back_and_change_nothing(client, method):
    petition = PetitionFactory()

    response = getattr(client, method)(reverse("petition_sign", args=[petition.slug]), FORM)

    assert response.url == reverse("petition_detail", args=[petition.slug])
    assert not SignRequest.objects.exists()


@pytest.mark.parametrize("name", ["petition_sign", "petition_thanks", "petition_challenge"])
def test_draft_is_404(client, name):
    petition = DraftPetitionFactory()
    method = client.post if name == "petition_sign" else client.get

    assert method(reverse(name, args=[petition.slug])).status_code == 404


def test_sign_closed_petition_says_so(client):
    petition = PetitionFactory(closes_at=timezone.now() - timedelta(minutes=1))

    response = sign(client, petition)

    assert response.status_code == 422
    assert "no longer collects signatures" in response.content.decode()
    assert not SignRequest.objects.exists()


@pytest.mark.parametrize("of_site", [True, False])
def test_sign_paused_keeps_what_was_typed_and_says_when_to_come_back(client, of_site):
    now = timezone.now()
    petition = PetitionFactory() if of_site else PetitionFactory(paused_at=now, pause_note="Back at noon.")
    if of_site:
        SigningPause.objects.create(since=now, note="Back at noon.")

    response = sign(client, petition)

    page = response.content.decode()
    assert (response.status_code, response.headers["Retry-After"]) == (503, "600")
    assert "Signing is paused for the moment." in page
    assert page.count("Back at noon.") == 1
    assert 'value="ada@example.org"' in page
    assert not SignRequest.objects.exists()


def test_paused_page_has_no_form(client):
    petition = PetitionFactory(paused_at=timezone.now(), pause_note="Back at <noon>.")

    page = client.get(reverse("petition_detail", args=[petition.slug])).content.decode()

    assert "Back at &lt;noon&gt;." in page
    assert 'name="email"' not in page


def test_sign_odd_source_is_dropped_and_a_tag_is_kept(client):
    petition = PetitionFactory()

    sign(client, petition, source="<script>")
    sign(client, petition, source="newsletter-1")

    assert [data["source"] for data in typed()] == ["", "newsletter-1"]


def test_sign_writes_down_the_cut_network_alone(client):
    sign(client, PetitionFactory(), {"REMOTE_ADDR": "203.0.113.77"})

    assert [data["network"] for data in typed()] == ["203.0.113.0/24"]
    assert "203.0.113.77" not in SignRequest.objects.get().typed


def test_sign_trap_is_accepted_in_silence_and_set_aside(client):
    petition = PetitionFactory()

    response = sign(client, petition, remark="cheap pills")
    take_in_requests(at=timezone.now())

    assert response.url == thanks(petition)
    assert Signature.objects.get().quarantine_cause == Cause.HONEYPOT


def test_trap_is_hidden_from_people_and_their_programs(client):
    page = client.get(reverse("petition_detail", args=[PetitionFactory().slug])).content.decode()

    trap = page.split('name="remark"')[0].rsplit("<div", 2)[1]
    assert 'class="visually-hidden" aria-hidden="true"' in trap
    assert 'autocomplete="off" tabindex="-1"' in page.split('name="remark"')[1].split(">")[0]


# --- What a petition asks -----------------------------------------------------------
ASKS = {"eligibility": "Ich wohne in Berlin.", "asks_postcode": True, "asks_reason": True, "locale": "de"}
ANSWERS = {"eligible": "yes", "postcode": "10115", "reason": "Darum."}


def test_questions_stand_in_the_form_when_they_are_asked(client):
    asked, plain = PetitionFactory(**ASKS), PetitionFactory()

    pages = [
        client.get(reverse("petition_detail", args=[each.slug])).content.decode() for each in (asked, plain)
    ]

    assert [all(f'name="{name}"' in page for name in ANSWERS) for page in pages] == [True, False]
    assert '<legend dir="auto" lang="de">Ich wohne in Berlin.</legend>' in pages[0]
    assert pages[0].index('name="eligible"') < pages[0].index('name="name"')


def test_answers_are_written_down(client):
    sign(client, PetitionFactory(**ASKS), **ANSWERS)

    assert [(data["postcode"], data["reason"]) for data in typed()] == [("10115", "Darum.")]


def test_answers_nobody_asked_for_are_dropped(client):
    sign(client, PetitionFactory(), **ANSWERS)

    assert [(data["postcode"], data["reason"]) for data in typed()] == [("", "")]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"eligible": None}, "eligible"),
        ({"eligible": "no"}, "eligible"),
        ({"eligible": "perhaps"}, "eligible"),
        ({"postcode": None}, "postcode"),
        ({"postcode": "my street 5, Berlin"}, "postcode"),
        ({"reason": "x" * 301}, "reason"),
    ],
)
def test_answers_that_do_not_fit_are_told_and_nothing_is_stored(client, changes, field):
    response = sign(client, PetitionFactory(**ASKS), **{**ANSWERS, **changes})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert 'value="ada@example.org"' in response.content.decode()
    assert not SignRequest.objects.exists()


def test_not_eligible_is_one_sentence_at_the_question(client):
    response = sign(client, PetitionFactory(**ASKS), **{**ANSWERS, "eligible": "no"})

    sentence = "Only people who can say yes to this may sign here. Nothing was stored."
    assert response.context["form"].errors["eligible"] == [sentence]


@pytest.mark.parametrize("postcode", ["10115", "SW1A 1AA", "00-950", "D02 AF30", "0", "１０１１５"])
def test_postcodes_of_many_countries_fit(client, postcode):
    sign(client, PetitionFactory(**ASKS), **{**ANSWERS, "postcode": postcode})

    assert SignRequest.objects.count() == 1


def test_reason_may_be_left_out_and_lines_count_as_one_sign(client):
    petition = PetitionFactory(**ASKS)

    sign(client, petition, **{**ANSWERS, "reason": None})
    sign(client, petition, **{**ANSWERS, "reason": "x" * 149 + "\r\n" + "x" * 150})

    assert [len(data["reason"]) for data in typed()] == [0, 300]


# --- The check for robots -----------------------------------------------------------
def guarded(**changes):
    return PetitionFactory(check_when=CheckWhen.ALWAYS, **changes)


def solved(client, petition, **headers):
    data = client.get(reverse("petition_challenge", args=[petition.slug]), **headers).json()
    challenge = altcha.Challenge.from_dict(data["challenge"])
    return altcha.Payload(challenge, altcha.solve_challenge(challenge)).to_base64()


NOW = timezone.now()


@pytest.mark.parametrize(
    ("changes", "needed"),
    [
        ({}, False),
        ({"check_when": CheckWhen.ALWAYS}, True),
        ({"guarded_until": NOW + timedelta(hours=10)}, True),
        ({"guarded_until": NOW - timedelta(minutes=10)}, False),
    ],
)
def test_challenge_is_given_while_it_is_needed(client, changes, needed, django_assert_num_queries):
    petition = PetitionFactory(**changes)

    with django_assert_num_queries(2):
        response = client.get(reverse("petition_challenge", args=[petition.slug]))

    assert response.json()["needed"] is needed
    assert ("challenge" in response.json()) is needed
    assert "no-store" in response.headers["Cache-Control"]


def test_challenge_is_for_guarded_networks(client):
    GuardedNetwork.objects.create(
        network_key=network_keys("203.0.113.0/24")[0], until=timezone.now() + timedelta(minutes=1)
    )
    address = reverse("petition_challenge", args=[PetitionFactory().slug])

    answers = [client.get(address, REMOTE_ADDR=f"203.0.{third}.7").json()["needed"] for third in (113, 114)]

    assert answers == [True, False]


def test_guarded_network_must_pass_the_check_to_sign(client):
    GuardedNetwork.objects.create(
        network_key=network_keys("203.0.113.0/24")[0], until=timezone.now() + timedelta(minutes=1)
    )
    petition = PetitionFactory()

    inside = sign(client, petition, {"REMOTE_ADDR": "203.0.113.7"})
    outside = sign(client, petition, {"REMOTE_ADDR": "203.0.114.7"})

    assert (inside.status_code, outside.status_code) == (200, 302)
    assert SignRequest.objects.count() == 1


def test_solution_lets_sign_once(client):
    petition = guarded()
    solution = solved(client, petition)

    first = sign(client, petition, solution=solution)
    second = sign(client, petition, solution=solution, email="second@example.org")

    assert first.url == thanks(petition)
    assert second.status_code == 200
    assert [data["email"] for data in typed()] == ["ada@example.org"]


def test_solution_is_written_down_and_a_wait_or_a_claim_is_not(client):
    petition, start = guarded(), timezone.now()
    with time_machine.travel(start - timedelta(minutes=1)):
        step = sign(client, petition, is_checked="true")

    press(client, petition, held(step))
    sign(client, petition, solution=solved(client, petition))
    sign(client, PetitionFactory(), solution="made up", is_checked="true")

    assert [data["is_checked"] for data in typed()] == [False, True, False]


def test_solution_lets_a_crowded_campus_sign(client, settings):
    settings.LIMIT_PETITION_NETWORK = (2, 1)
    petition, campus = PetitionFactory(), {"REMOTE_ADDR": "203.0.113.7"}
    for person in range(2):
        sign(client, petition, campus, email=f"person-{person}@example.org")
    take_in_requests(at=timezone.now())

    for person in range(2, 6):
        solution = solved(client, petition, **campus)
        assert sign(client, petition, campus, email=f"person-{person}@example.org", solution=solution).url
    take_in_requests(at=timezone.now())

    assert list(Signature.objects.values_list("quarantine_cause", flat=True)) == [""] * 6


def test_solution_is_not_used_up_by_a_form_that_comes_back(client):
    petition = guarded()
    solution = solved(client, petition)

    sign(client, petition, solution=solution, name=None)

    assert sign(client, petition, solution=solution).url == thanks(petition)


def test_solution_of_another_petition_or_too_old_or_made_up_leads_to_the_second_step(client):
    petition = guarded()
    with time_machine.travel(timezone.now() - timedelta(minutes=21)):
        old = solved(client, petition)

    for solution in (solved(client, guarded()), old, "made up", "", "x" * 100_000):
        response = sign(client, petition, solution=solution)
        assert (response.status_code, response.templates[0].name) == (200, "petitions/signature_check.html")

    assert not SignRequest.objects.exists()


def held(response):
    return response.context["held"]


def press(client, petition, value):
    return client.post(reverse("petition_sign", args=[petition.slug]), {"held": value})


def test_second_step_after_the_wait_signs_what_was_typed():
    client, petition = Client(enforce_csrf_checks=True), guarded(**ASKS)
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        step = sign(client, petition, source="flyer", **ANSWERS)
    with time_machine.travel(start + timedelta(seconds=20), tick=False):
        response = press(client, petition, held(step))

    assert response.url == thanks(petition)
    data = typed()[0]
    assert (data["name"], data["source"], data["postcode"], data["reason"]) == (
        "Ada Signer",
        "flyer",
        "10115",
        "Darum.",
    )
    assert client.cookies == {}


def test_second_step_too_early_asks_for_the_rest_of_the_wait(client):
    petition, start = guarded(), timezone.now()
    with time_machine.travel(start, tick=False):
        step = sign(client, petition)
    with time_machine.travel(start + timedelta(seconds=13), tick=False):
        early = press(client, petition, held(step))

    assert early.status_code == 422
    assert "Wait 7 more seconds" in early.content.decode()
    assert held(early) == held(step)
    assert not SignRequest.objects.exists()


def test_second_step_pressed_twice_signs_once(client):
    petition, start = guarded(), timezone.now()
    with time_machine.travel(start - timedelta(minutes=1)):
        step = sign(client, petition)

    answers = [press(client, petition, held(step)).url for _ in range(2)]

    assert answers == [thanks(petition)] * 2
    assert SignRequest.objects.count() == 1


def test_second_step_after_half_an_hour_gives_the_form_back(client):
    petition, start = guarded(), timezone.now()
    with time_machine.travel(start - timedelta(minutes=31)):
        step = sign(client, petition)

    response = press(client, petition, held(step))

    assert response.status_code == 422
    assert 'value="ada@example.org"' in response.content.decode()
    assert not SignRequest.objects.exists()


def test_second_step_of_another_petition_or_made_up_leads_back(client):
    petition, other = guarded(), guarded()
    with time_machine.travel(timezone.now() - timedelta(minutes=1)):
        foreign = held(sign(client, other))

    for value in (foreign, "made up", "", foreign[:-8] + "AAAAAAAA"):
        assert press(client, petition, value).url == reverse("petition_detail", args=[petition.slug])

    assert not SignRequest.objects.exists()


def test_second_step_shows_nobody_what_was_typed_and_is_kept_nowhere(client):
    response = sign(client, guarded())

    assert "ada@example.org" not in response.content.decode()
    assert response.headers["Cache-Control"] == "no-store"


def test_second_step_keeps_a_trapped_request_trapped(client):
    petition = guarded()
    with time_machine.travel(timezone.now() - timedelta(minutes=1)):
        step = sign(client, petition, remark="cheap pills")

    press(client, petition, held(step))

    assert [data["is_trapped"] for data in typed()] == [True]


def test_second_step_is_not_offered_while_signing_is_paused(client):
    assert sign(client, guarded(paused_at=timezone.now())).status_code == 503


def test_second_step_of_a_petition_that_closed_meanwhile_says_so(client):
    petition = guarded()
    with time_machine.travel(timezone.now() - timedelta(minutes=1)):
        step = sign(client, petition)
    petition.state = "closed"
    petition.save()

    response = press(client, petition, held(step))

    assert response.status_code == 422
    assert not SignRequest.objects.exists()


def test_thanks_is_one_small_read_and_tells_how_to_send_it_again(client, django_assert_num_queries):
    petition = PetitionFactory()

    with django_assert_num_queries(1):
        response = client.get(thanks(petition))

    page = response.content.decode()
    assert "No mail came?" in page
    assert "Look into the spam folder" in page
    assert "Sign again with the same address" in page
