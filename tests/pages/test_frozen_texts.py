import pytest
from django.core.management import call_command
from django.urls import reverse

from campaign.documents.models import FrozenText


@pytest.mark.django_db
def test_every_kind_of_frozen_text_can_be_read(client, settings):
    settings.DEMO_PASSWORD = "a demo password"
    call_command("load_reference", verbosity=0)
    call_command("load_demo", verbosity=0)

    pages = {
        text.kind: client.get(reverse("frozen_text", args=[text.digest])).content.decode()
        for text in FrozenText.objects.exclude(kind="regulations.edition")
        | FrozenText.objects.filter(editions__template__slug="eu-model-return-regulation")
    }

    assert set(pages) == {
        "petitions.petition",
        "regulations.edition",
        "consultations.submission",
        "consultations.filing",
    }
    for kind, words in {
        "petitions.petition": "a duty to return large AI models",
        "regulations.edition": "Return of general-purpose AI models",
        "consultations.submission": "What technology areas should be prioritised",
        "consultations.filing": "archive-guild.example",
    }.items():
        shown = pages[kind].partition("<details")[0]
        assert words in shown
