"""A site with a bit of everything, the people who may come by, and a row for each part of an address."""

from base64 import b64encode
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from campaign.campaigns.models import TeamInvitation
from campaign.campaigns.services import move_campaign_call
from campaign.consultations.models import Consultation, SourceCopy
from campaign.consultations.services import renew_calendar_key
from campaign.core.links import link_token
from campaign.documents.services import publish_text
from campaign.moderation.models import SweepKind
from campaign.organizations.models import CallInvitation, DuplicateFlag, Invitation, MandateDocument
from campaign.organizations.services import Invited, invite_organizations, move_call
from campaign.petitions.services import number_waiting_signatures, report_count, set_threshold
from campaign.regulations.models import AdoptedProvision, Adoption, AdoptionStage, Template
from campaign.regulations.services import InstrumentFacts, adapt_edition, add_choice, remove_provision
from campaign.regulations.services.adoptions import AdoptedWords, add_adopted_words
from tests.consultations.walk import freeze, prepare
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import (
    CampaignFactory,
    JurisdictionFactory,
    PartnerFactory,
    TeamMemberFactory,
)
from tests.factories.consultations import (
    AnswerFactory,
    AnswerVersionFactory,
    AuthorityDocumentFactory,
    ChannelFactory,
    ConsultationFactory,
    ImportDraftFactory,
    LibraryAnswerFactory,
    MilestoneFactory,
    OwnPartVersionFactory,
    QuestionFactory,
    RemarkFactory,
    SourceFactory,
    SubmissionFactory,
    UploadedAnswerFactory,
)
from tests.factories.documents import DocumentFactory, FrozenTextFactory
from tests.factories.filings import FilingResponseFactory, ReceiptFactory
from tests.factories.guard import MailboxRuleFactory
from tests.factories.mandates import PDF
from tests.factories.moderation import AlertFactory, ReportFactory, asked
from tests.factories.names import NamesAnnexFactory
from tests.factories.organizations import (
    AcceptedEndorsementFactory,
    EndorsementFactory,
    MandateFactory,
    MembershipFactory,
    OrganizationFactory,
)
from tests.factories.petitions import (
    ConfirmedSignatureFactory,
    DemandFactory,
    HandoverFactory,
    ResponseFactory,
    SignatureFactory,
)
from tests.factories.regulations import FILE, AdoptionFactory, HookFactory, published_edition

# Of the owning organization's team: viewer to owner. "partner" owns the partner organization and edits for it. "stranger" owns an
# organization that has nothing to do with it.
PEOPLE = (
    "anonymous",
    "stranger",
    "viewer",
    "translator",
    "moderator",
    "editor",
    "owner",
    "partner",
    "staff",
)


@dataclass
class World:
    """Made once for each address: what a request changes is rolled back before the next."""

    people: dict[str, Any] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    arguments: dict[str, Any] = field(
        default_factory=dict
    )  # by "first part of the route:name of the argument"

    def client_of(self, person: str) -> Client:
        """Signed in long before: signing in anew for each request would take longer than the request."""
        client = self.clients.setdefault(person, Client())
        client.cookies.clear()
        if person != "anonymous":
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[person]
        return client

    def sign_in(self) -> None:
        for person, user in self.people.items():
            client = Client()
            client.force_login(user)
            self.sessions[person] = client.cookies[settings.SESSION_COOKIE_NAME].value

    def arguments_of(self, route: str, names: list[str]) -> dict[str, Any]:
        """A row for each part of an address that names one: by its name in full, or by where the route begins."""
        found = {}
        for name in names:
            keys = [
                key
                for key in self.arguments
                if route.startswith(key.rpartition(":")[0]) and key.endswith(f":{name}")
            ]
            found[name] = self.arguments[max(keys, key=len)]
        return found


def routes() -> list[tuple[str, str, list[str]]]:
    """Every named address of the site: name, route, names of its arguments."""
    return sorted({(name, route, tuple(names)) for name, route, names in _walk(get_resolver(), "")})


def _walk(resolver: URLResolver, above: str) -> Any:
    for entry in resolver.url_patterns:
        route = above + str(entry.pattern).lstrip("^")
        if isinstance(entry, URLPattern):
            yield entry.name, route, list(entry.pattern.converters) or list(entry.pattern.regex.groupindex)
        else:
            yield from _walk(entry, route)


