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
    page = visitor.page
    page.goto("/accounts/login/")
    page.locator("input[type=email]").fill(mail)
    page.locator("input[type=password]").fill("a demo password")
    page.locator("main form").first.get_by_role("button").first.click()
    page.wait_for_load_state()


def press(visitor, name):
    visitor.page.get_by_role("button", name=name).first.click()
    return visitor.check()


def adapt(visitor, *, checks=False):
    """Begin the adaptation of the model: the same tradition in another jurisdiction. One test of many looks at the pages."""
    page = visitor.page
    page.goto(f"/instruments/{MODEL}/")
    page.get_by_role("link", name="Adapt to a jurisdiction").first.click()
    if checks:
        visitor.check()
    page.get_by_label("Jurisdiction").select_option(label="Switzerland")
    page.get_by_label("Title").fill("Return of models in Switzerland")
    page.get_by_role("button", name="Begin the adaptation").click()
    page.wait_for_url("**/draft/")
    if checks:
        visitor.check()
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
    draft = adapt(visitor, checks=True)
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


def keys_shown(page):
    """The provisions of the draft, in the order of the page, each with its depth."""
    return page.locator(".draft-row").evaluate_all("rows => rows.map(row => [row.id, row.dataset.depth])")


def middle(page, key, part=".draft-row__number"):
    box = page.locator(f"#{key} {part}").bounding_box()
    return box["x"] + min(box["width"] / 2, 10), box["y"] + box["height"] / 2


def foot(page, key):
    """A point just above the lower edge of a row."""
    box = page.locator(f"#{key}").bounding_box()
    return box["y"] + box["height"] - 3


def lift(page, key):
    """Take a provision by its number with the mouse button down, and begin to drag."""
    page.locator(f"#{key}").scroll_into_view_if_needed()
    x, y = middle(page, key)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 10, steps=2)
    return x


def moved_after(keys, key, after):
    """The rows as they are when one without others below it stands behind another of its depth without any."""
    row = next(each for each in keys if each[0] == key)
    rest = [each for each in keys if each[0] != key]
    place = next(index for index, each in enumerate(rest) if each[0] == after) + 1
    return [*rest[:place], row, *rest[place:]]


def test_a_provision_is_dragged_to_its_place_with_the_mouse(visit):
    visitor = visit()
    sign_in(visitor)
    draft = adapt(visitor)
    page = visitor.page
    page.set_viewport_size({"width": 1280, "height": 1600})
    before = keys_shown(page)
    number = page.locator("#rec-act .draft-row__number").inner_text()

    x = lift(page, "rec-act")
    page.mouse.move(x, foot(page, "rec-market"), steps=5)
    assert page.locator("#rec-market + .draft-drop").count() == 1
    page.mouse.up()
    page.locator("[data-draft-said]", has_text="is now").wait_for()

    expected = moved_after(before, "rec-act", "rec-market")
    assert keys_shown(page) == expected
    assert page.locator("#rec-act .draft-row__number").inner_text() != number
    assert page.evaluate("document.activeElement.closest('.draft-row').id") == "rec-act"
    page.reload()
    assert keys_shown(page) == expected
    assert page.url.partition("#")[0].endswith(draft.partition("#")[0])
    visitor.check()


def test_a_provision_dropped_on_the_line_or_below_the_text_goes_where_the_line_is(visit):
    visitor = visit()
    sign_in(visitor)
    adapt(visitor)
    page = visitor.page
    page.set_viewport_size({"width": 1280, "height": 1600})
    before = keys_shown(page)
    box = page.locator("#rec-market").bounding_box()

    x = lift(page, "rec-act")
    for y in range(-4, 5):  # over the line itself, pixel by pixel
        page.mouse.move(x, box["y"] + box["height"] + y)
        assert page.locator("#rec-market + .draft-drop").count() == 1
    page.mouse.up()
    page.locator("[data-draft-said]", has_text="is now").wait_for()

    assert keys_shown(page) == moved_after(before, "rec-act", "rec-market")


