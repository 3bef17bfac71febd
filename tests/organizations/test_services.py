from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.db import connection
from django.utils import timezone

from campaign.mailing.models import OutgoingMail
from campaign.mailing.services import pump_mail
from campaign.organizations.models import (
    Endorsement,
    EndorsementState,
    Invitation,
    Mandate,
    Membership,
    Organization,
    Role,
)
from campaign.organizations.queries import text_endorsements
from campaign.organizations.services import (
    AlreadyMember,
    DomainSpeaksForAnother,
    LastOwner,
    LinkExpired,
    NotItsOwnDomain,
    OrganizationData,
    OtherAddress,
    SignatoryData,
    TooManyMails,
    accept_invitation,
    confirm_endorsement,
    confirm_mandate,
    found_organization,
    invite_member,
    remove_member,
    request_endorsement,
    request_mandate,
    withdraw_endorsement,
)
from tests.factories.accounts import UserFactory
from tests.factories.documents import FrozenTextFactory
from tests.factories.organizations import EndorsementFactory, MembershipFactory, OrganizationFactory
from tests.threads import in_threads

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOW = timezone.now()
DATA = OrganizationData(
    legal_name="Example e.V.",
    display_name="Example",
    kind="ngo",
    country="DE",
    website="https://www.example.org",
)
SIGNATORY = SignatoryData(name="Sam", function="Director", email="sam@example.org", locale="en")


def ask(text, signatory=SIGNATORY, data=DATA, at=NOW):
    return request_endorsement(frozen_text=text, organization=data, signatory=signatory, at=at)


def test_endorsement_stated_appears_nowhere():
    text = FrozenTextFactory()

    ask(text)

    assert Endorsement.objects.get().state == EndorsementState.PENDING
    assert not text_endorsements(frozen_text=text).exists()
    assert not Organization.objects.proven().exists()


def test_endorsement_mail_goes_to_the_own_domain_with_the_exact_text():
    text = FrozenTextFactory(title="The exact text")
    ask(text)

    pump_mail(at=timezone.now())

    letter = outbox.outbox[0]
    assert letter.to == ["sam@example.org"]
    assert "The exact text" in letter.body
    assert f"/texts/{text.digest}/" in letter.body
    assert "/endorsements/" in letter.body


def test_endorsement_foreign_address_is_refused_and_stores_nothing():
    foreign = SignatoryData(name="Sam", function="x", email="sam@gmail.com", locale="en")

    with pytest.raises(NotItsOwnDomain):
        ask(FrozenTextFactory(), foreign)

    assert not Endorsement.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_endorsement_sixth_request_in_a_day_is_dropped():
    text = FrozenTextFactory()
    for _ in range(5):
        ask(text)

    assert ask(text) is None
    assert ask(text, at=NOW + timedelta(days=2)) is not None


def test_confirm_endorsement_puts_mandate_and_organization_on_record():
    endorsement = ask(FrozenTextFactory())

    accepted = confirm_endorsement(endorsement=endorsement, at=NOW)

    organization = Organization.objects.get()
    mandate = Mandate.objects.get()
    assert accepted.state == EndorsementState.ACCEPTED
    assert (accepted.organization, accepted.mandate) == (organization, mandate)
    assert (organization.proven_at, organization.domain) == (NOW, "example.org")
    assert (mandate.signatory_name, mandate.domain, mandate.proven_at) == ("Sam", "example.org", NOW)
    assert "Example e.V." in mandate.statement


def test_confirm_endorsement_twice_is_once():
    endorsement = ask(FrozenTextFactory())
    confirm_endorsement(endorsement=endorsement, at=NOW)

    confirm_endorsement(endorsement=endorsement, at=NOW + timedelta(days=1))

    assert Mandate.objects.count() == 1
    assert Endorsement.objects.get().accepted_at == NOW


def test_confirm_second_mail_of_the_same_organization_keeps_the_first():
    text = FrozenTextFactory()
    first = confirm_endorsement(endorsement=ask(text), at=NOW)
    colleague = SignatoryData(name="Kim", function="Board", email="kim@example.org", locale="en")

    second = confirm_endorsement(endorsement=ask(text, colleague), at=NOW)

    assert second == first
    assert text_endorsements(frozen_text=text).count() == 1
    assert Organization.objects.count() == 1


def test_confirm_endorsement_joins_the_organization_proven_through_that_domain():
    known = OrganizationFactory(legal_name="Known under another name", domain="example.org")

    accepted = confirm_endorsement(endorsement=ask(FrozenTextFactory()), at=NOW)

    assert accepted.organization == known


def test_confirm_endorsement_does_not_prove_what_a_stranger_founded():
    stranger = found_organization(organization=DATA, owner=UserFactory(), at=timezone.now())

    accepted = confirm_endorsement(endorsement=ask(FrozenTextFactory()), at=NOW)

    stranger.refresh_from_db()
    assert accepted.organization != stranger
    assert stranger.proven_at is None
    assert not accepted.organization.memberships.exists()


def test_one_domain_endorses_a_text_once_whatever_name_it_states():
    text = FrozenTextFactory()
    other = OrganizationData(
        legal_name="Example e.V..",
        display_name="Another",
        kind="ngo",
        country="FR",
        website="https://example.org",
    )

    confirm_endorsement(endorsement=ask(text), at=NOW)
    confirm_endorsement(endorsement=ask(text, data=other), at=NOW)

    assert text_endorsements(frozen_text=text).count() == 1
    assert Organization.objects.count() == 1


def test_mandate_for_a_domain_that_speaks_for_another_is_refused():
    OrganizationFactory(domain="example.org")
    organization = found_organization(organization=DATA, owner=UserFactory(), at=timezone.now())

    with pytest.raises(DomainSpeaksForAnother):
        request_mandate(organization=organization, signatory=SIGNATORY, at=NOW)


