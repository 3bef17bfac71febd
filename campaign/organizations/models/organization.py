"""Organizations: what they are called, where they are registered, whom they belong to."""

from datetime import datetime
from pathlib import PurePosixPath
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from campaign.core.models import BaseModel


class OrganizationKind(models.TextChoices):
    NGO = "ngo", _("Non-governmental organization")
    UNION = "union", _("Trade union")
    ASSOCIATION = "association", _("Association or club")
    COMPANY = "company", _("Company or cooperative")
    UNIVERSITY = "university", _("University or research body")
    PUBLIC_BODY = "public_body", _("Public body")
    NETWORK = "network", _("Network of organizations")


class LogoUse(models.TextChoices):
    """Where an organization lets its logo stand. Without consent its name stands there alone."""

    WEB = "web", _("on this site, beside its name")
    DOCUMENTS = "documents", _("in documents that are filed or handed over")


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def proven(self) -> Self:
        """Those with a mandate on record: only they may be shown."""
        return self.filter(proven_at__isnull=False)

    def may_sign_at(self, at: datetime) -> Self:
        """Proven ones with a mandate in force: only they can put their name under something new."""
        from campaign.organizations.models.mandate import Mandate  # it points back here

        mandates = Mandate.objects.in_force_at(at).filter(organization=OuterRef("pk"))
        return self.proven().filter(Exists(mandates))


class Organization(BaseModel):
    slug = models.SlugField(max_length=80, unique=True)
    legal_name = models.CharField(_("Legal name"), max_length=200)
    display_name = models.CharField(_("Name to show"), max_length=120)
    acronym = models.CharField(_("Acronym"), max_length=24, blank=True)
    kind = models.CharField(_("Kind"), max_length=16, choices=OrganizationKind)
    country = CountryField(_("Country of seat"))
    seat_region = models.CharField(_("Region or city of seat"), max_length=120, blank=True)
    active_in = models.JSONField(_("Countries of activity"), default=list)  # ISO 3166-1 alpha-2 codes
    website = models.URLField(_("Website"), max_length=200)
    domain = models.CharField(
        max_length=200, db_index=True
    )  # of the website, without "www."; "" for none of its own
    locale = models.CharField(_("Language for mail"), max_length=16, default="en")
    about = models.TextField(_("What it does"), max_length=1_000, blank=True)
    needs_second_person = models.BooleanField(_("A second person approves what is signed"), default=False)
    logo = models.FileField(max_length=200, blank=True)  # PNG, drawn anew from what was uploaded
    logo_small = models.FileField(max_length=200, blank=True)  # the same beside its name, and in print
    logo_uses = models.JSONField(default=list)  # values of LogoUse that were agreed to
    proven_at = models.DateTimeField(null=True)  # first mandate; without one it appears nowhere
    is_invented = models.BooleanField(default=False)  # part of the demo, and said to be
    # What duplicates are found by: see `names.py`.
    folded_name = models.CharField(max_length=200, db_index=True, default="")
    lookalike_key = models.CharField(
        max_length=200, db_index=True, default=""
    )  # domains that look the same have one

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        constraints = [
            # A domain speaks for one organization; until its mailbox has answered, anybody can claim it.
            models.UniqueConstraint(
                fields=["domain"],
                condition=Q(proven_at__isnull=False) & ~Q(domain=""),
                name="organization_proven_once",
            )
        ]

    @property
    def shown_logo(self) -> str:
        """The name of the small logo in pages, from its digest; "" where there is none, or no consent."""
        return PurePosixPath(self.logo_small.name or "").stem if LogoUse.WEB in self.logo_uses else ""


