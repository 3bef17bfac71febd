"""Mandates: stated, proven by mail and by a record, handed on, withdrawn, reported, ended; and what is said of them in public."""

from datetime import timedelta

import dns.rcode
import pytest
from django.core import mail as outbox
from django.db import connection
from django.utils import timezone

from campaign.mailing.models import OutgoingMail
from campaign.mailing.services import pump_mail
from campaign.organizations import dns as asking
from campaign.organizations import tasks
from campaign.organizations.levels import level_of, public_level, with_public_level
from campaign.organizations.models import (
    DnsOutcome,
    DuplicateDecision,
    Endorsement,
    EndorsementState,
    Mandate,
    MandateProof,
    MandateState,
    Organization,
)
from campaign.organizations.names import ScriptWarning, lookalike_key, script_warning
from campaign.organizations.services import (
    AskedLately,
    DomainHasChanged,
    DomainSpeaksForAnother,
    DuplicateDecided,
    LinkExpired,
    MandateCannotMove,
    MandateNotInForce,
    NoOwnDomain,
    NotItsOwnDomain,
    ObjectedAlready,
    OwnOrganization,
    ReplacesAnother,
    SignatoryData,
    TooManyWaiting,
    ask_for_look,
    confirm_mandate,
    dismiss_objection,
    look_for_record,
    mandate_of,
    object_to_mandate,
    proving_by_dns,
    record_of,
    reject_duplicate,
    request_dns_mandate,
    request_mandate,
    revoke_mandate,
    sweep_records,
    tell_apart,
    tell_of_ends,
    withdraw_mandate,
)
from tests.factories.accounts import UserFactory
from tests.factories.documents import FrozenTextFactory
from tests.factories.mandates import (
    DuplicateFlagFactory,
    MandateFactory,
    MandateObjectionFactory,
    WaitingMandateFactory,
)
from tests.factories.organizations import EndorsementFactory, MembershipFactory, OrganizationFactory
from tests.name_server import alias, hangs, name_server, refuses, says
from tests.threads import in_threads

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOW = timezone.now()
DAY = timedelta(days=1)


def signatory(email="sam@office.example", **fields):
    return SignatoryData(**{"name": "Sam", "function": "Director", "locale": "en", "email": email} | fields)


def organization_at(domain, **fields):
    website = f"https://{domain}" if domain else "https://pages.example/club"
    return OrganizationFactory(
        **{"domain": domain, "website": website, "proven_at": None, "lookalike_key": lookalike_key(domain)}
        | fields
    )


def record_mandate(**fields):
    return WaitingMandateFactory(**{"proof": MandateProof.DOMAIN_DNS} | fields)


def at_once(acts):
    """What each act raised, by its class; None where it went through."""
    outcomes = []

    def noted(act):
        try:
            act()
        except Exception as error:  # noqa: BLE001  told by the assertion of the test
            outcomes.append(type(error))
        else:
            outcomes.append(None)

    in_threads([lambda act=act: noted(act) for act in acts])
    return outcomes


# --- By mail -------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("domain", "address", "words"),
    [
        ("office.example", "sam@gmail.com", "Anybody can open a mailbox"),
        ("gmx.de", "sam@gmx.de", "Anybody can open a mailbox"),
        ("office.example", "sam@offıce.example", "not on the website’s domain"),
        ("office.example", "sam@xn--ffice-jbf.example", "not on the website’s domain"),
        ("chapter.office.example", "sam@office.example", "not on the website’s domain"),
        ("office.example", "sam@office.example.evil.example", "not on the website’s domain"),
        ("office.example", "sam@notoffice.example", "not on the website’s domain"),
        ("", "sam@pages.example", "no domain of its own"),
        ("", "sam@co.uk", "no domain of its own"),
    ],
)
def test_mail_elsewhere_is_refused_in_words_that_fit_and_stores_nothing(domain, address, words):
    organization = organization_at(domain)

    with pytest.raises(NotItsOwnDomain) as refusal:
        request_mandate(organization=organization, signatory=signatory(address), at=NOW)

    assert words.replace("’", "'") in str(refusal.value)
    assert not Mandate.objects.exists()
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize(
    ("domain", "address"),
    [
        ("office.example", "sam@office.example"),
        ("xn--mnchen-3ya.example", "sam@münchen.example"),
    ],
)
def test_mail_at_the_own_domain_is_taken(domain, address):
    request_mandate(organization=organization_at(domain), signatory=signatory(address), at=NOW)

    assert Mandate.objects.get().proof == MandateProof.DOMAIN_MAIL


