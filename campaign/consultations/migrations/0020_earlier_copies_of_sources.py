from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def let_earlier_copies_go(apps: Any, schema_editor: Any) -> None:
    """Before, a source had one copy alone: its latest, and none that another had taken the place of."""
    SourceCopy = apps.get_model("consultations", "SourceCopy")
    earlier = SourceCopy.objects.filter(source=None)
    sources = set(earlier.values_list("earlier_of", flat=True))
    sources -= set(SourceCopy.objects.exclude(source=None).values_list("source", flat=True))
    for source in sources:
        latest = earlier.filter(earlier_of=source).order_by("-uploaded_at", "-pk").values("pk")[:1]
        SourceCopy.objects.filter(pk__in=[row["pk"] for row in latest]).update(source=source, earlier_of=None)
    earlier.all().delete()
    # PostgreSQL alters no table while checks of changed rows are waiting.
    schema_editor.connection.check_constraints()


class Migration(migrations.Migration):
    dependencies = [("consultations", "0019_names_annex")]

    operations = [
        migrations.AlterField(
            model_name="sourcecopy",
            name="source",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="copy",
                to="consultations.source",
            ),
        ),
        migrations.AddField(
            model_name="sourcecopy",
            name="earlier_of",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="earlier_copies",
                to="consultations.source",
            ),
        ),
        migrations.AddConstraint(
            model_name="sourcecopy",
            constraint=models.CheckConstraint(
                name="source_copy_is_current_or_earlier",
                condition=models.Q(("source", None), ("earlier_of", None), _connector="XOR"),
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, let_earlier_copies_go),
    ]
