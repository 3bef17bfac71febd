"""Endorsements: an organization, through a mandate, behind one exact text. And the calls that ask for them."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from campaign.core.fields import EncryptedTextField
from campaign.core.models import BaseModel
from campaign.documents.models import FrozenText
from campaign.organizations.models.mandate import Mandate
from campaign.organizations.models.organization import Organization, OrganizationKind


class Call(BaseModel):
    """The standing question to endorse something whose exact text may move on: a petition, a template, a submission.

    One for each subject. Its texts are numbered; who endorsed the one before is asked again for each new one.
    """

    kind = models.CharField(max_length=64)  # of its frozen texts: "petitions.petition"
    subject_id = models.UUIDField()  # the row of an upper room whose text it is
    frozen_text = models.ForeignKey(FrozenText, models.PROTECT, related_name="calls")  # the current one
    asked_by = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="calls"
    )  # the coordinating one
    address = models.CharField(max_length=300, blank=True)  # path of the page where its readers find it
    is_open = models.BooleanField(
        _("Any organization may endorse"), default=True
    )  # otherwise those invited alone
    note = models.TextField(
        _("What you ask"), max_length=3_000, blank=True
    )  # Markdown, for those who are asked
    closes_wall_time = models.CharField(
        max_length=16, blank=True
    )  # "2026-12-01T18:00" on the clock of `time_zone`
    time_zone = models.CharField(max_length=64, blank=True)  # IANA name
    closes_at = models.DateTimeField(null=True)  # the same moment; later endorsements are kept apart as late
    embargo_until = models.DateTimeField(null=True)  # until then nothing of it is listed in public
    opened_at = models.DateTimeField()
    proof_sent_at = models.DateTimeField(null=True)  # when its endorsers were last shown the list

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "subject_id"], name="call_once_a_subject")]

    def is_late_at(self, at: datetime) -> bool:
        """Whether an endorsement given at `at` comes after the list was closed."""
        return self.closes_at is not None and at >= self.closes_at

    def is_under_embargo_at(self, at: datetime) -> bool:
        return self.embargo_until is not None and at < self.embargo_until


class CallText(BaseModel):
    """One numbered text of a call. Going back to earlier words is a new number."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="texts")
    number = models.PositiveSmallIntegerField()
    frozen_text = models.ForeignKey(FrozenText, models.PROTECT, related_name="call_texts")
    frozen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "number"], name="call_text_number_once")]


class CallInvitationState(models.TextChoices):
    INVITED = "invited", _("Invited")
    INTENDS = "intends", _("Intends to, and needs a decision first")
    ENDORSED = "endorsed", _("Endorsed")
    DECLINED = "declined", _("Declined")


