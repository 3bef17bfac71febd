"""The calls for endorsements that a campaign's team runs."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaign.activity.services import log_act
from campaign.campaigns.models import Campaign, CampaignCall
from campaign.core.errors import DomainError
from campaign.documents.models import FrozenText
from campaign.organizations.models import Call
from campaign.organizations.services import move_call


class UnderEmbargo(DomainError):
    message = _(
        "The call for endorsements promises silence until a later moment. Change the embargo there first, and tell those "
        "who were asked."
    )


@transaction.atomic
def move_campaign_call(
    *,
    campaign: Campaign,
    kind: str,
    subject_id: UUID,
    frozen_text: FrozenText,
    at: datetime,
    address: str = "",
) -> Call:
    """Make a text of the campaign the one that can be endorsed, and ask everybody behind the one before to renew."""
    before = (
        Call.objects.filter(kind=kind, subject_id=subject_id).values_list("frozen_text", flat=True).first()
    )
    call = move_call(
        kind=kind,
        subject_id=subject_id,
        frozen_text=frozen_text,
        at=at,
        address=address,
        asked_by=campaign.owner,
    )
    CampaignCall.objects.get_or_create(call=call, defaults={"campaign": campaign})
    if before != call.frozen_text_id:
        log_act(
            subject_id=campaign.pk,
            act="campaigns.text_frozen" if before is None else "campaigns.text_moved_on",
            actor=None,
            at=at,
            text=frozen_text.title,
        )
    return call


def require_no_embargo(*, kind: str, subject_id: UUID, at: datetime) -> None:
    """Before something is published. Raises UnderEmbargo while its call has promised silence."""
    call = Call.objects.filter(kind=kind, subject_id=subject_id).first()
    if call is not None and call.is_under_embargo_at(at):
        raise UnderEmbargo