def test_website_that_moved_meanwhile_is_not_proven_by_the_older_mail():
    organization = organization_at("office.example")
    mandate = request_mandate(organization=organization, signatory=signatory(), at=NOW)
    Organization.objects.update(domain="famous.example", website="https://famous.example")

    with pytest.raises(DomainHasChanged):
        confirm_mandate(mandate=mandate, at=NOW)

    assert Mandate.objects.get().proven_at is None
    assert Organization.objects.get().proven_at is None


@pytest.mark.parametrize(
    "fields",
    [{"withdrawn_at": NOW}, {"rejected_at": NOW}, {"expires_at": NOW}, {"proof": MandateProof.DOCUMENT}],
)
def test_link_of_a_mandate_that_is_over_proves_nothing(fields):
    mandate = WaitingMandateFactory(**fields)

    with pytest.raises(LinkExpired):
        confirm_mandate(mandate=mandate, at=NOW)

    assert Mandate.objects.get().proven_at is None


def test_sixth_statement_waits_for_the_others():
    organization = organization_at("office.example")
    WaitingMandateFactory.create_batch(5, organization=organization)

    with pytest.raises(TooManyWaiting):
        request_mandate(organization=organization, signatory=signatory(), at=NOW)

    Mandate.objects.update(expires_at=NOW)
    request_mandate(organization=organization, signatory=signatory(), at=NOW)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="an in-memory SQLite is one connection's alone")
def test_link_confirmed_twice_at_once_is_once():
    mandate = WaitingMandateFactory()

    outcomes = at_once([lambda: confirm_mandate(mandate=Mandate.objects.get(), at=NOW)] * 4)

    assert outcomes == [None] * 4
    mandate.refresh_from_db()
    assert (mandate.proven_at, mandate.organization.domain) == (NOW, Organization.objects.get().domain)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="an in-memory SQLite is one connection's alone")
def test_two_organizations_of_one_domain_confirmed_at_once_put_one_on_record():
    mandates = [WaitingMandateFactory(organization=organization_at("office.example")) for _ in range(2)]

    outcomes = at_once(
        [lambda row=row: confirm_mandate(mandate=Mandate.objects.get(pk=row.pk), at=NOW) for row in mandates]
    )

    assert sorted(outcomes, key=str) == sorted([None, DomainSpeaksForAnother], key=str)
    assert Organization.objects.proven().count() == 1
    assert Mandate.objects.filter(proven_at__isnull=False).count() == 1


# --- By a record ---------------------------------------------------------------------
@pytest.fixture
def short_times(monkeypatch):
    monkeypatch.setattr(asking, "TRY_SECONDS", 0.2)
    monkeypatch.setattr(asking, "ALL_SECONDS", 0.5)


@pytest.fixture
def answers(settings, short_times):
    """A name server that the site asks; the test says what it answers."""
    with name_server(says()) as server:
        settings.DNS_SERVERS = [server.address]
        yield server


def test_record_differs_for_each_mandate_and_domain_and_is_stored_nowhere():
    first, second = record_mandate(), record_mandate()

    records = {record_of(first).value, record_of(second).value}
    first.domain = "elsewhere.example"
    records.add(record_of(first).value)

    assert len(records) == 3
    assert all(value.startswith("reclaim-verification=") and len(value) == 61 for value in records)
    assert record_of(second).name == f"_reclaim.{second.organization.domain}"


def test_record_needs_an_own_domain():
    with pytest.raises(NoOwnDomain):
        request_dns_mandate(organization=organization_at(""), signatory=signatory(), at=NOW, by=UserFactory())

    assert not Mandate.objects.exists()


