"""Endorsing: an organization puts its name under one exact text, through a mandate, and takes it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.activity.services import log_act
from campaign.core.errors import DomainError
from campaign.documents.models import FrozenText
from campaign.mailing.models import Priority
from campaign.mailing.services import queue_mail, recipient_keys
from campaign.organizations.domains import is_own_domain, website_domain
from campaign.organizations.models import (
    Call,
    CallInvitation,
    CallInvitationState,
    CorrectionKind,
    Endorsement,
    EndorsementState,
    Mandate,
    MandateProof,
    Organization,
    Scope,
)
from campaign.organizations.queries import call_of, current_text
from campaign.organizations.services.corrections import note_correction
from campaign.organizations.services.mails import CONFIRM_DAYS, DAY, MAILS_A_DAY, LinkExpired
from campaign.organizations.services.mandates import (
    MandateNotInForce,
    NotItsOwnDomain,
    SignatoryData,
    mandate_of,
    mandate_statement,
    prove_mandate,
    signatory_fields,
    state_mandate,
)
from campaign.organizations.services.organization import (
    DomainSpeaksForAnother,
    OrganizationData,
    new_organization,
)

ENDED = (
    EndorsementState.LAPSED,
    EndorsementState.DECLINED,
    EndorsementState.WITHDRAWN,
    EndorsementState.REJECTED,
)


class TextMovedOn(DomainError):
    """`text` is the one that stands now."""

    message = _("The text has changed since. Read what changed; nothing is signed in your name until you do.")

    def __init__(self, text: FrozenText) -> None:
        super().__init__()
        self.text = text


class OnlyByInvitation(DomainError):
    message = _("Only organizations that were invited can endorse this text. Use the link in the invitation.")


class EndorsesAlready(DomainError):
    message = _("Your organization stands behind this text already.")


class MandateRevoked(DomainError):
    message = _(
        "The mandate of this mailbox was withdrawn, handed on or refused. An owner of the organization has to prove a new one "
        "on its page here before anything is signed."
    )


class SecondPersonNeeded(DomainError):
    message = _("Somebody else has to approve this: another owner than the one who signed.")


class EndorsementCannotMove(DomainError):
    message = _("This endorsement has moved on meanwhile. Load the page again to see where it stands.")


@dataclass(frozen=True)
class Support:
    """How far an endorsement goes: the whole text, or all but some provisions."""

    exceptions: Sequence[
        dict[str, str]
    ] = ()  # {"key", "label"} of each provision left out, in the text's order

    def columns(self) -> dict[str, Any]:
        return {
            "scope": Scope.PART if self.exceptions else Scope.WHOLE,
            "exceptions": list(self.exceptions),
        }


WHOLE = Support()


@transaction.atomic
def request_endorsement(
    *,
    frozen_text: FrozenText,
    organization: OrganizationData,
    signatory: SignatoryData,
    at: datetime,
    support: Support = WHOLE,
    invitation: CallInvitation | None = None,
) -> Endorsement | None:
    """Record a stated endorsement and mail the signatory at the organization's own domain. It appears nowhere yet.

    Returns None, with nothing stored, when the address has had its mails for the day: the page says the same either way.
    Raises NotItsOwnDomain when the address is not on the website's domain, TextMovedOn, OnlyByInvitation.
    """
    require_current(frozen_text)
    call = call_of(frozen_text=frozen_text)
    if call is not None and not call.is_open and (invitation is None or invitation.call_id != call.pk):
        raise OnlyByInvitation
    if not is_own_domain(address=signatory.email, website=organization.website):
        raise NotItsOwnDomain
    keys = recipient_keys(signatory.email)
    asked = Endorsement.objects.filter(frozen_text=frozen_text, email_key__in=keys, stated_at__gt=at - DAY)
    if asked.count() >= MAILS_A_DAY:
        return None
    endorsement = Endorsement.objects.create(
        frozen_text=frozen_text,
        legal_name=organization.legal_name,
        display_name=organization.display_name,
        kind=organization.kind,
        country=organization.country,
        website=organization.website,
        domain=website_domain(organization.website),
        is_invented=organization.is_invented,
        statement=mandate_statement(organization_name=organization.legal_name),
        stated_at=at,
        expires_at=at + timedelta(days=CONFIRM_DAYS),
        invitation=invitation,
        **support.columns(),
        **signatory_fields(signatory),
    )
    queue_mail(
        kind="organizations.endorse",
        to=signatory.email,
        locale=signatory.locale,
        about_id=endorsement.pk,
        at=at,
        priority=Priority.AT_THE_SCREEN,
    )
    return endorsement


def hold_calls(frozen_text: FrozenText) -> None:
    """Keep the text from moving on until this transaction ends. Taken before any endorsement's row, as `move_call` does."""
    list(Call.objects.select_for_update(of=("self",)).filter(texts__frozen_text=frozen_text).order_by("pk"))


