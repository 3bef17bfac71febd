"""What a campaign's organizations draft together, and the act of filing it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaign.campaigns.models import Campaign
from campaign.consultations.models.consultation import Consultation, Question
from campaign.core.models import BaseModel
from campaign.documents.models import FrozenText
from campaign.petitions.models import Petition
from campaign.regulations.models import Edition


class SubmissionState(models.TextChoices):
    DRAFTING = "drafting", _("Drafting")
    FROZEN = "frozen", _("Frozen: organizations can endorse it")
    READY = "ready", _("Ready to file")  # fixed; nobody has handed it in yet
    FILED = "filed", _("Filed")  # a receipt is on record


class CoverDesign(models.TextChoices):
    PLAIN = "plain", _("Plain")
    BAND = "band", _("With a band in your color")
    LETTER = "letter", _("Letter")


class Submission(BaseModel):
    """What a campaign's organizations draft and file together."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="submissions")
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="submissions")
    title = models.CharField(_("Title"), max_length=200)
    locale = models.CharField(_("Language"), max_length=16)
    summary = models.TextField(_("Summary"), max_length=4_000, blank=True)  # Markdown, before the answers
    annex = models.ForeignKey(
        Edition,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Instrument as annex"),
    )
    amends = models.ForeignKey(Edition, models.PROTECT, null=True, related_name="+")  # what the annex changes
    amendments_form = models.CharField(max_length=24, blank=True)  # a key of `amendments.amendments_forms`
    petition = models.ForeignKey(
        Petition, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Petition to cite")
    )
    cover_design = models.CharField(max_length=6, choices=CoverDesign, default=CoverDesign.PLAIN)
    cover_color = models.CharField(max_length=7, blank=True)  # "#rrggbb", or "" for ink
    state = models.CharField(max_length=8, choices=SubmissionState, default=SubmissionState.DRAFTING)
    frozen_text = models.ForeignKey(FrozenText, models.PROTECT, null=True, related_name="submissions")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="submission_frozen_has_text",
                condition=Q(state="drafting") | Q(frozen_text__isnull=False),
            ),
            models.CheckConstraint(
                name="submission_amendments_whole_or_none",
                condition=Q(amends=None, amendments_form="")
                | (Q(amends__isnull=False, annex__isnull=False) & ~Q(amendments_form="")),
            ),
        ]


class Answer(BaseModel):
    """The reply to one question: the full text for the document, the short one for the portal's box."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    text = models.TextField(_("Full answer"), max_length=60_000, blank=True)  # Markdown
    short_text = models.TextField(_("Answer for the portal's box"), max_length=20_000, blank=True)  # plain
    question_digest = models.CharField(max_length=64, blank=True)  # of the question it was written for
    taken_from = models.CharField(
        max_length=300, blank=True
    )  # where the words are from, until somebody saves them
    version = models.PositiveIntegerField(
        default=1
    )  # raised at each change, so that no one overwrites another
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["submission", "question"], name="answer_once")]

    @property
    def is_written(self) -> bool:
        return bool(self.text.strip() or self.short_text.strip())

    @property
    def is_outdated(self) -> bool:
        """Whether the authority has changed the question since; `question` is loaded."""
        return self.is_written and self.question_digest != self.question.digest
