"""Reads of mandates, and of what staff decides about organizations."""

from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from campaign.accounts.models import User
from campaign.mailing.services import recipient_keys
from campaign.organizations.models import DuplicateFlag, Mandate, MandateObjection, Organization


def organization_mandates(*, organization: Organization) -> QuerySet[Mandate]:
    """Every mandate of an organization, the newest first, with `signed_total` (what stands under it) and `is_objected_to`."""
    standing = Count("endorsements", filter=Q(endorsements__state__in=["accepted", "second"]))
    objected = MandateObjection.objects.filter(mandate=OuterRef("pk"), decision="")
    return (
        Mandate.objects.filter(organization=organization)
        .select_related("organization", "replaces")
        .annotate(signed_total=standing, is_objected_to=Exists(objected))
        .order_by("-stated_at", "-pk")
    )


def mandates_of_person(*, organization: Organization, user: User, at: datetime) -> QuerySet[Mandate]:
    """A person's mandates in force for an organization: they can sign for it, member or not."""
    theirs = Q(user=user) | Q(email_key__in=recipient_keys(user.email))
    return Mandate.objects.in_force_at(at).filter(theirs, organization=organization).order_by("ends_at", "pk")


def is_found_twice(*, organization: Organization) -> bool:
    """Whether staff found that an organization is another one a second time."""
    return organization.duplicate_flags.filter(decision="same").exists()


def mandates_to_check(*, at: datetime) -> QuerySet[Mandate]:
    """Documents that wait for staff, the oldest first, with `has_flags`: that the organization may be another one."""
    flags = DuplicateFlag.objects.filter(organization=OuterRef("organization"), decision="")
    return (
        Mandate.objects.for_staff()
        .filter(expires_at__gt=at)
        .select_related("organization")
        .annotate(has_flags=Exists(flags))
        .order_by("stated_at", "pk")
    )


def open_objections() -> QuerySet[MandateObjection]:
    """What owners say was never authorized, the oldest first."""
    rows = MandateObjection.objects.filter(decision="").select_related("mandate__organization")
    return rows.order_by("stated_at", "pk")


def open_duplicates() -> QuerySet[DuplicateFlag]:
    """Pairs of organizations that may be one, the oldest first; without those that were found to be one already."""
    found = DuplicateFlag.objects.filter(organization=OuterRef("organization"), decision="same")
    rows = DuplicateFlag.objects.filter(decision="").exclude(Exists(found))
    return rows.select_related("organization", "other").order_by("noticed_at", "pk")
