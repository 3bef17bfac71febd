"""Reads of calls for endorsements."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from campaign.documents.models import FrozenText
from campaign.organizations.models import (
    Call,
    CallInvitation,
    CallInvitationState,
    Endorsement,
    EndorsementState,
    PersonalEndorsement,
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