def test_person_named_by_somebody_else_hears_of_it():
    organization = organization_at("office.example", display_name="Office")
    request_dns_mandate(organization=organization, signatory=signatory(), at=NOW, by=UserFactory())

    pump_mail(at=timezone.now())

    assert [letter.to for letter in outbox.outbox] == [["sam@office.example"]]
    assert "named you as a person who may sign" in outbox.outbox[0].body


def test_person_who_names_themselves_gets_no_letter():
    sam = UserFactory(email="sam@office.example")

    mandate = request_dns_mandate(
        organization=organization_at("office.example"), signatory=signatory(), at=NOW, by=sam
    )

    assert mandate.user == sam
    assert not OutgoingMail.objects.exists()


def test_asking_tells_a_worker_after_the_commit(django_capture_on_commit_callbacks):
    mandate = record_mandate()

    with django_capture_on_commit_callbacks() as callbacks:
        ask_for_look(mandate=mandate, at=NOW)

    mandate.refresh_from_db()
    assert (mandate.dns_outcome, mandate.dns_asked_at, len(callbacks)) == (DnsOutcome.ASKED, NOW, 1)


def test_asking_again_waits_fifteen_seconds():
    mandate = record_mandate()
    ask_for_look(mandate=mandate, at=NOW)

    with pytest.raises(AskedLately):
        ask_for_look(mandate=mandate, at=NOW + timedelta(seconds=14))

    ask_for_look(mandate=mandate, at=NOW + timedelta(seconds=15))
    mandate.refresh_from_db()
    assert mandate.dns_asked_at == NOW + timedelta(seconds=15)


def test_one_domain_is_asked_about_eight_times_at_once():
    organization = organization_at("office.example")
    mandates = [record_mandate(organization=organization) for _ in range(9)]
    for mandate in mandates[:8]:
        ask_for_look(mandate=mandate, at=NOW)

    with pytest.raises(AskedLately):
        ask_for_look(mandate=mandates[8], at=NOW)

    mandates[8].refresh_from_db()
    assert mandates[8].dns_outcome == DnsOutcome.NONE
    ask_for_look(mandate=mandates[8], at=NOW + timedelta(minutes=1))
    ask_for_look(mandate=record_mandate(), at=NOW)


@pytest.mark.parametrize(
    "fields",
    [
        {"expires_at": NOW},
        {"withdrawn_at": NOW},
        {"rejected_at": NOW},
        {"proven_at": NOW},
        {"proof": MandateProof.DOMAIN_MAIL},
    ],
)
def test_mandate_that_is_over_is_not_looked_for(fields):
    mandate = record_mandate(**fields)

    with pytest.raises(LinkExpired):
        ask_for_look(mandate=mandate, at=NOW)


def test_record_that_is_there_proves_the_mandate(answers):
    mandate = record_mandate(stated_at=NOW)
    answers.behavior = says("v=spf1 -all", record_of(mandate).value)
    ask_for_look(mandate=mandate, at=NOW)

    look_for_record(mandate_id=str(mandate.pk), at=NOW)

    mandate.refresh_from_db()
    assert (mandate.dns_outcome, mandate.proven_at, mandate.dns_checked_at) == (DnsOutcome.FOUND, NOW, NOW)
    assert Organization.objects.get().proven_at == NOW


def test_looking_twice_is_once(answers):
    mandate = record_mandate()
    answers.behavior = says(record_of(mandate).value)
    ask_for_look(mandate=mandate, at=NOW)

    for _time in range(2):
        tasks.look_for_record(mandate_id=str(mandate.pk))

    assert len(answers.queries) == 1
    assert Mandate.objects.get().proven_at is not None


def test_record_set_under_the_secret_key_before_still_counts(answers, settings):
    mandate = record_mandate()
    answers.behavior = says(record_of(mandate).value)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "a new one"
    ask_for_look(mandate=mandate, at=NOW)

    look_for_record(mandate_id=str(mandate.pk), at=NOW)

    assert Mandate.objects.get().proven_at == NOW


