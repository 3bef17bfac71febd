from datetime import datetime

import factory
from django.utils import timezone

from campaign.moderation.models import Alert, AlertKind, Report, ReportKind, Sweep, SweepKind
from campaign.moderation.queries import Criteria
from campaign.moderation.services import ask_sweep, run_sweeps
from tests.factories.accounts import UserFactory
from tests.factories.petitions import PetitionFactory


def staff(**fields):
    return UserFactory(is_staff=True, **fields)


def asked(petition, kind=SweepKind.INVALIDATE, *, by=None, at: datetime | None = None, **criteria) -> Sweep:
    """A pass that waits for a worker."""
    return ask_sweep(
        petition=petition,
        kind=kind,
        criteria=Criteria(**criteria),
        reason="a reason",
        by=by or staff(),
        at=at or timezone.now(),
    )


def run_all():
    """What the worker does, until nothing waits."""
    return run_sweeps(at=timezone.now(), clock=timezone.now)


class AlertFactory(factory.django.DjangoModelFactory):
    """Many signatures from one mail domain, just seen."""

    class Meta:
        model = Alert

    petition = factory.SubFactory(PetitionFactory)
    kind = AlertKind.DOMAIN
    key = factory.Sequence(lambda n: n)
    label = "robots.example"
    count = 60
    first_seen_at = factory.LazyFunction(timezone.now)
    last_seen_at = factory.LazyAttribute(lambda row: row.first_seen_at)


class ReportFactory(factory.django.DjangoModelFactory):
    """Somebody who wants to hear of the outcome says that signatures do not look real."""

    class Meta:
        model = Report

    petition = factory.SubFactory(PetitionFactory)
    kind = ReportKind.FRAUD
    details = "All of them are called Mickey."
    reporter = "reporter@example.org"
    locale = "en"
    reported_at = factory.LazyFunction(timezone.now)
