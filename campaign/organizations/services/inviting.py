"""Inviting organizations to a call, and what they answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.core.errors import DomainError
from campaign.documents.models import Publication
from campaign.mailing.models import OutgoingMail
from campaign.mailing.services import mail_row, queue_mails, recipient_key, recipient_keys
from campaign.organizations.models import (
    Call,
    CallInvitation,
    CallInvitationState,
    Endorsement,
    EndorsementState,
)
from campaign.organizations.services.mails import DAY, LinkExpired

INVITATIONS_A_DAY = (
    2_000  # of one call: an open letter invites hundreds, a list of bought addresses thousands
)
REMIND_AFTER = timedelta(days=2)
WAITING = (CallInvitationState.INVITED, CallInvitationState.INTENDS)


class TooManyInvitations(DomainError):
    message = _("This call has sent as many invitations as it may in a day. Go on tomorrow.")


class NoSuchMoment(DomainError):
    message = _("This time does not exist there: clocks are put forward over it. Choose another hour.")


class PublicAlready(DomainError):
    message = _("The text is public already. Silence cannot be promised for it any more.")


class RemindedLately(DomainError):
    message = _("Everybody who has not answered was reminded in the last two days. Give them time.")


@dataclass(frozen=True)
class Invited:
    """Whom to invite: the organization as the team calls it, and the mail address of its contact."""

    name: str
    email: str


@dataclass(frozen=True)
class CallSettings:
    """How a call is run. `closes` is a wall time ("2026-12-01T18:00") on the clock of `time_zone`, or "" for no deadline."""

    is_open: bool
    note: str
    closes: str
    time_zone: str
    embargo_until: datetime | None


@transaction.atomic
def set_call(*, call: Call, wanted: CallSettings) -> Call:
    """Change how a call is run. A later deadline takes in who was late for the earlier one; an earlier one makes nobody late.

    Raises NoSuchMoment for an hour that the clocks leave out, PublicAlready for an embargo that comes too late.
    """
    call = Call.objects.select_for_update(of=("self",)).get(pk=call.pk)
    if wanted.embargo_until and Publication.objects.filter(frozen_text=call.frozen_text_id).exists():
        raise PublicAlready
    call.is_open, call.note, call.embargo_until = wanted.is_open, wanted.note, wanted.embargo_until
    call.closes_wall_time, call.time_zone = wanted.closes, wanted.time_zone if wanted.closes else ""
    call.closes_at = (
        closing_moment(wall_time=wanted.closes, time_zone=wanted.time_zone) if wanted.closes else None
    )
    call.save()
    late = Endorsement.objects.filter(frozen_text=call.frozen_text_id, is_late=True)
    in_time = late if call.closes_at is None else late.filter(accepted_at__lt=call.closes_at)
    in_time.update(is_late=False)
    return call


def closing_moment(*, wall_time: str, time_zone: str) -> datetime:
    """The moment of a wall time; of an hour that comes twice, the second: who reads it generously is not late.

    Raises NoSuchMoment for an hour that the clocks leave out.
    """
    zone = ZoneInfo(time_zone)
    moment = datetime.fromisoformat(wall_time).replace(tzinfo=zone, fold=1)
    utc = moment.astimezone(ZoneInfo("UTC"))
    if utc.astimezone(zone).replace(tzinfo=None) != moment.replace(tzinfo=None):
        raise NoSuchMoment
    return utc


@transaction.atomic
def invite_organizations(
    *, call: Call, invited: Sequence[Invited], locale: str, by: User, at: datetime
) -> int:
    """Mail an invitation to each address that has none for this call yet. Returns how many are new.

    All of them or, with TooManyInvitations, none.
    """
    Call.objects.select_for_update(of=("self",)).get(
        pk=call.pk
    )  # two that invite at once count one after the other
    lately = call.invitations.filter(invited_at__gt=at - DAY).count()
    known = {bytes(key) for key in call.invitations.values_list("email_key", flat=True)}
    rows: dict[bytes, CallInvitation] = {}
    for each in invited:
        if known.isdisjoint(recipient_keys(each.email)):
            key = recipient_key(each.email)
            rows.setdefault(
                key,
                CallInvitation(
                    call=call,
                    name=each.name,
                    email=each.email,
                    email_key=key,
                    locale=locale,
                    invited_by=by,
                    invited_at=at,
                ),
            )
    if lately + len(rows) > INVITATIONS_A_DAY:
        raise TooManyInvitations
    CallInvitation.objects.bulk_create(rows.values(), batch_size=500)
    queue_mails(_invitation_mail(row, at=at) for row in rows.values())
    return len(rows)


def _invitation_mail(row: CallInvitation, *, at: datetime) -> OutgoingMail:
    return mail_row(kind="organizations.call", to=row.email or "", locale=row.locale, about_id=row.pk, at=at)


def answer_invitation(*, invitation: CallInvitation, state: str, note: str = "", at: datetime) -> None:
    """The invited organization intends to endorse, or declines. It may change its mind until it has endorsed.

    Raises LinkExpired when it has endorsed.
    """
    changed = (
        CallInvitation.objects.filter(pk=invitation.pk)
        .exclude(state=CallInvitationState.ENDORSED)
        .update(state=state, note=note[:300], answered_at=at)
    )
    if not changed:
        raise LinkExpired


@transaction.atomic
def remind_invited(*, call: Call, at: datetime) -> int:
    """Mail those who have not answered, or said that they need a decision first, once more. Returns how many.

    Raises RemindedLately when there is nobody whom one may mail again yet.
    """
    since = at - REMIND_AFTER
    rows = list(
        call.invitations.select_for_update(of=("self",))
        .filter(state__in=WAITING, invited_at__lt=since)
        .exclude(reminded_at__gte=since)
        .order_by("pk")
    )
    if not rows:
        raise RemindedLately
    CallInvitation.objects.filter(pk__in=[row.pk for row in rows]).update(reminded_at=at)
    return queue_mails(_invitation_mail(row, at=at) for row in rows)


@transaction.atomic
def remind_renewals(*, call: Call, at: datetime) -> int:
    """Ask those once more who stood behind the text before it changed, and have not answered. Returns how many.

    Raises RemindedLately.
    """
    since = at - REMIND_AFTER
    rows = list(
        Endorsement.objects.select_for_update(of=("self",))
        .filter(frozen_text=call.frozen_text_id, state=EndorsementState.TO_RENEW, stated_at__lt=since)
        .exclude(reminded_at__gte=since)
        .order_by("pk")
    )
    if not rows:
        raise RemindedLately
    Endorsement.objects.filter(pk__in=[row.pk for row in rows]).update(reminded_at=at)
    return queue_mails(
        mail_row(
            kind="organizations.renewal",
            to=row.signatory_email or "",
            locale=row.locale,
            about_id=row.pk,
            at=at,
        )
        for row in rows
    )
