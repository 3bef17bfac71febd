"""A law for another place in the browser alone: adapt, switch, move, publish, and take the files that all say the same."""

import io
import re
import zipfile

import pytest
from lxml import etree
from pypdf import PdfReader

from campaign.regulations.models import Edition, Provision
from campaign.regulations.numbered import NumberedText, walk_numbered
from tests.browser.conftest import DEADLINE

MODEL = "eu-model-return-regulation"
AKN = "{http://docs.oasis-open.org/legaldocml/ns/akn/3.0}"


def sign_in(visitor, mail="lead@commons-lab.example"):
    page = visitor.go("/accounts/login/")
    page.locator("input[type=email]").fill(mail)
    page.locator("input[type=password]").fill("a demo password")
    page.locator("main form").first.get_by_role("button").first.click()
    return visitor.check()


def press(visitor, name):
    visitor.page.get_by_role("button", name=name).first.click()
    return visitor.check()


def adapt(visitor):
    """Begin the adaptation of the model to Norway-like ground: the same tradition in another jurisdiction."""
    page = visitor.go(f"/instruments/{MODEL}/")
    page.get_by_role("link", name="Adapt to a jurisdiction").first.click()
    visitor.check()
    page.get_by_label("Jurisdiction").select_option(label="Switzerland")
    page.get_by_label("Title").fill("Return of models in Switzerland")
    press(visitor, "Begin the adaptation")
    return page.url


def saved(page, link):
    """The bytes of a file that a link on the page gives."""
    with page.expect_download(timeout=DEADLINE * 1000) as download:
        link.click()
    return io.BytesIO(download.value.path().read_bytes())


def words(text):
    """A text as it is compared: without spaces, and without what parts lines."""
    return re.sub(r"\s+", "", text.replace("\u00a0", " "))


def docx_text(file):
    """The words of a Word file, those struck out as well."""
    with zipfile.ZipFile(file) as archive:
        tree = etree.fromstring(archive.read("word/document.xml"))
    return "".join(tree.itertext())


@pytest.mark.usefixtures("workers")
def test_adapt_switch_move_publish_and_take_every_file(visit):
    visitor = visit()
    sign_in(visitor)
    draft = adapt(visitor)
    page = visitor.page

    # An optional provision goes, with the recital that needs it.
    page.get_by_role("link", name="Options", exact=True).click()
    visitor.check()
    for key in ("research", "rec-research"):
        page.locator(f"[name='switch:{key}']").uncheck()
    press(visitor, "Save the options")

    # An article moves up, by keys.
    visitor.go(draft)
    page.locator("#hold .draft-row__open").focus()
    page.keyboard.press("Alt+ArrowUp")
    page.locator("[data-moved='hold']").wait_for()

    # Words change while they are written.
    page.locator("#small .draft-row__open").click()
    visitor.check()
    body = page.locator("textarea[name=body]")
    body.fill(body.input_value().replace("shall be extended by", "is extended by"))
    page.locator("[data-autosave-state]", has_text="Saved").wait_for()

    visitor.go(f"{draft}publish/")
    press(visitor, "Publish this edition")
    assert page.url.endswith("/editions/1.0/")

    edition = Edition.objects.get(template__title="Return of models in Switzerland")
    law = NumberedText.of_payload(edition.frozen_text.data)
    printed = {item.key: item for _depth, item in walk_numbered(law.provisions)}
    assert "research" not in printed
    assert Provision.objects.get(edition=edition, key="small").body.count("is extended by") == 1

    xml = etree.parse(saved(page, page.get_by_role("link", name="Akoma Ntoso")))
    ids = [element.get("wId") for element in xml.iter() if element.get("wId")]
    assert [key for key in printed if key not in ids] == []
    assert "research" not in ids

    law_docx = words(docx_text(saved(page, page.get_by_role("link", name="Word"))))
    assert words(printed["small"].body_text) in law_docx

    compare(visitor, edition, printed)


