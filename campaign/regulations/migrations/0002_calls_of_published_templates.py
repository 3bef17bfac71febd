"""Templates with published editions have a call for endorsements of the newest, as new editions open and move one."""

from itertools import groupby
from typing import Any

from django.db import migrations

KIND = "regulations.edition"


def open_calls(apps: Any, schema_editor: Any) -> None:
    Call = apps.get_model("organizations", "Call")
    CallText = apps.get_model("organizations", "CallText")
    known = set(Call.objects.filter(kind=KIND).values_list("subject_id", flat=True))
    editions = apps.get_model("regulations", "Edition").objects.filter(frozen_text__isnull=False)
    rows = editions.select_related("template").order_by("template_id", "published_at", "pk")
    for template_id, group in groupby(rows, key=lambda row: row.template_id):
        published = list(group)
        if template_id in known:
            continue
        last = published[-1]
        call = Call.objects.create(
            kind=KIND,
            subject_id=template_id,
            frozen_text_id=last.frozen_text_id,
            address=f"/instruments/{last.template.slug}/editions/{last.label}/",
            opened_at=published[0].published_at,
        )
        CallText.objects.bulk_create(
            CallText(
                call=call, number=number, frozen_text_id=row.frozen_text_id, frozen_at=row.published_at
            )
            for number, row in enumerate(published, 1)
        )


class Migration(migrations.Migration):
    dependencies = [
        ("regulations", "0001_instruments_and_editions"),
        ("organizations", "0007_list_proofs"),
    ]
    operations = [migrations.RunPython(open_calls, migrations.RunPython.noop)]
