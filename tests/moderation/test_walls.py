"""Nobody sees another organization's people: every address of the site, for people of each organization in each role.

A campaign of owner A with partners B and C. Signers agreed to hear from some of them, all or none. Whoever works for B walks the
whole site, with the right ids and with guessed ones, reading and posting; in no body and no header may anything stand that leads
to a person who did not agree to hear from B.
"""

import base64
import io
import logging
import zipfile
from dataclasses import dataclass, field
from itertools import product
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from campaign.activity.services import log_act
from campaign.campaigns import urls as campaign_urls
from campaign.consultations import urls as consultation_urls
from campaign.core.links import link_token
from campaign.moderation import urls as moderation_urls
from campaign.moderation.models import Act, SweepKind
from campaign.moderation.services import look_up_supporter, record_act
from campaign.petitions import urls as petition_urls
from campaign.petitions.models import ReasonState, Signature, SignRequest, Supporter
from campaign.petitions.services import number_waiting_signatures, set_news, sign_petition
from campaign.regulations.models import Template
from campaign.regulations.services import start_edition
from tests.consultations.walk import freeze, prepare
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import PartnerFactory, TeamMemberFactory
from tests.factories.consultations import (
    AnswerFactory,
    ImportDraftFactory,
    LibraryAnswerFactory,
    QuestionFactory,
    RemarkFactory,
    SourceFactory,
    SubmissionFactory,
)
from tests.factories.moderation import AlertFactory, ReportFactory, asked, run_all, staff
from tests.factories.names import NamesAnnexFactory
from tests.factories.petitions import (
    ConfirmedSignatureFactory,
    DemandFactory,
    DoneHandoverFactory,
    HandoverFactory,
    PublishedResponseFactory,
    ResponseFactory,
    SignatureFactory,
    agreed_to_news,
)
from tests.factories.regulations import AdoptionFactory, published_edition
from tests.petitions.signing import boxes, signer
from tests.petitions.test_supporters import asking

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture(autouse=True)
def _quiet():
    """Thousands of refusals are no news."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


# --- For whom each page is ------------------------------------------------------------
# Every address of the rooms that know signers, or stand beside them, is in exactly one of these.
EVERYBODY = {  # visitors: nothing but numbers, and what signers chose to show
    *("petition_list", "petition_detail", "petition_sign", "petition_thanks", "petition_challenge"),
    *("petition_count", "petition_ledger", "receipt_check", "ledger_checkpoint", "ledger_checkpoint_of_size"),
    *("ledger_inclusion", "ledger_consistency", "ledger_entries", "ledger_tile", "ledger_keys"),
    *("petition_report", "petition_reported", "signature_erased"),
    *("consultation_list", "consultation_detail", "submission_detail", "filing_detail"),
    "filing_document_list",
    *("portal_list", "portal_detail", "authority_document_file"),
    *("deadline_radar", "consultation_feed", "campaign_calendar", "deadline_choose", "calendar_address"),
}
MAILED_LINK = {  # by a secret link: the signer alone, and who was invited to a team
    "team_invitation",
    *("user_calendar", "reminders_stop"),
    *("signature_confirm", "signature_refuse", "signature_manage", "signature_consent", "signature_reason"),
    *("signature_data", "signature_data_json", "signature_receipt", "signature_withdraw", "signature_erase"),
}
TEAM = {  # whoever works in the campaign, for whatever organization: numbers, texts, the team's own names
    *("petition_manage", "petition_edit", "petition_freeze", "petition_publish", "petition_pause"),
    *("petition_check", "threshold_set", "threshold_remove", "count_report", "count_withdraw"),
    *("petition_close", "petition_create", "handover_overview", "handover_prepare", "handover_detail"),
    *("handover_record", "handover_cancel", "handover_correct", "handover_tell"),
    *("response_create", "response_detail", "response_edit", "response_publish", "response_discard"),
    *("response_correct", "response_tell"),
    *("campaign_create", "campaign_edit", "campaign_settings", "campaign_news", "campaign_publish"),
    *("team_member_remove", "partnership_answer", "campaign_log"),
    *("call_list", "call_detail", "call_settings", "call_invite", "call_mail", "call_file"),
    *(
        "consultation_import",
        "consultation_requirement",
        "submission_create",
        "submission_edit",
        "answer_edit",
    ),
    *("submission_freeze", "submission_thaw", "submission_file", "consultation_changes"),
    *("submission_approvals", "submission_co_signers", "submission_sign_off"),
    *("filing_kit", "filing_mail", "filing_receipt", "filing_upload", "receipt_file", "filing_correct"),
    *("filing_response_create", "filing_response_edit", "filing_response_publish"),
    *("milestone_list", "milestone_plan", "milestone_done"),
    *("assignment_edit", "question_take", "own_parts", "answer_history", "answer_restore", "answer_keep"),
    *("own_part_history", "own_part_restore"),
    *("answer_begin", "submission_copy", "remark_list", "remark_answer", "source_list", "source_edit"),
    *("source_copy", "library_list", "library_remove"),
    *("consultation_create", "consultation_edit", "consultation_facts", "consultation_deadline"),
    *("channel_add", "channel_edit", "channel_remove", "section_add", "section_edit", "section_shift"),
    *("section_remove", "question_add", "question_edit", "question_move", "question_shift"),
    *("question_remove", "question_list", "question_list_template", "question_paste"),
    *("authority_document_add", "authority_document_remove", "answer_file", "answer_file_download"),
}
OWN_PEOPLE = {  # each organization's people, of themselves alone
    *("supporters", "supporters_find", "supporters_export", "petition_export"),
}
OWNERS_PEOPLE = {  # of the campaign's owner
    *("petition_reasons", "reason_decide", "petition_record"),
    *("names_annex", "names_cancel", "names_destroy", "names_download"),
}
STAFF = {
    *("moderation_desk", "moderation_pause", "moderation_alert_look", "moderation_alert_dismiss"),
    *("moderation_petition", "moderation_look", "moderation_hold", "moderation_sweep"),
    *("moderation_invalidate", "moderation_release", "moderation_undo", "moderation_cancel"),
    *("moderation_reports", "moderation_report", "moderation_publishing", "moderation_review"),
    *("moderation_lists", "moderation_rules", "moderation_rule", "moderation_rule_remove"),
    "portal_requirement",
    *("moderation_record", "moderation_mandates", "moderation_mandate", "moderation_mandate_document"),
    *("moderation_organization_mandates", "moderation_duplicates", "moderation_duplicate"),
}
LISTS = (EVERYBODY, MAILED_LINK, TEAM, OWN_PEOPLE, OWNERS_PEOPLE, STAFF)
ROOMS = (petition_urls, moderation_urls, campaign_urls, consultation_urls)


def test_every_address_is_in_exactly_one_list():
    names = {route.name for room in ROOMS for route in room.urlpatterns}

    assert names - set().union(*LISTS) == set(), "say for whom this page is, and let it be walked"
    assert sum(len(each) for each in LISTS) == len(set().union(*LISTS))
    assert set().union(*LISTS) - names == set(), "these addresses are gone"


# --- The people ----------------------------------------------------------------------
@dataclass
class Person:
    """A signer, and everything that would lead to them."""

    name: str
    agreed: set = field(default_factory=set)
    secrets: dict = field(default_factory=dict)


def secrets_of(name, number, row):
    """By what it is: texts, and ids and keys in every spelling they could stand in."""
    key = bytes(row.email_key) if row.email_key else b"no key, and nothing to be found by it"
    ids = [row.pk, *Supporter.objects.filter(signature=row).values_list("pk", flat=True)]
    return {
        "texts": [f"{name} Signer", f"{name.lower()}@people.example", f"198.51.{number}.0/24"],
        "postcode": [f"ZQ{number:03}"],
        "reason": [f"Because of {name.lower()}."],
        "ids": [spelling for pk in ids for spelling in (str(pk), pk.hex)],
        "keys": [key.hex(), base64.b64encode(key).decode(), f"{number:02}" * 32],
    }


def add(world, name, *organizations, factory=ConfirmedSignatureFactory, **fields):
    number = 100 + len(world.people)
    row = factory(
        petition=fields.pop("petition", world.petition),
        name=f"{name} Signer",
        email=f"{name.lower()}@people.example",
        postcode=f"ZQ{number:03}",
        reason=f"Because of {name.lower()}.",
        reason_state=ReasonState.WAITING,
        network=f"198.51.{number}.0/24",
        salt=f"{number:02}" * 32,
        country="NO",
        **fields,
    )
    if factory is ConfirmedSignatureFactory:
        agreed_to_news(row, *organizations)
    row.refresh_from_db()
    agreed = {each.pk for each in organizations} if factory is ConfirmedSignatureFactory else set()
    world.people.append(Person(name, agreed, secrets_of(name, number, row)))
    return row


@pytest.fixture
def world():
    """The campaign, its people, and something in every room that knows of signers."""
    world = SimpleNamespace(people=[], rows=[])
    world.petition = DemandFactory(asks_postcode=True, asks_reason=True)
    campaign = world.campaign = world.petition.campaign
    world.second = DemandFactory(campaign=campaign)
    world.a = campaign.owner
    world.b, world.c = (PartnerFactory(campaign=campaign).organization for _ in range(2))
    a, b, c = world.a, world.b, world.c
    rows = {
        name: add(world, name, *organizations)
        for name, organizations in {
            "Onlya": [a],
            "Onlyb": [b],
            "Onlyc": [c],
            "Both": [a, b],
            "Partners": [b, c],
            "All": [a, b, c],
            "None": [],
        }.items()
    }
    add(world, "Elsewhere", c, petition=world.second)
    back = add(world, "Regret", b)
    set_news(signature=back, organization=asking(b), given=False, locale="en", at=timezone.now())
    world.people[-1].agreed.clear()
    add(world, "Pending", b, factory=SignatureFactory)
    world.hidden_row = rows["Onlyc"]
    Signature.objects.filter(pk=rows["Onlya"].pk).update(quarantine_cause="network")
    number_waiting_signatures(at=timezone.now())
    typed = signer(email="waiting@people.example", name="Waiting Signer", organizations=boxes(b))
    sign_petition(petition=world.petition, signer=typed, at=timezone.now())
    request = SignRequest.objects.get()
    world.people.append(
        Person(
            "Waiting",
            set(),
            {"texts": ["Waiting Signer", "waiting@people.example"], "ids": [str(request.pk)]},
        )
    )
    _fill_rooms(world)
    return world


def _fill_rooms(world):
    petition, moderator, now = world.petition, staff(), timezone.now()
    scan = asked(petition, SweepKind.SCAN, by=moderator, name="*Signer*")
    run_all()
    owner = TeamMemberFactory(campaign=world.campaign)
    record_act(act=Act.HOLD, actor=moderator, at=now, petition=petition, note="Onlyc Signer asked for it")
    log_act(
        subject_id=world.campaign.pk, act="campaigns.news_asked", actor=owner.user, at=now, organization="C"
    )
    look_up_supporter(
        organization=world.a, campaign=world.campaign, address="onlya@people.example", by=owner.user, at=now
    )
    partnership = world.campaign.partnerships.get(organization=world.c)
    submission = SubmissionFactory(campaign=world.campaign, petition=petition)
    answered = AnswerFactory(submission__campaign=world.campaign).submission
    filing = prepare(freeze(answered, at=now), at=now)
    named = NamesAnnexFactory(filing=filing, petition=petition, pieces="Onlyc Signer, Norway")
    world.number = QuestionFactory(consultation=submission.consultation).number
    edition = published_edition()
    Template.objects.filter(pk=edition.template_id).update(campaign=world.campaign)
    adoption = AdoptionFactory(edition=edition)
    edition.template.refresh_from_db()
    start_edition(template=edition.template, person=UserFactory(), at=timezone.now())
    world.slugs = {  # by how the address begins
        "petitions": [petition.slug, world.second.slug],
        "moderation": [petition.slug],
        "campaigns": [world.campaign.slug],
        "organizations": [world.a.slug, world.b.slug, world.c.slug],
        "consultations": [submission.consultation.slug],
        "portals": [submission.consultation.profile.slug],
        "instruments": [edition.template.slug],
    }
    world.digest = petition.frozen_text.digest
    signature = world.hidden_row
    world.guessed = [signature.pk, Supporter.objects.get(signature=signature).pk]
    remark = RemarkFactory(thread__submission=submission)
    world.right = {  # by the beginning of the address' name
        "handover": [HandoverFactory(petition=petition).pk, DoneHandoverFactory(petition=world.second).pk],
        "response": [ResponseFactory(petition=petition).pk, PublishedResponseFactory(petition=petition).pk],
        "moderation_alert": [AlertFactory(petition=petition).pk],
        "moderation_report": [ReportFactory(petition=petition).pk],
        "moderation_": [scan.pk],
        "submission": [submission.pk],
        "milestone": [submission.pk],
        "filing": [filing.pk],
        "names": [filing.pk, named.pk],
        "receipt_file": [filing.pk],
        "answer": [submission.pk],
        "assignment": [submission.pk],
        "question_take": [submission.pk],
        "own_part": [submission.pk],
        "remark": [submission.pk, remark.thread_id],
        "source": [SourceFactory(campaign=world.campaign).pk],
        "library": [LibraryAnswerFactory(campaign=world.campaign).pk],
        "consultation_changes": [ImportDraftFactory(consultation__imported_by=owner.user).pk],
        "team_member": [owner.pk],
        "partnership": [partnership.pk],
        "adopt": [adoption.pk],
    }


# --- Walking ----------------------------------------------------------------------
# What forms of all kinds take; ids are another organization's or its supporter's.
POSTED = {
    "kind": "csv",
    "use": "A walk",
    "given": "yes",
    "shown": "yes",
    "state": "shown",
    "reach": "site",
    "act": "publish",
    "answer": "decline",
    "email": "nobody@people.example",
    "answer_text": "x",
}


QUERIES = ("?q=Signer&page=1&s=onlyc", "?state=shown")


def routes(resolver=None):
    """Every address of the site but the accounts' own and those of programs that watch it."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield pattern
        elif "accounts/" not in str(pattern.pattern):
            yield from routes(pattern)