def require_current(frozen_text: FrozenText) -> None:
    """Raises TextMovedOn when another text stands in its place now."""
    now = current_text(frozen_text=frozen_text)
    if now.pk != frozen_text.pk:
        raise TextMovedOn(now)


@transaction.atomic
def confirm_endorsement(
    *, endorsement: Endorsement, at: datetime, read: FrozenText | None = None
) -> Endorsement:
    """Accept an endorsement whose mail was opened at the organization's own domain. Twice is once.

    The mandate goes on record with it. If the organization already stands behind this text, that endorsement is returned.
    When the text moved on since it was stated, `read` is the text whose changes the signatory has seen and signs instead.
    Raises LinkExpired, TextMovedOn, MandateRevoked.
    """
    hold_calls(endorsement.frozen_text)
    endorsement = Endorsement.objects.select_for_update(of=("self",)).get(pk=endorsement.pk)
    if endorsement.state in {EndorsementState.ACCEPTED, EndorsementState.SECOND}:
        return endorsement
    if endorsement.state != EndorsementState.PENDING or at >= endorsement.expires_at:
        raise LinkExpired
    _follow_text(endorsement, read)
    try:
        with transaction.atomic():
            _bind(endorsement, at=at)
    except DomainSpeaksForAnother:  # a colleague put the organization on record at this moment
        endorsement.organization = None
        _bind(endorsement, at=at)
    standing = Endorsement.objects.filter(
        state__in=[EndorsementState.ACCEPTED, EndorsementState.SECOND],
        frozen_text=endorsement.frozen_text_id,
        organization=endorsement.organization,
    ).order_by("state", "pk")
    if (found := standing.first()) is not None:
        return found
    try:
        with transaction.atomic():
            accept(endorsement, at=at)
    except IntegrityError:  # a colleague confirmed another mail for the same organization at this moment
        return standing.get()
    return endorsement


def _bind(endorsement: Endorsement, *, at: datetime) -> None:
    """Set the organization and the mandate of a stated endorsement. Raises DomainSpeaksForAnother."""
    organization = _organization_stated_in(endorsement)
    endorsement.organization = organization
    endorsement.mandate = mandate_from_mail(endorsement, organization, at=at)


def _follow_text(endorsement: Endorsement, read: FrozenText | None) -> None:
    now = current_text(frozen_text=endorsement.frozen_text)
    if now.pk == endorsement.frozen_text_id:
        return
    if read is None or read.pk != now.pk:
        raise TextMovedOn(now)
    endorsement.frozen_text, endorsement.scope, endorsement.exceptions = now, Scope.WHOLE, []
    endorsement.save(update_fields=["frozen_text", "scope", "exceptions"])


def mandate_from_mail(endorsement: Endorsement, organization: Organization, *, at: datetime) -> Mandate:
    """The signatory's mandate that is in force; else a new one: the link came through the organization's own mailbox."""
    in_force = Mandate.objects.in_force_at(at).filter(
        organization=organization, email_key=bytes(endorsement.email_key)
    )
    if (found := in_force.order_by("-proven_at", "pk").first()) is not None:
        return found
    _require_not_revoked(endorsement)
    signatory = SignatoryData(
        name=endorsement.signatory_name or "",
        function=endorsement.signatory_function,
        email=endorsement.signatory_email or "",
        locale=endorsement.locale,
    )
    mandate = state_mandate(
        organization=organization, signatory=signatory, proof=MandateProof.DOMAIN_MAIL, at=at, by=None
    )
    Mandate.objects.filter(pk=mandate.pk).update(
        statement=endorsement.statement, stated_at=endorsement.stated_at
    )
    prove_mandate(mandate=mandate, at=at)
    return mandate


