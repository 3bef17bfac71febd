import io
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pypdf
import pytest
from django.utils import timezone, translation

from campaign.documents.models import Document, DocumentState
from campaign.documents.rendering import run_renderer
from campaign.documents.services import render_document
from campaign.organizations.services import confirm_endorsement
from campaign.petitions.charts import Bar, columns, rows
from campaign.petitions.documents import build_handover, draw_handover
from campaign.petitions.models import Petition
from campaign.petitions.services import (
    number_waiting_signatures,
    report_count,
    set_threshold,
    watch_thresholds,
    withdraw_signature,
)
from tests.factories.accounts import UserFactory
from tests.factories.organizations import EndorsementFactory
from tests.factories.petitions import ConfirmedSignatureFactory, DemandFactory, HandoverFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def endorsed(text, **fields):
    confirm_endorsement(endorsement=EndorsementFactory(frozen_text=text, **fields), at=NOW)


@pytest.fixture
def handover():
    petition = DemandFactory(
        title="Return <the> models", text="We ask for **this**. [Law](https://example.org/law)"
    )
    ConfirmedSignatureFactory.create_batch(6, petition=petition, country="FR", name="Grace Hidden")
    ConfirmedSignatureFactory.create_batch(3, petition=petition, country="MT")
    ConfirmedSignatureFactory.create_batch(4, petition=petition, country="LU")
    endorsed(petition.frozen_text, display_name="<b>Hostile</b> Union", country="FR")
    endorsed(petition.frozen_text, display_name="Alpine League", country="AT")
    report_count(
        petition=petition, kind="paper", count=1200, collected_by="A shop", note="", by=UserFactory(), at=NOW
    )
    set_threshold(petition=petition, count=10, consequence="They must answer.")
    set_threshold(petition=petition, count=100, consequence="They must debate.")
    number_waiting_signatures(at=NOW)
    watch_thresholds(at=NOW)
    return HandoverFactory(
        petition=petition, office="Room 4.11", items=["This document", "Sheets"], note="Thank you."
    )


def built(handover, locale="en"):
    with translation.override(locale):
        return build_handover(handover.record, locale)


def printed(handover, locale="en"):
    """The text of each page."""
    source = built(handover, locale)
    record = handover.record
    pdf = run_renderer(html=source.html, title=source.title, digest=record.digest, moment=record.frozen_at)
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf.content)).pages]


def test_document_prints_everything_that_was_fixed(handover):
    pages = printed(handover)

    whole = " ".join(pages)
    for expected in (
        "Return <the> models",
        "Room 4.11",
        "13people have signed this petition",
        "Organization",
    ):
        assert expected in pages[0]
    for expected in ("Sheets", "Thank you.", "We ask for this.", "https://example.org/law", "10 signatures:"):
        assert expected in whole
    for expected in (
        "France 6",
        "Other countries 7",
        "All 13",
        "1,200 signatures on paper",
        "<b>Hostile</b> Union",
    ):
        assert expected in whole
    assert "They must debate" not in whole
    assert handover.record.digest in pages[-1]
    assert handover.record.data["ledger"]["root"] in pages[-1].replace(" ", "")


def test_document_names_no_signer(handover):
    html = built(handover).html

    assert "Grace Hidden" not in html
    assert "signer-" not in html
    assert "Grace Hidden" not in handover.record.payload


def test_document_depends_on_what_was_fixed_alone(handover):
    before = built(handover).html

    Petition.objects.update(title="Other", text="Other")
    withdraw_signature(signature=handover.petition.signatures.first(), at=NOW)
    ConfirmedSignatureFactory(petition=handover.petition)
    number_waiting_signatures(at=NOW)
    endorsed(handover.petition.frozen_text, display_name="Latecomers")

    assert built(handover).html == before


def test_document_is_made_by_its_order(handover):
    order = Document.objects.get(kind="petitions.handover", frozen_text=handover.record)

    render_document(document_id=str(order.pk), at=NOW)

    order.refresh_from_db()
    assert order.state == DocumentState.READY
    assert order.file_name == f"{handover.petition.slug}-{handover.record.digest[:8]}.pdf"


def test_document_groups_endorsers_by_region(handover):
    html = built(handover).html

    assert html.index("Europe (2)") < html.index("Alpine League") < html.index("Hostile")
    assert "<b>Hostile" not in html
    assert "&lt;b&gt;Hostile&lt;/b&gt; Union" in html


def test_document_with_a_long_text_and_many_endorsers_breaks_in_the_right_places():
    petition = DemandFactory(
        text="\n\n".join(f"Paragraph {n}. " + "We ask for this. " * 40 for n in range(20))
    )
    for number in range(65):
        endorsed(
            petition.frozen_text, display_name=f"Member {number:02}", country=("FR", "DE", "IT")[number % 3]
        )
    handover = HandoverFactory(petition=petition)

    pages = printed(handover)

    where = {
        title: next(n for n, page in enumerate(pages) if n > 1 and title in page)
        for title in (
            "Paragraph 19",
            "The signatures",
            "Organizations behind this text",
            "How to check the count",
        )
    }
    assert list(where.values()) == sorted(where.values())
    assert where["The signatures"] > where["Paragraph 19"]
    assert sum(page.count("Member ") for page in pages) == 65
    assert handover.record.digest in pages[-1]
    assert all(handover.record.digest not in page for page in pages[:-1])


def test_document_shows_months_when_it_collected_for_long():
    petition = DemandFactory(opened_at=NOW - timedelta(days=200))
    for day in (datetime(2026, 1, 20, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)):
        ConfirmedSignatureFactory.create_batch(2, petition=petition, confirmed_at=day)

    html = built(HandoverFactory(petition=petition)).html

    assert "By month" in html
    shown = html[html.index("Month of confirmation") :]
    assert shown.index("January 2026") < shown.index("February 2026") < shown.index("March 2026")


def test_document_in_a_language_from_right_to_left_mirrors_its_charts(handover):
    def first_bar():
        return rows([Bar("a", 10), Bar("b", 5)]).bars[1]

    with translation.override("ar"):
        mirrored = first_bar()

    assert float(mirrored.x) + float(mirrored.width) == 600 - float(first_bar().x)
    assert 'dir="rtl"' in built(handover, "ar").html


@pytest.mark.parametrize("count", [1, 12, 31, 61])
def test_columns_name_as_many_as_have_room(count):
    chart = columns([Bar(f"day {n}", n) for n in range(count)])

    named = [float(bar.label_x) for bar in chart.bars if bar.label]
    assert chart.bars[0].label == "day 0"
    assert all(later - earlier >= 31 for earlier, later in pairwise(named))
    assert max(float(bar.height) for bar in chart.bars) <= 132


def test_columns_of_nothing_do_not_divide_by_it():
    assert [bar.height for bar in columns([Bar("a", 0)]).bars] == ["0.0"]


def test_record_is_shown_on_the_page_of_the_frozen_text(handover, client):
    page = client.get(f"/texts/{handover.record.digest}/").content.decode()

    assert "Record of a hand-over" in page
    assert "Room 4.11" in page
    assert "13" in str(draw_handover(handover.record))
