import campaign.core.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consultations', '0008_milestones_and_reminders'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RenameField('consultation', 'channels', 'stated_channels'),
        migrations.RenameField('consultation', 'closes_history', 'stated_history'),
        migrations.CreateModel(
            name='Channel',
            fields=[
                ('id', models.UUIDField(default=campaign.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('position', models.PositiveSmallIntegerField()),
                ('key', models.CharField(max_length=64)),
                ('kind', models.CharField(max_length=64)),
                ('url', models.URLField(blank=True, max_length=500)),
                ('address', models.CharField(blank=True, max_length=500)),
                ('closes_wall_time', models.CharField(blank=True, max_length=19)),
                ('time_zone', models.CharField(blank=True, max_length=64)),
                ('closes_at', models.DateTimeField(null=True)),
                ('closes_stated_as', models.CharField(blank=True, max_length=500)),
                ('closes_is_assumed', models.BooleanField(default=False)),
                ('publication', models.CharField(blank=True, max_length=64)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='channels', to='consultations.consultation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('consultation', 'key'), name='channel_key_once'), models.CheckConstraint(condition=models.Q(models.Q(('closes_at', None), ('closes_wall_time', ''), ('time_zone', '')), models.Q(('closes_at__isnull', False), models.Q(('closes_wall_time', ''), _negated=True), models.Q(('time_zone', ''), _negated=True)), _connector='OR'), name='channel_clock_whole_or_none')],
            },
        ),
        migrations.CreateModel(
            name='DeadlineChange',
            fields=[
                ('id', models.UUIDField(default=campaign.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('wall_time', models.CharField(max_length=19)),
                ('time_zone', models.CharField(max_length=64)),
                ('closes_at', models.DateTimeField()),
                ('stated_as', models.CharField(blank=True, max_length=500)),
                ('changed_on', models.DateField(null=True)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('noted_at', models.DateTimeField()),
                ('channel', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='deadline_changes', to='consultations.channel')),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deadline_changes', to='consultations.consultation')),
                ('noted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
    ]