def choose(page, name, words):
    """The option of a list whose text holds these words."""
    option = page.locator(f"select[name={name}] option", has_text=words).first
    page.locator(f"select[name={name}]").select_option(option.get_attribute("value"))


def compare(visitor, edition, printed):
    """Redline, two columns and amendments say the same on the page, as Word file and as PDF."""
    page = visitor.page
    # What follows the changed words: it stands in one piece in each form.
    tail = words(printed["small"].body_text).partition("isextendedby")[2][:60]
    assert tail
    for form in ("redline", "columns", "parliament"):
        visitor.go(f"/instruments/{edition.template.slug}/compare/")
        choose(page, "old", ", 1.1")
        choose(page, "new", "Edition 1.0")
        page.locator("select[name=form]").select_option(form)
        press(visitor, "Compare")
        assert tail in words(page.inner_text("main"))
        assert tail in words(docx_text(saved(page, page.get_by_role("link", name="Word").first)))
        press(visitor, "Get it as PDF")
        link = page.get_by_role("link", name=re.compile("PDF"))
        link.first.wait_for(timeout=DEADLINE * 1000)
        pdf = "".join(sheet.extract_text() for sheet in PdfReader(saved(page, link.first)).pages)
        assert tail[:30] in words(pdf)


def test_two_people_at_one_provision_lose_nothing(visit):
    one, other = visit(), visit(width=360, scheme="dark")
    sign_in(one)
    sign_in(other)
    draft = adapt(one)
    one.go(f"{draft}provisions/duty/")
    other.go(f"{draft}provisions/duty/")

    one.page.locator("textarea[name=body]").fill("The first one writes this.")
    one.page.locator("[data-autosave-state]", has_text="Saved").wait_for()
    other.page.locator("textarea[name=body]").fill("The second one writes that.")
    other.page.locator("[data-autosave-state].is-trouble").wait_for()

    assert "The first one writes this." in other.page.inner_text("main")
    assert other.page.locator("textarea[name=body]").input_value() == "The second one writes that."
    assert Provision.objects.get(edition__state="draft", key="duty").body == "The first one writes this."


def plain_page(visit, address=""):
    """A page without JavaScript, signed in. What is looked at through scripts cannot be asked there."""
    page = visit(javascript=False).page
    page.goto("/accounts/login/")
    page.locator("input[type=email]").fill("lead@commons-lab.example")
    page.locator("input[type=password]").fill("a demo password")
    page.locator("main form").first.get_by_role("button").first.click()
    page.goto(address)
    return page


def test_without_javascript_a_conflict_shows_both_texts(visit):
    visitor = visit()
    sign_in(visitor)
    address = f"{adapt(visitor)}provisions/duty/"
    one, other = plain_page(visit, address), plain_page(visit, address)

    one.locator("textarea[name=body]").fill("The first one writes this.")
    one.get_by_role("button", name="Save").first.click()
    other.locator("textarea[name=body]").fill("The second one writes that.")
    other.get_by_role("button", name="Save").first.click()

    assert "The first one writes this." in other.locator("aside").inner_text()
    assert other.locator("textarea[name=body]").input_value() == "The second one writes that."


def test_words_of_a_lost_session_are_kept_in_the_browser(visit):
    visitor = visit()
    sign_in(visitor)
    draft = adapt(visitor)
    page = visitor.go(f"{draft}provisions/duty/")
    page.context.clear_cookies()

    page.locator("textarea[name=body]").fill("Written after the session was gone.")
    page.locator("[data-autosave-state].is-trouble").wait_for()
    visitor.errors.clear()  # the browser itself logs the refused save
    sign_in(visitor)
    visitor.go(f"{draft}provisions/duty/")
    press(visitor, "Take them into the form")

    assert page.locator("textarea[name=body]").input_value() == "Written after the session was gone."
    page.locator("[data-autosave-state]", has_text="Saved").wait_for()
