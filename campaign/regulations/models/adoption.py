"""Where model provisions have been taken over: the adoption tracker."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaign.campaigns.models import Campaign, Jurisdiction
from campaign.core.models import BaseModel
from campaign.regulations.models.template import Edition


class AdoptionStage(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    ADOPTED = "adopted", _("Adopted")
    IN_FORCE = "in-force", _("In force")
    REJECTED = "rejected", _("Rejected")
    REPEALED = "repealed", _("Repealed")


class Adoption(BaseModel):
    """That a body has taken over provisions of an edition into a text of its own."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="adoptions")
    campaign = models.ForeignKey(Campaign, models.CASCADE, null=True, blank=True, related_name="adoptions")
    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="adoptions")
    body = models.CharField(_("Body that took it over"), max_length=200)
    title = models.CharField(_("Its text"), max_length=300)
    address = models.URLField(_("Where it can be read"), max_length=500)
    locale = models.CharField(_("Language of its text"), max_length=16)
    stage = models.CharField(_("Stage"), max_length=8, choices=AdoptionStage)
    stage_date = models.DateField(_("Since"))
    note = models.TextField(_("Note"), max_length=2000, blank=True)
    checked_by = models.CharField(_("Checked by"), max_length=200, blank=True)
    checked_on = models.DateField(_("Checked on"), null=True, blank=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(checked_by="", checked_on=None)
                | (~Q(checked_by="") & Q(checked_on__isnull=False)),
                name="adoption_check_has_name_and_day",
            )
        ]

    @property
    def is_checked(self) -> bool:
        return self.checked_on is not None


class AdoptedProvision(BaseModel):
    """One model provision, by its permanent key, and the words it became."""

    adoption = models.ForeignKey(Adoption, models.CASCADE, related_name="provisions")
    key = models.CharField(max_length=80)
    citation = models.CharField(_("Where it stands there"), max_length=200)
    text = models.TextField(_("Its words there"), max_length=20_000)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["adoption", "key"], name="provision_adopted_once")]
