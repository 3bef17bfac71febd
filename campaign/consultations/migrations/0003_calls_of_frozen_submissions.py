"""Submissions that were frozen have a call for endorsements of their text, as new ones get when they are frozen.

What stood behind the text of a filing when it was filed is noted as included in it.
"""

from typing import Any

from django.db import migrations

KIND = "consultations.submission"


def open_calls(apps: Any, schema_editor: Any) -> None:
    Call = apps.get_model("organizations", "Call")
    CallText = apps.get_model("organizations", "CallText")
    CampaignCall = apps.get_model("campaigns", "CampaignCall")
    known = set(Call.objects.filter(kind=KIND).values_list("subject_id", flat=True))
    rows = apps.get_model("consultations", "Submission").objects.filter(frozen_text__isnull=False)
    for row in rows.select_related("campaign", "frozen_text").order_by("pk").iterator(chunk_size=200):
        if row.pk in known:
            continue
        call = Call.objects.create(
            kind=KIND,
            subject_id=row.pk,
            frozen_text_id=row.frozen_text_id,
            asked_by_id=row.campaign.owner_id,
            opened_at=row.frozen_text.frozen_at,
        )
        CallText.objects.create(
            call=call, number=1, frozen_text_id=row.frozen_text_id, frozen_at=row.frozen_text.frozen_at
        )
        CampaignCall.objects.create(call=call, campaign_id=row.campaign_id)


def include(apps: Any, schema_editor: Any) -> None:
    Endorsement = apps.get_model("organizations", "Endorsement")
    Inclusion = apps.get_model("organizations", "Inclusion")
    filings = apps.get_model("consultations", "Filing").objects.select_related("submission").order_by("pk")
    for filing in filings.iterator(chunk_size=200):
        filed = Endorsement.objects.filter(
            frozen_text_id=filing.frozen_text_id, accepted_at__lte=filing.filed_at
        ).exclude(ended_at__lte=filing.filed_at)
        Inclusion.objects.bulk_create(
            Inclusion(
                endorsement_id=pk,
                record_id=filing.record_id,
                title=filing.submission.title,
                address=f"/filings/{filing.pk}/",
                included_at=filing.filed_at,
            )
            for pk in filed.values_list("pk", flat=True)
        )


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0002_consultation_imported_by"),
        ("organizations", "0007_list_proofs"),
        ("campaigns", "0004_calls"),
    ]
    operations = [
        migrations.RunPython(open_calls, migrations.RunPython.noop),
        migrations.RunPython(include, migrations.RunPython.noop),
    ]
