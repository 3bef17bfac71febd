"""Instruments: a template, its editions, and the tree of provisions in each.

A published edition never changes; what is shown of it is its frozen text. The rows below it stay as the ground for the next
edition, for adaptations and for comparing.
"""

from typing import Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaign.core.models import BaseModel
from campaign.documents.models import FrozenText
from campaign.regulations.kinds import EditionState, InstrumentKind, ProvisionKind, VariableType

label_form = RegexValidator(
    r"\A\d+\.\d+(\.\d+)?\Z", _("Write the label as numbers parted by points, like 1.0.")
)


class Template(BaseModel):
    """Model wording for one instrument, reusable in many places."""

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(_("Title"), max_length=200)
    kind = models.CharField(_("Kind of instrument"), max_length=20, choices=InstrumentKind)
    tradition = models.CharField(_("Drafting tradition"), max_length=40)
    locale = models.CharField(_("Language it is written in"), max_length=16)
    position = models.PositiveSmallIntegerField(_("Place in the library"), default=0)
    summary = models.TextField(_("Summary"), max_length=2000)
    disclaimer = models.TextField(_("Not legal advice"), max_length=2000)

    def __str__(self) -> str:
        return self.slug


class EditionQuerySet(models.QuerySet["Edition"]):
    def published(self) -> Self:
        return self.filter(state=EditionState.PUBLISHED)


class Edition(BaseModel):
    """A template's text as published once."""

    template = models.ForeignKey(Template, models.PROTECT, related_name="editions")
    label = models.CharField(_("Edition"), max_length=20, validators=[label_form])
    title = models.CharField(_("Long title"), max_length=300)
    state = models.CharField(max_length=9, choices=EditionState, default=EditionState.DRAFT)
    base = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="successors")
    change_note = models.TextField(_("What changed"), max_length=2000, blank=True)
    source_digest = models.CharField(
        max_length=64, blank=True
    )  # of the file it was loaded from, hooks' checks apart
    published_at = models.DateTimeField(null=True)
    frozen_text = models.ForeignKey(FrozenText, models.PROTECT, null=True, related_name="editions")

    objects = EditionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["template", "label"], name="edition_label_once"),
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


class Provision(BaseModel):
    """One citable unit of an edition. Its key is kept through every edition; its number is computed."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="provisions")
    key = models.CharField(max_length=80)
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    position = models.PositiveIntegerField()  # among the children of one parent
    kind = models.CharField(_("Kind"), max_length=20, choices=ProvisionKind)
    heading = models.CharField(_("Heading"), max_length=300, blank=True)
    body = models.TextField(_("Text"), blank=True)
    fixed_number = models.CharField(_("Fixed number"), max_length=12, blank=True)
    term = models.CharField(_("Defined term"), max_length=120, blank=True)
    # For text put into another act: which act, and the way down to the place as pairs of kind and number.
    act = models.CharField(_("Act amended"), max_length=200, blank=True)
    place = models.JSONField(_("Place in that act"), default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "key"], name="provision_key_once"),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")), name="provision_not_its_own_parent"
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Variable(BaseModel):
    """A value that an edition leaves open, with the default the template proposes and where it comes from."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="variables")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    label = models.CharField(_("Label"), max_length=200)
    type = models.CharField(_("Type"), max_length=12, choices=VariableType)
    unit = models.CharField(_("Unit"), max_length=60, blank=True)
    minimum = models.CharField(_("At least"), max_length=60, blank=True)
    maximum = models.CharField(_("At most"), max_length=60, blank=True)
    default = models.TextField(_("Default"), blank=True)
    required = models.BooleanField(default=True)
    help = models.TextField(_("Help"), blank=True)
    source = models.TextField(_("Where the default comes from"), blank=True)
    options = models.JSONField(default=list, blank=True)  # key, label, text

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "name"], name="variable_name_once")]

    def __str__(self) -> str:
        return self.name


class Hook(BaseModel):
    """Existing law that an edition leans on. Until a person has checked it, every page says that nobody has."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="hooks")
    position = models.PositiveSmallIntegerField()
    citation = models.CharField(_("Citation"), max_length=300)
    address = models.URLField(_("Address"), max_length=500)
    note = models.TextField(_("What it is needed for"), blank=True)
    checked_by = models.CharField(_("Checked by"), max_length=200, blank=True)
    checked_on = models.DateField(_("Checked on"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "citation"], name="hook_citation_once"),
            models.CheckConstraint(
                condition=Q(checked_by="", checked_on=None)
                | (~Q(checked_by="") & Q(checked_on__isnull=False)),
                name="hook_check_has_name_and_day",
            ),
        ]

    def __str__(self) -> str:
        return self.citation

    @property
    def is_checked(self) -> bool:
        return self.checked_on is not None


class Objection(BaseModel):
    """What opponents say against the instrument, and the fair reply."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="objections")
    position = models.PositiveSmallIntegerField()
    argument = models.TextField(_("Objection"))
    reply = models.TextField(_("Reply"))

    def __str__(self) -> str:
        return self.argument[:60]
