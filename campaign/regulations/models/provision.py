"""What an edition consists of: its tree of provisions, its variables and choices, the law it leans on, the objections to it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaign.core.models import BaseModel
from campaign.regulations.kinds import ProvisionKind, VariableType
from campaign.regulations.models.template import Edition


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
    is_optional = models.BooleanField(_("Optional"), default=False)
    is_default = models.BooleanField(_("In the text from the start"), default=True)
    choice = models.CharField(_("Alternative of"), max_length=60, blank=True)  # a choice group's name
    needs = models.JSONField(_("Stands only with"), default=list, blank=True)  # keys, or name=option
    excludes = models.JSONField(_("Never stands with"), default=list, blank=True)
    version = models.PositiveIntegerField(default=1)  # goes up with each saved change of the words
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    edited_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "key"], name="provision_key_once"),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")), name="provision_not_its_own_parent"
            ),
        ]

    def __str__(self) -> str:
        return self.key


class ChoiceGroup(BaseModel):
    """Alternatives among the provisions of an edition: exactly one of them stands in the text, or at most one."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="choice_groups")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    label = models.CharField(_("Label"), max_length=200)
    required = models.BooleanField(_("One of them has to stand"), default=True)
    help = models.TextField(_("Help"), blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "name"], name="choice_group_name_once")]

    def __str__(self) -> str:
        return self.name


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
    defaults = models.JSONField(default=list, blank=True)  # other defaults: jurisdiction, value, source

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
