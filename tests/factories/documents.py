"""Rows of the room documents."""

from datetime import UTC, datetime

import factory

from campaign.documents.models import Document, FrozenText
from campaign.documents.services import freeze_text

MOMENT = datetime(2026, 2, 1, 12, 30, tzinfo=UTC)


class FrozenTextFactory(factory.django.DjangoModelFactory):
    """A text frozen by the service, so that its digest is true. `payload` is a dict."""

    class Meta:
        model = FrozenText

    kind = "tests.text"
    title = factory.Sequence(lambda n: f"Text {n}")
    locale = "en"
    payload = factory.LazyFunction(lambda: {"paragraphs": ["One paragraph."]})
    at = MOMENT

    @classmethod
    def _create(cls, model_class, *args, **kwargs):  # noqa: ARG003  as the base class calls it
        return freeze_text(**kwargs)


class DocumentFactory(factory.django.DjangoModelFactory):
    """An order that nobody has claimed."""

    class Meta:
        model = Document

    kind = "tests.document"
    frozen_text = factory.SubFactory(FrozenTextFactory)
    locale = "en"
    requested_at = MOMENT