def candidates(world, route):
    """(name, values) of each part of an address."""
    groups = getattr(route.pattern, "regex", None)
    names = list(route.pattern.converters) or list(groups.groupindex if groups else ())
    right = [pk for start, ids in world.right.items() if route.name.startswith(start) for pk in ids]
    signature = world.hidden_row.pk
    values = {
        "slug": world.slugs[str(route.pattern).partition("/")[0]] if "slug" in names else [],
        "campaign": [world.campaign.slug],
        "organization": [world.c.slug, world.a.slug],
        "token": [signature, link_token(purpose="signature-of-somebody", row_id=signature)],
        "digest": [world.digest],
        "other": [world.digest],
        "label": ["1.0"],
        "version": [1],
        "key": ["duty-return"],
        "name": ["period"],
        "file_format": ["txt"],
        "number": [world.number],
        "size": [1, 5],
        "position": [1],
        "level": [0],
        "index": [0],
    }
    return [(name, values.get(name, [*right, *world.guessed])) for name in names]


def addresses(world):
    for route in routes():
        if route.name is None:
            continue
        parts = candidates(world, route)
        for values in product(*(each for _name, each in parts)):
            yield (
                route.name,
                reverse(route.name, kwargs=dict(zip((name for name, _ in parts), values, strict=True))),
            )