@pytest.mark.parametrize(
    ("behavior", "outcome"),
    [
        (says(), DnsOutcome.MISSING),
        (says("reclaim-verification=0"), DnsOutcome.OTHER),
        (alias("elsewhere.example.", "reclaim-verification=0"), DnsOutcome.OTHER),
        (refuses(dns.rcode.SERVFAIL), DnsOutcome.BROKEN),
        (hangs, DnsOutcome.SILENT),
    ],
)
def test_record_that_is_not_there_proves_nothing_and_says_why(answers, behavior, outcome):
    mandate = record_mandate()
    answers.behavior = behavior
    ask_for_look(mandate=mandate, at=NOW)

    look_for_record(mandate_id=str(mandate.pk), at=NOW)

    mandate.refresh_from_db()
    assert (mandate.dns_outcome, mandate.proven_at) == (outcome, None)


def test_record_of_another_mandate_does_not_count(answers):
    mandate, other = record_mandate(), record_mandate()
    answers.behavior = says(record_of(other).value)
    ask_for_look(mandate=mandate, at=NOW)

    look_for_record(mandate_id=str(mandate.pk), at=NOW)

    mandate.refresh_from_db()
    assert mandate.dns_outcome == DnsOutcome.OTHER


def test_record_found_for_a_domain_that_speaks_for_another_proves_nothing(answers):
    mandate = record_mandate(organization=organization_at("office.example"))
    OrganizationFactory(domain="office.example")
    answers.behavior = says(record_of(mandate).value)
    ask_for_look(mandate=mandate, at=NOW)

    look_for_record(mandate_id=str(mandate.pk), at=NOW)

    mandate.refresh_from_db()
    assert (mandate.dns_outcome, mandate.proven_at) == (DnsOutcome.FOUND, None)


def test_mandate_withdrawn_before_anybody_looks_is_not_looked_for(answers):
    mandate = record_mandate()
    ask_for_look(mandate=mandate, at=NOW)
    withdraw_mandate(mandate=mandate, reason="changed our mind", by=None, at=NOW)

    look_for_record(mandate_id=str(mandate.pk), at=NOW)

    mandate.refresh_from_db()
    assert (mandate.proven_at, answers.queries) == (None, [])


def test_mandate_withdrawn_while_name_servers_answer_is_not_proven(monkeypatch):
    mandate = record_mandate()
    ask_for_look(mandate=mandate, at=NOW)

    def found_too_late(**asked):
        withdraw_mandate(mandate=mandate, reason="changed our mind", by=None, at=NOW)
        return DnsOutcome.FOUND

    monkeypatch.setattr(proving_by_dns, "look_up", found_too_late)
    look_for_record(mandate_id=str(mandate.pk), at=NOW)

    mandate.refresh_from_db()
    assert (mandate.proven_at, mandate.withdrawn_at) == (None, NOW)
    assert Organization.objects.get().proven_at is None


def test_sweep_takes_up_what_nobody_looked_for(django_capture_on_commit_callbacks):
    mandate = record_mandate()
    ask_for_look(mandate=mandate, at=NOW)

    with django_capture_on_commit_callbacks() as callbacks:
        taken = [sweep_records(at=NOW + timedelta(seconds=seconds)) for seconds in (5, 10)]

    assert taken == [0, 1]
    assert len(callbacks) == 1


@pytest.mark.parametrize(
    ("stated", "checked", "is_due"),
    [
        (timedelta(minutes=30), timedelta(minutes=4), False),
        (timedelta(minutes=30), timedelta(minutes=5), True),
        (timedelta(hours=5), timedelta(minutes=29), False),
        (timedelta(hours=5), timedelta(minutes=30), True),
        (timedelta(days=5), timedelta(hours=3), False),
        (timedelta(days=5), timedelta(hours=4), True),
        (timedelta(days=14), timedelta(hours=4), False),
    ],
)
@pytest.mark.parametrize("outcome", [DnsOutcome.MISSING, DnsOutcome.OTHER, DnsOutcome.SILENT])
def test_missing_record_is_looked_for_less_and_less_often(stated, checked, is_due, outcome):
    record_mandate(stated_at=NOW - stated, dns_outcome=outcome, dns_checked_at=NOW - checked)

    assert sweep_records(at=NOW) == is_due
    assert sweep_records(at=NOW) == 0
    assert Mandate.objects.filter(dns_outcome=DnsOutcome.ASKED).count() == is_due


