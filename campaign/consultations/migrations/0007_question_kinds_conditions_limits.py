from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consultations', '0006_remove_what_became_requirements'),
    ]

    operations = [
        migrations.AddField(
            model_name='question',
            name='condition',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='question',
            name='max_words',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='question',
            name='maximum',
            field=models.DecimalField(decimal_places=4, max_digits=18, null=True),
        ),
        migrations.AddField(
            model_name='question',
            name='minimum',
            field=models.DecimalField(decimal_places=4, max_digits=18, null=True),
        ),
        migrations.AlterField(
            model_name='question',
            name='kind',
            field=models.CharField(choices=[('free-text', 'Free Text'), ('single-choice', 'Single Choice'), ('multi-choice', 'Multi Choice'), ('number', 'Number'), ('date', 'Date'), ('upload', 'Upload')], max_length=16),
        ),
    ]
