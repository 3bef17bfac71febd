"""How allauth works here: its letters become mail rows, so that none is lost and none blocks a request."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language

from campaign.mailing.services import queue_letter


class AccountAdapter(DefaultAccountAdapter):
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Render the letter now, in the language of the request, and queue it in the request's transaction."""
        site = {"name": settings.SITE_NAME, "domain": settings.SITE_URL}
        message = self.render_mail(template_prefix, email, {"email": email, **context, "current_site": site})
        queue_letter(
            to=email,
            subject=message.subject,
            text=message.body,
            locale=get_language() or "en",
            at=timezone.now(),
        )
