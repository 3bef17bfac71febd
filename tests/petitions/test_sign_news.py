"""The boxes of organizations on sign forms, and the switches on a signer's own page."""

import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from campaign.core.links import link_token
from campaign.guard.models import AccessList
from campaign.petitions.models import CheckWhen, Signature, SignatureState, SignRequest, Supporter
from campaign.petitions.services import take_in_requests
from tests.factories.campaigns import PartnerFactory
from tests.factories.petitions import (
    ConfirmedSignatureFactory,
    PetitionFactory,
    SignatureFactory,
    agreed_to_news,
)
from tests.petitions.signing import boxes, sign

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
FORM = {"name": "Ada Signer", "email": "ada@example.org", "country": "DE", "agree": "on"}


@pytest.fixture
def petition():
    """Of an owner A, with partners B and C that ask."""
    petition = PetitionFactory(campaign__owner__display_name="A <1>")
    for name in ("B", "C"):
        PartnerFactory(
            campaign=petition.campaign, organization__display_name=name, organization__slug=name.lower()
        )
    return petition


def organizations(petition):
    partners = petition.campaign.partnerships.order_by("pk").select_related("organization")
    return [petition.campaign.owner, *(row.organization for row in partners)]


def page_of(client, petition, **data):
    return client.get(reverse("petition_detail", args=[petition.slug]), data).content.decode()


def shown(page):
    """(name of the organization, whether its box is ticked) in the order of the boxes."""
    found = re.findall(
        r'<input type="checkbox" name="news"[^>]*>\s*<label[^>]*>(.*?)</label>', page, re.DOTALL
    )
    ticks = re.findall(r'<input type="checkbox" name="news"([^>]*)>', page)
    names = [re.search(r"<bdi[^>]*>(.*?)</bdi>", label)[1] for label in found]
    return [(name, "checked" in tick) for name, tick in zip(names, ticks, strict=True)]


def post(client, petition, *ticked, **changes):
    data = {**FORM, "news": list(boxes(*ticked)), **changes}
    return client.post(reverse("petition_sign", args=[petition.slug]), data)


def typed():
    return [json.loads(row.typed) for row in SignRequest.objects.order_by("pk")]


# --- The form ----------------------------------------------------------------------
def test_form_has_a_box_for_each_that_asks_unticked_and_its_name_is_text(client, petition):
    page = page_of(client, petition)

    assert shown(page) == [("A &lt;1&gt;", False), ("B", False), ("C", False)]
    assert page.index('name="updates"') < page.index('name="news"')


def test_form_has_no_boxes_where_nobody_asks(client):
    petition = PetitionFactory(campaign__asks_news=False)

    assert 'name="news"' not in page_of(client, petition)


def test_form_of_a_partners_own_link_has_its_box_first(client, petition):
    assert [name for name, _ in shown(page_of(client, petition, s="c"))] == ["C", "A &lt;1&gt;", "B"]


def test_cached_pages_of_links_do_not_mix_and_cost_nothing(
    client, petition, settings, django_assert_num_queries
):
    settings.PAGE_SECONDS = 10
    for tag in ("c", "b", "newsletter", ""):
        page_of(client, petition, s=tag)

    with django_assert_num_queries(0):
        first = [shown(page_of(client, petition, s=tag))[0][0] for tag in ("c", "b", "newsletter", "")]

    assert first == ["C", "B", "A &lt;1&gt;", "A &lt;1&gt;"]
    caches["pages"].clear()


@pytest.mark.parametrize("item_count", [1, 3])
def test_form_takes_a_fixed_number_of_queries(client, item_count, django_assert_num_queries):
    petition = PetitionFactory()
    PartnerFactory.create_batch(item_count, campaign=petition.campaign)

    with django_assert_num_queries(10):
        page_of(client, petition)


