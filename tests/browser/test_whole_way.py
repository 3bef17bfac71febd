"""The whole way once: a signature becomes a filing."""

import hashlib

import pikepdf
import pytest

from campaign.petitions.models import Petition
from tests.browser.conftest import DEADLINE

pytestmark = pytest.mark.usefixtures("workers")
DEMO_LEAD = ("lead@commons-lab.example", "a demo password")


def open_mail(visitor, text):
    """Wait for a mail on the development page and open its first link."""
    visitor.go("/dev/mail/")
    visitor.reload_until(text)
    link = visitor.page.locator("main a[href*='/signatures/'], main a[href*='/endorsements/']").first
    link.click()
    return visitor.check()


@pytest.mark.parametrize(("width", "javascript"), [(360, True), (1280, False)])
def test_a_person_signs_confirms_and_gets_a_number(visit, width, javascript):
    visitor = visit(width=width, javascript=javascript)
    petition = Petition.objects.get()
    check = visitor.check if javascript else visitor.page.wait_for_load_state  # axe is a script

    visitor.page.goto(f"/petitions/{petition.slug}/")
    check()
    visitor.page.get_by_label("Your name").fill("Grace Signer")
    visitor.page.get_by_label("E-mail address").fill("grace@example.org")
    visitor.page.get_by_label("Country you live in").select_option("SE")
    visitor.page.get_by_label("I sign this petition").check()
    visitor.page.get_by_label("Show my name").check()
    visitor.page.get_by_role("button", name="Sign the petition").click()
    check()
    reader = visit()
    address = open_mail(reader, "grace@example.org").url
    visitor.page.goto(address)
    visitor.page.get_by_role("button", name="Confirm").click()
    waiting = DEADLINE * 2
    number = visitor.page.locator(".count__figure")  # the address of the site may hold any digits
    while number.count() == 0 and waiting:
        visitor.page.wait_for_timeout(500)
        visitor.page.reload()
        waiting -= 1
    check()

    assert number.inner_text() == "65"
    visitor.page.goto(f"/petitions/{petition.slug}/")
    assert number.inner_text() == "65"
    assert "Grace Signer" in visitor.page.inner_text("main")


def sign_in(visitor):
    page = visitor.go("/accounts/login/")
    page.locator("input[type=email]").fill(DEMO_LEAD[0])
    page.locator("input[type=password]").fill(DEMO_LEAD[1])
    page.locator("main form").first.get_by_role("button").first.click()
    return visitor.check()


def test_a_team_answers_freezes_endorses_files_and_downloads_the_pdf(visit, tmp_path):
    visitor = visit()
    page = sign_in(visitor)

    visitor.go("/consultations/us-omb-federal-source-code-policy-2016/")
    page.get_by_role("link", name="Answer this consultation").click()
    visitor.check()
    page.get_by_label("Title of the submission").fill("Code paid for by all belongs to all")
    page.get_by_role("button", name="Begin the draft").click()
    visitor.check()
    page.get_by_role("link", name="To what extent is the proposed pilot").click()
    visitor.check()
    page.get_by_label("Full answer").fill("Release **all of it**. See [the memo](https://example.org/memo).")
    page.get_by_label("Answer for the portal's box").fill("Release all of it.")
    page.get_by_role("button", name="Save", exact=True).click()
    visitor.check()
    page.get_by_role("link", name="Code paid for by all belongs to all").first.click()
    page.get_by_role("link", name="Check and freeze").click()
    visitor.check()
    page.get_by_label("I have read the warnings").check()
    page.get_by_role("button", name="Freeze the text").click()
    visitor.check()
    page.get_by_role("link", name="Code paid for by all belongs to all").first.click()
    endorse_it(
        visit,
        page.get_by_role("link", name="The page where an organization endorses it").get_attribute("href"),
    )
    page.get_by_role("link", name="Prepare the filing").click()
    visitor.check()
    page.get_by_label("Practice, for learning and for showing").check()
    page.get_by_label("I have read the warnings").check()
    page.get_by_role("button", name="Fix all this and make the files").click()
    visitor.check()
    page.get_by_role("link", name="The page of this filing").click()
    visitor.check()
    page.get_by_role("link", name="Download: PDF").wait_for(timeout=DEADLINE * 1000)
    visitor.check()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download: PDF").click()
    download.value.save_as(tmp_path / "filing.pdf")

    shown = page.text_content("main")  # digests are folded away
    assert hashlib.sha256((tmp_path / "filing.pdf").read_bytes()).hexdigest() in shown
    assert "Riverside Readers" in shown
    with pikepdf.open(tmp_path / "filing.pdf") as pdf:
        assert str(pdf.Root.Lang) == "en"
        assert pdf.docinfo["/Title"] == "Code paid for by all belongs to all"


def endorse_it(visit, address):
    """Somebody else, without an account, signs for their organization."""
    visitor = visit(width=360, scheme="dark")
    page = visitor.go(address)
    page.get_by_label("Legal name").fill("Riverside Readers Ltd")
    page.get_by_label("Name to show").fill("Riverside Readers")
    page.get_by_label("Kind").select_option("ngo")
    page.get_by_label("Country of seat").select_option("GB")
    page.get_by_label("Website").fill("https://riverside-readers.example")
    page.get_by_label("Your name").fill("Robin Reader")
    page.get_by_label("Your function").fill("Chair")
    page.get_by_label("Your mail address").fill("robin@gmail.com")
    page.get_by_label("I am authorized").check()
    page.get_by_label("may be published").check()
    page.get_by_role("button", name="Send the link").click()
    visitor.check()
    assert "not on the website" in page.inner_text("main")
    page.get_by_label("Your mail address").fill("robin@riverside-readers.example")
    page.get_by_role("button", name="Send the link").click()
    visitor.check()
    open_mail(visitor, "robin@riverside-readers.example")
    page.get_by_role("button").filter(has_text="onfirm").first.click()
    visitor.check()
    assert "Riverside Readers" in page.inner_text("main")
