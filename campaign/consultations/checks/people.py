"""Who is waited for when the text is about to be filed."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign.consultations.findings import Finding
from campaign.consultations.models import Submission
from campaign.consultations.queries import sign_offs
from campaign.documents.canonical import digest_of
from campaign.organizations.models import Endorsement, EndorsementState

WAITING = (EndorsementState.PENDING, EndorsementState.SECOND, EndorsementState.TO_RENEW)


def people_findings(submission: Submission, at: datetime) -> Iterator[Finding]:
    """Co-signers who have not signed off, endorsements without proof, internal dates that are not done."""
    place = reverse("submission_approvals", args=[submission.pk])
    missing = [row.organization for row in sign_offs(submission=submission) if not row.is_given]
    if missing:
        sentence = ngettext(
            "Has not signed off, and will not be named in the filing: %(names)s.",
            "Have not signed off, and will not be named in the filing: %(names)s.",
            len(missing),
        )
        yield Finding(
            False,
            sentence % {"names": ", ".join(each.display_name for each in missing)},
            code="no-sign-off",
            about=" ".join(sorted(str(each.pk) for each in missing)),
            mend=_("Wait for them, or file without them."),
            address=place,
        )
    waiting = Endorsement.objects.filter(frozen_text=submission.frozen_text_id, state__in=WAITING)
    unproven = [
        str(pk)
        for pk in waiting.exclude(organization__in=missing).order_by("pk").values_list("pk", flat=True)
    ]
    total = len(unproven)
    if total:
        yield Finding(
            False,
            ngettext(
                "%(total)s endorsement waits for its proof. It will not be part of the filing.",
                "%(total)s endorsements wait for their proof. They will not be part of the filing.",
                total,
            )
            % {"total": total},
            code="unproven",
            about=digest_of(unproven),
            mend=_("Remind them, or file without them."),
            address=place,
        )
    for milestone in (
        submission.milestones.filter(done_at=None).exclude(kind="filing").order_by("due_at", "pk")
    ):
        yield Finding(
            False,
            _("This date of yours is not done: %(name)s.") % {"name": milestone.name},
            code="milestone",
            about=f"{milestone.pk} {milestone.version}",
            mend=_("Do it, or mark it as done."),
            address=reverse("milestone_list", args=[submission.pk]),
        )
