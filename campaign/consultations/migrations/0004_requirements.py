import campaign.core.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0007_team_invitations'),
        ('consultations', '0003_calls_of_frozen_submissions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='portalprofile',
            name='data',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='portalprofile',
            name='channels',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='portalprofile',
            name='is_edited',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='portalprofile',
            name='jurisdiction',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='portals', to='campaigns.jurisdiction'),
        ),
        migrations.AddField(
            model_name='portalprofile',
            name='sources',
            field=models.JSONField(default=list),
        ),
        migrations.CreateModel(
            name='Requirement',
            fields=[
                ('id', models.UUIDField(default=campaign.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('origin', models.CharField(choices=[('shipped', 'comes with the software'), ('operator', 'stated by the operator of this site'), ('call', 'stated for this consultation')], max_length=8)),
                ('topic', models.CharField(choices=[('text-length', 'Length of text'), ('characters', 'Characters that are refused'), ('attachment-count', 'Number of files'), ('attachment-size', 'Size of a file'), ('attachment-formats', 'Formats of files'), ('attachment-note', 'Files'), ('accessibility', 'Accessibility'), ('languages', 'Languages'), ('login', 'An account is needed'), ('identification', 'What you say of yourself'), ('field-length', 'Length of a field'), ('kept-private', 'Not shown to the public'), ('publication', 'Publication'), ('one-reply', 'One reply for each respondent'), ('deadline', 'How deadlines are stated'), ('late', 'After the deadline'), ('saving', 'Saving and coming back'), ('receipt', 'Receipt'), ('mass-replies', 'Many alike replies'), ('note', 'Also')], max_length=20)),
                ('subject', models.CharField(blank=True, max_length=40)),
                ('unit', models.CharField(blank=True, max_length=24)),
                ('applies_to', models.CharField(blank=True, max_length=200)),
                ('value', models.JSONField(null=True)),
                ('status', models.CharField(choices=[('verified', 'read in an official source'), ('reported', 'reported by respondents or press'), ('uncertain', 'often said, not checked')], max_length=9)),
                ('source', models.CharField(blank=True, max_length=500)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('changed_at', models.DateTimeField(null=True)),
                ('changed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('consultation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='requirements', to='consultations.consultation')),
                ('profile', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='requirements', to='consultations.portalprofile')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('consultation__isnull', True), ('origin__in', ['shipped', 'operator']), ('profile__isnull', False)), models.Q(('consultation__isnull', False), ('origin', 'call'), ('profile__isnull', True)), _connector='OR'), name='requirement_of_portal_or_call'), models.UniqueConstraint(condition=models.Q(('consultation', None)), fields=('profile', 'origin', 'topic', 'subject', 'unit', 'applies_to'), name='requirement_of_portal_once'), models.UniqueConstraint(condition=models.Q(('profile', None)), fields=('consultation', 'topic', 'subject', 'unit', 'applies_to'), name='requirement_of_call_once')],
            },
        ),
    ]
