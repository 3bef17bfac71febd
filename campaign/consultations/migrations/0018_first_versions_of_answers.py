"""Each answer that stands has a first version: how it came to be before is not known. Nothing was written in an empty one."""

from typing import Any

from django.db import migrations

from campaign.core.ids import uuid7


def note_first_versions(apps: Any, schema_editor: Any) -> None:
    AnswerVersion = apps.get_model("consultations", "AnswerVersion")
    answers = apps.get_model("consultations", "Answer").objects.filter(versions__isnull=True).order_by("pk")
    batch = []
    for answer in answers.iterator(chunk_size=500):
        if not (answer.text.strip() or answer.short_text.strip()):
            continue
        batch.append(
            AnswerVersion(
                id=uuid7(),
                answer=answer,
                number=1,
                text=answer.text,
                short_text=answer.short_text,
                question_digest=answer.question_digest,
                begun_at=answer.changed_at,
                saved_at=answer.changed_at,
                saved_by_id=answer.changed_by_id,
            )
        )
        if len(batch) == 500:
            AnswerVersion.objects.bulk_create(batch)
            batch = []
    AnswerVersion.objects.bulk_create(batch)


class Migration(migrations.Migration):
    dependencies = [("consultations", "0017_workspace")]
    operations = [migrations.RunPython(note_first_versions, migrations.RunPython.noop)]
