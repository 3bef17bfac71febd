"""Endorsing in one's own name. It binds no organization, and is counted and listed apart."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from campaign.documents.models import FrozenText
from campaign.mailing.models import Priority
from campaign.mailing.services import queue_mail, recipient_key, recipient_keys
from campaign.organizations.models import PersonalEndorsement, PersonalState
from campaign.organizations.queries import call_of, current_text
from campaign.organizations.services.endorsing import (
    OnlyByInvitation,
    TextMovedOn,
    hold_calls,
    require_current,
)
from campaign.organizations.services.mails import CONFIRM_DAYS, DAY, MAILS_A_DAY, LinkExpired


@dataclass(frozen=True)
class PersonData:
    """Who endorses. Function and affiliation are for identification only."""

    name: str
    function: str
    affiliation: str
    country: str
    email: str
    locale: str


@transaction.atomic
def request_personal_endorsement(
    *, frozen_text: FrozenText, person: PersonData, at: datetime
) -> PersonalEndorsement | None:
    """Record it and mail the person. It appears nowhere yet.

    Returns None, with nothing stored, when the address has had its mails for the day: the page says the same either way.
    Raises TextMovedOn, OnlyByInvitation.
    """
    require_current(frozen_text)
    call = call_of(frozen_text=frozen_text)
    if call is not None and not call.is_open:
        raise OnlyByInvitation
    asked = PersonalEndorsement.objects.filter(
        frozen_text=frozen_text, email_key__in=recipient_keys(person.email), stated_at__gt=at - DAY
    )
    if asked.count() >= MAILS_A_DAY:
        return None
    row = PersonalEndorsement.objects.create(
        frozen_text=frozen_text,
        name=person.name,
        function=person.function,
        affiliation=person.affiliation,
        country=person.country,
        email=person.email,
        email_key=recipient_key(person.email),
        locale=person.locale,
        stated_at=at,
        expires_at=at + timedelta(days=CONFIRM_DAYS),
    )
    queue_mail(
        kind="organizations.personal",
        to=person.email,
        locale=person.locale,
        about_id=row.pk,
        at=at,
        priority=Priority.AT_THE_SCREEN,
    )
    return row


@transaction.atomic
def confirm_personal_endorsement(
    *, endorsement: PersonalEndorsement, at: datetime, read: FrozenText | None = None
) -> PersonalEndorsement:
    """Accept one by the link in its mail: a first one, or one for a text that has changed. Twice is once.

    `read` is the current text, when it moved on since the mail was sent and the person has seen what changed.
    Raises LinkExpired, TextMovedOn.
    """
    hold_calls(endorsement.frozen_text)
    row = PersonalEndorsement.objects.select_for_update(of=("self",)).get(pk=endorsement.pk)
    if row.state == PersonalState.ACCEPTED:
        return row
    is_pending = row.state == PersonalState.PENDING and at < row.expires_at
    if not is_pending and row.state != PersonalState.TO_RENEW:
        raise LinkExpired
    now = current_text(frozen_text=row.frozen_text)
    if now.pk != row.frozen_text_id:
        if read is None or read.pk != now.pk:
            raise TextMovedOn(now)
        row.frozen_text = now
    call = call_of(frozen_text=now)
    row.state, row.accepted_at = PersonalState.ACCEPTED, at
    row.is_late = call is not None and call.is_late_at(at)
    try:
        with transaction.atomic():
            row.save(update_fields=["frozen_text", "state", "accepted_at", "is_late"])
    except IntegrityError:  # the same person, through an earlier mail
        return PersonalEndorsement.objects.get(
            frozen_text=now, email_key=bytes(row.email_key or b""), state=PersonalState.ACCEPTED
        )
    return row


@transaction.atomic
def withdraw_personal_endorsement(*, endorsement: PersonalEndorsement, at: datetime) -> None:
    """Take it back, and forget who it was. Twice is once."""
    standing = [PersonalState.PENDING, PersonalState.ACCEPTED, PersonalState.TO_RENEW]
    PersonalEndorsement.objects.filter(pk=endorsement.pk, state__in=standing).update(
        state=PersonalState.WITHDRAWN,
        ended_at=at,
        name=None,
        email=None,
        email_key=None,
        function="",
        affiliation="",
    )