class OrganizationName(BaseModel):
    """What an organization calls itself in another language. Nobody translates a name for it."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="names")
    locale = models.CharField(_("Language"), max_length=16)
    name = models.CharField(_("Name"), max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "locale"], name="name_once_a_language")
        ]


class ListedName(BaseModel):
    """How a proven organization stands in lists of one language: its name there, and the key it sorts by.

    Kept for every language of the site, so that a page of a long list is one step in an index, whatever the language.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="listed_names")
    locale = models.CharField(max_length=16)
    name = models.CharField(max_length=120)
    sort_key = models.BinaryField(
        max_length=600
    )  # of the language's collation (Unicode Technical Standard #10)
    region_key = models.BinaryField(
        max_length=600, default=b""
    )  # the place of its region in the language's order (one byte), then the sort key
    folded = models.CharField(max_length=500)  # what typing filters by

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "locale"], name="listed_once_a_language")
        ]
        indexes = [
            models.Index(fields=["locale", "sort_key", "organization"], name="listed_in_order"),
            models.Index(fields=["locale", "region_key", "organization"], name="listed_by_region"),
        ]


class ListedLanguage(models.Model):
    """That the names of one language were put in order, and by which rules."""

    locale = models.CharField(max_length=16, primary_key=True)
    fingerprint = models.CharField(max_length=100)  # see `collation.py`
    made_at = models.DateTimeField()


class Register(models.TextChoices):
    EU_TRANSPARENCY = "eu_transparency", _("EU Transparency Register")
    DE_LOBBY = "de_lobby", _("Lobbyregister (Germany)")
    FR_HATVP = "fr_hatvp", _("Répertoire HATVP (France)")
    FR_SIREN = "fr_siren", _("SIREN (France)")
    FR_RNA = "fr_rna", _("RNA (France)")
    NL_KVK = "nl_kvk", _("KvK (Netherlands)")
    UK_CHARITY = "uk_charity", _("Charity number (United Kingdom)")
    UK_COMPANY = "uk_company", _("Companies House (United Kingdom)")
    US_EIN = "us_ein", _("EIN (United States)")
    US_LDA = "us_lda", _("Lobbying Disclosure Act (United States)")
    IE_LOBBYING = "ie_lobbying", _("Register of Lobbying (Ireland)")
    CA_LOBBYING = "ca_lobbying", _("Registry of Lobbyists (Canada)")
    OTHER = "other", _("Another register")


class Registration(BaseModel):
    """A number an organization states it has in a register. Its form is checked loosely; the register itself is not asked."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="registrations")
    register = models.CharField(_("Register"), max_length=16, choices=Register)
    register_name = models.CharField(_("Name of the register"), max_length=120, blank=True)  # for OTHER
    number = models.CharField(_("Number"), max_length=40)
    number_key = models.CharField(max_length=60)  # register and number as they are compared

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "number_key"], name="registration_once")
        ]
        indexes = [models.Index(fields=["number_key"], name="registration_number")]


class Affiliation(BaseModel):
    """A member of a network. Shown once the network agrees, so that nobody counts the two as strangers."""

    network = models.ForeignKey(Organization, models.CASCADE, related_name="affiliates")
    member = models.ForeignKey(Organization, models.CASCADE, related_name="affiliations")
    stated_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network", "member"], name="affiliation_once"),
            models.CheckConstraint(condition=~Q(network=F("member")), name="affiliation_with_another"),
        ]


class DuplicateCause(models.TextChoices):
    NUMBER = "number", _("the same number in a register")
    LOOKALIKE = "lookalike", _("a domain that looks like the other's")
    NAME = "name", _("the same name")


HOLDING_CAUSES = (DuplicateCause.NUMBER, DuplicateCause.LOOKALIKE)


class DuplicateDecision(models.TextChoices):
    OPEN = "", _("Not decided")
    DIFFERENT = "different", _("Two organizations")
    SAME = "same", _("The same one twice")


class DuplicateFlag(BaseModel):
    """That an organization may be another one a second time, or somebody who wants to look like it. Staff decides.

    Until then, who has the number or nearly the domain of another (HOLDING_CAUSES) is held back: proven, and shown nowhere.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="duplicate_flags")
    other = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    cause = models.CharField(max_length=9, choices=DuplicateCause)
    noticed_at = models.DateTimeField()
    decision = models.CharField(max_length=9, choices=DuplicateDecision, blank=True, default="")
    reason = models.CharField(_("Reason"), max_length=300, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "other", "cause"], name="flag_once")]
        indexes = [models.Index(fields=["noticed_at"], condition=Q(decision=""), name="flag_open")]
