"""Reads of organizations and endorsements."""

from datetime import datetime

from django.db.models import Count, Q, QuerySet

from campaign.accounts.models import User
from campaign.documents.models import FrozenText
from campaign.organizations.models import Call, Endorsement, Membership, Organization


def organization_cards() -> QuerySet[Organization]:
    """Organizations with a mandate on record, by name, with `endorsement_total`."""
    public = Q(endorsements__state="accepted", endorsements__frozen_text__publication__isnull=False)
    return (
        Organization.objects.proven()
        .annotate(endorsement_total=Count("endorsements", filter=public))
        .order_by("display_name", "pk")
    )


def organization_endorsements(*, organization: Organization) -> QuerySet[Endorsement]:
    """What an organization stands behind in public, newest first; a text not published yet is not listed."""
    return (
        Endorsement.objects.accepted()
        .filter(organization=organization, frozen_text__publication__isnull=False)
        .select_related("frozen_text__publication")
        .order_by("-accepted_at", "pk")
    )


def text_endorsements(*, frozen_text: FrozenText, until: datetime | None = None) -> QuerySet[Endorsement]:
    """Who stands behind a text (accepted at or before `until`), by name."""
    rows = Endorsement.objects.accepted_by(until) if until else Endorsement.objects.accepted()
    return (
        rows.filter(frozen_text=frozen_text)
        .select_related("organization", "mandate")
        .order_by("organization__display_name", "pk")
    )


def user_memberships(*, user: User) -> QuerySet[Membership]:
    """A person's organizations, by name."""
    return (
        Membership.objects.filter(user=user)
        .select_related("organization")
        .order_by("organization__display_name", "pk")
    )


def call_of(*, frozen_text: FrozenText) -> Call | None:
    """The call that asks for endorsements of a text, or asked for them before it moved on."""
    return (
        Call.objects.filter(texts__frozen_text=frozen_text)
        .select_related("frozen_text", "asked_by")
        .order_by("opened_at", "pk")
        .first()
    )


def current_text(*, frozen_text: FrozenText) -> FrozenText:
    """The text that stands now in place of a frozen one: itself, as long as nothing came after it."""
    calls = list(
        Call.objects.filter(texts__frozen_text=frozen_text)
        .select_related("frozen_text")
        .order_by("opened_at", "pk")
        .distinct()
    )
    if not calls or any(call.frozen_text_id == frozen_text.pk for call in calls):
        return frozen_text
    return calls[0].frozen_text
