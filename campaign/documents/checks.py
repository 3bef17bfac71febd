"""What `manage.py check --deploy` says of the site's seal."""

from datetime import timedelta
from typing import Any

from django.core import checks
from django.utils import timezone
from django.utils.translation import gettext as _

from campaign.documents.children import RendererCrashed, RenderFailed
from campaign.documents.sealing import SealFault, SealUnusable, try_seal

NEAR = timedelta(days=30)


@checks.register(checks.Tags.security, deploy=True)
def check_seal(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """One sentence when a seal is set that cannot be put on, ends soon, or that nobody vouches for."""
    at = timezone.now()
    try:
        seal = try_seal(at=at)
    except SealUnusable as fault:
        return [checks.Error(str(fault.sentence), id="documents.E001")]
    except (RenderFailed, RendererCrashed):
        return [checks.Error(str(SealFault.INTERNAL.label), id="documents.E001")]
    if seal is None:
        return []
    found: list[checks.CheckMessage] = []
    if seal.ends_at - at < NEAR:
        said = _("The seal’s certificate expires on %(date)s. Get a new one before.") % {
            "date": seal.ends_at.date()
        }
        found.append(checks.Warning(said, id="documents.W001"))
    if seal.is_self_signed:
        said = _(
            "The seal’s certificate is self-signed, so nobody vouches for it: it is good for trials only."
        )
        found.append(checks.Warning(said, id="documents.W002"))
    return found
