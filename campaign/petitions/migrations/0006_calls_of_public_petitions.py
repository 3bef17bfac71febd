"""Petitions that were published have a call for endorsements of their text, as new ones get when they are published."""

from typing import Any

from django.db import migrations

KIND = "petitions.petition"


def open_calls(apps: Any, schema_editor: Any) -> None:
    Call = apps.get_model("organizations", "Call")
    CallText = apps.get_model("organizations", "CallText")
    CampaignCall = apps.get_model("campaigns", "CampaignCall")
    known = set(Call.objects.filter(kind=KIND).values_list("subject_id", flat=True))
    petitions = apps.get_model("petitions", "Petition").objects.filter(frozen_text__isnull=False)
    for petition in petitions.select_related("campaign").order_by("pk").iterator(chunk_size=200):
        if petition.pk in known:
            continue
        call = Call.objects.create(
            kind=KIND,
            subject_id=petition.pk,
            frozen_text_id=petition.frozen_text_id,
            asked_by_id=petition.campaign.owner_id,
            address=f"/petitions/{petition.slug}/",
            opened_at=petition.opened_at,
        )
        CallText.objects.create(
            call=call, number=1, frozen_text_id=petition.frozen_text_id, frozen_at=petition.opened_at
        )
        CampaignCall.objects.create(call=call, campaign_id=petition.campaign_id)


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0005_hand_over_and_response"),
        ("organizations", "0007_list_proofs"),
        ("campaigns", "0004_calls"),
    ]
    operations = [migrations.RunPython(open_calls, migrations.RunPython.noop)]