def make_world() -> World:
    world, at = World(), timezone.now()
    owner, partner = OrganizationFactory(), OrganizationFactory()
    campaign = CampaignFactory(owner=owner)
    partnership = PartnerFactory(campaign=campaign, organization=partner)
    for role in ("viewer", "translator", "moderator", "editor", "owner"):
        member = TeamMemberFactory(campaign=campaign, role=role, membership=role)
        world.people[role] = member.user
    world.people["partner"] = TeamMemberFactory(
        campaign=campaign, role="editor", organization=partner, membership="owner"
    ).user
    world.people["stranger"] = MembershipFactory().user
    world.people["staff"] = UserFactory(is_staff=True)
    mandate = MandateFactory(organization=owner)
    by_record = MandateFactory(organization=owner, proof="domain_dns", proven_at=None, ends_at=None)
    by_document = MandateFactory(organization=partner, proof="document", proven_at=None, ends_at=None)
    MandateDocument.objects.create(
        mandate=by_document,
        name="minutes.pdf",
        media_type="application/pdf",
        content=b64encode(b"%PDF-1.7").decode(),
        byte_size=8,
        uploaded_at=at,
    )
    flag = DuplicateFlag.objects.create(
        organization=OrganizationFactory(proven_at=None), other=owner, cause="name", noticed_at=at
    )

    petition = DemandFactory(campaign=campaign)
    publish_text(frozen_text=petition.frozen_text, address=f"/petitions/{petition.slug}/", at=at)
    call = move_campaign_call(
        campaign=campaign,
        kind="petitions.petition",
        subject_id=petition.pk,
        frozen_text=petition.frozen_text,
        at=at,
    )
    invite_organizations(
        call=call,
        invited=[Invited("Invited", "x@invited.example")],
        locale="en",
        by=world.people["owner"],
        at=at,
    )
    endorsement = AcceptedEndorsementFactory(
        frozen_text=petition.frozen_text, organization=owner, mandate=mandate
    )
    signature = ConfirmedSignatureFactory(
        petition=petition, name="Ada Reader", reason="Mine.", reason_state="waiting"
    )
    pending = SignatureFactory(petition=petition)
    number_waiting_signatures(at=at)
    set_threshold(petition=petition, count=100, consequence="A hearing.")
    report_count(
        petition=petition, kind="paper", count=5, collected_by="Us", note="", by=world.people["owner"], at=at
    )
    handover = HandoverFactory(petition=petition, by=world.people["owner"])
    response = ResponseFactory(petition=petition)

    edition = published_edition()
    draft = draft_of_team(campaign, edition, world.people["owner"])
    consultation = ConsultationFactory()
    question = QuestionFactory(consultation=consultation)
    import_draft = ImportDraftFactory(consultation__imported_by=world.people["owner"])
    Consultation.objects.filter(pk=consultation.pk).update(imported_by=world.people["owner"])
    channel = ChannelFactory(consultation=consultation)
    annex = AuthorityDocumentFactory(consultation=consultation, content=b"%PDF-1.7 annex")
    submission = SubmissionFactory(campaign=campaign, consultation=consultation)
    milestone = MilestoneFactory(submission=submission)
    upload = UploadedAnswerFactory(submission=submission, question__number="file")
    versioned = AnswerVersionFactory(answer__submission__campaign=campaign).answer
    OwnPartVersionFactory(part__submission=submission, part__question=question)
    remark = RemarkFactory(thread__submission=submission)
    source = SourceFactory(campaign=campaign)
    SourceCopy.objects.create(
        source=source,
        name="study.txt",
        content=b64encode(b"words").decode(),
        byte_size=5,
        digest="0" * 64,
        uploaded_at=at,
    )
    kept_answer = LibraryAnswerFactory(campaign=campaign)
    calendar_key = renew_calendar_key(user=world.people["owner"])
    frozen = freeze(AnswerFactory(submission__campaign=campaign).submission, at=at)
    filing = prepare(frozen, at=at, by=world.people["owner"])
    filing_channel = ChannelFactory(consultation=frozen.consultation)
    receipt = ReceiptFactory(
        filing=filing,
        file=b64encode(PDF).decode(),
        file_name="receipt.pdf",
        file_digest="0" * 64,
        byte_size=len(PDF),
    )
    filing_response = FilingResponseFactory(filing=filing)

    old, new = FrozenTextFactory(), FrozenTextFactory()
    subject = uuid4()
    move_call(kind="tests.text", subject_id=subject, frozen_text=old, at=at)
    AcceptedEndorsementFactory(frozen_text=old, organization=owner, mandate=mandate)
    move_call(kind="tests.text", subject_id=subject, frozen_text=new, at=at)
    question_again = owner.endorsements.get(frozen_text=new)
    invitation = Invitation.objects.create(
        organization=owner,
        email="new@example.org",
        email_key=b"k" * 32,
        role="viewer",
        expires_at=at + timedelta(days=1),
    )
    team_invitation = TeamInvitation.objects.create(
        campaign=campaign,
        organization=owner,
        email="new@example.org",
        email_key=b"k" * 32,
        role="viewer",
        expires_at=at + timedelta(days=1),
    )
    other_member = MembershipFactory(organization=owner, role="viewer")

    def token(row: Any, purpose: str) -> str:
        return link_token(purpose=purpose, row_id=row.pk)

    world.arguments = {
        "campaigns/:slug": campaign.slug,
        "campaigns/:campaign": campaign.slug,
        "campaigns/<slug:slug>/team/:pk": other_team_member(campaign).pk,
        "petitions/:slug": petition.slug,
        "petitions/:threshold": petition.thresholds.get().pk,
        "petitions/:count": petition.reported_counts.get().pk,
        "petitions/:signature": signature.pk,
        "petitions/<slug:slug>/hand-over/:pk": handover.pk,
        "petitions/<slug:slug>/response/:pk": response.pk,
        "petitions/:size": 1,
        "petitions/:level": 0,
        "petitions/:index": 0,
        "organizations/:slug": owner.slug,
        "organizations/<slug:slug>/members/:pk": other_member.pk,
        "organizations/<slug:slug>/mandates/:pk": mandate.pk,
        "organizations/<slug:slug>/mandates/<uuid:pk>/record/:pk": by_record.pk,
        "organizations/<slug:slug>/endorsements/:pk": endorsement.pk,
        "organizations/<slug:slug>/endorsements/<uuid:pk>/renew/:pk": question_again.pk,
        "organizations/<slug:slug>/networks/:pk": uuid4(),
        "calls/:pk": call.pk,
        "partnerships/:pk": partnership.pk,
        "endorse/:digest": petition.frozen_text.digest,
        "texts/:digest": petition.frozen_text.digest,
        "texts/:other": new.digest,
        "endorsements/:token": token(endorsement, "endorsement"),
        "endorsements/<str:token>/renew/:token": token(question_again, "endorsement"),
        "personal-endorsements/:token": "made.up",
        "call-invitations/:token": token(CallInvitation.objects.get(), "call-invitation"),
        "mandates/:token": token(mandate, "mandate"),
        "invitations/:token": token(invitation, "invitation"),
        "team-invitations/:token": token(team_invitation, "team-invitation"),
        "signatures/confirm/:token": token(pending, "signature-confirm"),
        "signatures/mine/:token": token(signature, "signature-manage"),
        "instruments/:slug": edition.template.slug,
        "instruments/:label": edition.label,
        "instruments/:file_format": "txt",
        **draft_arguments(draft, world.people["owner"]),
        **adoption_arguments(campaign, world.people["owner"]),
        "consultations/:slug": consultation.slug,
        "consultations/import/:pk": import_draft.pk,
        "consultations/:file_format": "csv",
        "consultations/:position": question.section.position,
        "consultations/:question": question.pk,
        "consultations/:channel": channel.pk,
        "consultations/:document": annex.pk,
        "portals/:slug": consultation.profile.slug,
        "submissions/:pk": submission.pk,
        "submissions/:number": question.number,
        "submissions/<uuid:pk>/answers/<str:number>/file/:number": upload.question.number,
        "submissions/:milestone": milestone.pk,
        "submissions/:thread": remark.thread_id,
        "submissions/<uuid:pk>/answers/<str:number>/keep/:pk": versioned.submission_id,
        "submissions/<uuid:pk>/answers/<str:number>/keep/:number": versioned.question.number,
        "submissions/<uuid:pk>/answers/<str:number>/versions/:pk": versioned.submission_id,
        "submissions/<uuid:pk>/answers/<str:number>/versions/:number": versioned.question.number,
        "submissions/:version": 1,
        "campaigns/:source": source.pk,
        "campaigns/:kept": kept_answer.pk,
        "deadlines/:token": link_token(purpose="deadline-calendar", row_id=calendar_key),
        "deadlines/mine/<str:token>/reminders/:token": token(world.people["owner"], "deadline-reminders"),
        "filings/:pk": filing.pk,
        "filings/:channel": filing_channel.pk,
        "filings/:receipt": receipt.pk,
        "filings/:digest": "0" * 64,  # of no file: tests of the room ask for one that is there
        "filings/:response": filing_response.pk,
        "filings/:annex": NamesAnnexFactory(filing=filing).pk,
        "documents/:document_id": DocumentFactory().pk,
        "moderation/:slug": petition.slug,
        "moderation/:alert": AlertFactory(petition=petition).pk,
        "moderation/:sweep": asked(petition, SweepKind.SCAN, domain="robots.example").pk,
        "moderation/:report": ReportFactory(petition=petition).pk,
        "moderation/:rule": MailboxRuleFactory().pk,
        "moderation/:mandate": by_document.pk,
        "moderation/:organization": owner.slug,
        "moderation/:flag": flag.pk,
        "accounts/:pk": 10**9,
        "accounts/:provider_id": "none",
    }
    world.sign_in()
    EndorsementFactory()  # one that nobody confirmed, to be seen nowhere
    return world


