from datetime import timedelta

import factory
from django.utils import timezone

from campaign.consultations.files import keep
from campaign.consultations.models import (
    Answer,
    AnswerVersion,
    Assignment,
    AuthorityDocument,
    Channel,
    Consultation,
    ImportDraft,
    LibraryAnswer,
    Milestone,
    OwnPart,
    OwnPartVersion,
    PortalProfile,
    Question,
    Remark,
    RemarkThread,
    Requirement,
    Section,
    Source,
    Submission,
    UploadedAnswer,
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


# --- Work on a submission --------------------------------------------------------------
class AnswerVersionFactory(factory.django.DjangoModelFactory):
    """The answer as it stands, kept as its next version."""

    class Meta:
        model = AnswerVersion

    answer = factory.SubFactory(AnswerFactory)
    number = factory.LazyAttribute(lambda row: row.answer.versions.count() + 1)
    text = factory.SelfAttribute("answer.text")
    short_text = factory.SelfAttribute("answer.short_text")
    question_digest = factory.SelfAttribute("answer.question_digest")
    begun_at = factory.LazyFunction(timezone.now)
    saved_at = factory.SelfAttribute("begun_at")


class AssignmentFactory(factory.django.DjangoModelFactory):
    """A question that nobody has."""

    class Meta:
        model = Assignment

    submission = factory.SubFactory(SubmissionFactory)
    question = factory.SubFactory(
        QuestionFactory, consultation=factory.SelfAttribute("..submission.consultation")
    )
    changed_at = factory.LazyFunction(timezone.now)


class OwnPartFactory(factory.django.DjangoModelFactory):
    """A part of the campaign's owner."""

    class Meta:
        model = OwnPart

    submission = factory.SubFactory(SubmissionFactory)
    question = factory.SubFactory(
        QuestionFactory, consultation=factory.SelfAttribute("..submission.consultation")
    )
    organization = factory.SelfAttribute("submission.campaign.owner")
    text = "And we add **that**."
    short_text = "And that."
    changed_at = factory.LazyFunction(timezone.now)


class OwnPartVersionFactory(factory.django.DjangoModelFactory):
    """The own part as it stands, kept as its next version."""

    class Meta:
        model = OwnPartVersion

    part = factory.SubFactory(OwnPartFactory)
    number = factory.LazyAttribute(lambda row: row.part.versions.count() + 1)
    text = factory.SelfAttribute("part.text")
    short_text = factory.SelfAttribute("part.short_text")
    begun_at = factory.LazyFunction(timezone.now)
    saved_at = factory.SelfAttribute("begun_at")


class RemarkThreadFactory(factory.django.DjangoModelFactory):
    """An open thread about the whole submission, without remarks."""

    class Meta:
        model = RemarkThread

    submission = factory.SubFactory(SubmissionFactory)
    opened_at = factory.LazyFunction(timezone.now)


class RemarkFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Remark

    thread = factory.SubFactory(RemarkThreadFactory)
    text = factory.Sequence(lambda n: f"Remark {n}")
    written_at = factory.LazyFunction(timezone.now)


class SourceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Source

    campaign = factory.SubFactory(CampaignFactory)
    key = factory.Sequence(lambda n: f"source-{n}")
    title = factory.Sequence(lambda n: f"Source {n}")
    changed_at = factory.LazyFunction(timezone.now)


class LibraryAnswerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LibraryAnswer

    campaign = factory.SubFactory(CampaignFactory)
    title = factory.Sequence(lambda n: f"Kept answer {n}")
    text = "Kept **words**."
    short_text = "Kept words."
    locale = "en"
    saved_at = factory.LazyFunction(timezone.now)


class AuthorityDocumentFactory(factory.django.DjangoModelFactory):
    """A document that the authority gives, by its address alone. With `content`, a kept PDF."""

    class Meta:
        model = AuthorityDocument

    class Params:
        content = None
        is_kept = factory.LazyAttribute(lambda row: row.content is not None)

    consultation = factory.SubFactory(ConsultationFactory)
    title = factory.Sequence(lambda n: f"Annex {n}")
    url = "https://authority.example/annex"
    file_name = factory.LazyAttribute(lambda row: "annex.pdf" if row.is_kept else "")
    media_type = factory.LazyAttribute(lambda row: "application/pdf" if row.is_kept else "")
    digest = factory.LazyAttribute(lambda row: keep(row.content) if row.is_kept else "")
    byte_size = factory.LazyAttribute(lambda row: len(row.content) if row.is_kept else 0)
    added_at = factory.LazyFunction(timezone.now)


class UploadedAnswerFactory(factory.django.DjangoModelFactory):
    """The file for a question that asks for one."""

    class Meta:
        model = UploadedAnswer

    class Params:
        content = b"%PDF-1.7 the paper"

    submission = factory.SubFactory(SubmissionFactory)
    question = factory.SubFactory(
        QuestionFactory, consultation=factory.SelfAttribute("..submission.consultation"), kind="upload"
    )
    file_name = "paper.pdf"
    media_type = "application/pdf"
    digest = factory.LazyAttribute(lambda row: keep(row.content))
    byte_size = factory.LazyAttribute(lambda row: len(row.content))
    uploaded_at = factory.LazyFunction(timezone.now)