class CallInvitation(BaseModel):
    """An organization that was asked by name. It answers by the link in its mail."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="invitations")
    name = models.CharField(_("Organization"), max_length=200)  # as the inviting team calls it
    email = EncryptedTextField()
    email_key = models.BinaryField(max_length=32)
    locale = models.CharField(max_length=16)
    state = models.CharField(max_length=8, choices=CallInvitationState, default=CallInvitationState.INVITED)
    note = models.CharField(_("Note"), max_length=300, blank=True)  # what the invited organization wrote
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    invited_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "email_key"], name="call_invitation_once")]


class EndorsementState(models.TextChoices):
    PENDING = "pending", _("Waits for the link in the mail")  # stated, not yet proven: appears nowhere
    SECOND = "second", _("Waits for a second person of the organization")
    TO_RENEW = "to_renew", _("The text has changed: asked again")
    ACCEPTED = "accepted", _("Stands behind the text")
    LAPSED = "lapsed", _("Lapsed: the text has changed")
    DECLINED = "declined", _("Did not renew")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REJECTED = "rejected", _("Rejected")


class Scope(models.TextChoices):
    WHOLE = "whole", _("the whole text")
    PART = "part", _("the text except for some provisions")


class EndorsementQuerySet(models.QuerySet["Endorsement"]):
    def accepted(self) -> Self:
        """Those that stand, of organizations that are shown."""
        return self.filter(state=EndorsementState.ACCEPTED, organization__proven_at__isnull=False)

    def accepted_by(self, at: datetime) -> Self:
        """Accepted at or before `at`, and not after the list was closed: what is filed at that moment."""
        return self.accepted().filter(accepted_at__lte=at, is_late=False)


class Endorsement(BaseModel):
    """One organization behind one exact text. What was stated is kept as it was stated."""

    frozen_text = models.ForeignKey(FrozenText, models.PROTECT, related_name="endorsements")
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="endorsements")
    mandate = models.ForeignKey(Mandate, models.PROTECT, null=True, related_name="endorsements")
    state = models.CharField(max_length=9, choices=EndorsementState, default=EndorsementState.PENDING)
    legal_name = models.CharField(_("Legal name"), max_length=200)
    display_name = models.CharField(_("Name to show"), max_length=120)
    kind = models.CharField(_("Kind"), max_length=16, choices=OrganizationKind)
    country = CountryField(_("Country of seat"))
    website = models.URLField(_("Website"), max_length=200)
    domain = models.CharField(max_length=200, blank=True)
    signatory_name = EncryptedTextField()
    signatory_function = models.CharField(max_length=120)
    signatory_email = EncryptedTextField()
    email_key = models.BinaryField(max_length=32)
    statement = models.TextField()
    locale = models.CharField(max_length=16)
    scope = models.CharField(_("What it supports"), max_length=5, choices=Scope, default=Scope.WHOLE)
    exceptions = models.JSONField(
        default=list
    )  # of a PART: {"key", "label"} of each provision left out, in the text's order
    is_late = models.BooleanField(
        default=False
    )  # given after the call had closed: on the web list, in no filing
    stated_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # lapsed, declined, withdrawn or rejected
    reason = models.CharField(max_length=300, blank=True)  # why it was rejected or withdrawn
    stated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    renews = models.ForeignKey("self", models.SET_NULL, null=True, related_name="renewals")
    invitation = models.ForeignKey(CallInvitation, models.SET_NULL, null=True, related_name="+")
    reminded_at = models.DateTimeField(null=True)
    is_invented = models.BooleanField(default=False)

    objects = EndorsementQuerySet.as_manager()

    class Meta:
        constraints = [
            # One domain gives one endorsement of a text, however often its people sign.
            models.UniqueConstraint(
                fields=["frozen_text", "organization"],
                condition=Q(state__in=["accepted", "second"]),
                name="endorsement_accepted_once",
            ),
            models.UniqueConstraint(
                fields=["frozen_text", "organization"],
                condition=Q(state="to_renew"),
                name="endorsement_to_renew_once",
            ),
            models.CheckConstraint(
                name="endorsement_accepted_has_mandate",
                condition=~Q(state="accepted")
                | Q(organization__isnull=False, mandate__isnull=False, accepted_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["frozen_text", "email_key", "stated_at"], name="endorsement_asked"),
            models.Index(fields=["organization", "state"], name="endorsement_of_organization"),
        ]


class PersonalState(models.TextChoices):
    PENDING = "pending", _("Waits for the link in the mail")
    ACCEPTED = "accepted", _("Stands behind the text")
    TO_RENEW = "to_renew", _("The text has changed: asked again")
    LAPSED = "lapsed", _("Lapsed: the text has changed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class PersonalEndorsement(BaseModel):
    """A person behind a text in their own name. Their affiliation is named for identification only and binds nobody."""

    frozen_text = models.ForeignKey(FrozenText, models.PROTECT, related_name="personal_endorsements")
    state = models.CharField(max_length=9, choices=PersonalState, default=PersonalState.PENDING)
    name = EncryptedTextField()
    function = models.CharField(_("Your function"), max_length=120, blank=True)
    affiliation = models.CharField(_("Where you work"), max_length=200, blank=True)
    country = CountryField(_("Country"))
    email = EncryptedTextField()
    email_key = models.BinaryField(max_length=32, null=True)
    locale = models.CharField(max_length=16)
    is_late = models.BooleanField(default=False)
    stated_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    renews = models.ForeignKey("self", models.SET_NULL, null=True, related_name="renewals")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["frozen_text", "email_key"],
                condition=Q(state="accepted"),
                name="personal_accepted_once",
            )
        ]
        indexes = [models.Index(fields=["frozen_text", "email_key", "stated_at"], name="personal_asked")]


class Inclusion(BaseModel):
    """That an endorsement was in a list that went out of the house: filed or handed over. It cannot be called back from there."""

    endorsement = models.ForeignKey(Endorsement, models.PROTECT, related_name="inclusions")
    record = models.ForeignKey(
        FrozenText, models.PROTECT, related_name="inclusions"
    )  # what was fixed of that act
    title = models.CharField(max_length=300)
    address = models.CharField(max_length=300)  # path of its page
    included_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["endorsement", "record"], name="included_once")]


class CorrectionKind(models.TextChoices):
    RENAMED = "renamed", _("Name corrected")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REJECTED = "rejected", _("Taken off the list")
    LATE = "late", _("Added after the list was closed")


class Correction(BaseModel):
    """One line of what changed in a list after it went out. Only ever added, and as public as the list."""

    frozen_text = models.ForeignKey(FrozenText, models.PROTECT, related_name="corrections")
    kind = models.CharField(max_length=9, choices=CorrectionKind)
    was = models.CharField(max_length=300, blank=True)
    now = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["frozen_text", "at"], name="correction_of_text")]
