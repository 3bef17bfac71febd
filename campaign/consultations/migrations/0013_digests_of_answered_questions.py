"""Answers so far were written for their questions as these stand: an answered question could not be changed."""

import hashlib
import json
from typing import Any

from django.db import migrations


def note_digests(apps: Any, schema_editor: Any) -> None:
    Answer = apps.get_model("consultations", "Answer")
    for question in apps.get_model("consultations", "Question").objects.filter(answers__isnull=False).distinct():
        asked = json.dumps([question.text, question.kind, question.options], ensure_ascii=False)
        digest = hashlib.sha256(asked.encode()).hexdigest()
        # Where this runs a second time, answers have digests of what was asked when they were written.
        Answer.objects.filter(question=question, question_digest="").update(question_digest=digest)


class Migration(migrations.Migration):
    dependencies = [("consultations", "0012_questions_that_change")]
    operations = [migrations.RunPython(note_digests, migrations.RunPython.noop)]
