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
from campaign.core.mailboxes import ascii_host
from campaign.mailing.models import Priority
from campaign.mailing.services import queue_mail, recipient_key, recipient_keys
from campaign.organizations.domains import PUBLIC_MAIL_DOMAINS, is_own_domain
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
STAFF_DAYS = 60  # a document waits for people
MOST_WAITING = 5  # statements of one organization that wait for their proof at a time


class NotItsOwnDomain(DomainError):
    message = _(
        "This address is not on the website's domain. Use a mail address at the organization's own domain: "
        "it proves that the organization agrees."
    )


class AnybodysMailbox(NotItsOwnDomain):
    message = _(
        "Anybody can open a mailbox at this provider, so it proves nothing about an organization. Use an address at its own "
        "domain, or send a document."
    )


class NoOwnDomain(NotItsOwnDomain):
    message = _(
        "This organization has no domain of its own that could speak for it. Send a document that shows who may sign."
    )


class DomainHasChanged(DomainError):
    message = _(
        "The organization's website has changed since this was stated. State the mandate again for the new one."
    )


class TooManyWaiting(DomainError):
    message = _(
        "Several statements of this organization wait for their proof already. Finish or withdraw one of them first."
    )


class ReplacesAnother(DomainError):
    message = _("The mandate to hand on is not this organization's, or was refused. Load the page again.")


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
    Raises NotItsOwnDomain when the address is not on the website's domain, and what `require_may_state` raises.
    """
    proof = MandateProof.DOMAIN_MAIL
    require_own_mailbox(organization, signatory.email)
    require_may_state(organization=organization, signatory=signatory, proof=proof, at=at, replaces=replaces)
    mandate = state_mandate(
        organization=organization,
        signatory=signatory,
        proof=proof,
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


def require_own_mailbox(organization: Organization, address: str) -> None:
    """Raises NotItsOwnDomain, in the words that fit, when a mail to that address proves nothing about the organization."""
    if not organization.domain:
        raise NoOwnDomain
    if ascii_host(address.rpartition("@")[2]) in PUBLIC_MAIL_DOMAINS:
        raise AnybodysMailbox
    if not is_own_domain(address=address, website=organization.website):
        raise NotItsOwnDomain


def require_free_domain(organization: Organization) -> None:
    """Raises DomainSpeaksForAnother when another organization was proven through its domain."""
    others = Organization.objects.proven().filter(domain=organization.domain).exclude(pk=organization.pk)
    if organization.domain and others.exists():
        raise DomainSpeaksForAnother


def require_may_state(
    *,
    organization: Organization,
    signatory: SignatoryData,
    proof: MandateProof,
    at: datetime,
    replaces: Mandate | None = None,
) -> None:
    """Before a statement is taken.

    Raises DomainSpeaksForAnother, TooManyMails for a person who was named too often, TooManyWaiting, ReplacesAnother.
    """
    if proof != MandateProof.DOCUMENT:
        require_free_domain(organization)
    if replaces is not None and (replaces.organization_id != organization.pk or replaces.rejected_at):
        raise ReplacesAnother
    stated = Mandate.objects.filter(email_key__in=recipient_keys(signatory.email), stated_at__gt=at - DAY)
    if stated.count() >= MAILS_A_DAY:
        raise TooManyMails
    if Mandate.objects.waiting_at(at).filter(organization=organization).count() >= MOST_WAITING:
        raise TooManyWaiting


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
    by_document = proof == MandateProof.DOCUMENT
    mandate = Mandate.objects.create(
        organization=organization,
        user=by if by is not None and recipient_key(by.email) == recipient_key(signatory.email) else None,
        statement=mandate_statement(organization_name=organization.legal_name),
        proof=proof,
        domain="" if by_document else organization.domain,
        stated_at=at,
        expires_at=at + timedelta(days=STAFF_DAYS if by_document else CONFIRM_DAYS),
        replaces=replaces,
        **signatory_fields(signatory),
    )
    log_act(
        subject_id=organization.pk,
        act="organizations.mandate_stated",
        actor=by,
        at=at,
        function=signatory.function,
    )
    return mandate


def tell_named_person(*, mandate: Mandate, at: datetime) -> None:
    """Write to the person who is said to be authorized, when somebody else said so and no link to confirm goes to them."""
    if mandate.user_id is None and mandate.signatory_email:
        queue_mail(
            kind="organizations.mandate_named",
            to=mandate.signatory_email,
            locale=mandate.locale,
            about_id=mandate.pk,
            at=at,
        )


@transaction.atomic
def confirm_mandate(*, mandate: Mandate, at: datetime) -> None:
    """Prove a mandate: its mail reached the organization's own domain. Twice is once.

    Raises LinkExpired, DomainHasChanged, or DomainSpeaksForAnother when another organization was proven through that domain
    meanwhile.
    """
    mandate = (
        Mandate.objects.select_for_update(of=("self",)).select_related("organization").get(pk=mandate.pk)
    )
    if mandate.withdrawn_at or mandate.rejected_at:
        raise LinkExpired
    if mandate.proven_at:
        return
    if at >= mandate.expires_at or mandate.proof != MandateProof.DOMAIN_MAIL:
        raise LinkExpired
    prove_mandate(mandate=mandate, at=at)


def prove_mandate(
    *, mandate: Mandate, at: datetime, checked_by: User | None = None, reason: str = ""
) -> None:
    """Put a proven mandate on record, in force for MANDATE_YEARS, and its organization with it. The one it replaces ends.

    Raises MandateCannotMove when it was decided on meanwhile, DomainHasChanged, or DomainSpeaksForAnother.
    """
    # Held, and read anew: a change of the website at this moment waits, and then finds the organization proven.
    organization = Organization.objects.select_for_update(of=("self",)).get(pk=mandate.organization_id)
    if mandate.proof != MandateProof.DOCUMENT and mandate.domain != organization.domain:
        raise DomainHasChanged
    waiting = Mandate.objects.filter(pk=mandate.pk, proven_at=None, rejected_at=None, withdrawn_at=None)
    ends_at = at + timedelta(days=365 * MANDATE_YEARS)
    if not waiting.update(proven_at=at, ends_at=ends_at, checked_by=checked_by, reason=reason):
        raise MandateCannotMove
    put_on_record(organization=organization, at=at)
    mandate.organization.proven_at = organization.proven_at  # callers hold that one
    if mandate.replaces_id:
        Mandate.objects.filter(pk=mandate.replaces_id).filter(Q(ends_at=None) | Q(ends_at__gt=at)).update(
            ends_at=at
        )
    mandate.refresh_from_db()
    log_act(  # the site's staff is not named to organizations
        subject_id=mandate.organization_id,
        act="organizations.mandate_proven",
        actor=None,
        at=at,
        function=mandate.signatory_function,
    )


@transaction.atomic
def withdraw_mandate(*, mandate: Mandate, reason: str, by: User | None, at: datetime) -> None:
    """Take a mandate back from now on. What was signed under it while it was in force stays signed. Twice is once."""
    standing = Mandate.objects.filter(pk=mandate.pk, withdrawn_at=None, rejected_at=None)
    if standing.update(withdrawn_at=at, reason=reason[:300]):
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
        Mandate.objects.select_for_update(
            of=("self",)
        )  # who decides on it at this moment comes before or after
        .in_force_at(at)
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
