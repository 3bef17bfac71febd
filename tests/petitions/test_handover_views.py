from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from campaign.documents.models import Document, DocumentState
from campaign.mailing.models import OutgoingMail
from campaign.petitions.models import Correction, Handover, HandoverState, OfficialResponse, PetitionState
from campaign.petitions.services import (
    correct_handover,
    correct_response,
    hide_petition,
    number_waiting_signatures,
    set_threshold,
    watch_thresholds,
)
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import AuthorityFactory, TeamMemberFactory
from tests.factories.petitions import (
    ConfirmedSignatureFactory,
    DemandFactory,
    DoneHandoverFactory,
    HandoverFactory,
    PetitionFactory,
    PublishedResponseFactory,
    ResponseFactory,
)

pytestmark = pytest.mark.django_db

PAGES = {
    "handover_overview": None,
    "handover_prepare": None,
    "handover_detail": HandoverFactory,
    "handover_record": HandoverFactory,
    "handover_tell": DoneHandoverFactory,
    "response_create": None,
    "response_detail": ResponseFactory,
    "response_edit": ResponseFactory,
    "response_tell": PublishedResponseFactory,
}
ACTS = {
    "handover_cancel": HandoverFactory,
    "handover_correct": DoneHandoverFactory,
    "response_publish": ResponseFactory,
    "response_discard": ResponseFactory,
    "response_correct": PublishedResponseFactory,
}
FOR_OWNERS = {
    "handover_record",
    "handover_tell",
    "handover_correct",
    "response_publish",
    "response_tell",
    "response_correct",
}
EVERYTHING = PAGES | ACTS


def address_of(name, petition):
    """The address of a team's page, with the row it needs."""
    factory = EVERYTHING[name]
    row = [factory(petition=petition).pk] if factory else []
    return reverse(name, args=[petition.slug, *row])


def signed_petition(people=1, **fields):
    petition = DemandFactory(**fields)
    ConfirmedSignatureFactory.create_batch(people, petition=petition)
    number_waiting_signatures(at=timezone.now())
    return petition


def sign_in(client, petition, role="owner"):
    member = TeamMemberFactory(campaign=petition.campaign, role=role)
    client.force_login(member.user)
    return member.user


def plan(petition, **changes):
    fields = {
        "addressee": str(petition.addressee_id),
        "office": "Room 4",
        "planned_date": timezone.now().date().isoformat(),
        "place": "Brussels",
        "manner": "in_person",
        "items": "This document\n\n  A  box ",
        "note": "",
    }
    return {**fields, **changes}


def act(**changes):
    now = timezone.now()
    fields = {
        "done_on": now.date().isoformat(),
        "done_time": now.strftime("%H:%M"),
        "time_zone": "UTC",
        "manner": "post",
        "place": "Brussels",
        "received_by": "The secretariat",
        "items": "This document",
        "reference": "P-17",
        "public_note": "",
    }
    return {**fields, **changes}


def words(petition, **changes):
    fields = {
        "authority": str(petition.addressee_id),
        "answered_on": timezone.now().date().isoformat(),
        "title": "Our answer",
        "text": "We **decline**.",
        "locale": "fr",
        "url": "https://example.org/answer",
        "comment": "We go on.",
    }
    return {**fields, **changes}


# --- Who may come in --------------------------------------------------------
@pytest.mark.parametrize("name", EVERYTHING)
def test_team_pages_need_sign_in(client, name):
    response = client.post(address_of(name, signed_petition()))

    assert response.status_code == 302
    assert reverse("account_login") in response.url


@pytest.mark.parametrize("name", EVERYTHING)
def test_team_pages_are_404_for_strangers_and_403_for_viewers(client, name):
    petition = signed_petition()
    address = address_of(name, petition)

    client.force_login(TeamMemberFactory().user)
    stranger = client.post(address).status_code
    sign_in(client, petition, "viewer")

    expected = 405 if name in {"handover_overview", "handover_detail", "response_detail"} else None
    assert (stranger, client.post(address).status_code) == (expected or 404, expected or 403)


