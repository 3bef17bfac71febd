import pytest
from django.utils import timezone, translation

from campaign.consultations.documents import build_filing
from campaign.consultations.models import Answer
from campaign.consultations.printed.notes import FootNotes
from campaign.organizations.services import confirm_endorsement
from campaign.petitions.services import number_waiting_signatures
from tests.consultations.walk import freeze, prepare
from tests.factories.consultations import AnswerFactory
from tests.factories.organizations import EndorsementFactory
from tests.factories.petitions import ConfirmedSignatureFactory, PetitionFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def filing():
    petition = PetitionFactory(title="The petition")
    ConfirmedSignatureFactory.create_batch(6, petition=petition, country="FR")
    number_waiting_signatures(at=NOW)
    answer = AnswerFactory(
        submission__petition=petition, question__text="What, exactly?", question__position=1
    )
    frozen = freeze(answer.submission, at=NOW)
    row = EndorsementFactory(
        frozen_text=frozen.frozen_text, display_name="<b>Hostile</b> Union", country="FR"
    )
    confirm_endorsement(endorsement=row, at=NOW)
    return prepare(frozen, at=NOW)


def build(filing):
    with translation.override("en"):
        return build_filing(filing.record, "en").html


def test_build_holds_questions_answers_endorsers_and_count(filing):
    html = build(filing)

    for expected in ("What, exactly?", "<strong>this</strong>", "&lt;b&gt;Hostile&lt;/b&gt; Union", "France"):
        assert expected in html
    assert "<b>Hostile" not in html
    assert filing.frozen_text.digest in html
    assert ">6</td>" in html


def test_build_depends_on_what_was_fixed_alone(filing):
    before = build(filing)

    Answer.objects.update(text="Changed since")
    ConfirmedSignatureFactory(petition=filing.submission.petition, country="FR")
    number_waiting_signatures(at=NOW)
    filing.submission.campaign.title = "Renamed"
    filing.submission.campaign.save()

    assert build(filing) == before


def printed_html(markdown):
    return FootNotes([]).html(markdown)


def test_printed_html_puts_addresses_at_the_foot_of_the_page():
    html = printed_html("See [the law](https://example.org/a?b=1&c=2).")

    assert '<span class="footnote">https://example.org/a?b=1&amp;c=2</span>' in html


def test_printed_html_keeps_hostile_markup_as_text():
    html = printed_html(
        '[x](https://example.org/"onmouseover=y) <a href="https://e.org">z</a><script>q</script>'
    )

    assert "<script" not in html
    assert "onmouseover=y" not in html.replace("%22onmouseover=y", "").replace("&quot;onmouseover=y", "")
