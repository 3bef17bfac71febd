from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('consultations', '0010_carry_channels_over'),
    ]

    operations = [
        migrations.RemoveField(model_name='consultation', name='stated_channels'),
        migrations.RemoveField(model_name='consultation', name='stated_history'),
    ]
