from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organizations", "0008_objections_and_told_ends")]

    operations = [
        migrations.CreateModel(
            name="ListedLanguage",
            fields=[
                ("locale", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("fingerprint", models.CharField(max_length=100)),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="listedname",
            name="region_key",
            field=models.BinaryField(default=b"", max_length=600),
        ),
        migrations.AlterField(
            model_name="listedname",
            name="folded",
            field=models.CharField(max_length=500),
        ),
        migrations.AddIndex(
            model_name="listedname",
            index=models.Index(fields=["locale", "region_key", "organization"], name="listed_by_region"),
        ),
        migrations.AddField(
            model_name="organization",
            name="logo_small",
            field=models.FileField(blank=True, max_length=200, upload_to=""),
        ),
    ]