def test_record_that_nobody_asked_about_is_looked_for_too():
    record_mandate(stated_at=NOW)

    assert [sweep_records(at=NOW + timedelta(minutes=minutes)) for minutes in (4, 5)] == [0, 1]


def test_record_that_is_found_is_not_looked_for_again():
    record_mandate(stated_at=NOW - DAY, dns_outcome=DnsOutcome.FOUND, dns_checked_at=NOW - DAY)

    assert sweep_records(at=NOW) == 0


def test_sweep_task_is_scheduled(settings):
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert {tasks.sweep_records.name, tasks.tend_mandates.name} <= scheduled
    tasks.sweep_records()
    tasks.tend_mandates()


# --- Handing on, withdrawing -----------------------------------------------------------
def test_mandate_handed_on_ends_when_the_new_one_is_proven():
    sam, kim = UserFactory(email="sam@office.example"), UserFactory(email="kim@office.example")
    organization = organization_at("office.example", proven_at=NOW)
    old = MandateFactory(
        organization=organization,
        signatory_email=sam.email,
        stated_at=NOW - DAY,
        email_key=b"",
        user=sam,
    )
    new = request_mandate(organization=organization, signatory=signatory(kim.email), at=NOW, replaces=old)
    assert mandate_of(user=sam, organization=organization, at=NOW) == old

    confirm_mandate(mandate=new, at=NOW)

    later = NOW + timedelta(seconds=1)
    assert mandate_of(user=kim, organization=organization, at=later) == new
    with pytest.raises(MandateNotInForce):
        mandate_of(user=sam, organization=organization, at=later)


def test_mandate_of_another_organization_is_not_handed_on():
    organization, foreign = organization_at("office.example"), MandateFactory()

    with pytest.raises(ReplacesAnother):
        request_mandate(organization=organization, signatory=signatory(), at=NOW, replaces=foreign)

    foreign.refresh_from_db()
    assert foreign.is_in_force_at(NOW + DAY)


def test_withdrawn_mandate_signs_nothing_and_what_was_signed_stays():
    mandate = MandateFactory(user=UserFactory())
    endorsement = EndorsementFactory(
        organization=mandate.organization,
        mandate=mandate,
        state=EndorsementState.ACCEPTED,
        accepted_at=NOW,
    )

    for reason in ("left the board", "twice is once"):
        withdraw_mandate(mandate=mandate, reason=reason, by=None, at=NOW)

    mandate.refresh_from_db()
    endorsement.refresh_from_db()
    assert (mandate.withdrawn_at, mandate.reason) == (NOW, "left the board")
    assert endorsement.state == EndorsementState.ACCEPTED
    with pytest.raises(MandateNotInForce):
        mandate_of(user=mandate.user, organization=mandate.organization, at=NOW)


# --- Reported as never authorized -------------------------------------------------------
def test_objection_waits_for_staff_and_stands_once():
    mandate = MandateFactory()
    owner = MembershipFactory(organization=mandate.organization).user
    object_to_mandate(mandate=mandate, reason="The board never met.", by=owner, at=NOW)

    with pytest.raises(ObjectedAlready):
        object_to_mandate(mandate=mandate, reason="Again", by=owner, at=NOW)

    mandate.refresh_from_db()
    assert mandate.objections.get().reason == "The board never met."
    assert mandate.is_in_force_at(NOW + DAY)


@pytest.mark.parametrize("fields", [{"proven_at": None, "ends_at": None}, {"rejected_at": NOW}])
def test_mandate_that_was_never_in_force_cannot_be_reported(fields):
    with pytest.raises(MandateCannotMove):
        object_to_mandate(mandate=MandateFactory(**fields), reason="x", by=UserFactory(), at=NOW)