def _require_not_revoked(endorsement: Endorsement) -> None:
    """A mailbox whose mandate was taken back, handed on or refused makes no new one by itself. Raises MandateRevoked."""
    last = (
        Mandate.objects.filter(email_key=bytes(endorsement.email_key), domain=endorsement.domain)
        .filter(Q(proven_at__isnull=False) | Q(rejected_at__isnull=False))
        .order_by("-stated_at", "-pk")
        .first()
    )
    if last and (
        last.rejected_at or last.withdrawn_at or last.replaced_by.filter(proven_at__isnull=False).exists()
    ):
        raise MandateRevoked


def _organization_stated_in(endorsement: Endorsement) -> Organization:
    """The organization that proved that domain; the one stated, made now, when none has.

    A row that somebody founded and nobody proved is not joined: whoever founded it would own the organization.
    """
    if endorsement.organization is not None:
        return endorsement.organization
    mandated = Mandate.objects.filter(proven_at__isnull=False, rejected_at=None).values("organization")
    on_record = Q(proven_at__isnull=False) | Q(pk__in=mandated)
    proven = Organization.objects.filter(on_record, domain=endorsement.domain).order_by(
        F("proven_at").asc(nulls_last=True), "pk"
    )
    if (found := proven.first()) is not None:
        return found
    stated = OrganizationData(
        legal_name=endorsement.legal_name,
        display_name=endorsement.display_name,
        kind=endorsement.kind,
        country=str(endorsement.country),
        website=endorsement.website,
        locale=endorsement.locale,
        is_invented=endorsement.is_invented,
    )
    try:
        with transaction.atomic():
            return new_organization(stated)
    except IntegrityError:  # another organization took the slug at this moment
        return new_organization(stated)


def accept(endorsement: Endorsement, *, at: datetime) -> None:
    """Let a proven endorsement stand, or wait for a second person where the organization wants one.

    Its organization and mandate are set; it comes from one of the states that wait. Raises IntegrityError when the organization
    stands behind the text already.
    """
    organization, call = endorsement.organization, call_of(frozen_text=endorsement.frozen_text)
    assert organization is not None  # the callers have set it  # noqa: S101
    _answer_questions(endorsement)
    if organization.needs_second_person and endorsement.approved_by_id is None:
        endorsement.state = EndorsementState.SECOND
    else:
        endorsement.state, endorsement.accepted_at = EndorsementState.ACCEPTED, at
        endorsement.is_late = call is not None and call.is_late_at(at)
    endorsement.save()
    waits = endorsement.state == EndorsementState.SECOND
    log_act(
        subject_id=organization.pk,
        act="organizations.endorsement_waits" if waits else "organizations.endorsed",
        actor=endorsement.approved_by or endorsement.stated_by,
        at=at,
        text=endorsement.frozen_text.title,
    )
    if endorsement.invitation_id:
        CallInvitation.objects.filter(pk=endorsement.invitation_id).update(
            state=CallInvitationState.ENDORSED, answered_at=at
        )
    if endorsement.is_late and not waits and organization.proven_at:
        note_correction(
            frozen_text=endorsement.frozen_text,
            kind=CorrectionKind.LATE,
            now=organization.display_name,
            at=at,
        )


def _require_invited(frozen_text: FrozenText, organization: Organization, *, keys: list[bytes]) -> None:
    """Unless the call is open, one of these mailboxes was invited, or the organization stood there before: OnlyByInvitation."""
    call = call_of(frozen_text=frozen_text)
    if call is None or call.is_open or call.invitations.filter(email_key__in=keys).exists():
        return
    asked = Endorsement.objects.filter(
        frozen_text=frozen_text, organization=organization, state=EndorsementState.TO_RENEW
    )
    if not asked.exists():
        raise OnlyByInvitation


def _answer_questions(endorsement: Endorsement) -> None:
    """An organization that was asked to renew, and endorses the changed text another way, has answered by that."""
    questions = Endorsement.objects.select_for_update(of=("self",)).filter(
        frozen_text=endorsement.frozen_text_id,
        organization=endorsement.organization_id,
        state=EndorsementState.TO_RENEW,
    )
    for question in questions.exclude(pk=endorsement.pk):
        endorsement.renews_id = endorsement.renews_id or question.renews_id
        question.delete()


