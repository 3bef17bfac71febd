import campaign.core.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consultations', '0014_approvals_receipts_responses'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='deadlinechange',
            name='is_mistake',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='importdraft',
            name='holds',
            field=models.CharField(choices=[('call', 'Call'), ('questions', 'Questions')], default='call', max_length=9),
        ),
        migrations.CreateModel(
            name='AuthorityDocument',
            fields=[
                ('id', models.UUIDField(default=campaign.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('title', models.CharField(max_length=300)),
                ('url', models.URLField(blank=True, max_length=500)),
                ('file_name', models.CharField(blank=True, max_length=150)),
                ('media_type', models.CharField(blank=True, max_length=100)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('byte_size', models.PositiveIntegerField(default=0)),
                ('added_at', models.DateTimeField()),
                ('added_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='consultations.consultation')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('url', ''), _negated=True), models.Q(('digest', ''), _negated=True), _connector='OR'), name='authority_document_has_address_or_copy')],
            },
        ),
        migrations.CreateModel(
            name='UploadedAnswer',
            fields=[
                ('id', models.UUIDField(default=campaign.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('file_name', models.CharField(max_length=150)),
                ('media_type', models.CharField(max_length=100)),
                ('digest', models.CharField(max_length=64)),
                ('byte_size', models.PositiveIntegerField()),
                ('uploaded_at', models.DateTimeField()),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uploads', to='consultations.question')),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uploads', to='consultations.submission')),
                ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('submission', 'question'), name='uploaded_answer_once')],
            },
        ),
    ]
