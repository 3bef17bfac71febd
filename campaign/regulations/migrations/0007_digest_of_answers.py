from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("regulations", "0006_place_of_what_was_taken_out")]

    operations = [
        migrations.AddField(
            model_name="modelchange",
            name="digest",
            field=models.CharField(blank=True, default="", max_length=64),
            preserve_default=False,
        ),
    ]
