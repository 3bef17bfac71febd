"""To somebody who reported a petition: what came of it."""

from django.conf import settings
from django.urls import reverse

from campaign.mailing.kinds import Letter, letter_from_templates
from campaign.mailing.models import OutgoingMail
from campaign.moderation.models import Report, ReportState
from campaign.petitions.letters.links import site_context
from campaign.petitions.models import PUBLIC_STATES


def report_letter(mail: OutgoingMail) -> Letter | None:
    """Nothing in it is what the reporter typed: it may be somebody else's mailbox."""
    report = Report.objects.select_related("petition").filter(pk=mail.about_id).first()  # type: ignore[misc]  # None finds nothing
    if report is None or report.state == ReportState.OPEN:
        return None
    address = settings.SITE_URL + reverse("petition_detail", args=[report.petition.slug])
    context = {
        "report": report,
        "petition": report.petition,
        "is_upheld": report.state == ReportState.UPHELD,
        "link": address if report.petition.state in PUBLIC_STATES else "",
        **site_context(),
    }
    return letter_from_templates("moderation/email/report", context)
