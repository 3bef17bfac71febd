"""A template, and its editions.

A published edition never changes; what is shown of it is its frozen text. The rows below it stay as the ground for the next
edition, for adaptations and for comparing.
"""

from typing import Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaign.campaigns.models import Campaign, Jurisdiction
from campaign.core.models import BaseModel
from campaign.documents.models import FrozenText
from campaign.regulations.kinds import EditionState, InstrumentKind

label_form = RegexValidator(
    r"\A(?:0|[1-9][0-9]{0,3})(?:\.(?:0|[1-9][0-9]{0,3})){1,2}\Z",
    _("Write the label as numbers parted by points, like 1.0."),
)


class Template(BaseModel):
    """Model wording for one instrument, reusable in many places; or its adaptation to one jurisdiction.

    Without `campaign` it belongs to the site's library. An adaptation has a `model`, a `jurisdiction`, and its own editions.
    """

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(_("Title"), max_length=200)
    kind = models.CharField(_("Kind of instrument"), max_length=20, choices=InstrumentKind)
    tradition = models.CharField(_("Drafting tradition"), max_length=40)
    locale = models.CharField(_("Language it is written in"), max_length=16)
    position = models.PositiveSmallIntegerField(_("Place in the library"), default=0)
    summary = models.TextField(_("Summary"), max_length=2000)
    disclaimer = models.TextField(_("Not legal advice"), max_length=2000)
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, related_name="instruments"
    )  # whose team drafts it
    model = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="adaptations")
    jurisdiction = models.ForeignKey(
        Jurisdiction, models.PROTECT, null=True, blank=True, related_name="instruments"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(model=None) | Q(jurisdiction__isnull=False), name="adaptation_has_jurisdiction"
            ),
            models.CheckConstraint(
                condition=Q(model=None) | ~Q(model=F("id")), name="template_not_its_own_model"
            ),
        ]

    @property
    def is_adaptation(self) -> bool:
        return self.model_id is not None

    def __str__(self) -> str:
        return self.slug


class EditionQuerySet(models.QuerySet["Edition"]):
    def published(self) -> Self:
        return self.filter(state=EditionState.PUBLISHED)


class Edition(BaseModel):
    """A template's text: a draft that is worked on, then published once and never changed.

    `values` are given for variables, by name; `switches` turn optional provisions and alternatives on or off, by key. An edition
    of an adaptation rests on `model_edition`.
    """

    template = models.ForeignKey(Template, models.PROTECT, related_name="editions")
    label = models.CharField(_("Edition"), max_length=20, validators=[label_form])
    title = models.CharField(_("Long title"), max_length=300)
    state = models.CharField(max_length=9, choices=EditionState, default=EditionState.DRAFT)
    base = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="successors")
    change_note = models.TextField(_("What changed"), max_length=2000, blank=True)
    values = models.JSONField(default=dict, blank=True)
    switches = models.JSONField(default=dict, blank=True)
    model_edition = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="adapted_editions"
    )
    source_digest = models.CharField(
        max_length=64, blank=True
    )  # of the file it was loaded from, hooks' checks apart
    published_at = models.DateTimeField(null=True)
    frozen_text = models.ForeignKey(FrozenText, models.PROTECT, null=True, related_name="editions")

    objects = EditionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["template", "label"], name="edition_label_once"),
            models.UniqueConstraint(
                fields=["template"], condition=Q(state=EditionState.DRAFT), name="one_draft_of_a_template"
            ),
            models.CheckConstraint(
                condition=Q(state=EditionState.DRAFT, published_at=None, frozen_text=None)
                | Q(state=EditionState.PUBLISHED, published_at__isnull=False, frozen_text__isnull=False),
                name="edition_published_is_frozen",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template_id} {self.label}"

    @property
    def is_published(self) -> bool:
        return self.state == EditionState.PUBLISHED
