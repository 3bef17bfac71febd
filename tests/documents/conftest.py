import pytest

from campaign.documents import builders, text_kinds
from campaign.documents.builders import DocumentSource, register_builder


@pytest.fixture(autouse=True)
def own_builders(monkeypatch):
    """Each test registers what it needs and leaves the site's builders as they were."""
    monkeypatch.setattr(builders, "_builders", {})
    monkeypatch.setattr(text_kinds, "_kinds", {})


@pytest.fixture
def build():
    """A builder of one small page, registered as "tests.document"."""

    def build_page(frozen_text, locale):
        title = frozen_text.title
        html = f'<!doctype html><html lang="{locale}"><head><title>{title}</title></head><body><p>{title}</p></body></html>'
        return DocumentSource(html=html, title=title, locale=locale, file_name="small page.pdf")

    register_builder("tests.document", build_page)
    return build_page
