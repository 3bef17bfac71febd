"""To signatories: confirm a mandate."""

from django.utils import timezone

from campaign.mailing.kinds import Letter, letter_from_templates
from campaign.mailing.models import OutgoingMail
from campaign.organizations.letters.links import own_link, site_facts
from campaign.organizations.models import Mandate


def mandate_letter(mail: OutgoingMail) -> Letter | None:
    """To a signatory: confirm that you may bind the organization. None when that is done or too late."""
    row = Mandate.objects.select_related("organization").filter(pk=mail.about_id).first()  # type: ignore[misc]  # None finds nothing
    if row is None or row.proven_at or row.expires_at <= timezone.now():
        return None
    return letter_from_templates(
        "organizations/email/mandate",
        {
            "mandate": row,
            "organization": row.organization,
            "link": own_link("mandate_confirm", row_id=row.pk, purpose="mandate"),
            "expires": row.expires_at,
            **site_facts(),
        },
    )
