"""What keeps robots and cheats out. Knows networks and mailboxes, and nothing of what is being protected."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaign.core.fields import EncryptedTextField
from campaign.core.models import BaseModel


class Cause(models.TextChoices):
    """Why a request was set aside."""

    ADDRESS = "address", _("Too many with one mail address")
    NETWORK = "network", _("Too many from one network")
    BLOCKED = "blocked", _("On the list of the blocked")
    HONEYPOT = "honeypot", _("Filled what no person sees")


class MailboxRule(BaseModel):
    """How one provider lets the same mailbox be written in several ways."""

    domain = models.CharField(_("Domain"), max_length=200, unique=True)  # ASCII, lower case
    same_as = models.CharField(_("The same mailboxes as"), max_length=200, blank=True)  # another domain
    ignores_dots = models.BooleanField(_("Dots before the @ mean nothing"), default=False)
    tag = models.CharField(_("What follows this sign means nothing"), max_length=1, blank=True)  # + or -
    note = models.CharField(_("Note"), max_length=200, blank=True)


class PastSpelling(BaseModel):
    """How a domain's mailboxes were spelled until its rule changed: what was stored by it is found until it is stored anew."""

    domain = models.CharField(max_length=200)
    same_as = models.CharField(max_length=200)  # the domain they stood under, often its own
    ignores_dots = models.BooleanField()
    tag = models.CharField(max_length=1, blank=True)


class ListKind(models.TextChoices):
    BLOCK = "block", _("Blocked")
    ALLOW = "allow", _("Never limited")


class AccessList(models.Model):
    """The site's list of networks, domains and addresses that are blocked, or never limited. Blocks win."""

    kind = models.CharField(max_length=5, choices=ListKind, primary_key=True)
    lines = EncryptedTextField()  # as typed, comments included: it may name people
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")


class Bucket(models.Model):
    """A token bucket: what is left of a limit, and when that was."""

    key = models.BigIntegerField(primary_key=True)  # keyed digest of what is limited
    tokens = models.FloatField()
    filled_at = models.DateTimeField(db_index=True)


class GuardedNetwork(models.Model):
    """A network that signs in bulk: its browsers do a proof of work until then."""

    network_key = models.BigIntegerField(primary_key=True)
    until = models.DateTimeField()


class UsedCheck(models.Model):
    """A check for robots that somebody passed and used: each is good for one form. Kept until it would have expired anyway."""

    key = models.BinaryField(max_length=16, primary_key=True)
    until = models.DateTimeField(db_index=True)


class Arrivals(models.Model):
    """How much came from one network to one place in one batch: what an attack is told by. Kept for minutes."""

    subject_id = models.UUIDField()  # what they came to
    network_key = models.BigIntegerField(null=True)  # NULL: no network is known
    at = models.DateTimeField(db_index=True)
    requests = models.PositiveIntegerField()
    quarantined = models.PositiveIntegerField()  # of these

    class Meta:
        indexes = [models.Index(fields=["subject_id", "at"], name="arrivals_at_subject")]
