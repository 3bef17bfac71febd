"""Reads of organizations and endorsements."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, When

from campaign.accounts.models import User
from campaign.documents.models import FrozenText
from campaign.mailing.services import recipient_keys
from campaign.organizations.models import (
    Call,
    CallInvitation,
    CallInvitationState,
    Endorsement,
    EndorsementState,
    Mandate,
    Membership,
    Organization,
    PersonalEndorsement,
)


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


def call_numbers(*, calls: Iterable[Call]) -> dict[UUID, dict[str, int]]:
    """How many endorsements of each call's current text are in which state, its personal ones as "personal", and how many
    invitations wait as "invited" and "intends". Three reads, however many calls.
    """
    calls = list(calls)
    call_of_text = {call.frozen_text_id: call.pk for call in calls}
    numbers: dict[UUID, dict[str, int]] = {call.pk: defaultdict(int) for call in calls}
    shown = ~Q(state=EndorsementState.ACCEPTED) | Q(organization__proven_at__isnull=False)
    states = Endorsement.objects.filter(shown, frozen_text__in=call_of_text).values_list(
        "frozen_text", "state"
    )
    for text, state, count in states.annotate(count=Count("pk")):
        numbers[call_of_text[text]][state] += count
    people = PersonalEndorsement.objects.filter(frozen_text__in=call_of_text, state="accepted")
    for text, count in people.values_list("frozen_text").annotate(count=Count("pk")):
        numbers[call_of_text[text]]["personal"] += count
    invited = CallInvitation.objects.filter(call__in=numbers).values_list("call", "state")
    for call, state, count in invited.annotate(count=Count("pk")):
        numbers[call][state] += count
    return numbers


def call_rows(*, call: Call, state: str = "") -> QuerySet[Endorsement]:
    """The endorsements of a call's current text that are more than typed, in one state or in all, by name."""
    rows = Endorsement.objects.filter(frozen_text=call.frozen_text_id, organization__proven_at__isnull=False)
    rows = rows.filter(state=state) if state in EndorsementState.values else rows
    return (
        rows.exclude(state=EndorsementState.PENDING)
        .select_related("organization", "mandate")
        .order_by("organization__display_name", "pk")
    )


def waiting_invitations(*, call: Call) -> QuerySet[CallInvitation]:
    """Who was invited and has not endorsed, those who answered first."""
    return call.invitations.exclude(state=CallInvitationState.ENDORSED).order_by("-answered_at", "pk")


def organizations_signed_for(*, user: User | AnonymousUser, at: datetime) -> QuerySet[Organization]:
    """The organizations a person can sign for at once: proven ones, with a mandate of theirs in force. None for strangers."""
    if not user.is_authenticated:
        return Organization.objects.none()
    mandates = Mandate.objects.in_force_at(at).filter(
        Q(user=user) | Q(email_key__in=recipient_keys(user.email)), organization=OuterRef("pk")
    )
    return Organization.objects.proven().filter(Exists(mandates)).order_by("display_name", "pk")


def own_endorsements(*, organization: Organization) -> QuerySet[Endorsement]:
    """Everything signed in an organization's name, what waits for somebody first, then the newest."""
    waits = Case(When(state__in=["second", "to_renew"], then=0), default=1)
    return (
        Endorsement.objects.filter(organization=organization)
        .select_related("frozen_text__publication", "mandate")
        .order_by(waits, "-stated_at", "pk")
    )
