"""Each person of a team works for one organization of the coalition; owner and partners say whether signers are asked for their news."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0004_calls'),
        ('organizations', '0007_list_proofs'),
    ]

    operations = [
        migrations.AddField(
            model_name='campaign',
            name='asks_news',
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name='campaignpartner',
            name='asks_news',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='teammember',
            name='organization',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.organization'),
        ),
        migrations.AddIndex(
            model_name='campaignpartner',
            index=models.Index(condition=models.Q(('accepted_at__isnull', False), ('asks_news', True)), fields=['campaign', 'accepted_at', 'id'], name='partner_asks_news'),
        ),
    ]