def test_revoking_takes_down_what_was_signed_and_tells_signatory_and_owners():
    mandate = MandateFactory(signatory_email="sam@office.example")
    owner = MembershipFactory(organization=mandate.organization).user
    objection = MandateObjectionFactory(mandate=mandate, stated_by=owner)
    endorsement = EndorsementFactory(
        organization=mandate.organization, mandate=mandate, state=EndorsementState.ACCEPTED, accepted_at=NOW
    )

    revoke_mandate(mandate=mandate, reason="The board objects.", by=UserFactory(), at=NOW)
    pump_mail(at=timezone.now())

    for row in (mandate, objection, endorsement):
        row.refresh_from_db()
    assert (mandate.rejected_at, endorsement.state, objection.decision) == (NOW, "rejected", "upheld")
    assert Organization.objects.get(pk=mandate.organization_id).proven_at is None
    assert {letter.to[0] for letter in outbox.outbox} == {"sam@office.example", owner.email}
    assert all("The board objects." in letter.body for letter in outbox.outbox)


def test_dismissed_objection_tells_who_reported_and_changes_nothing():
    objection = MandateObjectionFactory()

    dismiss_objection(mandate=objection.mandate, reason="The minutes name them.", by=UserFactory(), at=NOW)
    pump_mail(at=timezone.now())

    objection.refresh_from_db()
    assert (objection.decision, objection.decided_at) == ("dismissed", NOW)
    assert objection.mandate.is_in_force_at(NOW + DAY)
    assert [letter.to for letter in outbox.outbox] == [[objection.stated_by.email]]
    assert "The minutes name them." in outbox.outbox[0].body
    with pytest.raises(MandateCannotMove):
        dismiss_objection(mandate=objection.mandate, reason="again", by=UserFactory(), at=NOW)


@pytest.mark.parametrize("decide", [revoke_mandate, dismiss_objection])
def test_staff_does_not_decide_about_the_own_organization(decide):
    objection = MandateObjectionFactory()
    member = MembershipFactory(organization=objection.mandate.organization, role="viewer").user

    with pytest.raises(OwnOrganization):
        decide(mandate=objection.mandate, reason="x", by=member, at=NOW)

    objection.refresh_from_db()
    assert objection.decision == ""


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="an in-memory SQLite is one connection's alone")
def test_two_of_staff_who_decide_at_once_decide_once():
    objection, first, second = MandateObjectionFactory(), UserFactory(), UserFactory()
    acts = [
        lambda: revoke_mandate(mandate=objection.mandate, reason="no", by=first, at=NOW),
        lambda: dismiss_objection(mandate=objection.mandate, reason="yes", by=second, at=NOW),
    ]

    outcomes = at_once(acts)

    objection.refresh_from_db()
    assert objection.decision in {"upheld", "dismissed"}
    revoked = Mandate.objects.filter(rejected_at__isnull=False).exists()
    # Revoking a mandate whose objection was dismissed a moment before is still possible; the other way round is not.
    assert outcomes.count(MandateCannotMove) == (1 if objection.decision == "upheld" else 0)
    assert revoked == (outcomes.count(None) == 2 or objection.decision == "upheld")


# --- Ends --------------------------------------------------------------------------------
def test_end_is_told_once_before_and_once_after():
    mandate = MandateFactory(
        signatory_email="sam@office.example", proven_at=NOW, ends_at=timezone.now() + timedelta(days=29)
    )
    owner = MembershipFactory(organization=mandate.organization).user

    for _time in range(2):
        tell_of_ends(at=timezone.now())
    pump_mail(at=timezone.now())

    assert {letter.to[0] for letter in outbox.outbox} == {"sam@office.example", owner.email}
    assert all("ends on" in letter.subject for letter in outbox.outbox)
    outbox.outbox.clear()
    Mandate.objects.update(ends_at=timezone.now())
    for _time in range(2):
        tell_of_ends(at=timezone.now())
    pump_mail(at=timezone.now())
    assert {letter.to[0] for letter in outbox.outbox} == {"sam@office.example", owner.email}
    assert all("has ended" in letter.subject for letter in outbox.outbox)


@pytest.mark.parametrize(
    "fields",
    [
        {"ends_at": NOW + timedelta(days=31)},
        {"ends_at": NOW + DAY, "withdrawn_at": NOW},
        {"ends_at": NOW + DAY, "rejected_at": NOW},
        {"ends_at": NOW - timedelta(days=31)},
        {"proven_at": None, "ends_at": None},
    ],
)
def test_end_that_is_no_news_is_not_told(fields):
    MandateFactory(**fields)

    tell_of_ends(at=NOW)

    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("successor", ["same person", "somebody else"])