@pytest.mark.parametrize("name", ["handover_overview", "handover_detail", "response_detail"])
def test_pages_to_read_are_404_for_strangers_and_403_for_viewers(client, name):
    petition = signed_petition()
    address = address_of(name, petition)

    client.force_login(UserFactory())
    stranger = client.get(address).status_code
    sign_in(client, petition, "viewer")

    assert (stranger, client.get(address).status_code) == (404, 403)


@pytest.mark.parametrize("name", EVERYTHING)
def test_editors_prepare_and_draft_and_owners_record_and_publish(client, name):
    petition = signed_petition()
    address = address_of(name, petition)
    sign_in(client, petition, "editor")

    status = (client.get if name in PAGES else client.post)(address).status_code

    assert (status == 403) == (name in FOR_OWNERS)


@pytest.mark.parametrize("name", PAGES)
def test_team_pages_open_for_owners(client, name):
    petition = signed_petition()
    sign_in(client, petition)

    assert client.get(address_of(name, petition)).status_code == 200


@pytest.mark.parametrize("name", ACTS)
def test_acts_are_not_done_by_looking(client, name):
    petition = signed_petition()
    sign_in(client, petition)

    assert client.get(address_of(name, petition)).status_code == 405


@pytest.mark.parametrize("name", [name for name, factory in EVERYTHING.items() if factory])
def test_row_of_another_petition_is_404(client, name):
    mine, other = signed_petition(), signed_petition()
    sign_in(client, mine)
    row = EVERYTHING[name](petition=other)

    address = reverse(name, args=[mine.slug, row.pk])

    assert (client.get if name in PAGES else client.post)(address).status_code == 404


# --- What the team does -----------------------------------------------------
def test_prepare_fixes_the_record_and_shows_it(client):
    petition = signed_petition(3)
    user = sign_in(client, petition, "editor")

    response = client.post(reverse("handover_prepare", args=[petition.slug]), plan(petition), follow=True)

    handover = Handover.objects.get()
    assert response.redirect_chain[-1][0] == reverse("handover_detail", args=[petition.slug, handover.pk])
    assert (handover.items, handover.office, handover.prepared_by) == (
        ["This document", "A box"],
        "Room 4",
        user,
    )
    assert response.context["document"].state == DocumentState.REQUESTED


def test_prepare_offers_the_petitions_addressee_and_this_document(client):
    petition = signed_petition(locale="de")
    sign_in(client, petition)

    form = client.get(reverse("handover_prepare", args=[petition.slug])).context["form"]

    assert form["addressee"].value() == petition.addressee_id
    assert form["items"].value()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("items", ""),
        ("items", "\n".join(["one"] * 21)),
        ("items", "x" * 201),
        ("planned_date", "2020-01-01"),
        ("planned_date", "2990-01-01"),
        ("planned_date", "soon"),
        ("addressee", ""),
        ("manner", "by pigeon"),
        ("office", "x" * 201),
    ],
)
def test_prepare_with_bad_input_keeps_the_form(client, field, value):
    petition = signed_petition()
    sign_in(client, petition)

    response = client.post(
        reverse("handover_prepare", args=[petition.slug]),
        plan(petition, **{"place": "Somewhere else", field: value}),
    )

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert 'value="Somewhere else"' in response.content.decode()
    assert not Handover.objects.exists()


def test_prepare_without_signatures_says_what_to_do(client):
    petition = DemandFactory()
    sign_in(client, petition)

    response = client.post(reverse("handover_prepare", args=[petition.slug]), plan(petition))

    assert response.status_code == 422
    assert "No confirmed signature is in the count yet" in response.content.decode()


def test_record_makes_it_public(client):
    petition = signed_petition()
    user, handover = sign_in(client, petition), HandoverFactory(petition=petition)

    client.post(reverse("handover_record", args=[petition.slug, handover.pk]), act())

    handover.refresh_from_db()
    assert (handover.state, handover.reference, handover.recorded_by) == (HandoverState.DONE, "P-17", user)
    client.logout()
    page = client.get(reverse("petition_detail", args=[petition.slug])).content.decode()
    assert "The secretariat" in page
    assert "P-17" in page


