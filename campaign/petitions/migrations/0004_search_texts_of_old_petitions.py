"""What petitions from before the search are found by. New ones get it with their text (see campaign/petitions/search.py)."""

import re
import unicodedata

from django.db import migrations

ACCENTS = re.compile("[\u0300-\u036f]")
BATCH = 200


def folded(text):
    """As campaign.petitions.search.folded was when this was written; a nightly task brings later changes."""
    plain = ACCENTS.sub("", unicodedata.normalize("NFKD", text)).casefold()
    composed = unicodedata.normalize("NFKC", ACCENTS.sub("", unicodedata.normalize("NFKD", plain)))
    signs = (sign if unicodedata.category(sign)[0] in "LMN" else " " for sign in composed)
    return " ".join("".join(signs).split())


def forwards(apps, schema_editor):
    search_texts = apps.get_model("petitions", "SearchText").objects
    petitions = apps.get_model("petitions", "Petition").objects.select_related("campaign", "addressee")
    missing = petitions.filter(found_by=None).order_by("pk")
    while page := list(missing[:BATCH]):
        search_texts.bulk_create(
            search_texts.model(petition=row, text="\n".join(map(folded, parts(row)))) for row in page
        )


def parts(row):
    return row.title, row.addressee.name, row.campaign.title, row.text


def backwards(apps, schema_editor):
    apps.get_model("petitions", "SearchText").objects.all().delete()


class Migration(migrations.Migration):

    atomic = False  # each batch by itself: killed half-way, it goes on where it stood
    dependencies = [("petitions", "0003_consent_records")]

    operations = [migrations.RunPython(forwards, backwards)]
