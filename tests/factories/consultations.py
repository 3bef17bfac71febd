from datetime import timedelta

import factory
from django.utils import timezone

from campaign.consultations.models import (
    Answer,
    Channel,
    Consultation,
    ImportDraft,
    Milestone,
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


class ChannelFactory(factory.django.DjangoModelFactory):
    """A way in without a clock of its own."""

    class Meta:
        model = Channel

    consultation = factory.SubFactory(ConsultationFactory)
    position = factory.Sequence(lambda n: n)
    key = factory.Sequence(lambda n: f"channel-{n}")
    kind = "email"
    address = "replies@authority.example"


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
    question_digest = factory.LazyAttribute(lambda row: row.question.digest)
    changed_at = factory.LazyFunction(timezone.now)


class MilestoneFactory(factory.django.DjangoModelFactory):
    """A date of a submission, planned and not done."""

    class Meta:
        model = Milestone

    submission = factory.SubFactory(SubmissionFactory)
    kind = "own"
    label = factory.Sequence(lambda n: f"Date {n}")
    due_at = factory.LazyFunction(
        lambda: (timezone.now() + timedelta(days=5)).replace(second=0, microsecond=0)
    )
    time_zone = "Europe/Brussels"
    planned_for = factory.LazyAttribute(lambda row: row.submission.consultation.closes_at)
    is_by_hand = True
    changed_at = factory.LazyFunction(timezone.now)


class ImportDraftFactory(factory.django.DjangoModelFactory):
    """A file that can no longer be read, brought by who imported the consultation."""

    class Meta:
        model = ImportDraft

    consultation = factory.SubFactory(ConsultationFactory)
    by = factory.SelfAttribute("consultation.imported_by")
    text = "schema: 0"
    brought_at = factory.LazyFunction(timezone.now)
