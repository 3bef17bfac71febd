"""Two organizations answer a real call together, sign off, and file it, in the browser alone."""

import hashlib
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pikepdf
import pytest
from docx import Document as WordDocument

from campaign.consultations.models import Consultation, Filing
from tests.browser.conftest import DEADLINE
from tests.browser.test_coalition import follow, press, sign_in

pytestmark = pytest.mark.usefixtures("workers")
LEAD, DRAFTER = "lead@commons-lab.example", "drafter@archive-guild.example"
EU, US = "eu-open-digital-ecosystems-2026", "us-omb-federal-source-code-policy-2016"
TITLE = "What all have written returns to all"
BRUSSELS = ZoneInfo("Europe/Brussels")


def as_if_open(slug):
    """The call as it stood ten days before its end: what is tried here is filing, and that needs an open one."""
    closes_at = datetime.now(UTC).replace(microsecond=0) + timedelta(days=10)
    consultation = Consultation.objects.get(slug=slug)
    wall_time = closes_at.astimezone(ZoneInfo(consultation.time_zone))
    Consultation.objects.filter(slug=slug).update(
        closes_at=closes_at, closes_wall_time=f"{wall_time:%Y-%m-%dT%H:%M:%S}"
    )
    consultation.channels.update(closes_at=None, closes_wall_time="", time_zone="")
    return consultation


def begin(visitor, slug, title):
    page = visitor.go(f"/consultations/{slug}/")
    follow(visitor, "Answer this consultation")
    page.get_by_label("Title of the submission").fill(title)
    press(visitor, "Begin the draft")
    return page.url


def answer(visitor, address, number, *, full, short):
    page = visitor.go(f"{address}answers/{number}/")
    page.get_by_label("Full answer").fill(full)
    page.get_by_label("Answer for the portal's box").fill(short)
    page.locator("button[name=stay]").click()
    visitor.check()


def test_two_organizations_answer_the_eu_call_sign_off_and_record_the_receipt(visit, tmp_path):
    as_if_open(EU)
    lead, drafter = visit(), visit(width=360, scheme="dark")
    sign_in(lead, LEAD)
    sign_in(drafter, DRAFTER)
    address = begin(lead, EU, TITLE)

    # Two people fill the 4,000 characters that all answers share.
    answer(lead, address, "1", full="Training took **all** texts.", short="a" * 2_000)
    answer(drafter, address, "2", full="Archives can keep the weights.", short="b" * 2_100)
    assert "over the limit of 4,000 characters" in drafter.page.inner_text("main")
    drafter.page.get_by_label("Answer for the portal's box").fill("b" * 1_900)
    left = drafter.page.locator("[data-scope=shared] [data-left] [data-number]")
    assert left.inner_text() == str(4_000 - len(f"1. {'a' * 2_000}\n\n2. {'b' * 1_900}"))  # while typing
    drafter.page.locator("button[name=stay]").click()
    drafter.check()
    assert "left of 4,000 characters" in drafter.page.inner_text("main")

    # The lead freezes; three questions stay open, which is a warning.
    lead.go(f"{address}freeze/")
    lead.page.get_by_label("I have read the warnings").check()
    press(lead, "Freeze the text")
    press(lead, "Sign off for Commons Lab")
    drafter.go(f"{address}approvals/")
    press(drafter, "Sign off for Archive Guild")
    assert "2 of 5 organizations have signed off." in drafter.page.inner_text("main")

    # Fixed with those two; the three that are waited for are passed over knowingly.
    lead.go(f"{address}file/")
    assert "Free Models Collective" in lead.page.inner_text(".findings")
    press(lead, "Fix all this and make the files")
    assert lead.page.url.endswith("/file/")
    lead.page.get_by_label("I have read the warnings").check()
    press(lead, "Fix all this and make the files")

    # The kit: one box, in the portal's counting, and the PDF with its digest.
    kit = lead.page.url
    box = lead.page.locator("pre.box-text").inner_text()
    assert box == f"1. {'a' * 2_000}\n\n2. {'b' * 1_900}"
    lead.reload_until("SHA-256")
    with lead.page.expect_download() as download:
        lead.page.locator("a[href$='/file']").first.click()
    download.value.save_as(tmp_path / "filing.pdf")
    content = (tmp_path / "filing.pdf").read_bytes()
    assert hashlib.sha256(content).hexdigest() in lead.page.inner_text("main")
    with pikepdf.open(tmp_path / "filing.pdf") as pdf:
        assert pdf.docinfo["/Title"] == TITLE

    # Nobody outside sees it before the receipt; everybody does after it.
    filing = Filing.objects.get(submission__title=TITLE)
    stranger = visit()
    assert stranger.page.goto(f"/filings/{filing.pk}/").status == 404
    stranger.errors.clear()
    lead.go(kit)
    now = datetime.now(BRUSSELS)
    lead.page.get_by_label("How it was handed in").select_option(label="Form on the portal")
    lead.page.get_by_label("Day").fill(f"{now:%Y-%m-%d}")
    lead.page.get_by_label("Time", exact=True).fill(f"{now:%H:%M}")
    lead.page.get_by_label("The authority's number for it").fill("F3391234")
    lead.page.get_by_label("The receipt itself").set_input_files(
        {"name": "receipt.pdf", "mimeType": "application/pdf", "buffer": content}
    )
    press(lead, "Put it on record")
    assert "On record: filed in time." in lead.page.inner_text("body")
    stranger.go(f"/filings/{filing.pk}/")
    shown = stranger.page.inner_text("main")
    assert "F3391234" in shown
    assert "Archive Guild" in shown

    # Both organizations are told.
    stranger.go("/dev/mail/")
    stranger.reload_until(f"Filed: {TITLE}")


def test_the_us_call_goes_out_as_text_and_as_word_file_without_footnotes(visit, tmp_path):
    as_if_open(US)
    lead = visit()
    sign_in(lead, LEAD)
    address = begin(lead, US, "Code paid for by all belongs to all")
    answer(
        lead,
        address,
        "1",
        full="Release **all** of it. See [the memo](https://example.org/memo).",
        short="Release all of it.",
    )
    lead.go(f"{address}freeze/")
    lead.page.get_by_label("I have read the warnings").check()
    press(lead, "Freeze the text")
    press(lead, "Sign off for Commons Lab")
    lead.go(f"{address}file/")
    lead.page.get_by_label("I have read the warnings").check()
    press(lead, "Fix all this and make the files")
    assert lead.page.locator("pre.box-text").first.inner_text().endswith("Release all of it.")
    follow(lead, "The page of this filing")
    page_of_filing = lead.page.url

    files = {}
    for name in ("Word document, plain (DOCX)", "Plain text"):
        lead.go(page_of_filing)
        row = lead.page.locator(".files > li", has_text=name)
        row.get_by_role("button", name="Have it made").click()
        lead.check()
        link = lead.page.get_by_role("link", name=f"Download: {name}")
        link.wait_for(timeout=DEADLINE * 1000)
        with lead.page.expect_download() as download:
            link.click()
        files[name] = tmp_path / download.value.suggested_filename
        download.value.save_as(files[name])

    word = WordDocument(str(files["Word document, plain (DOCX)"]))
    assert "Release all of it." in "\n".join(each.text for each in word.paragraphs)
    assert "footnoteReference" not in word.element.xml
    text = files["Plain text"].read_text()
    assert "Release all of it." in text
    assert "[^" not in text