def text_of(response):
    """Status line, headers and body as text; a spreadsheet unpacked."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if body[:2] == b"PK":
        archive = zipfile.ZipFile(io.BytesIO(body))
        body = b"\n".join(archive.read(name) for name in archive.namelist())
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    return f"{response.status_code}\n{headers}\n{body.decode(errors='replace')}"


def forms(world, name):
    """What is posted to an address."""
    if name in ("petition_export", "supporters_export"):
        for purpose, kind in product(("updates", "news"), ("csv", "xlsx")):
            yield POSTED | {"purpose": purpose, "kind": kind, "petition": ""}
        return
    yield POSTED | {
        "purpose": "news",
        "organization": str(world.c.pk),
        "asks": "no",
        "signature": world.guessed[0],
    }


def walk(client, world):
    """(name, method, text) of every answer. What is posted leaves nothing behind."""
    known = {*map(str, world.guessed), *(pk.hex for pk in world.guessed)}  # who sends an id may get it back
    for name, address in addresses(world):
        for query in QUERIES[: 2 if name.startswith(("petition", "supporters")) else 1]:
            yield name, "get", without(known, text_of(client.get(address + query)))
        for data in forms(world, name):
            with transaction.atomic():
                answer = text_of(client.post(address, data))
                transaction.set_rollback(True)
            yield name, "post", without(known, answer)


def without(known, text):
    for each in known:
        text = text.replace(each, "")
    return text


def work_for(client, world, organization, role):
    member_as = "owner" if role == "owner" else "viewer"
    user = TeamMemberFactory(
        campaign=world.campaign, organization=organization, role=role, membership=member_as
    ).user
    client.force_login(user)


def leaks(world, organization, answers, *, exempt=()):
    """Where something stands of somebody who did not agree to hear from `organization`, and whose names were seen in all."""
    found, seen = set(), set()
    for name, method, text in answers:
        for person in world.people:
            what = [kind for kind, each in person.secrets.items() for secret in each if secret in text]
            if not what:
                continue
            seen.add(person.name)
            if organization.pk not in person.agreed:
                found |= {(name, method, person.name, kind) for kind in what if (name, kind) not in exempt}
    return found, seen


@pytest.mark.parametrize(
    ("partner", "role"),
    [("b", "owner"), ("b", "editor"), ("b", "moderator"), ("b", "viewer"), ("c", "owner")],
)
def test_partners_people_see_nobody_who_did_not_agree_to_hear_from_it(client, world, partner, role):
    organization = getattr(world, partner)
    work_for(client, world, organization, role)

    found, seen = leaks(world, organization, walk(client, world))

    theirs = {person.name for person in world.people if organization.pk in person.agreed}
    assert found == set()
    assert seen == (theirs if role == "owner" else set())


# The reasons of all signers, by their signatures' ids, are the owner's people's to decide; the record's notes are theirs to read;
# the names that go to an authority are theirs to hand in.
REASONS = {
    *(("petition_reasons", "reason"), ("petition_reasons", "ids"), ("petition_record", "texts")),
    ("names_download", "texts"),
}


def test_owners_people_see_names_and_addresses_of_their_own_alone(client, world):
    work_for(client, world, world.a, "owner")

    found, seen = leaks(world, world.a, walk(client, world), exempt=REASONS)

    assert found == set()
    assert {"Onlya", "Both", "All"} <= seen


def test_the_walk_would_find_a_leak(client, world):
    """Staff sees what moderators must see: the same walk finds it."""
    client.force_login(staff())

    found, _seen = leaks(world, world.b, walk(client, world))

    assert {
        ("moderation_sweep", "get", "Onlyc", "texts"),
        ("moderation_record", "get", "Onlyc", "texts"),
    } <= found


@pytest.mark.parametrize("name", sorted(STAFF | OWNERS_PEOPLE))
def test_partners_people_get_nothing_from_pages_of_others(client, world, name):
    work_for(client, world, world.b, "owner")

    answers = [client.get(address) for each, address in addresses(world) if each == name]

    assert {answer.status_code for answer in answers} <= {403, 404, 405}


@pytest.mark.parametrize("name", sorted(OWN_PEOPLE | OWNERS_PEOPLE | STAFF))
def test_strangers_and_people_of_other_campaigns_get_nothing(client, world, name):
    client.force_login(TeamMemberFactory().user)

    answers = [client.get(address) for each, address in addresses(world) if each == name]

    assert {answer.status_code for answer in answers} <= {404, 405}