def test_a_provision_dropped_outside_the_window_stays(visit):
    visitor = visit()
    sign_in(visitor)
    adapt(visitor)
    page = visitor.page
    before = keys_shown(page)

    x = lift(page, "rec-act")
    page.mouse.move(x, -20)
    assert page.locator(".draft-drop:visible").count() == 0
    page.mouse.up()

    assert page.locator(".draft-drop, .is-dragged, .draft-mark").count() == 0
    page.reload()
    assert keys_shown(page) == before


def test_a_move_that_nobody_answered_is_told(visit):
    visitor = visit()
    sign_in(visitor)
    adapt(visitor)
    page = visitor.page
    page.locator("#rec-commons .draft-row__open").focus()
    page.keyboard.press("Alt+ArrowUp")
    page.locator("[data-draft-said]", has_text="is now").wait_for()
    before = keys_shown(page)
    page.context.clear_cookies()

    page.keyboard.press("Alt+ArrowUp")
    page.locator("[data-draft-said].is-trouble", has_text="Not moved.").wait_for()

    assert keys_shown(page) == before


def test_escape_lets_go_of_what_is_dragged(visit):
    visitor = visit()
    sign_in(visitor)
    adapt(visitor)
    page = visitor.page
    before = keys_shown(page)

    x = lift(page, "rec-act")
    page.mouse.move(x, foot(page, "rec-commons"), steps=5)
    page.keyboard.press("Escape")
    page.mouse.up()

    assert page.locator(".draft-drop, .is-dragged, .draft-mark").count() == 0
    page.reload()
    assert keys_shown(page) == before


def test_a_finger_that_holds_a_number_drags_it_and_one_that_wipes_scrolls(visit):
    visitor = visit(width=360, touch=True)
    sign_in(visitor)
    adapt(visitor)
    page = visitor.page
    page.set_viewport_size({"width": 360, "height": 2400})
    page.locator("#rec-act").scroll_into_view_if_needed()
    before = keys_shown(page)
    finger = page.context.new_cdp_session(page)

    def touch(kind, *point):
        points = [{"x": point[0], "y": point[1]}] if point else []
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    x, y = middle(page, "rec-act")
    touch("touchStart", x, y)
    touch("touchMove", x, y - 60)
    touch("touchEnd")
    page.wait_for_timeout(400)
    assert keys_shown(page) == before
    assert page.locator(".is-dragged").count() == 0

    page.reload()  # whatever still scrolls has stopped
    page.locator("#rec-act").scroll_into_view_if_needed()
    x, y = middle(page, "rec-act")
    touch("touchStart", x, y)
    page.locator("#rec-act.is-dragged").wait_for()
    touch("touchMove", x, y + 20)
    touch("touchMove", x, foot(page, "rec-commons"))
    page.locator("#rec-commons + .draft-drop").wait_for(state="attached")
    touch("touchEnd")
    page.locator("[data-draft-said]", has_text="is now").wait_for()

    assert keys_shown(page) == moved_after(before, "rec-act", "rec-commons")


def test_keys_move_and_say_so_and_keep_the_focus(visit):
    visitor = visit()
    sign_in(visitor)
    adapt(visitor)
    page = visitor.page
    before = keys_shown(page)

    page.locator("#rec-commons .draft-row__open").focus()
    page.keyboard.press("Alt+ArrowUp")
    said = page.locator("[data-draft-said]", has_text="recital (2) is now recital (1).")
    said.wait_for()

    assert said.get_attribute("role") == "status"
    assert page.evaluate("document.activeElement.closest('.draft-row').id") == "rec-commons"
    assert [key for key, _depth in keys_shown(page)].index("rec-commons") == [
        key for key, _depth in before
    ].index("rec-act")
    page.keyboard.press("Alt+ArrowRight")
    page.locator("[data-draft-said].is-trouble").wait_for()
    assert page.evaluate("document.activeElement.closest('.draft-row').id") == "rec-commons"
    page.keyboard.press("Delete")
    page.get_by_role("button", name="Put back").first.click()
    assert page.url.endswith("#rec-commons")


