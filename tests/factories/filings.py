from datetime import timedelta

import factory
from django.utils import timezone

from campaign.consultations.models import CoSigner, Filing, FilingResponse, Receipt
from tests.factories.campaigns import AuthorityFactory
from tests.factories.consultations import SubmissionFactory
from tests.factories.documents import FrozenTextFactory
from tests.factories.organizations import OrganizationFactory


class CoSignerFactory(factory.django.DjangoModelFactory):
    """A proven organization whose sign-off is waited for."""

    class Meta:
        model = CoSigner

    submission = factory.SubFactory(SubmissionFactory)
    organization = factory.SubFactory(OrganizationFactory)
    added_at = factory.LazyFunction(timezone.now)


class FilingFactory(factory.django.DjangoModelFactory):
    """Fixed a day ago, ready to be handed in. Its record is an empty one: real ones are made by `prepare_filing`."""

    class Meta:
        model = Filing

    submission = factory.SubFactory(
        SubmissionFactory, state="ready", frozen_text=factory.SubFactory(FrozenTextFactory)
    )
    frozen_text = factory.SelfAttribute("submission.frozen_text")
    record = factory.SubFactory(FrozenTextFactory)
    is_practice = False
    fixed_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=1))


class ReceiptFactory(factory.django.DjangoModelFactory):
    """In time, without a file."""

    class Meta:
        model = Receipt

    filing = factory.SubFactory(FilingFactory)
    channel_kind = "portal-form"
    filed_at = factory.LazyAttribute(lambda row: row.filing.fixed_at + timedelta(minutes=5))
    time_zone = "Europe/Brussels"
    closes_at = factory.LazyAttribute(lambda row: row.filing.submission.consultation.closes_at)
    is_late = False
    reference = factory.Sequence(lambda n: f"F-{n}")
    recorded_at = factory.LazyFunction(timezone.now)


class FilingResponseFactory(factory.django.DjangoModelFactory):
    """A draft of what the authority answered."""

    class Meta:
        model = FilingResponse

    filing = factory.SubFactory(FilingFactory)
    authority = factory.SubFactory(AuthorityFactory)
    answered_on = factory.LazyFunction(lambda: timezone.now().date())
    title = "Summary of replies"
    text = "Many asked for this."
    locale = "en"
