"""Proving a mandate by a document that the site's staff checks: who may sign is written there, and who they are."""

import base64
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.core.errors import DomainError
from campaign.mailing.services import queue_mail, recipient_keys
from campaign.organizations.models import (
    Mandate,
    MandateDocument,
    MandateProof,
    Membership,
    Organization,
)
from campaign.organizations.services.mandates import (
    MandateCannotMove,
    SignatoryData,
    prove_mandate,
    require_may_state,
    state_mandate,
    tell_named_person,
)
from campaign.organizations.services.revoking import reject_mandate

MAX_BYTES = 5_000_000
KEPT = timedelta(days=30)  # after the decision: time enough for questions

# By what a file begins with, whatever its name says: its kind, and the ending it is stored under.
KINDS = (
    (b"%PDF-", "application/pdf", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
)


class DocumentIsEmpty(DomainError):
    message = _("This file is empty. Choose the document again.")


class DocumentTooLarge(DomainError):
    message = _("This file is larger than 5 MB. Scan the pages that matter, or with fewer dots per inch.")


class NotADocument(DomainError):
    message = _("This is no PDF, PNG or JPEG file. Save the document as one of these, then send it again.")


class OwnOrganization(DomainError):
    message = _(
        "You are part of this organization. Somebody else of this site’s staff has to decide about it."
    )


def document_kind(content: bytes) -> tuple[str, str]:
    """A document's media type and the ending of its name.

    Raises DocumentIsEmpty, DocumentTooLarge, NotADocument.
    """
    if not content:
        raise DocumentIsEmpty
    if len(content) > MAX_BYTES:
        raise DocumentTooLarge
    for beginning, media_type, ending in KINDS:
        if content.startswith(beginning):
            return media_type, ending
    raise NotADocument


@transaction.atomic
def request_document_mandate(
    *,
    organization: Organization,
    signatory: SignatoryData,
    content: bytes,
    at: datetime,
    by: User,
    replaces: Mandate | None = None,
) -> Mandate:
    """Record a statement with the document that shows it, for staff to check. The file's own name is not kept: it may name one.

    Raises what `document_kind` and `require_may_state` raise.
    """
    media_type, ending = document_kind(content)
    proof = MandateProof.DOCUMENT
    require_may_state(organization=organization, signatory=signatory, proof=proof, at=at, replaces=replaces)
    mandate = state_mandate(
        organization=organization, signatory=signatory, proof=proof, at=at, by=by, replaces=replaces
    )
    MandateDocument.objects.create(
        mandate=mandate,
        name=f"{organization.slug}-{at:%Y-%m-%d}.{ending}",
        media_type=media_type,
        content=base64.b64encode(content).decode(),
        byte_size=len(content),
        uploaded_at=at,
    )
    tell_named_person(mandate=mandate, at=at)
    return mandate


def document_bytes(document: MandateDocument) -> bytes:
    """The file as it was sent."""
    return base64.b64decode(document.content or "")


def require_outsider(*, organization: Organization, by: User, mandate: Mandate | None = None) -> None:
    """Staff decides about others alone. Raises OwnOrganization."""
    signs = mandate is not None and (
        mandate.user_id == by.pk or bytes(mandate.email_key) in recipient_keys(by.email)
    )
    if signs or Membership.objects.filter(organization=organization, user=by).exists():
        raise OwnOrganization


@transaction.atomic
def accept_document(*, mandate: Mandate, by: User, at: datetime, has_own_domain: bool) -> bool:
    """Staff finds that the document shows the authority. Whether the organization is shown now.

    An organization whose website stands on a domain of somebody else speaks for no domain from then on.
    Raises OwnOrganization, MandateCannotMove, DomainSpeaksForAnother.
    """
    mandate = _held(mandate, by=by, at=at)
    if not has_own_domain:
        _disclaim_domain(mandate.organization)
    prove_mandate(mandate=mandate, at=at, checked_by=by)
    _tell_signatory(mandate, at=at)
    return Organization.objects.proven().filter(pk=mandate.organization_id).exists()


@transaction.atomic
def refuse_document(*, mandate: Mandate, reason: str, by: User, at: datetime) -> None:
    """The document does not show it; the signatory reads the reason. Raises OwnOrganization, MandateCannotMove."""
    mandate = _held(mandate, by=by, at=at)
    reject_mandate(mandate=mandate, reason=reason, by=by, at=at)
    _tell_signatory(mandate, at=at)


def _held(mandate: Mandate, *, by: User, at: datetime) -> Mandate:
    """The row of a mandate that waits for staff, locked: of two who decide at once the second finds it decided."""
    waiting = Mandate.objects.for_staff().filter(pk=mandate.pk, expires_at__gt=at)
    row = waiting.select_for_update(of=("self",)).select_related("organization").first()
    if row is None:
        raise MandateCannotMove
    require_outsider(organization=row.organization, by=by, mandate=row)
    return row


def _disclaim_domain(organization: Organization) -> None:
    through_domain = organization.mandates.filter(proven_at__isnull=False, rejected_at=None).exclude(
        proof=MandateProof.DOCUMENT
    )
    if organization.domain and not through_domain.exists():
        organization.domain = organization.lookalike_key = ""
        organization.save(update_fields=["domain", "lookalike_key"])


def _tell_signatory(mandate: Mandate, *, at: datetime) -> None:
    if mandate.signatory_email:
        queue_mail(
            kind="organizations.mandate_decided",
            to=mandate.signatory_email,
            locale=mandate.locale,
            about_id=mandate.pk,
            at=at,
        )


def erase_documents(*, at: datetime) -> int:
    """Erase documents KEPT after the decision about them, and at once those that nobody will decide about. Returns how many."""
    decided = Q(mandate__proven_at__lt=at - KEPT) | Q(mandate__rejected_at__lt=at - KEPT)
    taken_back = Q(mandate__proven_at=None, mandate__withdrawn_at__isnull=False)
    too_late = Q(mandate__proven_at=None, mandate__rejected_at=None, mandate__expires_at__lte=at)
    return MandateDocument.objects.filter(decided | taken_back | too_late).delete()[0]
