import django.db.models.deletion
from django.db import migrations, models


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
    ]