def test_refused_form_keeps_the_ticks_and_the_order(client, petition):
    _a, b, _c = organizations(petition)

    response = post(client, petition, b, name="", source="c")

    assert response.status_code == 422
    page = response.content.decode()
    assert shown(page) == [("C", False), ("A &lt;1&gt;", False), ("B", True)]
    assert not SignRequest.objects.exists()


def test_ticks_are_written_down_as_they_are_and_rubbish_is_not(client, petition):
    _a, b, c = organizations(petition)

    post(client, petition, b, c)
    many = [f"00000000-0000-0000-0000-{number:012}:{'0' * 12}" for number in range(50)]
    post(client, petition, news=["<script>", "x" * 10_000, *many])

    assert [tuple(each["organizations"]) for each in typed()] == [boxes(b, c), tuple(many[:6])]


def test_ticks_need_nothing_looked_up(client, petition, settings, django_assert_num_queries):
    settings.PAGE_SECONDS = 10
    ticked = organizations(petition)
    post(client, petition)

    with django_assert_num_queries(1):
        post(client, petition, *ticked, email="second@example.org")

    caches["pages"].clear()


def test_ticks_survive_the_wait_without_javascript(client, petition):
    petition.check_when = CheckWhen.ALWAYS
    petition.save()
    _a, b, c = organizations(petition)
    with time_machine.travel(timezone.now() - timedelta(minutes=1)):
        step = post(client, petition, b, c)

    client.post(reverse("petition_sign", args=[petition.slug]), {"held": step.context["held"]})

    assert tuple(typed()[0]["organizations"]) == boxes(b, c)


def test_ticks_come_back_with_a_form_that_waited_too_long(client, petition):
    petition.check_when = CheckWhen.ALWAYS
    petition.save()
    _a, b, _c = organizations(petition)
    with time_machine.travel(timezone.now() - timedelta(minutes=31)):
        step = post(client, petition, b)

    late = client.post(reverse("petition_sign", args=[petition.slug]), {"held": step.context["held"]})

    assert shown(late.content.decode()) == [("A &lt;1&gt;", False), ("B", True), ("C", False)]


def people(petition):
    """A mail address of each sort that an answer could tell apart, all as long."""
    _a, b, c = organizations(petition)
    SignatureFactory(petition=petition, email="pending@example.org")
    ConfirmedSignatureFactory(petition=petition, email="counted@example.org")
    agreed_to_news(ConfirmedSignatureFactory(petition=petition, email="agreedb@example.org"), b)
    agreed_to_news(ConfirmedSignatureFactory(petition=petition, email="agreedc@example.org"), c)
    AccessList.objects.create(kind="block", lines="blocked@example.org", changed_at=timezone.now())
    return [
        f"{sort}@example.org" for sort in ("unknown", "pending", "counted", "agreedb", "agreedc", "blocked")
    ]


@pytest.mark.parametrize("changes", [{}, {"name": ""}])
def test_answer_is_alike_whoever_supports_whom(client, petition, changes):
    answers = set()
    _a, b, _c = organizations(petition)

    for address in people(petition):
        with CaptureQueriesContext(connection) as queries:
            response = post(client, petition, b, email=address, **changes)
        headers = tuple((name, value) for name, value in response.headers.items() if name != "Date")
        statements = tuple(re.sub(r"VALUES.*|'[^']*'", "", query["sql"]) for query in queries)
        body = response.content.decode().replace(address, "")
        answers.add((response.status_code, headers, body, statements))

    assert len(answers) == 1


def test_two_hundred_ticked_forms_are_answered_alike(client, petition):
    addresses, answers = people(petition), set()

    for turn in range(200):
        response = post(client, petition, *organizations(petition), email=addresses[turn % len(addresses)])
        answers.add((response.status_code, response.url, response.content))

    assert len(answers) == 1
    assert take_in_requests(at=timezone.now()) == 200
    assert Signature.objects.filter(state=SignatureState.CONFIRMED).count() == 3
    assert Supporter.objects.count() == 2


