"""Mandates: stated, proven, taken back, handed on. Without one in force nothing is signed in an organization's name."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.activity.services import log_act
from campaign.core.errors import DomainError
from campaign.mailing.models import Priority
from campaign.mailing.services import queue_mail, recipient_key, recipient_keys
from campaign.organizations.domains import is_own_domain
from campaign.organizations.models import Mandate, MandateProof, Organization
from campaign.organizations.services.mails import (
    CONFIRM_DAYS,
    DAY,
    MAILS_A_DAY,
    LinkExpired,
    TooManyMails,
)
from campaign.organizations.services.organization import DomainSpeaksForAnother, put_on_record

MANDATE_YEARS = 2


class NotItsOwnDomain(DomainError):
    message = _(
        "This address is not on the website's domain. Use a mail address at the organization's own domain: "
        "it proves that the organization agrees."
    )


class MandateNotInForce(DomainError):
    message = _(
        "There is no mandate in force for this. Prove one on the organization's page, then come back and sign."
    )


class MandateCannotMove(DomainError):
    message = _("This mandate has been decided on meanwhile. Load the page again to see where it stands.")


@dataclass(frozen=True)
class SignatoryData:
    """Who states that they may bind the organization, and in which language they were asked."""

    name: str
    function: str
    email: str
    locale: str


def mandate_statement(*, organization_name: str) -> str:
    """The words a signatory agrees to, in the active language."""
    return gettext("I am authorized to sign on behalf of this organization: %(organization)s") % {
        "organization": organization_name
    }


@transaction.atomic
def request_mandate(
    *,
    organization: Organization,
    signatory: SignatoryData,
    at: datetime,
    by: User | None = None,
    replaces: Mandate | None = None,
) -> Mandate:
    """Record a person's statement that they may bind the organization, and mail them at its own domain.

    `replaces` is the mandate that ends once this one is proven: it is handed on.
    Raises NotItsOwnDomain when the address is not on the website's domain, DomainSpeaksForAnother, TooManyMails.
    """
    if not is_own_domain(address=signatory.email, website=organization.website):
        raise NotItsOwnDomain
    require_free_domain(organization)
    stated = Mandate.objects.filter(email_key__in=recipient_keys(signatory.email), stated_at__gt=at - DAY)
    if stated.count() >= MAILS_A_DAY:
        raise TooManyMails
    mandate = state_mandate(
        organization=organization,
        signatory=signatory,
        proof=MandateProof.DOMAIN_MAIL,
        at=at,
        by=by,
        replaces=replaces,
    )
    queue_mail(
        kind="organizations.mandate",
        to=signatory.email,
        locale=signatory.locale,
        about_id=mandate.pk,
        at=at,
        priority=Priority.AT_THE_SCREEN,
    )
    return mandate


def require_free_domain(organization: Organization) -> None:
    """Raises DomainSpeaksForAnother when another organization was proven through its domain."""
    others = Organization.objects.proven().filter(domain=organization.domain).exclude(pk=organization.pk)
    if organization.domain and others.exists():
        raise DomainSpeaksForAnother


def state_mandate(
    *,
    organization: Organization,
    signatory: SignatoryData,
    proof: MandateProof,
    at: datetime,
    by: User | None,
    replaces: Mandate | None = None,
) -> Mandate:
    """A statement that waits for its proof."""
    mandate = Mandate.objects.create(
        organization=organization,
        user=by if by is not None and recipient_key(by.email) == recipient_key(signatory.email) else None,
        signatory_name=signatory.name,
        signatory_function=signatory.function,
        signatory_email=signatory.email,
        email_key=recipient_key(signatory.email),
        statement=mandate_statement(organization_name=organization.legal_name),
        locale=signatory.locale,
        proof=proof,
        domain=organization.domain,
        stated_at=at,
        expires_at=at + timedelta(days=CONFIRM_DAYS),
        replaces=replaces,
    )
    log_act(
        subject_id=organization.pk,
        act="organizations.mandate_stated",
        actor=by,
        at=at,
        function=signatory.function,
    )
    return mandate


@transaction.atomic
def confirm_mandate(*, mandate: Mandate, at: datetime) -> None:
    """Prove a mandate: its mail reached the organization's own domain. Twice is once.

    Raises LinkExpired, or DomainSpeaksForAnother when another organization was proven through that domain meanwhile.
    """
    if mandate.proven_at:
        return
    if at >= mandate.expires_at or mandate.rejected_at or mandate.withdrawn_at:
        raise LinkExpired
    prove_mandate(mandate=mandate, at=at)


def prove_mandate(
    *, mandate: Mandate, at: datetime, checked_by: User | None = None, reason: str = ""
) -> None:
    """Put a proven mandate on record, in force for MANDATE_YEARS, and its organization with it. The one it replaces ends.

    Raises MandateCannotMove when it was decided on meanwhile, or DomainSpeaksForAnother.
    """
    waiting = Mandate.objects.filter(pk=mandate.pk, proven_at=None, rejected_at=None, withdrawn_at=None)
    ends_at = at + timedelta(days=365 * MANDATE_YEARS)
    if not waiting.update(proven_at=at, ends_at=ends_at, checked_by=checked_by, reason=reason):
        raise MandateCannotMove
    put_on_record(organization=mandate.organization, at=at)
    if mandate.replaces_id:
        Mandate.objects.filter(pk=mandate.replaces_id).filter(Q(ends_at=None) | Q(ends_at__gt=at)).update(
            ends_at=at
        )
    mandate.refresh_from_db()
    log_act(
        subject_id=mandate.organization_id,
        act="organizations.mandate_proven",
        actor=checked_by,
        at=at,
        function=mandate.signatory_function,
    )


@transaction.atomic
def withdraw_mandate(*, mandate: Mandate, reason: str, by: User | None, at: datetime) -> None:
    """Take a mandate back from now on. What was signed under it while it was in force stays signed. Twice is once."""
    if Mandate.objects.filter(pk=mandate.pk, withdrawn_at=None).update(withdrawn_at=at, reason=reason[:300]):
        log_act(
            subject_id=mandate.organization_id,
            act="organizations.mandate_withdrawn",
            actor=by,
            at=at,
            function=mandate.signatory_function,
        )


def mandate_of(*, user: User, organization: Organization, at: datetime) -> Mandate:
    """The mandate in force under which this person can sign for the organization. Raises MandateNotInForce."""
    of_person = Q(user=user) | Q(email_key__in=recipient_keys(user.email))
    found = (
        Mandate.objects.in_force_at(at)
        .filter(of_person, organization=organization, organization__proven_at__isnull=False)
        .order_by("-proven_at", "pk")
        .first()
    )
    if found is None:
        raise MandateNotInForce
    return found


def signatory_fields(signatory: SignatoryData) -> dict[str, Any]:
    """The columns of a row that keeps who signed."""
    return {
        "signatory_name": signatory.name,
        "signatory_function": signatory.function,
        "signatory_email": signatory.email,
        "email_key": recipient_key(signatory.email),
        "locale": signatory.locale,
    }
