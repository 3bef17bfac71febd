"""Documents of several formats, the step at which the work on one is, and orders that were canceled."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0003_publication")]

    operations = [
        migrations.AddField(
            model_name="document",
            name="media_type",
            field=models.CharField(db_default="application/pdf", default="application/pdf", max_length=100),
        ),
        migrations.AddField(
            model_name="document",
            name="step",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting its turn"),
                    ("drawing-up", "Drawing up"),
                    ("rendering", "Rendering"),
                    ("checking", "Checking"),
                    ("storing", "Storing"),
                ],
                db_default="waiting",
                default="waiting",
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="document",
            name="state",
            field=models.CharField(
                choices=[
                    ("requested", "Waiting its turn"),
                    ("rendering", "Being made"),
                    ("ready", "Ready"),
                    ("failed", "Could not be made"),
                    ("canceled", "Canceled"),
                ],
                default="requested",
                max_length=16,
            ),
        ),
    ]