# --- The signer's pages --------------------------------------------------------------
def address_of(signature, name, purpose):
    return reverse(name, args=[link_token(purpose=purpose, row_id=signature.pk)])


def test_confirming_page_names_what_was_ticked(client, petition):
    _a, b, _c = organizations(petition)
    sign(petition, timezone.now(), organizations=boxes(b))

    page = client.get(address_of(Signature.objects.get(), "signature_confirm", "signature-confirm"))

    assert [row.name for row in page.context["news"]] == ["B"]
    assert 'News of <bdi translate="no" lang="und">B</bdi>' in page.content.decode()


def switch(client, signature, organization, given, box=None):
    data = {"purpose": "news", "given": given, "box": box or boxes(organization)[0]}
    return client.post(address_of(signature, "signature_consent", "signature-manage"), data)


def own_page(client, signature):
    return client.get(address_of(signature, "signature_manage", "signature-manage"))


def choices(page):
    return [
        (choice.organization, choice.is_given)
        for choice in page.context["choices"]
        if choice.purpose == "news"
    ]


def test_own_page_has_a_switch_for_each_organization(client, petition):
    client.handler.enforce_csrf_checks = True
    a, b, _c = organizations(petition)
    row = agreed_to_news(ConfirmedSignatureFactory(petition=petition), a)

    before = choices(own_page(client, row))
    answers = [switch(client, row, a, "no"), switch(client, row, b, "yes")]
    after = own_page(client, row)

    assert before == [("A <1>", True), ("B", False), ("C", False)]
    assert answers[0].url.endswith(f"#news-{a.pk}")
    assert choices(after) == [("B", True), ("A <1>", False), ("C", False)]
    assert 'Mail me news of <bdi translate="no" lang="und">A &lt;1&gt;</bdi>.' in after.content.decode()


def test_own_page_lets_take_back_from_who_asks_no_more_or_left(client, petition):
    _a, b, c = organizations(petition)
    row = agreed_to_news(ConfirmedSignatureFactory(petition=petition), b, c)
    petition.campaign.partnerships.filter(organization=b).update(asks_news=False)
    petition.campaign.partnerships.filter(organization=c).delete()

    shown_before = choices(own_page(client, row))
    for organization in (b, c):
        switch(client, row, organization, "no")

    assert shown_before == [("B", True), ("C", True), ("A <1>", False)]
    assert not Supporter.objects.exists()
    assert choices(own_page(client, row)) == [("A <1>", False)]


def test_own_page_takes_no_foreign_organization_and_no_other_words(client, petition):
    row = ConfirmedSignatureFactory(petition=petition)
    foreign, quiet = (
        PartnerFactory().organization,
        PartnerFactory(campaign=petition.campaign, asks_news=False).organization,
    )
    b = organizations(petition)[1]

    answers = [
        switch(client, row, foreign, "yes"),
        switch(client, row, quiet, "yes"),
        switch(client, row, b, "yes", box=f"{b.pk}:{'0' * 12}"),
        switch(client, row, b, "yes", box="rubbish"),
    ]

    assert {answer.url for answer in answers} == {address_of(row, "signature_manage", "signature-manage")}
    assert len(Signature.objects.get().consents) == 1
    assert not Supporter.objects.exists()


def test_own_page_of_another_signer_is_out_of_reach(client, petition):
    a = petition.campaign.owner
    mine = ConfirmedSignatureFactory(petition=petition)
    agreed_to_news(ConfirmedSignatureFactory(petition=petition), a)

    switch(client, mine, a, "no")

    assert Supporter.objects.count() == 1


@pytest.mark.parametrize("item_count", [1, 3])
def test_own_page_takes_a_fixed_number_of_queries(client, petition, item_count, django_assert_num_queries):
    row = agreed_to_news(ConfirmedSignatureFactory(petition=petition), *organizations(petition)[:item_count])

    with django_assert_num_queries(3):
        own_page(client, row)