def test_record_reads_the_time_on_the_clocks_of_the_place(client):
    petition = signed_petition()
    sign_in(client, petition)
    handover = HandoverFactory(petition=petition, at=timezone.now() - timedelta(days=9))
    yesterday = (timezone.now() - timedelta(days=1)).date()

    client.post(
        reverse("handover_record", args=[petition.slug, handover.pk]),
        act(done_on=yesterday.isoformat(), done_time="10:30", time_zone="Asia/Kolkata"),
    )

    handover.refresh_from_db()
    assert handover.done_at.strftime("%H:%M") == "05:00"
    assert handover.time_zone == "Asia/Kolkata"


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("done_on", {"done_on": "2020-01-01"}),
        ("done_on", {"done_on": "2090-01-01"}),
        ("done_time", {"done_time": "25:99"}),
        ("done_time", {"done_on": "2026-03-29", "done_time": "02:30", "time_zone": "Europe/Berlin"}),
        ("received_by", {"received_by": ""}),
        ("time_zone", {"time_zone": "Mars/Base"}),
        ("items", {"items": " "}),
    ],
)
def test_record_with_bad_input_keeps_the_form(client, field, changes):
    petition = signed_petition()
    sign_in(client, petition)
    handover = HandoverFactory(petition=petition)

    response = client.post(
        reverse("handover_record", args=[petition.slug, handover.pk]), act(place="Over there", **changes)
    )

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert 'value="Over there"' in response.content.decode()
    handover.refresh_from_db()
    assert handover.state == HandoverState.PREPARED


def test_record_of_what_is_done_leads_to_its_page(client):
    petition = signed_petition()
    sign_in(client, petition)
    handover = DoneHandoverFactory(petition=petition)

    response = client.post(reverse("handover_record", args=[petition.slug, handover.pk]), act(reference="X"))

    assert response.url == reverse("handover_detail", args=[petition.slug, handover.pk])
    handover.refresh_from_db()
    assert handover.reference == ""


def test_cancel_needs_a_reason(client):
    petition = signed_petition()
    sign_in(client, petition, "editor")
    handover = HandoverFactory(petition=petition)
    address = reverse("handover_cancel", args=[petition.slug, handover.pk])

    refused = client.post(address, {"cancel-reason": ""})
    client.post(address, {"cancel-reason": "Put off"})

    handover.refresh_from_db()
    assert refused.status_code == 422
    assert (handover.state, handover.cancel_reason) == (HandoverState.CANCELED, "Put off")


@pytest.mark.parametrize("factory", [DoneHandoverFactory, PublishedResponseFactory])
def test_correction_is_added_by_owners(client, factory):
    petition = signed_petition()
    user, row = sign_in(client, petition), factory(petition=petition)
    name = "handover_correct" if factory is DoneHandoverFactory else "response_correct"
    address = reverse(name, args=[petition.slug, row.pk])

    refused = client.post(address, {"correction-text": ""})
    client.post(address, {"correction-text": "It was room 5."})

    assert refused.status_code == 422
    assert list(row.corrections.values_list("text", "by")) == [("It was room 5.", user.pk)]


def test_failed_document_can_be_ordered_again(client):
    petition = signed_petition()
    sign_in(client, petition)
    handover = HandoverFactory(petition=petition)
    Document.objects.update(state=DocumentState.FAILED, reason="storage")

    page = client.get(reverse("handover_detail", args=[petition.slug, handover.pk])).content.decode()
    client.post(reverse("document", args=[Document.objects.get().pk]))

    assert "Try again" in page
    assert Document.objects.get().state == DocumentState.REQUESTED


@pytest.mark.parametrize("kind", ["handover", "response"])
def test_tell_shows_the_mail_and_the_number_of_readers_and_sends_once(client, kind):
    petition = signed_petition()
    ConfirmedSignatureFactory.create_batch(2, petition=petition, wants_updates=True)
    number_waiting_signatures(at=timezone.now())
    sign_in(client, petition)
    row = (DoneHandoverFactory if kind == "handover" else PublishedResponseFactory)(petition=petition)
    address = reverse(f"{kind}_tell", args=[petition.slug, row.pk])

    preview = client.get(address)
    before = type(row).objects.get(pk=row.pk).telling_since
    client.post(address)
    again = client.post(address, follow=True).content.decode()

    assert preview.context["readers"] == 2
    assert "(each signer’s own link)" in preview.content.decode()
    assert "Send 2 mails" in preview.content.decode()
    assert before is None
    assert type(row).objects.get(pk=row.pk).telling_since is not None
    assert "Nobody gets a second one" in again
    assert not OutgoingMail.objects.exists()  # a worker writes them


