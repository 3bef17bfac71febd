from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("consultations", "0020_earlier_copies_of_sources")]

    operations = [
        migrations.RenameField("filing", "filed_at", "fixed_at"),
        migrations.RenameField("filing", "filed_by", "fixed_by"),
    ]
