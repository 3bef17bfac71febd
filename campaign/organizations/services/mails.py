"""What mails with links have in common."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from campaign.core.errors import DomainError

CONFIRM_DAYS = 14
MAILS_A_DAY = 5
DAY = timedelta(days=1)


class LinkExpired(DomainError):
    message = _("This link has expired. Ask for a new one.")


class TooManyMails(DomainError):
    message = _("This address has had enough mails from us for today. Try again tomorrow.")