def test_response_is_drafted_edited_published(client):
    petition = signed_petition()
    sign_in(client, petition)

    client.post(reverse("response_create", args=[petition.slug]), words(petition))
    response = OfficialResponse.objects.get()
    client.post(reverse("response_edit", args=[petition.slug, response.pk]), words(petition, title="Mended"))
    client.post(reverse("response_publish", args=[petition.slug, response.pk]))

    page = client.get(reverse("petition_detail", args=[petition.slug])).content.decode()
    assert "Mended" in page
    assert "We <strong>decline</strong>." in page
    assert "We go on." in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("answered_on", "2990-01-01"),
        ("answered_on", "2001-01-01"),
        ("url", "javascript:alert(1)"),
        ("title", ""),
        ("text", " "),
        ("locale", "klingon"),
        ("authority", ""),
    ],
)
@pytest.mark.parametrize("name", ["response_create", "response_edit"])
def test_response_with_bad_input_keeps_the_form(client, name, field, value):
    petition = signed_petition()
    sign_in(client, petition)
    address = address_of(name, petition)

    response = client.post(address, words(petition, **{"comment": "Kept as typed", field: value}))

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert "Kept as typed" in response.content.decode()
    assert not OfficialResponse.objects.filter(comment="Kept as typed").exists()


def test_published_response_cannot_be_edited_or_thrown_away(client):
    petition = signed_petition()
    sign_in(client, petition)
    row = PublishedResponseFactory(petition=petition, title="As it is")

    edited = client.post(
        reverse("response_edit", args=[petition.slug, row.pk]), words(petition, title="Other")
    )
    client.post(reverse("response_discard", args=[petition.slug, row.pk]))

    row.refresh_from_db()
    assert (edited.status_code, row.title) == (422, "As it is")


def test_draft_response_is_thrown_away(client):
    petition = signed_petition()
    sign_in(client, petition, "editor")
    row = ResponseFactory(petition=petition)

    client.post(reverse("response_discard", args=[petition.slug, row.pk]))

    assert not OfficialResponse.objects.exists()


def test_nothing_is_offered_while_the_petition_is_hidden(client):
    petition = signed_petition()
    sign_in(client, petition)
    hide_petition(petition=petition, note="x")

    page = client.get(reverse("handover_overview", args=[petition.slug])).content.decode()

    assert reverse("handover_prepare", args=[petition.slug]) not in page


def test_team_page_leads_to_the_hand_over(client):
    petition = signed_petition()
    sign_in(client, petition)

    page = client.get(reverse("petition_manage", args=[petition.slug])).content.decode()

    assert reverse("handover_overview", args=[petition.slug]) in page


@pytest.mark.parametrize("item_count", [1, 3])
def test_overview_takes_a_fixed_number_of_queries(client, item_count, django_assert_num_queries):
    petition = signed_petition()
    sign_in(client, petition)
    for _item in range(item_count):
        HandoverFactory(petition=petition)
        ResponseFactory(petition=petition, authority=AuthorityFactory())

    with django_assert_num_queries(6):  # session, user, petition, role, and the two lists
        client.get(reverse("handover_overview", args=[petition.slug]))


@pytest.mark.parametrize("item_count", [1, 3])
def test_page_of_a_hand_over_takes_a_fixed_number_of_queries(client, item_count, django_assert_num_queries):
    petition = signed_petition()
    user = sign_in(client, petition)
    handover = DoneHandoverFactory(petition=petition)
    for _item in range(item_count):
        correct_handover(handover=handover, text="x", by=user, at=timezone.now())

    with django_assert_num_queries(7):
        client.get(reverse("handover_detail", args=[petition.slug, handover.pk]))


# --- What everybody sees ----------------------------------------------------
def page_of(client, petition):
    return client.get(reverse("petition_detail", args=[petition.slug]))


def test_page_without_hand_over_or_answer_tells_no_story(client):
    petition = signed_petition()
    HandoverFactory(petition=petition)
    ResponseFactory(petition=petition, title="A draft of ours")

    page = page_of(client, petition)

    assert page.context["story"] == []
    assert "What became of it" not in page.content.decode()
    assert "A draft of ours" not in page.content.decode()