def draft_of_team(campaign: Any, model: Any, person: Any) -> Any:
    """An adaptation that the campaign's team works on, with a row of everything that its pages name."""
    draft = adapt_edition(
        edition=model,
        campaign=campaign,
        jurisdiction=JurisdictionFactory(),
        facts=InstrumentFacts("Small act there", "eu-regulation", "en", "A summary.", "No advice."),
        person=person,
        at=timezone.now(),
    )
    add_choice(edition=draft, label="The way", required=True, help_text="")
    HookFactory(edition=draft)
    return draft


def draft_arguments(draft: Any, person: Any) -> dict[str, Any]:
    route = "instruments/<slug:slug>/draft/"
    removed = remove_provision(edition=draft, key="duty-limits-b", person=person, at=timezone.now())
    adoption = Adoption.objects.create(
        edition=draft.model_edition,
        campaign=draft.template.campaign,
        jurisdiction=draft.template.jurisdiction,
        body="A parliament",
        title="Its act",
        address="https://example.org/act",
        locale="en",
        stage=AdoptionStage.PROPOSED,
        stage_date=date(2026, 1, 1),
    )
    adopted = AdoptedProvision.objects.create(
        adoption=adoption, key="duty-return", citation="Article 1", text="Its words."
    )
    return {
        "instruments/:file_format": "txt",
        "instruments/<slug:slug>/adoptions/:pk": adoption.pk,
        "instruments/<slug:slug>/adoptions/:provision": adopted.pk,
        f"{route}:slug": draft.template.slug,
        f"{route}provisions/:key": "duty-return",
        f"{route}model/:key": "duty-return",
        f"{route}removed/:removed_id": removed.pk,
        f"{route}variables/:name": "period",
        f"{route}alternatives/:name": "the-way",
        f"{route}around/law/:pk": draft.hooks.get().pk,
        f"{route}around/objections/:pk": draft.objections.get().pk,
    }


def adoption_arguments(campaign: Any, person: Any) -> dict[str, Any]:
    """A record of who took over a provision of an instrument that the campaign's team has published."""
    edition = published_edition(FILE.replace("small-act", "team-act"))
    Template.objects.filter(pk=edition.template_id).update(campaign=campaign)
    adoption = AdoptionFactory(edition=edition)
    words = AdoptedWords("duty-return", "Section 3", "Words.")
    add_adopted_words(adoption=adoption, words=words, person=person, at=timezone.now())
    route = "instruments/<slug:slug>/adoptions/"
    return {
        f"{route}:slug": edition.template.slug,
        f"{route}:pk": adoption.pk,
        f"{route}:provision": adoption.provisions.get().pk,
    }


def other_team_member(campaign: Any) -> Any:
    """Somebody whom an owner can remove."""
    return TeamMemberFactory(campaign=campaign, role="viewer")
