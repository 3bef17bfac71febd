"""Work on a submission: assignments, versions, remarks, own parts, sources, the library of answers; and the cover."""

import campaign.core.fields
import campaign.core.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0007_team_invitations"),
        ("consultations", "0016_filed_means_a_receipt"),
        ("organizations", "0011_logo_consent_is_the_organizations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="answer",
            name="taken_from",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="submission",
            name="cover_color",
            field=models.CharField(blank=True, max_length=7),
        ),
        migrations.AddField(
            model_name="submission",
            name="cover_design",
            field=models.CharField(
                choices=[("plain", "Plain"), ("band", "With a band in your color"), ("letter", "Letter")],
                default="plain",
                max_length=6,
            ),
        ),
        migrations.CreateModel(
            name="LibraryAnswer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=campaign.core.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("title", models.CharField(max_length=200, verbose_name="Title")),
                ("text", models.TextField(blank=True, max_length=60000, verbose_name="Full answer")),
                (
                    "short_text",
                    models.TextField(
                        blank=True, max_length=20000, verbose_name="Answer for the portal's box"
                    ),
                ),
                ("locale", models.CharField(max_length=16, verbose_name="Language")),
                ("origin", models.CharField(blank=True, max_length=300)),
                ("saved_at", models.DateTimeField()),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="library_answers",
                        to="campaigns.campaign",
                    ),
                ),
                (
                    "saved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="OwnPart",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=campaign.core.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("text", models.TextField(blank=True, max_length=30000, verbose_name="Own part")),
                (
                    "short_text",
                    models.TextField(
                        blank=True, max_length=10000, verbose_name="Own part for the portal's box"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("changed_at", models.DateTimeField()),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="own_parts",
                        to="consultations.question",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="own_parts",
                        to="consultations.submission",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RemarkThread",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=campaign.core.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("quote", campaign.core.fields.EncryptedTextField(blank=True, null=True)),
                ("opened_at", models.DateTimeField()),
                ("resolved_at", models.DateTimeField(null=True)),
                (
                    "question",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remark_threads",
                        to="consultations.question",
                    ),
                ),
                (
                    "resolved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="remark_threads",
                        to="consultations.submission",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=campaign.core.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("text", campaign.core.fields.EncryptedTextField(blank=True, null=True)),
                ("written_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="remarks",
                        to="consultations.remarkthread",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=campaign.core.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("key", models.SlugField(max_length=40, verbose_name="Mark")),
                ("title", models.CharField(max_length=300, verbose_name="Title")),
                ("author", models.CharField(blank=True, max_length=200, verbose_name="Author or publisher")),
                ("published_on", models.CharField(blank=True, max_length=60, verbose_name="Published")),
                ("url", models.URLField(blank=True, max_length=1000, verbose_name="Address")),
                ("quote", models.TextField(blank=True, max_length=2000, verbose_name="Passage")),
                ("seen_on", models.DateField(blank=True, null=True, verbose_name="Seen on")),
                ("version", models.PositiveIntegerField(default=1)),
                ("changed_at", models.DateTimeField()),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sources",
                        to="campaigns.campaign",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SourceCopy",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=campaign.core.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("name", models.CharField(max_length=120)),
                ("content", campaign.core.fields.EncryptedTextField(blank=True, null=True)),
                ("byte_size", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("uploaded_at", models.DateTimeField()),
                (
                    "source",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="copy",
                        to="consultations.source",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AnswerVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=campaign.core.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("number", models.PositiveIntegerField()),
                ("text", models.TextField(blank=True)),
                ("short_text", models.TextField(blank=True)),
                ("question_digest", models.CharField(blank=True, max_length=64)),
                ("is_autosave", models.BooleanField(default=False)),
                ("restored_number", models.PositiveIntegerField(null=True)),
                ("begun_at", models.DateTimeField()),
                ("saved_at", models.DateTimeField()),
                (
                    "answer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="consultations.answer",
                    ),
                ),
                (
                    "saved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("answer", "number"), name="answer_version_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=campaign.core.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("todo", "To do"),
                            ("drafting", "Drafting"),
                            ("review", "For review"),
                            ("ready", "Ready"),
                        ],
                        default="todo",
                        max_length=8,
                    ),
                ),
                ("due_date", models.DateField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("changed_at", models.DateTimeField()),
                (
                    "assigned_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assignments",
                        to="consultations.question",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assignments",
                        to="consultations.submission",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("submission", "question"), name="assignment_once")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="ownpart",
            constraint=models.UniqueConstraint(
                fields=("submission", "question", "organization"), name="own_part_once"
            ),
        ),
        migrations.AddIndex(
            model_name="remarkthread",
            index=models.Index(
                condition=models.Q(("resolved_at", None)),
                fields=["submission", "question"],
                name="remark_thread_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.UniqueConstraint(fields=("campaign", "key"), name="source_key_once"),
        ),
    ]