def test_mandate_that_was_renewed_or_handed_on_ends_in_silence(successor):
    old = MandateFactory(ends_at=NOW - DAY, stated_at=NOW - 9 * DAY)
    mailbox = {"signatory_email": old.signatory_email} if successor == "same person" else {}
    replaces = None if successor == "same person" else old
    MandateFactory(organization=old.organization, replaces=replaces, **mailbox)

    tell_of_ends(at=NOW)

    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"proven_at": None, "ends_at": None}, MandateState.MAIL),
        ({"proven_at": None, "ends_at": None, "proof": "domain_dns"}, MandateState.RECORD),
        ({"proven_at": None, "ends_at": None, "proof": "document"}, MandateState.STAFF),
        ({"proven_at": None, "ends_at": None, "expires_at": NOW}, MandateState.TOO_LATE),
        ({"ends_at": NOW + timedelta(days=31)}, MandateState.IN_FORCE),
        ({"ends_at": None}, MandateState.IN_FORCE),
        ({"ends_at": NOW + timedelta(days=30)}, MandateState.ENDS_SOON),
        ({"ends_at": NOW}, MandateState.OVER),
        ({"withdrawn_at": NOW}, MandateState.WITHDRAWN),
        ({"withdrawn_at": NOW, "rejected_at": NOW}, MandateState.REFUSED),
    ],
)
def test_state_of_a_mandate(fields, state):
    assert MandateFactory.build(organization=OrganizationFactory.build(), **fields).state_at(NOW) == state


# --- What the public reads -----------------------------------------------------------------
MAIL, RECORD, DOCUMENT = MandateProof.DOMAIN_MAIL, MandateProof.DOMAIN_DNS, MandateProof.DOCUMENT


@pytest.mark.parametrize(
    ("mandates", "level"),
    [
        ([], None),
        ([{"proven_at": None, "ends_at": None}], None),
        ([{"proof": MAIL}], (MAIL, None)),
        ([{"proof": DOCUMENT}, {"proof": RECORD}], (RECORD, None)),
        ([{"proof": DOCUMENT}, {"proof": MAIL, "ends_at": NOW - DAY}], (DOCUMENT, None)),
        ([{"proof": MAIL, "ends_at": NOW - DAY}], (MAIL, NOW - DAY)),
        ([{"proof": MAIL, "withdrawn_at": NOW - DAY}], (MAIL, NOW - DAY)),
        ([{"proof": MAIL, "ends_at": NOW - 9 * DAY}, {"proof": DOCUMENT, "ends_at": NOW - DAY}], (DOCUMENT, NOW - DAY)),
        ([{"proof": MAIL, "ends_at": NOW - 9 * DAY, "withdrawn_at": NOW - DAY}], (MAIL, NOW - 9 * DAY)),
        ([{"proof": MAIL, "rejected_at": NOW}], None),
        ([{"proof": MAIL, "rejected_at": NOW}, {"proof": DOCUMENT}], (DOCUMENT, None)),
    ],
)  # fmt: skip
def test_public_level(mandates, level):
    organization = OrganizationFactory()
    for fields in mandates:
        MandateFactory(organization=organization, **{"stated_at": NOW - 99 * DAY} | fields)

    found = public_level(organization=organization, at=NOW)

    assert (found and (found.proof, found.until)) == level


def test_public_level_has_a_word_for_lists():
    words = {
        proof: str(
            public_level(
                organization=MandateFactory(proof=proof, stated_at=NOW - DAY).organization, at=NOW
            ).short
        )
        for proof in MandateProof
    }

    assert words == {
        MAIL: "confirmed by domain",
        RECORD: "confirmed by domain",
        DOCUMENT: "confirmed by document",
    }


@pytest.mark.parametrize("item_count", [1, 3])
def test_levels_of_a_list_take_one_query(item_count, django_assert_num_queries):
    MandateFactory.create_batch(item_count, stated_at=NOW - DAY)

    with django_assert_num_queries(1):
        levels = [level_of(row) for row in with_public_level(Organization.objects.all(), at=NOW)]

    assert [level.proof for level in levels] == [MAIL] * item_count