@transaction.atomic
def endorse_as_member(
    *,
    frozen_text: FrozenText,
    organization: Organization,
    by: User,
    at: datetime,
    support: Support = WHOLE,
    is_asked: bool = False,
) -> Endorsement:
    """Endorse in one step, under the mandate that this person has proven before.

    `is_asked`: whoever runs the call waits for this organization, so that it needs no invitation by mail.

    Raises MandateNotInForce, TextMovedOn, OnlyByInvitation, EndorsesAlready.
    """
    hold_calls(frozen_text)
    mandate = mandate_of(user=by, organization=organization, at=at)
    require_current(frozen_text)
    if not is_asked:
        keys = [bytes(mandate.email_key), *recipient_keys(by.email)]
        _require_invited(frozen_text, organization, keys=keys)
    waiting_or_standing = [EndorsementState.ACCEPTED, EndorsementState.SECOND]
    if Endorsement.objects.filter(
        frozen_text=frozen_text, organization=organization, state__in=waiting_or_standing
    ).exists():
        raise EndorsesAlready
    row = Endorsement(
        frozen_text=frozen_text,
        organization=organization,
        mandate=mandate,
        legal_name=organization.legal_name,
        display_name=organization.display_name,
        kind=organization.kind,
        country=organization.country,
        website=organization.website,
        domain=organization.domain,
        is_invented=organization.is_invented,
        signatory_name=mandate.signatory_name,
        signatory_function=mandate.signatory_function,
        signatory_email=mandate.signatory_email,
        email_key=bytes(mandate.email_key),
        locale=mandate.locale,
        statement=mandate_statement(organization_name=organization.legal_name),
        stated_at=at,
        expires_at=at,
        stated_by=by,
        **support.columns(),
    )
    try:
        with transaction.atomic():
            accept(row, at=at)
    except IntegrityError:
        raise EndorsesAlready from None
    return row


@transaction.atomic
def approve_endorsement(*, endorsement: Endorsement, by: User, at: datetime) -> None:
    """The second person agrees. Raises SecondPersonNeeded for the one who signed, TextMovedOn,
    MandateNotInForce, EndorsementCannotMove.
    """
    endorsement = Endorsement.objects.select_for_update(of=("self",)).get(pk=endorsement.pk)
    if endorsement.state != EndorsementState.SECOND:
        raise EndorsementCannotMove
    signed_by_same = by.pk == endorsement.stated_by_id or bytes(endorsement.email_key) in recipient_keys(
        by.email
    )
    if signed_by_same:
        raise SecondPersonNeeded
    require_current(endorsement.frozen_text)
    if endorsement.mandate is None or not endorsement.mandate.is_in_force_at(at):
        raise MandateNotInForce
    endorsement.approved_by = by
    try:
        with transaction.atomic():
            accept(endorsement, at=at)
    except IntegrityError:
        raise EndorsementCannotMove from None


@transaction.atomic
def withdraw_endorsement(
    *, endorsement: Endorsement, at: datetime, by: User | None = None, reason: str = ""
) -> None:
    """Take an endorsement back. What was filed before stays as filed, and the correction is noted. Twice is once."""
    standing = [EndorsementState.ACCEPTED, EndorsementState.SECOND, EndorsementState.TO_RENEW]
    changed = Endorsement.objects.filter(pk=endorsement.pk, state__in=standing).update(
        state=EndorsementState.WITHDRAWN, ended_at=at, reason=reason[:300]
    )
    if not changed:
        return
    _note_ends([endorsement], CorrectionKind.WITHDRAWN, at=at)
    log_act(
        subject_id=endorsement.organization_id,  # type: ignore[arg-type]  # what stands has one
        act="organizations.endorsement_withdrawn",
        actor=by,
        at=at,
        text=endorsement.frozen_text.title,
    )


def reject_endorsements(*, endorsements: QuerySet[Endorsement], reason: str, at: datetime) -> int:
    """Take endorsements off every list, for good. Those that went out already get a line in the corrections. Returns how many."""
    rows = list(
        endorsements.exclude(state__in=ENDED).select_related("organization", "frozen_text").order_by("pk")
    )
    Endorsement.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=EndorsementState.REJECTED, ended_at=at, reason=reason[:300]
    )
    _note_ends(rows, CorrectionKind.REJECTED, at=at)
    return len(rows)


def _note_ends(rows: list[Endorsement], kind: CorrectionKind, *, at: datetime) -> None:
    for row in rows:
        if row.inclusions.exists():
            note_correction(frozen_text=row.frozen_text, kind=kind, was=row.display_name, at=at)
