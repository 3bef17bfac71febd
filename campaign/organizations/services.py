"""Organizations: founding, inviting, proving a mandate, endorsing an exact text."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.core.errors import DomainError
from campaign.core.slugs import free_slug
from campaign.documents.models import FrozenText
from campaign.mailing.models import Priority
from campaign.mailing.services import mails_since, queue_mail, recipient_key, recipient_keys
from campaign.organizations.domains import is_own_domain, website_domain
from campaign.organizations.models import (
    Endorsement,
    EndorsementState,
    Invitation,
    Mandate,
    MandateProof,
    Membership,
    Organization,
    Role,
)

CONFIRM_DAYS = 14
INVITATION_DAYS = 14
MAILS_A_DAY = 5
DAY = timedelta(days=1)


class NotItsOwnDomain(DomainError):
    message = _(
        "This address is not on the website's domain. Use a mail address at the organization's own domain: "
        "it proves that the organization agrees."
    )


class LinkExpired(DomainError):
    message = _("This link has expired. Ask for a new one.")


class LastOwner(DomainError):
    message = _("An organization needs an owner. Name another owner first.")


class DomainSpeaksForAnother(DomainError):
    message = _(
        "Another organization has been confirmed through this domain. Ask its owners to invite you, "
        "or use a domain of your own."
    )


class TooManyMails(DomainError):
    message = _("This address has had enough mails from us for today. Try again tomorrow.")


class AlreadyMember(DomainError):
    message = _("This person is a member already.")


class OtherAddress(DomainError):
    message = _("This invitation went to another address. Sign in with the address it was sent to.")


@dataclass(frozen=True)
class OrganizationData:
    """What is stated about an organization."""

    legal_name: str
    display_name: str
    kind: str
    country: str
    website: str
    is_invented: bool = False


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
def found_organization(*, organization: OrganizationData, owner: User) -> Organization:
    """Create an organization with its first owner. It appears nowhere until a mandate is proven."""
    row = _new_organization(organization)
    Membership.objects.create(organization=row, user=owner, role=Role.OWNER)
    return row


def _new_organization(data: OrganizationData, *, proven_at: datetime | None = None) -> Organization:
    return Organization.objects.create(
        proven_at=proven_at,
        slug=free_slug(data.display_name, taken=Organization.objects.all()),
        legal_name=data.legal_name,
        display_name=data.display_name,
        kind=data.kind,
        country=data.country,
        website=data.website,
        domain=website_domain(data.website),
        is_invented=data.is_invented,
    )


@transaction.atomic
def request_mandate(*, organization: Organization, signatory: SignatoryData, at: datetime) -> Mandate:
    """Record a person's statement that they may bind the organization, and mail them at its own domain.

    Raises NotItsOwnDomain when the address is not on the website's domain, DomainSpeaksForAnother, TooManyMails.
    """
    if not is_own_domain(address=signatory.email, website=organization.website):
        raise NotItsOwnDomain
    if Organization.objects.proven().filter(domain=organization.domain).exclude(pk=organization.pk).exists():
        raise DomainSpeaksForAnother
    stated = Mandate.objects.filter(email_key__in=recipient_keys(signatory.email), stated_at__gt=at - DAY)
    if stated.count() >= MAILS_A_DAY:
        raise TooManyMails
    mandate = Mandate.objects.create(
        organization=organization,
        statement=mandate_statement(organization_name=organization.legal_name),
        expires_at=at + timedelta(days=CONFIRM_DAYS),
        stated_at=at,
        **_signatory_fields(signatory, domain=organization.domain),
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


@transaction.atomic
def confirm_mandate(*, mandate: Mandate, at: datetime) -> None:
    """Prove a mandate: its mail reached the organization's own domain. Twice is once.

    Raises LinkExpired, or DomainSpeaksForAnother when another organization was proven through that domain meanwhile.
    """
    if mandate.proven_at:
        return
    if at >= mandate.expires_at:
        raise LinkExpired
    try:
        with transaction.atomic():
            Organization.objects.filter(pk=mandate.organization_id, proven_at=None).update(proven_at=at)
    except IntegrityError:
        raise DomainSpeaksForAnother from None
    Mandate.objects.filter(pk=mandate.pk, proven_at=None).update(proven_at=at)


def _signatory_fields(signatory: SignatoryData, *, domain: str) -> dict[str, str | bytes]:
    return {
        "signatory_name": signatory.name,
        "signatory_function": signatory.function,
        "signatory_email": signatory.email,
        "email_key": recipient_key(signatory.email),
        "locale": signatory.locale,
        "proof": MandateProof.DOMAIN_MAIL,
        "domain": domain,
    }


@transaction.atomic
def request_endorsement(
    *, frozen_text: FrozenText, organization: OrganizationData, signatory: SignatoryData, at: datetime
) -> Endorsement | None:
    """Record a stated endorsement and mail the signatory at the organization's own domain. It appears nowhere yet.

    Returns None, with nothing stored, when the address has had its mails for the day: the page says the same either way.
    Raises NotItsOwnDomain when the address is not on the website's domain.
    """
    if not is_own_domain(address=signatory.email, website=organization.website):
        raise NotItsOwnDomain
    keys = recipient_keys(signatory.email)
    asked = Endorsement.objects.filter(frozen_text=frozen_text, email_key__in=keys, stated_at__gt=at - DAY)
    if asked.count() >= MAILS_A_DAY:
        return None
    fields = _signatory_fields(signatory, domain=website_domain(organization.website))
    fields.pop("proof")
    endorsement = Endorsement.objects.create(
        frozen_text=frozen_text,
        legal_name=organization.legal_name,
        display_name=organization.display_name,
        kind=organization.kind,
        country=organization.country,
        website=organization.website,
        is_invented=organization.is_invented,
        statement=mandate_statement(organization_name=organization.legal_name),
        stated_at=at,
        expires_at=at + timedelta(days=CONFIRM_DAYS),
        **fields,
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


@transaction.atomic
def confirm_endorsement(*, endorsement: Endorsement, at: datetime) -> Endorsement:
    """Accept an endorsement whose mail was opened at the organization's own domain. Twice is once.

    The mandate goes on record with it. If the organization already stands behind this text, that endorsement is returned.
    Raises LinkExpired.
    """
    endorsement = Endorsement.objects.select_for_update(of=("self",)).get(pk=endorsement.pk)
    if endorsement.state == EndorsementState.ACCEPTED:
        return endorsement
    if endorsement.state == EndorsementState.WITHDRAWN or at >= endorsement.expires_at:
        raise LinkExpired
    organization = _organization_stated_in(endorsement, at=at)
    standing = Endorsement.objects.accepted().filter(
        frozen_text=endorsement.frozen_text_id, organization=organization
    )
    if (found := standing.first()) is not None:
        return found
    endorsement.mandate = Mandate.objects.create(
        organization=organization,
        signatory_name=endorsement.signatory_name,
        signatory_function=endorsement.signatory_function,
        signatory_email=endorsement.signatory_email,
        email_key=bytes(endorsement.email_key),
        statement=endorsement.statement,
        locale=endorsement.locale,
        proof=MandateProof.DOMAIN_MAIL,
        domain=endorsement.domain,
        stated_at=endorsement.stated_at,
        expires_at=endorsement.expires_at,
        proven_at=at,
    )
    endorsement.organization, endorsement.state, endorsement.accepted_at = (
        organization,
        EndorsementState.ACCEPTED,
        at,
    )
    try:
        with transaction.atomic():
            endorsement.save(update_fields=["organization", "mandate", "state", "accepted_at"])
    except IntegrityError:  # a colleague confirmed another mail for the same organization at this moment
        endorsement.mandate.delete()
        return standing.get()
    return endorsement


def _organization_stated_in(endorsement: Endorsement, *, at: datetime) -> Organization:
    """The organization that is proven through that domain; the one stated, made now, when none is.

    A row that somebody founded and nobody proved is not joined: whoever founded it would own the organization.
    """
    proven = Organization.objects.proven().filter(domain=endorsement.domain)
    if (found := proven.first()) is not None:
        return found
    stated = OrganizationData(
        legal_name=endorsement.legal_name,
        display_name=endorsement.display_name,
        kind=endorsement.kind,
        country=str(endorsement.country),
        website=endorsement.website,
        is_invented=endorsement.is_invented,
    )
    try:
        with transaction.atomic():
            return _new_organization(stated, proven_at=at)
    except IntegrityError:  # a colleague confirmed at this moment, or another organization took the slug
        return proven.first() or _new_organization(stated, proven_at=at)


def withdraw_endorsement(*, endorsement: Endorsement, at: datetime) -> None:
    """Take an endorsement back. What was filed before stays as filed."""
    Endorsement.objects.filter(pk=endorsement.pk, state=EndorsementState.ACCEPTED).update(
        state=EndorsementState.WITHDRAWN, withdrawn_at=at
    )


@transaction.atomic
def invite_member(
    *, organization: Organization, email: str, role: str, invited_by: User, locale: str, at: datetime
) -> None:
    """Mail an invitation. Inviting the same address again renews it. Raises AlreadyMember, TooManyMails."""
    if Membership.objects.filter(organization=organization, user__email__iexact=email).exists():
        raise AlreadyMember
    keys = recipient_keys(email)
    if mails_since(kind="organizations.invitation", keys=keys, since=at - DAY) >= MAILS_A_DAY:
        raise TooManyMails
    Invitation.objects.filter(organization=organization, email_key__in=keys, accepted_at=None).delete()
    invitation = Invitation.objects.create(
        organization=organization,
        email=email,
        email_key=keys[0],
        role=role,
        invited_by=invited_by,
        expires_at=at + timedelta(days=INVITATION_DAYS),
    )
    queue_mail(
        kind="organizations.invitation",
        to=email,
        locale=locale,
        about_id=invitation.pk,
        at=at,
        priority=Priority.SOON,
    )


@transaction.atomic
def accept_invitation(*, invitation: Invitation, user: User, at: datetime) -> None:
    """Make the invited person a member. Raises LinkExpired, or OtherAddress for somebody else's account."""
    if bytes(invitation.email_key) not in recipient_keys(user.email):
        raise OtherAddress
    taken = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, expires_at__gt=at)
    if not taken.update(accepted_at=at):
        raise LinkExpired
    Membership.objects.get_or_create(
        organization=invitation.organization, user=user, defaults={"role": invitation.role}
    )


@transaction.atomic
def remove_member(*, membership: Membership) -> None:
    """End a membership. Raises LastOwner."""
    owners = Membership.objects.select_for_update().filter(
        organization=membership.organization_id, role=Role.OWNER
    )
    if membership.role == Role.OWNER and len(owners) == 1:
        raise LastOwner
    membership.delete()
