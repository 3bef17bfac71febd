"""Every address of the room for everybody who may come by."""

import uuid

import pytest
from django.urls import reverse

from campaign.moderation.models import SweepKind
from campaign.moderation.urls import urlpatterns
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import TeamMemberFactory
from tests.factories.guard import MailboxRuleFactory
from tests.factories.mandates import DuplicateFlagFactory, MandateDocumentFactory
from tests.factories.moderation import AlertFactory, ReportFactory, asked, staff
from tests.factories.petitions import ConfirmedSignatureFactory, PetitionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

PEOPLE = ("anonymous", "stranger", "editor", "owner", "staff")
LOGIN = 302  # to the sign-in page
GONE_ON = 302  # to the next page, once it is done

# By name: method, and the status for each of PEOPLE. A form that is posted empty is refused with 422.
MATRIX = {
    # The desk.
    "moderation_desk": ("get", LOGIN, 404, 404, 404, 200),
    "moderation_pause": ("post", LOGIN, 404, 404, 404, 422),
    "moderation_alert_look": ("post", LOGIN, 404, 403, 403, GONE_ON),
    "moderation_alert_dismiss": ("post", LOGIN, 404, 403, 403, GONE_ON),
    "moderation_petition": ("get", LOGIN, 404, 403, 403, 200),
    "moderation_look": ("post", LOGIN, 404, 403, 403, 422),
    "moderation_hold": ("post", LOGIN, 404, 403, 403, 422),
    "moderation_sweep": ("get", LOGIN, 404, 403, 403, 200),
    "moderation_invalidate": ("get", LOGIN, 404, 403, 403, 200),
    "moderation_release": ("get", LOGIN, 404, 403, 403, 200),
    "moderation_undo": ("get", LOGIN, 404, 403, 403, 200),
    "moderation_cancel": ("post", LOGIN, 404, 403, 403, GONE_ON),
    # Decisions.
    "moderation_reports": ("get", LOGIN, 404, 404, 404, 200),
    "moderation_report": ("get", LOGIN, 404, 403, 403, 200),
    "moderation_publishing": ("get", LOGIN, 404, 404, 404, 200),
    "moderation_review": ("get", LOGIN, 404, 403, 403, 200),
    "moderation_lists": ("get", LOGIN, 404, 404, 404, 200),
    "moderation_rules": ("get", LOGIN, 404, 404, 404, 200),
    "moderation_rule": ("get", LOGIN, 404, 404, 404, 200),
    "moderation_rule_remove": ("post", LOGIN, 404, 404, 404, GONE_ON),
    # Organizations.
    "moderation_mandates": ("get", LOGIN, 404, 404, 404, 200),
    "moderation_mandate": ("get", LOGIN, 404, 404, 404, 200),
    "moderation_mandate_document": ("get", LOGIN, 404, 404, 404, 200),
    "moderation_organization_mandates": ("get", LOGIN, 404, 404, 404, 200),
    "moderation_duplicates": ("get", LOGIN, 404, 404, 404, 200),
    "moderation_duplicate": ("get", LOGIN, 404, 404, 404, 200),
    "moderation_record": ("get", LOGIN, 404, 404, 404, 200),
    "petition_report": ("get", 200, 200, 200, 200, 200),
    "petition_reported": ("get", 200, 200, 200, 200, 200),
    "petition_reasons": ("get", LOGIN, 404, 200, 200, 200),
    "reason_decide": ("post", LOGIN, 404, GONE_ON, GONE_ON, GONE_ON),
    "supporters": ("get", LOGIN, 404, 200, 200, 404),
    "supporters_find": ("post", LOGIN, 404, 403, 422, 404),
    "supporters_export": ("get", LOGIN, 404, 403, 200, 404),
    "petition_export": ("get", LOGIN, 404, 403, 200, 404),
    "petition_record": ("get", LOGIN, 404, 200, 200, 200),
}


def sign_in(client, person, petition):
    if person == "stranger":
        client.force_login(UserFactory())
    elif person in ("editor", "owner"):
        client.force_login(TeamMemberFactory(campaign=petition.campaign, role=person).user)
    elif person == "staff":
        client.force_login(staff())


def arguments_of(route, petition):
    """A row for each part of an address that names one."""
    makers = {
        "slug": lambda: petition.campaign.slug if route.name.startswith("supporters") else petition.slug,
        "alert": lambda: AlertFactory(petition=petition).pk,
        "sweep": lambda: asked(petition, SweepKind.SCAN, domain="robots.example").pk,
        "report": lambda: ReportFactory(petition=petition).pk,
        "rule": lambda: MailboxRuleFactory().pk,
        "mandate": lambda: MandateDocumentFactory().mandate_id,
        "organization": lambda: petition.campaign.owner.slug,
        "flag": lambda: DuplicateFlagFactory().pk,
        "signature": lambda: ConfirmedSignatureFactory(petition=petition).pk,
    }
    return {name: makers[name]() for name in route.pattern.converters}


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("route", urlpatterns, ids=lambda route: route.name)
def test_address_answers_each_as_it_should(client, route, person):
    method, *statuses = MATRIX[route.name]
    petition = PetitionFactory()
    address = reverse(route.name, kwargs=arguments_of(route, petition))
    sign_in(client, person, petition)

    response = getattr(client, method)(address)

    assert response.status_code == statuses[PEOPLE.index(person)]
    if person == "anonymous" and response.status_code == LOGIN:
        assert response.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("name", [name for name, (method, *_) in MATRIX.items() if method == "post"])
def test_what_changes_something_refuses_to_be_read(client, name):
    petition = PetitionFactory()
    route = next(route for route in urlpatterns if route.name == name)
    client.force_login(staff())

    response = client.get(reverse(name, kwargs=arguments_of(route, petition)))

    assert response.status_code == 405


def test_matrix_names_no_address_that_is_gone():
    assert set(MATRIX) == {route.name for route in urlpatterns}


@pytest.mark.parametrize(
    "name", ["moderation_alert_look", "moderation_petition", "moderation_sweep", "moderation_invalidate"]
)
def test_unknown_row_is_not_found(client, name):
    client.force_login(staff())
    argument = "no-such-petition" if name == "moderation_petition" else uuid.uuid4()

    response = (
        client.post(reverse(name, args=[argument]))
        if "look" in name
        else client.get(reverse(name, args=[argument]))
    )

    assert response.status_code == 404
