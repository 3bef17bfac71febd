"""Endorsing, renewing and taking back, as signatories and members see it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from campaign.core.links import link_token
from campaign.documents.text_kinds import Passage, TextKind, _kinds
from campaign.organizations.models import (
    CallInvitation,
    CallInvitationState,
    Endorsement,
    EndorsementState,
    PersonalEndorsement,
)
from campaign.organizations.services import Invited, invite_organizations
from tests.factories.accounts import UserFactory
from tests.factories.documents import FrozenTextFactory
from tests.factories.organizations import (
    AcceptedEndorsementFactory,
    EndorsementFactory,
    MandateFactory,
    MembershipFactory,
    OrganizationFactory,
    call_for,
)

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
FORM = {
    "legal_name": "Night Readers vzw",
    "display_name": "Night Readers",
    "kind": "ngo",
    "country": "BE",
    "website": "https://nightreaders.example",
    "signatory_name": "Noor Chair",
    "signatory_function": "Chair",
    "signatory_email": "chair@nightreaders.example",
    "statement": "on",
    "publish": "on",
}
PERSON = {"name": "Ada Reader", "country": "FR", "email": "ada@example.org", "publish": "on"}


@pytest.fixture(autouse=True)
def provisions(monkeypatch):
    """Texts of the tests have two provisions that an endorsement can leave out, and a title that it cannot."""
    passages = [
        Passage("title", "Title", "T"),
        Passage("a", "Article 1", "One.", is_provision=True),
        Passage("b", "Article 2", "Two.", is_provision=True),
    ]
    kind = TextKind("A text", lambda text: "", lambda text: passages)
    monkeypatch.setitem(_kinds, "tests.text", kind)


def token_of(row, purpose="endorsement"):
    return link_token(purpose=purpose, row_id=row.pk)


def address(name, row, purpose="endorsement"):
    return reverse(name, args=[token_of(row, purpose)])


# --- Asking to endorse --------------------------------------------------------------
def test_support_in_part_is_kept_with_the_provisions_left_out(client):
    text = FrozenTextFactory()

    client.post(reverse("endorse", args=[text.digest]), {**FORM, "scope": "part", "exceptions": ["b"]})

    row = Endorsement.objects.get()
    assert (row.scope, row.exceptions) == ("part", [{"key": "b", "label": "Article 2"}])


def test_signatory_reads_what_is_left_out_before_confirming(client):
    row = EndorsementFactory(scope="part", exceptions=[{"key": "b", "label": "Article 2"}])

    page = client.get(address("endorsement_confirm", row)).content.decode()

    assert "Article 2" in page


def test_support_in_part_needs_what_is_left_out(client):
    text = FrozenTextFactory()

    response = client.post(reverse("endorse", args=[text.digest]), {**FORM, "scope": "part"})

    assert response.status_code == 422
    assert "exceptions" in response.context["form"].errors
    assert not Endorsement.objects.exists()


def test_title_cannot_be_left_out(client):
    text = FrozenTextFactory()

    response = client.post(
        reverse("endorse", args=[text.digest]), {**FORM, "scope": "part", "exceptions": ["title"]}
    )

    assert response.status_code == 422
    assert not Endorsement.objects.exists()


def test_text_that_moved_on_is_not_endorsed_and_leads_to_the_current_one(client):
    old, new = FrozenTextFactory(), FrozenTextFactory()
    call_for(old, new)

    response = client.post(reverse("endorse", args=[old.digest]), {**FORM, "scope": "whole"})

    assert response.status_code == 422
    assert reverse("endorse", args=[new.digest]) in response.content.decode()
    assert not Endorsement.objects.exists()


def test_call_for_invited_organizations_refuses_others(client):
    text = FrozenTextFactory()
    call_for(text, is_open=False)
    page = reverse("endorse", args=[text.digest])

    assert 'name="legal_name"' not in client.get(page).content.decode()
    assert client.post(page, {**FORM, "scope": "whole"}).status_code == 422
    assert client.post(reverse("endorse_personally", args=[text.digest]), PERSON).status_code == 422
    assert not Endorsement.objects.exists()


def test_page_tells_deadline_and_embargo_with_their_clock(client):
    text = FrozenTextFactory()
    soon = timezone.now() + timedelta(days=3)
    call_for(text, closes_at=soon, time_zone="Europe/Brussels", embargo_until=soon)

    page = client.get(reverse("endorse", args=[text.digest])).content.decode()

    assert page.count("(Europe/Brussels)") == 2
    assert "noindex" in page


# --- The signatory's link -------------------------------------------------------------
def test_link_shows_what_changed_and_signs_the_new_text_only_when_that_was_read(client):
    old, new = FrozenTextFactory(), FrozenTextFactory()
    row = EndorsementFactory(frozen_text=old)
    call_for(old, new)
    page = address("endorsement_confirm", row)

    asked = client.get(page)
    refused = client.post(page)
    signed = client.post(page, {"read": new.digest})

    assert (asked.status_code, refused.status_code, signed.status_code) == (200, 409, 200)
    assert f'name="read" value="{new.digest}"' in asked.content.decode()
    row.refresh_from_db()
    assert (row.state, row.frozen_text) == (EndorsementState.ACCEPTED, new)


def test_signatory_corrects_the_name_in_the_list(client):
    row = AcceptedEndorsementFactory()

    response = client.post(address("endorsement_name", row), {"name": "Näme as we write it"})

    row.organization.refresh_from_db()
    assert response.status_code == 302
    assert row.organization.display_name == "Näme as we write it"


def test_empty_name_is_refused(client):
    row = AcceptedEndorsementFactory()

    response = client.post(address("endorsement_name", row), {"name": " "})

    assert response.status_code == 422


@pytest.mark.parametrize(
    ("answer", "state"), [("renew", EndorsementState.ACCEPTED), ("decline", EndorsementState.DECLINED)]
)
def test_changed_text_is_answered_through_the_link(client, answer, state):
    old, new = FrozenTextFactory(), FrozenTextFactory()
    call = call_for(old)
    AcceptedEndorsementFactory(frozen_text=old)
    call_for(new, subject_id=call.subject_id)
    question = Endorsement.objects.get(frozen_text=new)
    page = address("endorsement_renew", question)

    assert client.get(page).context["before"].frozen_text == old
    client.post(page, {"answer": answer, "scope": "whole", "statement": "on"})

    question.refresh_from_db()
    assert question.state == state


def test_renewing_without_the_statement_is_refused(client):
    old, new = FrozenTextFactory(), FrozenTextFactory()
    call = call_for(old)
    AcceptedEndorsementFactory(frozen_text=old)
    call_for(new, subject_id=call.subject_id)
    question = Endorsement.objects.get(frozen_text=new)

    response = client.post(address("endorsement_renew", question), {"answer": "renew", "scope": "whole"})

    question.refresh_from_db()
    assert (response.status_code, question.state) == (422, EndorsementState.TO_RENEW)


def test_link_of_an_earlier_change_says_that_it_is_too_old(client):
    first, second, third = (FrozenTextFactory() for _ in range(3))
    call = call_for(first)
    AcceptedEndorsementFactory(frozen_text=first)
    call_for(second, subject_id=call.subject_id)
    old_question = Endorsement.objects.get(frozen_text=second)
    call_for(third, subject_id=call.subject_id)

    assert client.get(address("endorsement_renew", old_question)).status_code == 410


@pytest.mark.parametrize(
    "name",
    [
        "endorsement_confirm",
        "endorsement_renew",
        "endorsement_withdraw",
        "personal_confirm",
        "call_invitation",
    ],
)
def test_made_up_link_is_dead(client, name):
    assert client.get(reverse(name, args=["made.up"])).status_code == 410


# --- Signed in -----------------------------------------------------------------------
def test_member_with_a_mandate_endorses_in_one_step(client):
    mandate, text = MandateFactory(), FrozenTextFactory()
    client.force_login(UserFactory(email=mandate.signatory_email))

    response = client.post(
        reverse("endorse_signed_in", args=[text.digest]),
        {"organization": mandate.organization_id, "scope": "whole", "statement": "on"},
    )

    assert response.url == reverse("organization_endorsements", args=[mandate.organization.slug])
    assert Endorsement.objects.accepted().get().mandate == mandate


def test_other_peoples_organization_cannot_be_chosen(client):
    mandate, other, text = MandateFactory(), MandateFactory(), FrozenTextFactory()
    client.force_login(UserFactory(email=mandate.signatory_email))

    response = client.post(
        reverse("endorse_signed_in", args=[text.digest]),
        {"organization": other.organization_id, "scope": "whole", "statement": "on"},
    )

    assert response.status_code == 422
    assert not Endorsement.objects.exists()


def test_one_step_needs_sign_in(client):
    text = FrozenTextFactory()

    assert client.get(reverse("endorse_signed_in", args=[text.digest])).status_code == 302


@pytest.mark.parametrize(("role", "status"), [(None, 404), ("viewer", 200), ("owner", 200)])
def test_own_endorsements_are_for_members(client, role, status):
    row = AcceptedEndorsementFactory()
    user = UserFactory()
    if role:
        MembershipFactory(organization=row.organization, user=user, role=role)
    client.force_login(user)

    response = client.get(reverse("organization_endorsements", args=[row.organization.slug]))

    assert response.status_code == status


@pytest.mark.parametrize("item_count", [1, 3])
def test_own_endorsements_take_the_same_queries(client, item_count, django_assert_num_queries):
    membership = MembershipFactory()
    for _ in range(item_count):
        AcceptedEndorsementFactory(organization=membership.organization)
    client.force_login(membership.user)

    with django_assert_num_queries(6):  # session, user, organization, role, how many, these
        client.get(reverse("organization_endorsements", args=[membership.organization.slug]))


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("editor", 403), ("owner", 302)])
def test_owners_withdraw(client, role, status):
    row = AcceptedEndorsementFactory()
    client.force_login(MembershipFactory(organization=row.organization, role=role).user)

    response = client.post(
        reverse("organization_endorsement_act", args=[row.organization.slug, row.pk]), {"act": "withdraw"}
    )

    row.refresh_from_db()
    assert response.status_code == status
    assert (row.state == EndorsementState.WITHDRAWN) == (status == 302)


def test_endorsement_of_another_organization_is_not_found(client):
    row, owner = AcceptedEndorsementFactory(), MembershipFactory()
    client.force_login(owner.user)

    response = client.post(
        reverse("organization_endorsement_act", args=[owner.organization.slug, row.pk]), {"act": "withdraw"}
    )

    assert response.status_code == 404


def test_second_owner_approves_what_the_first_signed(client):
    organization, text = OrganizationFactory(needs_second_person=True), FrozenTextFactory()
    mandate = MandateFactory(organization=organization)
    first = MembershipFactory(organization=organization, user__email=mandate.signatory_email).user
    second = MembershipFactory(organization=organization).user
    client.force_login(first)
    client.post(
        reverse("endorse_signed_in", args=[text.digest]),
        {"organization": organization.pk, "scope": "whole", "statement": "on"},
    )
    row = Endorsement.objects.get()
    act = reverse("organization_endorsement_act", args=[organization.slug, row.pk])

    client.post(act, {"act": "approve"})
    row.refresh_from_db()
    assert row.state == EndorsementState.SECOND
    client.force_login(second)
    client.post(act, {"act": "approve"})

    row.refresh_from_db()
    assert (row.state, row.approved_by) == (EndorsementState.ACCEPTED, second)


def test_owner_without_a_mandate_is_told_why_the_change_cannot_be_signed(client):
    old, new = FrozenTextFactory(), FrozenTextFactory()
    call = call_for(old)
    row = AcceptedEndorsementFactory(frozen_text=old)
    call_for(new, subject_id=call.subject_id)
    question = Endorsement.objects.get(frozen_text=new)
    client.force_login(MembershipFactory(organization=row.organization).user)

    response = client.post(
        reverse("organization_renew", args=[row.organization.slug, question.pk]),
        {"answer": "renew", "scope": "whole", "statement": "on"},
    )

    assert response.status_code == 422
    assert "mandate in force" in response.content.decode()


# --- In one's own name ----------------------------------------------------------------
def test_person_endorses_and_takes_back(client):
    text = FrozenTextFactory()
    client.post(reverse("endorse_personally", args=[text.digest]), PERSON)
    row = PersonalEndorsement.objects.get()
    page = address("personal_confirm", row, "personal-endorsement")

    client.get(page)
    assert PersonalEndorsement.objects.get().state == "pending"
    client.post(page, {"answer": "confirm"})
    assert PersonalEndorsement.objects.get().state == "accepted"
    client.post(page, {"answer": "withdraw"})

    row.refresh_from_db()
    assert (row.state, row.name, row.email, row.email_key) == ("withdrawn", None, None, None)


def test_person_is_asked_again_when_the_text_changes(client):
    old, new = FrozenTextFactory(), FrozenTextFactory()
    call = call_for(old)
    client.post(reverse("endorse_personally", args=[old.digest]), PERSON)
    first = PersonalEndorsement.objects.get()
    client.post(address("personal_confirm", first, "personal-endorsement"), {"answer": "confirm"})

    call_for(new, subject_id=call.subject_id)

    question = PersonalEndorsement.objects.get(frozen_text=new)
    assert question.state == "to_renew"
    client.post(address("personal_confirm", question, "personal-endorsement"), {"answer": "confirm"})
    states = PersonalEndorsement.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["lapsed", "accepted"]


# --- Invited ---------------------------------------------------------------------------
def invited(**fields):
    call = call_for(FrozenTextFactory(), **fields)
    invite_organizations(
        call=call,
        invited=[Invited("Night Readers", "chair@nightreaders.example")],
        locale="en",
        by=UserFactory(),
        at=timezone.now(),
    )
    return CallInvitation.objects.get()


def test_invited_organization_says_that_it_needs_a_decision(client):
    row = invited()

    client.post(
        address("call_invitation", row, "call-invitation"),
        {"answer": CallInvitationState.INTENDS, "note": "The board meets on Friday."},
    )

    row.refresh_from_db()
    assert (row.state, row.note) == (CallInvitationState.INTENDS, "The board meets on Friday.")


def test_invited_organization_endorses_where_others_cannot(client):
    row = invited(is_open=False)

    client.post(address("call_invitation_endorse", row, "call-invitation"), {**FORM, "scope": "whole"})

    row.refresh_from_db()
    endorsement = Endorsement.objects.get()
    assert (row.state, endorsement.state) == (CallInvitationState.INVITED, EndorsementState.PENDING)
    client.post(address("endorsement_confirm", endorsement))
    row.refresh_from_db()
    assert row.state == CallInvitationState.ENDORSED


def test_reading_an_invitation_changes_nothing(client):
    row = invited()

    client.get(address("call_invitation", row, "call-invitation"))

    row.refresh_from_db()
    assert (row.state, row.answered_at) == (CallInvitationState.INVITED, None)
