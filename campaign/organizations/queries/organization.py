"""Reads of organizations: who is shown, who works for them, who may sign."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from campaign.accounts.models import User
from campaign.core.folding import folded
from campaign.mailing.services import recipient_keys
from campaign.organizations.collation import Names
from campaign.organizations.models import (
    Affiliation,
    Mandate,
    Membership,
    Organization,
    OrganizationKind,
    OrganizationName,
    Registration,
    Role,
)
from campaign.organizations.names import folded_name

MOST_SHOWN = 20
BATCH = 1_000  # ids that one question to the database names


def user_memberships(*, user: User) -> QuerySet[Membership]:
    """A person's organizations, by name."""
    return (
        Membership.objects.filter(user=user)
        .select_related("organization")
        .order_by("organization__display_name", "pk")
    )


def organizations_signed_for(*, user: User | AnonymousUser, at: datetime) -> QuerySet[Organization]:
    """The organizations a person can sign for at once: proven ones, with a mandate of theirs in force. None for strangers."""
    if not user.is_authenticated:
        return Organization.objects.none()
    mandates = Mandate.objects.in_force_at(at).filter(
        Q(user=user) | Q(email_key__in=recipient_keys(user.email)), organization=OuterRef("pk")
    )
    return Organization.objects.proven().filter(Exists(mandates)).order_by("display_name", "pk")


def organization_names(*, organizations: Iterable[Organization]) -> dict[UUID, Names]:
    """What each of them calls itself, by id. One read for every thousand of them."""
    shown = {row.pk: row.display_name for row in organizations}
    own: dict[UUID, dict[str, str]] = {pk: {} for pk in shown}
    ids = list(shown)
    for start in range(0, len(ids), BATCH):
        rows = OrganizationName.objects.filter(organization__in=ids[start : start + BATCH])
        for organization_id, locale, name in rows.values_list("organization", "locale", "name"):
            own[organization_id][locale] = name
    return {pk: Names(name, own[pk]) for pk, name in shown.items()}


def known_organizations(
    *, name: str, domain: str, number_keys: Collection[str]
) -> dict[str, list[Organization]]:
    """The proven organizations that one with these facts may be: those with its "domain", its "number", its "name"."""
    proven = Organization.objects.proven().order_by("pk")
    same_number = Registration.objects.filter(number_key__in=number_keys).values("organization")
    return {
        "domain": list(proven.filter(domain=domain)) if domain else [],
        "number": list(proven.filter(pk__in=same_number)) if number_keys else [],
        "name": list(proven.filter(folded_name=folded_name(name))[:MOST_SHOWN]),
    }


def network_affiliations(*, network: Organization) -> QuerySet[Affiliation]:
    """Who says that it belongs to a network: what waits for an answer first, then by name."""
    return network.affiliates.select_related("member", "network").order_by(
        F("accepted_at").asc(nulls_first=True), "member__display_name", "pk"
    )


def waiting_members(*, network: Organization) -> int:
    """How many say that they belong to a network, and wait for its answer."""
    return network.affiliates.filter(accepted_at=None).count()


def own_affiliations(*, member: Organization) -> QuerySet[Affiliation]:
    """The networks an organization says it belongs to, by name."""
    return member.affiliations.select_related("network", "member").order_by("network__display_name", "pk")


def networks_to_join(*, member: Organization, typed: str) -> QuerySet[Organization]:
    """Proven networks whose name has what was typed in it, without those that are stated already. The first few."""
    rows = Organization.objects.proven().filter(kind=OrganizationKind.NETWORK).exclude(pk=member.pk)
    rows = rows.exclude(pk__in=member.affiliations.values("network"))
    for word in folded(typed).split():
        rows = rows.filter(folded_name__contains=folded_name(word))
    return rows.order_by("display_name", "pk")[:MOST_SHOWN]


def organization_owners(*, organization: Organization) -> QuerySet[Membership]:
    """Who owns an organization here: those whom a proven mandate gives its public face to."""
    return (
        Membership.objects.filter(organization=organization, role=Role.OWNER)
        .select_related("user")
        .order_by("created_at", "pk")
    )
