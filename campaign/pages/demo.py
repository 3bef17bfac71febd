"""The demo campaign: everything in it goes through the services that real people's acts go through."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from campaign.accounts.models import User
from campaign.campaigns import services as campaigns
from campaign.campaigns.models import Authority, Campaign, CampaignPartner
from campaign.consultations import services as consultations
from campaign.consultations.checks import filing_findings, freeze_findings
from campaign.consultations.models import Consultation, Question, Submission
from campaign.core.errors import DomainError
from campaign.core.yamlfile import read_yaml
from campaign.documents.models import FrozenText
from campaign.mailing.models import MailState, OutgoingMail
from campaign.organizations import services as organizations
from campaign.organizations.models import Membership, Organization
from campaign.petitions import services as petitions
from campaign.petitions.models import Petition, Signature
from campaign.regulations.queries import latest_edition

FILE = Path(__file__).parent / "data" / "return-the-models.yaml"


class NoDemoHere(DomainError):
    message = "The demo needs a password for its accounts. It is for the embedded run only."


@transaction.atomic
def load_demo(*, at: datetime) -> bool:
    """Make the demo campaign unless it is there. Returns whether it was made. Raises NoDemoHere, FileError."""
    if not settings.DEMO_PASSWORD:
        raise NoDemoHere
    if Campaign.objects.filter(is_demo=True).exists():
        return False
    data = read_yaml(FILE).plain()
    began, start = timezone.now(), at - timedelta(days=12)
    _account(data["moderator"]["email"], data["moderator"]["name"], can_sign_in=True, is_staff=True)
    with_people = _organizations(data, at=start)
    campaign = _campaign(data, with_people, at=start)
    petition = _petition(data["petition"], campaign, at=start)
    _endorsements(data, petition.frozen_text, at=start + timedelta(days=1))
    _signatures(data["signatures"], petition, at=at)
    _submission(data, campaign, petition, at=at)
    # The people of the demo have no mailboxes; nothing of it is sent.
    OutgoingMail.objects.filter(state=MailState.WAITING, created_at__gte=began).delete()
    return True


def _organizations(data: dict[str, Any], *, at: datetime) -> dict[str, Organization]:
    """The organizations by id, each proven by a mandate, with the people who have accounts."""
    rows: dict[str, Organization] = {}
    people = {person["organization"]: person for person in data["people"]}
    for entry in data["organizations"]:
        person = people.get(entry["id"]) or entry["signatory"]
        user = _account(person["email"], person["name"], can_sign_in=entry["id"] in people)
        row = organizations.found_organization(organization=_stated(entry), owner=user, at=at)
        mandate = organizations.request_mandate(organization=row, signatory=_signatory(entry), at=at)
        organizations.confirm_mandate(mandate=mandate, at=at)
        row.refresh_from_db()
        rows[entry["id"]] = row
    return rows


def _account(email: str, name: str, *, can_sign_in: bool, is_staff: bool = False) -> User:
    password = settings.DEMO_PASSWORD if can_sign_in else None
    user = User.objects.create_user(email, password, name=name, is_staff=is_staff)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def _stated(entry: dict[str, Any]) -> organizations.OrganizationData:
    fields = {name: entry[name] for name in ("legal_name", "display_name", "kind", "country", "website")}
    return organizations.OrganizationData(**fields, is_invented=True)


def _signatory(entry: dict[str, Any]) -> organizations.SignatoryData:
    return organizations.SignatoryData(**entry["signatory"], locale="en")


def _campaign(data: dict[str, Any], rows: dict[str, Organization], *, at: datetime) -> Campaign:
    entry = data["campaign"]
    owner = rows[entry["owner"]]
    lead = Membership.objects.get(organization=owner).user
    campaign = campaigns.create_campaign(
        title=entry["title"],
        summary=entry["summary"],
        owner=owner,
        locale=entry["locale"],
        languages=entry["languages"],
        fronts=entry["fronts"],
        lead=lead,
        is_demo=True,
    )
    for partner in entry["partners"]:
        campaigns.invite_partner(campaign=campaign, organization=rows[partner], at=at)
    for partnership in CampaignPartner.objects.filter(campaign=campaign):
        campaigns.accept_partnership(partnership=partnership, at=at)
    for person in data["people"]:
        campaigns.set_team_role(
            campaign=campaign, user=User.objects.get(email=person["email"]), role=person["team"]
        )
    campaigns.publish_campaign(campaign=campaign, at=at)
    campaign.refresh_from_db()
    return campaign


def _petition(entry: dict[str, Any], campaign: Campaign, *, at: datetime) -> Petition:
    draft = petitions.create_petition(
        campaign=campaign,
        title=entry["title"],
        text=entry["text"],
        addressee=Authority.objects.get(slug=entry["addressee"]),
        goal=entry["goal"],
        closing_date=(at + timedelta(days=entry["open_days"])).date(),
        time_zone=entry["time_zone"],
    )
    return petitions.publish_petition(petition=draft, at=at)


def _endorsements(data: dict[str, Any], text: FrozenText | None, *, at: datetime) -> None:
    assert text is not None  # noqa: S101  it was published just now
    for entry in data["organizations"]:
        endorsement = organizations.request_endorsement(
            frozen_text=text, organization=_stated(entry), signatory=_signatory(entry), at=at
        )
        if endorsement is not None:
            organizations.confirm_endorsement(endorsement=endorsement, at=at)


def _signatures(entry: dict[str, Any], petition: Petition, *, at: datetime) -> None:
    """Invented signers sign, confirm and are numbered, spread over the petition's days."""
    assert petition.opened_at is not None  # noqa: S101  it was published just now
    total, step = entry["total"], (at - petition.opened_at) / (entry["total"] + 1)
    for index, signer in zip(range(total), _signers(entry), strict=False):
        petitions.sign_petition(petition=petition, signer=signer, at=petition.opened_at + step * (index + 1))
    petitions.take_in_requests(at=at, seconds=60)
    signatures = Signature.objects.filter(petition=petition).select_related("petition")
    for signature in signatures.order_by("signed_at", "pk"):
        petitions.confirm_signature(signature=signature, at=signature.signed_at)
    petitions.number_signatures(petition_id=petition.pk, at=at)
    petitions.skip_receipts(petition=petition)  # nobody waits for these


