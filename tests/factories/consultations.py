from datetime import timedelta

import factory
from django.utils import timezone

from campaign.consultations.models import (
    Answer,
    Consultation,
    PortalProfile,
    Question,
    Requirement,
    Section,
    Submission,
)
from tests.factories.campaigns import AuthorityFactory, CampaignFactory


class PortalProfileFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PortalProfile

    slug = factory.Sequence(lambda n: f"portal-{n}")
    name = factory.Sequence(lambda n: f"Portal {n}")
    time_zone = "Europe/Brussels"


class ConsultationFactory(factory.django.DjangoModelFactory):
    """An open consultation without questions."""

    class Meta:
        model = Consultation

    slug = factory.Sequence(lambda n: f"consultation-{n}")
    title = factory.Sequence(lambda n: f"Consultation {n}")
    authority = factory.SubFactory(AuthorityFactory)
    profile = factory.SubFactory(PortalProfileFactory)
    reference = "REF 1"
    kind = "call-for-evidence"
    locale = "en"
    opened_date = factory.LazyFunction(lambda: timezone.now().date())
    closes_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=10))
    closes_wall_time = factory.LazyAttribute(lambda row: row.closes_at.strftime("%Y-%m-%dT%H:%M:%S"))
    time_zone = "Europe/Brussels"
    closes_stated_as = "In ten days"
    file_digest = "0" * 64


class RequirementFactory(factory.django.DjangoModelFactory):
    """A verified limit of the whole reply that comes with the software. With `consultation`, one of its notice."""

    class Meta:
        model = Requirement

    origin = factory.LazyAttribute(lambda row: "call" if row.consultation else "shipped")
    consultation = None
    profile = factory.Maybe("consultation", None, factory.SubFactory(PortalProfileFactory))
    topic = "text-length"
    subject = "submission"
    unit = "characters"
    value = 100
    status = "verified"


class SectionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Section

    consultation = factory.SubFactory(ConsultationFactory)
    position = factory.Sequence(lambda n: n + 1)
    key = "questions"
    title = "Questions"


class QuestionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Question

    consultation = factory.SubFactory(ConsultationFactory)
    section = factory.SubFactory(SectionFactory, consultation=factory.SelfAttribute("..consultation"))
    position = factory.Sequence(lambda n: n + 1)
    number = factory.LazyAttribute(lambda row: str(row.position))
    text = "What should be done?"
    kind = "free-text"


class SubmissionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Submission

    consultation = factory.SubFactory(ConsultationFactory)
    campaign = factory.SubFactory(CampaignFactory)
    title = factory.Sequence(lambda n: f"Submission {n}")
    locale = "en"


class AnswerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Answer

    submission = factory.SubFactory(SubmissionFactory)
    question = factory.SubFactory(
        QuestionFactory, consultation=factory.SelfAttribute("..submission.consultation")
    )
    text = "Do **this**."
    short_text = "Do this."
    changed_at = factory.LazyFunction(timezone.now)