def test_confirm_mandate_after_another_was_proven_is_refused():
    organization = found_organization(organization=DATA, owner=UserFactory(), at=timezone.now())
    mandate = request_mandate(organization=organization, signatory=SIGNATORY, at=NOW)
    OrganizationFactory(domain="example.org")

    with pytest.raises(DomainSpeaksForAnother):
        confirm_mandate(mandate=mandate, at=NOW)

    organization.refresh_from_db()
    assert organization.proven_at is None


def test_sixth_mandate_mail_in_a_day_is_refused():
    organization = found_organization(organization=DATA, owner=UserFactory(), at=timezone.now())
    for _ in range(5):
        request_mandate(organization=organization, signatory=SIGNATORY, at=NOW)

    with pytest.raises(TooManyMails):
        request_mandate(organization=organization, signatory=SIGNATORY, at=NOW)


def test_sixth_invitation_mail_in_a_day_is_refused():
    for _ in range(5):
        invite(OrganizationFactory())

    with pytest.raises(TooManyMails):
        invite(OrganizationFactory())


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer: there is no race to test"
)
@pytest.mark.django_db(transaction=True)
def test_colleagues_confirming_at_once_make_one_organization():
    text = FrozenTextFactory()
    rows = [
        EndorsementFactory(frozen_text=text, domain="example.org", display_name=name, legal_name=name)
        for name in ("Same", "Same", "Other", "Third")
    ]

    in_threads([lambda row=row: confirm_endorsement(endorsement=row, at=timezone.now()) for row in rows])

    assert Organization.objects.count() == 1
    assert text_endorsements(frozen_text=text).count() == 1


def test_confirm_endorsement_too_late_is_refused():
    endorsement = ask(FrozenTextFactory())

    with pytest.raises(LinkExpired):
        confirm_endorsement(endorsement=endorsement, at=NOW + timedelta(days=15))

    assert not Organization.objects.exists()


def test_withdrawn_endorsement_disappears_and_cannot_be_confirmed_again():
    text = FrozenTextFactory()
    accepted = confirm_endorsement(endorsement=EndorsementFactory(frozen_text=text), at=NOW)

    withdraw_endorsement(endorsement=accepted, at=NOW)

    assert not text_endorsements(frozen_text=text).exists()
    with pytest.raises(LinkExpired):
        confirm_endorsement(endorsement=accepted, at=NOW)


def test_text_endorsements_are_of_exactly_that_text():
    one, other = FrozenTextFactory(), FrozenTextFactory()
    confirm_endorsement(endorsement=EndorsementFactory(frozen_text=one), at=NOW)

    assert text_endorsements(frozen_text=one).count() == 1
    assert not text_endorsements(frozen_text=other).exists()


def test_text_endorsements_until_a_moment_leave_out_later_ones():
    text = FrozenTextFactory()
    confirm_endorsement(endorsement=EndorsementFactory(frozen_text=text), at=NOW)

    assert not text_endorsements(frozen_text=text, until=NOW - timedelta(seconds=1)).exists()
    assert text_endorsements(frozen_text=text, until=NOW).count() == 1


def test_found_organization_is_not_shown_until_its_mandate_is_proven():
    owner = UserFactory()
    organization = found_organization(organization=DATA, owner=owner, at=timezone.now())
    assert not Organization.objects.proven().exists()

    mandate = request_mandate(organization=organization, signatory=SIGNATORY, at=NOW)
    confirm_mandate(mandate=mandate, at=NOW)

    assert list(Organization.objects.proven()) == [organization]
    assert Membership.objects.get().role == Role.OWNER


def test_confirm_mandate_too_late_is_refused():
    organization = found_organization(organization=DATA, owner=UserFactory(), at=timezone.now())
    mandate = request_mandate(organization=organization, signatory=SIGNATORY, at=NOW)

    with pytest.raises(LinkExpired):
        confirm_mandate(mandate=mandate, at=NOW + timedelta(days=15))


def invite(organization, email="new@example.org"):
    invite_member(
        organization=organization,
        email=email,
        role=Role.VIEWER,
        invited_by=UserFactory(),
        locale="en",
        at=NOW,
    )
    return Invitation.objects.get(organization=organization, accepted_at=None)


def test_invited_person_becomes_a_member_once():
    invitation, user = invite(OrganizationFactory()), UserFactory(email="new@example.org")

    accept_invitation(invitation=invitation, user=user, at=NOW)

    assert Membership.objects.get().user == user
    with pytest.raises(LinkExpired):
        accept_invitation(invitation=invitation, user=user, at=NOW)


def test_invitation_of_another_address_is_refused():
    with pytest.raises(OtherAddress):
        accept_invitation(invitation=invite(OrganizationFactory()), user=UserFactory(), at=NOW)

    assert not Membership.objects.exists()


def test_invitation_renewed_leaves_one_open():
    organization = OrganizationFactory()
    first = invite(organization)

    second = invite(organization)

    assert first.pk != second.pk


def test_invitation_of_a_member_is_refused():
    membership = MembershipFactory(user__email="new@example.org")

    with pytest.raises(AlreadyMember):
        invite(membership.organization)


def test_last_owner_cannot_be_removed():
    membership = MembershipFactory(role=Role.OWNER)

    with pytest.raises(LastOwner):
        remove_member(membership=membership, by=membership.user, at=timezone.now())

    MembershipFactory(organization=membership.organization, role=Role.OWNER)
    remove_member(membership=membership, by=membership.user, at=timezone.now())
    assert Membership.objects.count() == 1