def _signers(entry: dict[str, Any]) -> Iterator[petitions.SignerData]:
    names = iter(entry["public_names"])
    for index, country in enumerate(cycle(entry["countries"])):
        # Every sixth signer agreed to be named, until the list of names is used up.
        public = next(names, None) if index % 6 == 5 else None
        given = ["sign", "public_name"] if public else ["sign"]
        yield petitions.SignerData(
            name=public or f"Invented signer {index + 1}",
            email=f"signer-{index + 1}@people.example",
            country=country,
            locale="en",
            purposes=tuple(given),
            source="",
        )


def _submission(data: dict[str, Any], campaign: Campaign, petition: Petition, *, at: datetime) -> Submission:
    """Answer, freeze, endorse and file: after the deadline, so a practice filing."""
    entry = data["submission"]
    consultation = Consultation.objects.get(slug=entry["consultation"])
    submission = consultations.start_submission(
        consultation=consultation,
        campaign=campaign,
        title=entry["title"],
        locale=entry["locale"],
        at=at,
    )
    lead = User.objects.get(email=data["people"][0]["email"])
    consultations.edit_attachments(
        submission=submission,
        summary=entry["summary"],
        annex=latest_edition(slug=entry["annex"]),
        petition=petition,
    )
    for number, answer in entry["answers"].items():
        consultations.save_answer(
            submission=submission,
            question=Question.objects.get(consultation=consultation, number=number, gone_at=None),
            text=answer["text"].strip(),
            short_text=answer["short_text"].strip(),
            version=0,
            by=lead,
            at=at,
        )
    submission = Submission.objects.get(pk=submission.pk)
    frozen = consultations.freeze_submission(
        submission=submission,
        decided=consultations.Decided.reading(freeze_findings(submission=submission, at=at)),
        by=lead,
        at=at,
    )
    _endorsements(data, frozen.frozen_text, at=at)
    consultations.prepare_filing(
        submission=frozen,
        decided=consultations.Decided.reading(filing_findings(submission=frozen, at=at)),
        purpose=consultations.Purpose.PRACTICE,  # the call closed long ago
        by=lead,
        at=at,
    )
    return frozen
