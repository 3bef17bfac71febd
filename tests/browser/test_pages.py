"""Every public page, on a phone and a desk, light and dark: axe, width, console."""

import pytest

from campaign.consultations.models import Filing
from campaign.petitions.models import Petition

PAGES = [
    "/",
    "/petitions/",
    "/petitions/{petition}/",
    "/petitions/{petition}/thanks/",
    "/campaigns/return-the-models/",
    "/organizations/",
    "/organizations/commons-lab/",
    "/instruments/",
    "/instruments/eu-model-return-regulation/",
    "/consultations/",
    "/consultations/deadlines/",
    "/consultations/eu-open-digital-ecosystems-2026/",
    "/portals/",
    "/portals/us-regulations-gov/",
    "/filings/{filing}/",
    "/texts/{digest}/",
    "/endorse/{digest}/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/login/code/",
    "/accounts/password/reset/",
    "/nowhere/",
]


@pytest.mark.parametrize(
    ("width", "scheme"), [(320, "light"), (360, "dark"), (1280, "light"), (1280, "dark")]
)
def test_public_pages_pass_the_checks(visit, width, scheme):
    visitor = visit(width=width, scheme=scheme)
    filing = Filing.objects.get()
    names = {
        "petition": Petition.objects.get().slug,
        "filing": filing.pk,
        "digest": filing.frozen_text.digest,
    }

    for address in PAGES:
        if address == "/nowhere/":
            visitor.page.goto(address)
            assert "404" in str(visitor.errors.pop())  # the browser itself logs the status
            visitor.check()
        else:
            visitor.go(address.format(**names))


def test_keyboard_reaches_the_content_first(visit):
    page = visit().go("/")

    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"
