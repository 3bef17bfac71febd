from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('consultations', '0005_carry_requirements_over'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='consultation',
            name='constraints',
        ),
        migrations.RemoveField(
            model_name='portalprofile',
            name='data',
        ),
        migrations.RemoveField(
            model_name='portalprofile',
            name='deadline_convention',
        ),
    ]