def test_page_tells_the_story_in_the_order_of_time(client):
    petition = signed_petition(opened_at=timezone.now() - timedelta(days=20))
    set_threshold(petition=petition, count=1, consequence="They must answer.")
    watch_thresholds(at=timezone.now() - timedelta(days=10))
    DoneHandoverFactory(petition=petition, at=timezone.now() - timedelta(days=5))
    PublishedResponseFactory(petition=petition)
    PublishedResponseFactory(petition=petition, answered_on=timezone.now().date() - timedelta(days=2))
    petition.state = PetitionState.CLOSED
    petition.closed_at = timezone.now() - timedelta(days=3)
    petition.save()

    steps = page_of(client, petition).context["story"]

    assert [step.kind for step in steps] == [
        "opened",
        "threshold",
        "handover",
        "closed",
        "response",
        "response",
    ]


def test_page_keeps_the_number_that_was_handed_over(client):
    petition = signed_petition(2)
    DoneHandoverFactory(petition=petition)
    ConfirmedSignatureFactory.create_batch(3, petition=petition)
    number_waiting_signatures(at=timezone.now())

    page = page_of(client, petition)

    assert page.context["count"] == 5
    assert '<strong class="tabular">2</strong> signatures in the document' in page.content.decode()


@pytest.mark.parametrize("state", ["ready", "requested", "failed"])
def test_page_leads_to_the_document_wherever_it_stands(client, state):
    petition = signed_petition()
    DoneHandoverFactory(petition=petition)
    Document.objects.update(state=state, file="documents/x/1/x.pdf", byte_size=5, file_digest="x")
    document = Document.objects.get()

    page = page_of(client, petition).content.decode()

    name = "document_file" if state == "ready" else "document"
    assert f'href="{reverse(name, args=[document.pk])}"' in page


def test_page_shows_the_authoritys_words_in_their_language_and_hostile_markup_as_text(client):
    petition = signed_petition()
    PublishedResponseFactory(
        petition=petition,
        text="<script>alert(1)</script> Non.",
        comment="<b>x</b>",
        url="https://example.org/a",
    )

    page = page_of(client, petition).content.decode()

    assert '<blockquote class="prose" dir="auto" lang="fr"><p>&lt;script&gt;' in page
    assert "<b>x</b>" not in page
    assert 'rel="noopener nofollow ugc"' in page


def test_page_shows_corrections_beside_what_was_recorded(client):
    petition = signed_petition()
    handover, response = DoneHandoverFactory(petition=petition), PublishedResponseFactory(petition=petition)
    correct_handover(handover=handover, text="It was room 5.", by=UserFactory(), at=timezone.now())
    correct_response(response=response, text="It was in Dutch.", by=UserFactory(), at=timezone.now())

    page = page_of(client, petition).content.decode()

    for expected in ("Room 4", "It was room 5.", "It was in Dutch."):
        assert expected in page
    assert Correction.objects.count() == 2


def test_hidden_petition_shows_nothing_of_its_hand_over(client):
    petition = signed_petition()
    DoneHandoverFactory(petition=petition)
    hide_petition(petition=petition, note="Looked at")

    response = page_of(client, petition)

    assert response.status_code == 410
    assert "The secretariat" not in response.content.decode()


def test_page_without_a_story_takes_no_more_queries(client, django_assert_num_queries):
    petition = PetitionFactory()

    with django_assert_num_queries(10):  # as many as before there were hand-overs
        page_of(client, petition)


@pytest.mark.parametrize("item_count", [1, 3])
def test_page_with_a_story_takes_a_fixed_number_of_queries(client, item_count, django_assert_num_queries):
    petition = signed_petition()
    for _item in range(item_count):
        handover = DoneHandoverFactory(petition=petition)
        correct_handover(handover=handover, text="x", by=UserFactory(), at=timezone.now())
        response = PublishedResponseFactory(petition=petition, authority=AuthorityFactory())
        correct_response(response=response, text="x", by=UserFactory(), at=timezone.now())

    with django_assert_num_queries(15):
        page_of(client, petition)