def test_without_javascript_a_provision_is_moved_to_any_place(visit):
    visitor = visit()
    sign_in(visitor)
    page = plain_page(visit, f"{adapt(visitor)}provisions/rec-act/")

    choose(page, "place", "After recital (3)")
    page.get_by_role("button", name="Move it there").click()

    assert page.url.endswith("#rec-act")
    assert "recital (1) is now recital (3)." in page.inner_text("body")


def test_without_javascript_earlier_words_are_used_again(visit):
    visitor = visit()
    sign_in(visitor)
    page = plain_page(visit, f"{adapt(visitor)}provisions/duty/")
    first = page.locator("textarea[name=body]").input_value()
    page.locator("textarea[name=body]").fill("Other words.")
    page.get_by_role("button", name="Save").first.click()
    page.goto(page.url.replace("draft/#duty", "draft/provisions/duty/"))

    page.locator("#earlier summary").first.click()
    page.get_by_role("button", name="Use these words").first.click()

    assert Provision.objects.get(edition__state="draft", key="duty").body == first
    page.goto(page.url.replace("draft/#duty", "draft/provisions/duty/"))
    page.locator("#earlier summary").first.click()
    assert "Other words" in page.locator("#earlier details[open]").inner_text()


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


def kept_words(page):
    """What this browser keeps of words that are not saved."""
    return page.evaluate(
        "Object.entries(localStorage).filter(([key]) => key.startsWith('autosave:')).map(([, kept]) => kept)"
    )


def test_words_of_a_refused_save_stay_in_the_browser_until_they_are_saved(visit):
    visitor = visit()
    sign_in(visitor)
    address = f"{adapt(visitor)}provisions/duty/"
    page, other = visitor.page, plain_page(visit, address)
    page.goto(address)
    other.locator("textarea[name=body]").fill("The other one writes this.")
    other.get_by_role("button", name="Save").first.click()

    page.locator("textarea[name=body]").fill("Mine.")
    page.get_by_role("button", name="Save").first.click()
    page.wait_for_load_state()
    assert "The other one writes this." in page.inner_text("main")
    [kept] = kept_words(page)
    page.goto(address)
    offered = page.locator("[data-autosave-kept]").inner_text()
    page.get_by_role("button", name="Take them into the form").click()
    page.get_by_role("button", name="Save").first.click()
    page.wait_for_url("**/draft/#duty")

    assert "Mine." in kept
    assert "Mine." in offered
    assert kept_words(page) == []
    assert Provision.objects.get(edition__state="draft", key="duty").body == "Mine."


def test_words_are_saved_from_the_page_of_a_refused_kind(visit):
    visitor = visit()
    sign_in(visitor)
    address = f"{adapt(visitor)}provisions/duty/"
    page, other = visitor.page, plain_page(visit, address)
    page.goto(address)
    other.get_by_text("Kind and options").click()
    other.locator("[name=traits-is_optional]").check()
    other.get_by_role("button", name="Change", exact=True).click()
    page.get_by_text("Kind and options").click()
    page.locator("[name=traits-needs]").fill("deposit")
    page.get_by_role("button", name="Change", exact=True).click()
    page.wait_for_url("**/traits/")  # the other one was first

    page.locator("textarea[name=body]").fill("Written after the refusal.")
    page.locator("[data-autosave-state]", has_text="Saved").wait_for()
    page.get_by_role("button", name="Save").first.click()
    page.wait_for_url("**/draft/#duty")

    assert Provision.objects.get(edition__state="draft", key="duty").body == "Written after the refusal."


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
