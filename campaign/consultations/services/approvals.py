"""Who is waited for before a text is filed, and signing it off for one's organization."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.campaigns.queries import coalition
from campaign.consultations.models import CoSigner, Submission, SubmissionState
from campaign.core.errors import DomainError
from campaign.organizations.models import Endorsement, Mandate, Organization
from campaign.organizations.services import endorse_as_member, tell_people

SIGNED_OFF_IN = frozenset({SubmissionState.FROZEN, SubmissionState.READY})


class NotInTheCoalition(DomainError):
    message = _(
        "One of these organizations does not carry the campaign any more. Load the page again to see who does."
    )


class NothingToSignOff(DomainError):
    message = _(
        "Nothing can be signed off at the moment: the text is open, or it is filed already. "
        "Load the page again to see where it stands."
    )


class AnotherTextNow(DomainError):
    message = _(
        "The text was changed and frozen again while you read. Read what changed, then sign off the new one."
    )


class NotACoSigner(DomainError):
    message = _("This organization is not among those asked to sign the text off. It can endorse it.")


@transaction.atomic
def set_co_signers(
    *, submission: Submission, organizations: Collection[Organization], by: User | None, at: datetime
) -> None:
    """Say whose sign-off is waited for before filing. Raises NotInTheCoalition."""
    submission = Submission.objects.select_for_update(of=("self",), no_key=True).get(pk=submission.pk)
    carrying = {row.pk for row in coalition(campaign=submission.campaign)}
    wanted = {row.pk for row in organizations}
    known = set(submission.co_signers.values_list("organization", flat=True))
    if wanted - carrying - known:
        raise NotInTheCoalition
    submission.co_signers.exclude(organization__in=wanted).delete()
    CoSigner.objects.bulk_create(
        CoSigner(submission=submission, organization_id=organization, added_by=by, added_at=at)
        for organization in wanted - known
    )
    if submission.state in SIGNED_OFF_IN:
        ask_co_signers(submission=submission, at=at, only=wanted - known)


@transaction.atomic
def sign_off(
    *, submission: Submission, organization: Organization, seen: str, by: User, at: datetime
) -> Endorsement:
    """Put a co-signer behind the frozen text, in one step, by whom it has authorized on record.

    `seen`: digest of the text that was on the page. Raises NothingToSignOff, AnotherTextNow, NotACoSigner, and what
    `endorse_as_member` raises.
    """
    submission = Submission.objects.select_for_update(of=("self",), no_key=True).get(pk=submission.pk)
    if submission.state not in SIGNED_OFF_IN or submission.frozen_text is None:
        raise NothingToSignOff
    if submission.frozen_text.digest != seen:
        raise AnotherTextNow
    if not submission.co_signers.filter(organization=organization).exists():
        raise NotACoSigner
    return endorse_as_member(
        frozen_text=submission.frozen_text, organization=organization, by=by, at=at, is_asked=True
    )


def ask_co_signers(*, submission: Submission, at: datetime, only: Collection[UUID] | None = None) -> int:
    """Write to those who answer for each co-signer (of `only`) that has not signed the frozen text off. Returns how many letters.

    Who stood behind the text before is asked to renew anyway, with what changed, and gets no second letter.
    """
    waited_for = submission.co_signers.exclude(
        organization__in=Endorsement.objects.filter(frozen_text=submission.frozen_text)
        .exclude(organization=None)
        .values("organization")
    ).select_related("organization")
    if only is not None:
        waited_for = waited_for.filter(organization__in=only)
    mandates = Mandate.objects.in_force_at(at)
    return sum(
        tell_people(
            kind="consultations.sign_off",
            organization=row.organization,
            about_id=row.pk,
            at=at,
            mandate=mandates.filter(organization=row.organization).order_by("-proven_at", "pk").first(),
        )
        for row in waited_for.order_by("added_at", "pk")
    )
