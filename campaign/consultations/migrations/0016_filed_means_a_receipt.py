"""A submission was called filed as soon as it was fixed. Filed now means that a receipt is on record: so far there is none.

The organizations that carry the campaign are those whose sign-off is waited for, as for a submission begun from now on.
"""

from typing import Any

from django.db import migrations
from django.utils import timezone


def wait_for_receipts(apps: Any, schema_editor: Any) -> None:
    apps.get_model("consultations", "Submission").objects.filter(state="filed").update(state="ready")


def call_them_filed(apps: Any, schema_editor: Any) -> None:
    apps.get_model("consultations", "Submission").objects.filter(state="ready").update(state="filed")


def note_co_signers(apps: Any, schema_editor: Any) -> None:
    CoSigner = apps.get_model("consultations", "CoSigner")
    CampaignPartner = apps.get_model("campaigns", "CampaignPartner")
    now = timezone.now()
    submissions = apps.get_model("consultations", "Submission").objects.select_related("campaign")
    for submission in submissions.iterator():
        partners = CampaignPartner.objects.filter(campaign=submission.campaign, accepted_at__isnull=False)
        organizations = {submission.campaign.owner_id, *partners.values_list("organization", flat=True)}
        CoSigner.objects.bulk_create(
            [
                CoSigner(submission=submission, organization_id=organization, added_at=now)
                for organization in organizations
            ],
            ignore_conflicts=True,  # where this runs a second time
        )


class Migration(migrations.Migration):
    dependencies = [("consultations", "0015_questions_by_hand")]
    operations = [
        migrations.RunPython(wait_for_receipts, call_them_filed),
        migrations.RunPython(note_co_signers, migrations.RunPython.noop),
    ]
