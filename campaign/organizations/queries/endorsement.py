"""Reads of endorsements: by organization, and by text."""

from datetime import datetime

from django.db.models import Case, QuerySet, When

from campaign.accounts.models import User
from campaign.documents.models import FrozenText
from campaign.organizations.models import Endorsement, EndorsementState, Membership, Organization, Role
from campaign.organizations.queries.listing import public_texts


def organization_endorsements(*, organization: Organization, at: datetime) -> QuerySet[Endorsement]:
    """What an organization stands behind in public, newest first. What is not published, or under an embargo, is left out."""
    rows = Endorsement.objects.accepted().filter(organization=organization)
    return public_texts(rows, at=at).select_related("frozen_text__publication").order_by("-accepted_at", "pk")


def text_endorsements(*, frozen_text: FrozenText, until: datetime | None = None) -> QuerySet[Endorsement]:
    """Who stands behind a text (accepted at or before `until`), by name."""
    rows = Endorsement.objects.accepted_by(until) if until else Endorsement.objects.accepted()
    return (
        rows.filter(frozen_text=frozen_text)
        .select_related("organization", "mandate")
        .order_by("organization__display_name", "pk")
    )


def own_endorsements(*, organization: Organization) -> QuerySet[Endorsement]:
    """Everything signed in an organization's name, what waits for somebody first, then the newest."""
    waits = Case(When(state__in=["second", "to_renew"], then=0), default=1)
    return (
        Endorsement.objects.filter(organization=organization)
        .select_related("frozen_text__publication", "mandate")
        .order_by(waits, "-stated_at", "pk")
    )


def endorsements_to_answer(*, user: User) -> QuerySet[Endorsement]:
    """What waits for the owners of a person's organizations: a second person, or an answer to a changed text. Oldest first."""
    owned = Membership.objects.filter(user=user, role=Role.OWNER).values("organization")
    return (
        Endorsement.objects.filter(
            organization__in=owned, state__in=[EndorsementState.SECOND, EndorsementState.TO_RENEW]
        )
        .select_related("organization", "frozen_text")
        .order_by("stated_at", "pk")
    )
