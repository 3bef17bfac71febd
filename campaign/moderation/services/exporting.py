"""Handing out the addresses of people who agreed to be written to."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.activity.services import log_act
from campaign.campaigns.models import Campaign
from campaign.core.errors import DomainError
from campaign.moderation.export import (
    SHEET_ROWS,
    Addressees,
    FileKind,
    Purpose,
    Supporters,
    addressees,
    supporters,
)
from campaign.moderation.models import Act
from campaign.moderation.services.record import record_act
from campaign.organizations.models import Organization
from campaign.petitions.models import Petition, Supporter
from campaign.petitions.supporters import consents_of_address


class NobodyAgreed(DomainError):
    message = _("Nobody has agreed to this yet, so there is nothing to export.")


class TooManyForASheet(DomainError):
    message = _("There are too many for a spreadsheet. Choose the text file: it takes any number.")


@transaction.atomic
def export_signers(*, petition: Petition, kind: FileKind, use: str, by: User, at: datetime) -> Addressees:
    """Who agreed to mail about a petition as of now, to be read by `address_rows`.

    It is on record before the first row leaves the house. Raises NobodyAgreed, TooManyForASheet.
    """
    whom = addressees(petition=petition)
    _require_some(whom.count, kind)
    note = f"{Purpose.UPDATES}: {use}"
    record_act(act=Act.EXPORT, actor=by, at=at, petition=petition, note=note, count=whom.count)
    log_act(
        subject_id=petition.campaign_id,
        act="moderation.signers_exported",
        actor=by,
        at=at,
        petition=petition.title,
        count=whom.count,
    )
    return whom


@transaction.atomic
def export_supporters(
    *,
    organization: Organization,
    campaign: Campaign,
    petition: Petition | None,
    kind: FileKind,
    use: str,
    by: User,
    at: datetime,
) -> Supporters:
    """Who agreed to the news of one organization as of now, in a campaign or under one petition, for `address_rows`.

    On the record of the site, in the campaign's log and in the organization's own. How many there were the campaign's other
    organizations do not learn: beside the joint number it would tell how many are theirs, too.
    Raises NobodyAgreed, TooManyForASheet.
    """
    whom = supporters(organization=organization, campaign=campaign, petition=petition, at=at)
    _require_some(whom.count, kind)
    place = petition.slug if petition else campaign.slug
    note = f"{Purpose.NEWS} of {organization.slug}, {place}: {use}"
    record_act(act=Act.EXPORT, actor=by, at=at, note=note, count=whom.count)
    name, title = organization.display_name, petition.title if petition else campaign.title
    act = "moderation.supporters_exported"
    log_act(subject_id=campaign.pk, act=act, actor=by, at=at, organization=name)
    act = "moderation.own_supporters_exported"
    log_act(subject_id=organization.pk, act=act, actor=by, at=at, of=title, count=whom.count, use=use)
    return whom


def _require_some(count: int, kind: FileKind) -> None:
    if not count:
        raise NobodyAgreed
    if kind == FileKind.XLSX and count > SHEET_ROWS:
        raise TooManyForASheet


@transaction.atomic
def look_up_supporter(
    *, organization: Organization, campaign: Campaign, address: str, by: User, at: datetime
) -> list[Supporter]:
    """What the owner of an address agreed to with this organization; nothing for everybody else, whoever knows them.

    That somebody looked is in the organization's log; whom they looked for is not.
    """
    act = "moderation.supporter_looked_up"
    log_act(subject_id=organization.pk, act=act, actor=by, at=at, of=campaign.title)
    return consents_of_address(organization=organization, campaign=campaign, address=address)
