"""What moderators decide about petitions, reports and reasons. Each decision and its line in the record are one transaction."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.campaigns.models import TeamMember, TeamRole
from campaign.core.errors import DomainError
from campaign.guard.limits import Limit, bucket_key
from campaign.guard.services import hold_buckets, store_buckets
from campaign.mailing.services import mail_row, queue_mail, queue_mails
from campaign.moderation.models import Act, ModerationAct, Report, ReportState
from campaign.moderation.services.record import record_act
from campaign.petitions import services as petition_services
from campaign.petitions.models import Petition, ReasonState, Signature

MOST_OPEN = 20  # reports of one petition: enough to judge by, and nobody fills the desk
REPORTS_OF_A_NETWORK = Limit(burst=3, sustained=12, per=timedelta(days=1))
KEPT_DETAILS = timedelta(days=183)


class AlreadyDecided(DomainError):
    message = _("Somebody else has decided this meanwhile.")


@transaction.atomic
def publish(*, petition: Petition, by: User, at: datetime) -> None:
    """Publish what a team submitted. Raises what `publish_petition` raises."""
    petition_services.publish_petition(petition=petition, at=at)
    _tell_leads(record_act(act=Act.PUBLISH, actor=by, at=at, petition=petition))


@transaction.atomic
def reject(*, petition: Petition, note: str, by: User, at: datetime) -> None:
    """Send a submitted petition back with the reason. Raises PetitionCannotMove."""
    petition_services.reject_petition(petition=petition, note=note)
    _tell_leads(record_act(act=Act.REJECT, actor=by, at=at, petition=petition, note=note))


@transaction.atomic
def take_down(*, petition: Petition, note: str, by: User, at: datetime) -> None:
    """Hide a public petition. Raises PetitionCannotMove."""
    petition_services.hide_petition(petition=petition, note=note)
    _tell_leads(record_act(act=Act.TAKE_DOWN, actor=by, at=at, petition=petition, note=note))


@transaction.atomic
def put_back(*, petition: Petition, note: str, by: User, at: datetime) -> None:
    """Show a petition again that was taken down. Raises PetitionCannotMove."""
    petition_services.unhide_petition(petition=petition, at=at)
    _tell_leads(record_act(act=Act.RESTORE, actor=by, at=at, petition=petition, note=note))


def _tell_leads(act: ModerationAct) -> None:
    """Queue a letter about a decision to the owners in the campaign's team."""
    if act.petition is None:
        return
    leads = TeamMember.objects.active().filter(campaign=act.petition.campaign_id, role=TeamRole.OWNER)
    people = User.objects.filter(pk__in=leads.values("user"), is_active=True).order_by("pk")
    queue_mails(
        mail_row(kind="moderation.decision", to=user.email, locale=user.locale, at=act.at, about_id=act.pk)
        for user in people
    )


@transaction.atomic
def pause_site(*, note: str, by: User, at: datetime) -> None:
    """Stop signing on the whole site."""
    petition_services.pause_site(note=note, by=by, at=at)
    record_act(act=Act.PAUSE, actor=by, at=at, note=note)


@transaction.atomic
def resume_site(*, by: User, at: datetime) -> None:
    petition_services.resume_site()
    record_act(act=Act.RESUME, actor=by, at=at)


@transaction.atomic
def set_legal_hold(*, petition: Petition, reason: str, by: User, at: datetime) -> None:
    """Keep signers' data beyond its time, for the reason given; an empty reason lifts the hold."""
    Petition.objects.filter(pk=petition.pk).update(legal_hold_reason=reason)
    record_act(act=Act.HOLD, actor=by, at=at, petition=petition, note=reason)


@transaction.atomic
def report_petition(
    *,
    petition: Petition,
    kind: str,
    details: str,
    reporter: str,
    locale: str,
    at: datetime,
    network: str = "",
) -> Report | None:
    """Take somebody's report of a public petition. `reporter` is a mail address, or empty: then nobody hears of the outcome.

    None, and nothing stored, when MOST_OPEN reports of the petition wait already, or the cut network has sent its share. Whoever
    reports is not told: nobody learns how much is needed to keep others' reports out.
    """
    waiting = Report.objects.filter(petition=petition, state=ReportState.OPEN)
    if waiting.count() >= MOST_OPEN or not _spend_report(network, at):
        return None
    return Report.objects.create(
        petition=petition, kind=kind, details=details, reporter=reporter, locale=locale, reported_at=at
    )


def _spend_report(network: str, at: datetime) -> bool:
    """Whether a network may report once more. Unknown networks are held back by MOST_OPEN alone."""
    if not network:
        return True
    limits = {bucket_key("report", network): REPORTS_OF_A_NETWORK}
    buckets = hold_buckets(limits=limits, at=at)
    passes = buckets.spend(limits, at) is None
    store_buckets(buckets=buckets)
    return passes


def forget_reports(*, at: datetime) -> int:
    """Erase what people wrote in reports that were decided long ago; the decision stays. Returns how many."""
    old = Report.objects.filter(decided_at__lt=at - KEPT_DETAILS, details__isnull=False)
    return old.update(details=None)


@transaction.atomic
def decide_report(*, report: Report, upheld: bool, decision: str, by: User, at: datetime) -> None:
    """Dismiss or uphold a report; upholding takes the petition down. Who reported hears of it. Raises AlreadyDecided."""
    state = ReportState.UPHELD if upheld else ReportState.DISMISSED
    reporter = report.reporter
    decided = Report.objects.filter(pk=report.pk, state=ReportState.OPEN).update(
        state=state, decision=decision, decided_by=by, decided_at=at, reporter=None
    )
    if not decided:
        raise AlreadyDecided
    if upheld and Petition.objects.public().filter(pk=report.petition_id).exists():
        take_down(petition=report.petition, note=decision, by=by, at=at)
    record_act(act=Act.REPORT, actor=by, at=at, petition=report.petition, note=decision)
    if reporter:
        queue_mail(kind="moderation.report", to=reporter, locale=report.locale, at=at, about_id=report.pk)


@transaction.atomic
def decide_reason(
    *, petition: Petition, signature_id: uuid.UUID, shown: bool, by: User, at: datetime
) -> None:
    """Show a signer's reason beside their name, or not. Only those who sign in public are ever shown. Twice is once."""
    rows = Signature.objects.filter(petition=petition, pk=signature_id, reason__isnull=False)
    state = ReasonState.SHOWN if shown else ReasonState.REFUSED
    if rows.exclude(reason_state=state).update(reason_state=state):
        record_act(act=Act.REASON, actor=by, at=at, petition=petition, count=1)
