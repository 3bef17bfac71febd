import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from campaign.moderation.models import Act, ModerationAct
from campaign.moderation.services import decide_reason
from campaign.petitions.models import ReasonState, Signature
from campaign.petitions.services import number_waiting_signatures, take_back_reason
from tests.factories.campaigns import TeamMemberFactory
from tests.factories.moderation import staff
from tests.factories.petitions import ConfirmedSignatureFactory, PetitionFactory, SignatureFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def gave(petition, reason="Because of the children.", **fields):
    given = {"reason_state": ReasonState.WAITING, "name_is_public": True, **fields}
    return ConfirmedSignatureFactory(petition=petition, reason=reason, **given)


def sign_in(client, petition, role="editor"):
    client.force_login(TeamMemberFactory(campaign=petition.campaign, role=role).user)


def queue(client, petition, **data):
    return client.get(reverse("petition_reasons", args=[petition.slug]), data)


def decide(client, row, shown, **data):
    address = reverse("reason_decide", args=[row.petition.slug, row.pk])
    return client.post(address, {"shown": shown, **data})


def public_page(client, petition):
    return client.get(reverse("petition_detail", args=[petition.slug])).content.decode()


def test_queue_holds_what_waits_of_confirmed_signatures_of_this_petition(client):
    petition = PetitionFactory(asks_reason=True)
    first, second = gave(petition), gave(petition)
    gave(PetitionFactory())
    gave(petition, reason_state=ReasonState.SHOWN)
    SignatureFactory(petition=petition, reason="Not confirmed.", reason_state=ReasonState.WAITING)
    sign_in(client, petition)

    page = queue(client, petition)

    assert list(page.context["signatures"]) == [first, second]


@pytest.mark.parametrize("item_count", [1, 3])
def test_queue_takes_a_fixed_number_of_queries(client, item_count, django_assert_num_queries):
    petition = PetitionFactory(asks_reason=True)
    for _ in range(item_count):
        gave(petition)
    sign_in(client, petition)

    with django_assert_num_queries(6):  # session, user, petition, role, how many, these
        queue(client, petition)


def test_queue_has_25_on_a_page(client):
    petition = PetitionFactory(asks_reason=True)
    for _ in range(26):
        gave(petition)
    sign_in(client, petition)

    sizes = [len(queue(client, petition, page=page).context["signatures"]) for page in (1, 2)]

    assert sizes == [25, 1]


def test_queue_shows_no_name_that_its_signer_does_not_show(client):
    petition = PetitionFactory(asks_reason=True)
    gave(petition, name="Grace Hidden", name_is_public=False)
    sign_in(client, petition)

    page = queue(client, petition).content.decode()

    assert "Because of the children." in page
    assert "Grace Hidden" not in page


def test_translator_may_not_decide(client):
    petition = PetitionFactory(asks_reason=True)
    row = gave(petition)
    sign_in(client, petition, "translator")

    assert queue(client, petition).status_code == 403
    assert decide(client, row, "yes").status_code == 403


def test_shown_reason_stands_beside_its_name_as_text(client):
    petition = PetitionFactory(asks_reason=True)
    row = gave(petition, "<script>alert(1)</script>", name="Grace Named")
    number_waiting_signatures(at=timezone.now())
    sign_in(client, petition)

    response = decide(client, row, "yes")

    assert response.url == reverse("petition_reasons", args=[petition.slug]) + "?state=waiting"
    page = public_page(client, petition)
    assert '<blockquote dir="auto" lang="und">&lt;script&gt;alert(1)&lt;/script&gt;</blockquote>' in page
    assert ModerationAct.objects.get().act == Act.REASON


@pytest.mark.parametrize(
    "fields",
    [
        {"reason_state": ReasonState.WAITING},
        {"reason_state": ReasonState.REFUSED},
        {"reason_state": ReasonState.SHOWN, "name_is_public": False},
    ],
)
def test_reason_is_public_only_if_both_have_said_so(client, fields):
    petition = PetitionFactory(asks_reason=True)
    gave(petition, **fields)
    number_waiting_signatures(at=timezone.now())

    assert "Because of the children." not in public_page(client, petition)


def test_reason_of_an_invalidated_signature_is_not_public(client):
    petition = PetitionFactory(asks_reason=True)
    row = gave(petition, reason_state=ReasonState.SHOWN)
    number_waiting_signatures(at=timezone.now())
    Signature.objects.filter(pk=row.pk).update(state="invalidated")
    number_waiting_signatures(at=timezone.now())

    assert "Because of the children." not in public_page(client, petition)


def test_decision_can_be_taken_back(client):
    row = gave(PetitionFactory(asks_reason=True), reason_state=ReasonState.SHOWN)
    sign_in(client, row.petition)

    response = decide(client, row, "no", state="shown")

    row.refresh_from_db()
    assert row.reason_state == ReasonState.REFUSED
    assert response.url.endswith("?state=shown")
    assert list(queue(client, row.petition, state="refused").context["signatures"]) == [row]


def test_same_decision_twice_is_on_record_once():
    row, now, by = gave(PetitionFactory()), timezone.now(), staff()

    for _ in range(2):
        decide_reason(petition=row.petition, signature_id=row.pk, shown=True, by=by, at=now)

    assert ModerationAct.objects.count() == 1


def test_reason_taken_back_meanwhile_cannot_be_shown(client):
    row = gave(PetitionFactory(asks_reason=True))
    take_back_reason(signature=row)
    sign_in(client, row.petition)

    decide(client, row, "yes")

    row.refresh_from_db()
    assert (row.reason, row.reason_state) == (None, ReasonState.NONE)


def test_reason_under_another_petition_is_out_of_reach(client):
    mine, theirs = PetitionFactory(), gave(PetitionFactory())
    sign_in(client, mine)

    client.post(reverse("reason_decide", args=[mine.slug, theirs.pk]), {"shown": "yes"})
    client.post(reverse("reason_decide", args=[mine.slug, uuid.uuid4()]), {"shown": "yes"})

    theirs.refresh_from_db()
    assert theirs.reason_state == ReasonState.WAITING


@pytest.mark.parametrize("item_count", [1, 3])
def test_public_page_reads_reasons_once(client, item_count, django_assert_num_queries):
    petition = PetitionFactory(asks_reason=True)
    for _ in range(item_count):
        gave(petition, reason_state=ReasonState.SHOWN)
    number_waiting_signatures(at=timezone.now())

    with django_assert_num_queries(11):
        public_page(client, petition)


def test_team_page_says_how_many_wait(client):
    petition = PetitionFactory(asks_reason=True)
    gave(petition)
    SignatureFactory.create_batch(2, petition=petition, quarantined_at=timezone.now())
    sign_in(client, petition)

    page = client.get(reverse("petition_manage", args=[petition.slug]))

    assert (page.context["work"].reasons, page.context["work"].quarantined) == (1, 2)
    assert "1 waits for you to decide" in page.content.decode()
    assert "2 signatures are set aside" in page.content.decode()
    assert reverse("petition_export", args=[petition.slug]) not in page.content.decode()