# --- Here twice ------------------------------------------------------------------------------
def test_organization_told_apart_is_shown_once_nothing_else_holds_it():
    mandate = MandateFactory(organization=organization_at("office.example"), stated_at=NOW)
    owner = MembershipFactory(organization=mandate.organization).user
    first, second = (
        DuplicateFlagFactory(organization=mandate.organization, cause=cause)
        for cause in ("number", "lookalike")
    )

    shown = [
        tell_apart(flag=flag, reason="another town", by=UserFactory(), at=NOW) for flag in (first, second)
    ]
    pump_mail(at=timezone.now())

    assert shown == [False, True]
    assert Organization.objects.get(pk=mandate.organization_id).proven_at == NOW
    assert [letter.to for letter in outbox.outbox] == [[owner.email]]


def test_organization_without_a_mandate_is_told_apart_and_not_shown():
    flag = DuplicateFlagFactory()

    assert not tell_apart(flag=flag, reason="x", by=UserFactory(), at=NOW)

    mandate = WaitingMandateFactory(organization=flag.organization)
    confirm_mandate(mandate=mandate, at=NOW)
    assert Organization.objects.get(pk=flag.organization_id).proven_at == NOW


@pytest.mark.parametrize("cause", ["number", "name"])
def test_organization_found_twice_falls_and_stays_hidden(cause):
    organization = organization_at("office.example", proven_at=NOW)
    owner = MembershipFactory(organization=organization).user
    mandate = MandateFactory(organization=organization, stated_at=NOW)
    endorsement = EndorsementFactory(
        frozen_text=FrozenTextFactory(),
        organization=organization,
        mandate=mandate,
        state=EndorsementState.ACCEPTED,
        accepted_at=NOW,
    )
    flag = DuplicateFlagFactory(organization=organization, cause=cause)

    assert reject_duplicate(flag=flag, reason="the same board", by=UserFactory(), at=NOW) == 1
    confirm_mandate(mandate=WaitingMandateFactory(organization=organization), at=NOW)
    pump_mail(at=timezone.now())

    assert Endorsement.objects.get(pk=endorsement.pk).state == EndorsementState.REJECTED
    assert Organization.objects.get(pk=organization.pk).proven_at is None
    assert [letter.to for letter in outbox.outbox if "the same board" in letter.body] == [[owner.email]]


def test_pair_is_decided_once_and_not_by_its_members():
    flag = DuplicateFlagFactory()
    member = MembershipFactory(organization=flag.other).user

    with pytest.raises(OwnOrganization):
        tell_apart(flag=flag, reason="x", by=member, at=NOW)
    tell_apart(flag=flag, reason="x", by=UserFactory(), at=NOW)
    with pytest.raises(DuplicateDecided):
        reject_duplicate(flag=flag, reason="x", by=UserFactory(), at=NOW)

    flag.refresh_from_db()
    assert flag.decision == DuplicateDecision.DIFFERENT


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="an in-memory SQLite is one connection's alone")
def test_two_flags_decided_at_once_show_the_organization():
    mandate = MandateFactory(organization=organization_at("office.example"), stated_at=NOW)
    flags = [
        DuplicateFlagFactory(organization=mandate.organization, cause=cause)
        for cause in ("number", "lookalike")
    ]
    staff = [UserFactory(), UserFactory()]

    outcomes = at_once(
        [
            lambda flag=flag, by=by: tell_apart(flag=flag, reason="x", by=by, at=NOW)
            for flag, by in zip(flags, staff, strict=True)
        ]
    )

    assert outcomes == [None, None]
    assert Organization.objects.get(pk=mandate.organization_id).proven_at == NOW


@pytest.mark.parametrize(
    ("shown", "warning"),
    [
        ("apple.example", None),
        ("аpple.example", ScriptWarning.MIXED),
        ("аррӏе.example", ScriptWarning.IMITATES),
        ("münchen.example", None),
        ("россия.example", None),
        ("日本カナ.example", None),
        ("", None),
    ],
)
def test_domain_that_imitates_another_is_told(shown, warning):
    assert script_warning(shown.encode("idna").decode() if shown else "") == warning
