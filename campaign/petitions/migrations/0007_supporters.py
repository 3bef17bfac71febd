"""Consent to news is given to one organization each: a row for each, which that organization alone sees."""

import campaign.core.ids
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organizations', '0007_list_proofs'),
        ('petitions', '0006_calls_of_public_petitions'),
    ]

    operations = [
        migrations.CreateModel(
            name='Supporter',
            fields=[
                ('id', models.UUIDField(default=campaign.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('person_key', models.BinaryField(max_length=32)),
                ('since', models.DateTimeField()),
                ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='supporters', to='organizations.organization')),
                ('petition', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='supporters', to='petitions.petition')),
                ('signature', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='supports', to='petitions.signature')),
            ],
            options={
                'indexes': [models.Index(fields=['organization', 'person_key', 'id'], name='supporter_person'), models.Index(fields=['petition', 'organization', 'person_key'], name='supporter_of_petition')],
                'constraints': [models.UniqueConstraint(fields=('signature', 'organization'), name='supporter_once')],
            },
        ),
    ]
