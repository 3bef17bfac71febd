from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("regulations", "0007_digest_of_answers")]

    operations = [
        migrations.AddField(
            model_name="removedprovision",
            name="former",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="removedprovision",
            name="switches",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="removedprovision",
            name="edits",
            field=models.JSONField(default=dict),
        ),
    ]
