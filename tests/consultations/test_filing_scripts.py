"""Every script comes out of every document as it went in."""

import io
import re
import subprocess
import unicodedata
from shutil import which

import docx
import pytest
from django.utils import translation
from lxml import etree

from campaign.consultations.documents import build_filing, build_text, build_word
from campaign.documents.archives import read_archive
from campaign.documents.formats import DOCX, ODT, PDF, TEXT
from campaign.documents.making import make_file
from tests.consultations.filing_sample import fixed, question

pytestmark = pytest.mark.django_db

# language, what fc-list calls a font for it, words
SCRIPTS = [
    ("en", "en", "The quick brown fox jumps over the lazy dog."),
    ("cs", "cs", "Příliš žluťoučký kůň úpěl ďábelské ódy."),
    ("el", "el", "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία."),
    ("uk", "uk", "Чуєш їх, доцю, га? Кумедна ж ти, прощайся без ґольфів!"),
    ("ko", "ko", "다람쥐 헌 쳇바퀴에 타고파."),
    ("ja", "ja", "いろはにほへと、散りぬるを。私たちは公開を求めます。"),
    ("zh-hans", "zh-cn", "我们要求公开决定的登记册。"),
    ("zh-hant", "zh-tw", "我們要求公開決定的登記冊。"),
    ("ar", "ar", "نطلب نشر السجل العام لكل القرارات"),
    ("he", "he", "אנחנו מבקשים לפתוח את המרשם"),
    ("hi", "hi", "हम निर्णयों का सार्वजनिक रजिस्टर माँगते हैं"),
]


def has_font(language):
    if which("fc-list") is None:
        return False
    found = subprocess.run(["fc-list", f":lang={language}", "family"], capture_output=True, check=False)
    return bool(found.stdout.strip())


def script(language, font, words):
    missing = not has_font(font)
    return pytest.param(
        language, words, marks=pytest.mark.skipif(missing, reason=f"no font here for {language}"), id=language
    )


def made(build, media_type, language, words):
    record = fixed(
        title=words,
        locale=language,
        summary="",
        evidence=[],
        sections=[{"title": "A", "questions": [question(answer=f"{words}\n\n- **{words}**")]}],
    )
    with translation.override(language if language in {"ar", "he"} else "en"):
        source = build(record, language)
    return make_file(source=source, media_type=media_type, frozen_text=record, locale=language).content


def plain(text):
    """Letters and marks alone: lines break anywhere, and PDF readers add marks of direction."""
    text = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s\u200b-\u200f\u202a-\u202e\u2066-\u2069\u00ad]", "", text)


@pytest.mark.parametrize(("language", "words"), [script(*row) for row in SCRIPTS])
def test_pdf_gives_its_words_back(language, words):
    content = made(build_filing, PDF, language, words)

    # In the order of the file, but for scripts that are read from the right: the reader turns those lines itself.
    order = [] if language in {"ar", "he"} else ["-raw"]
    shown = subprocess.run(
        ["pdftotext", *order, "-", "-"], input=content, capture_output=True, check=True
    ).stdout.decode()

    assert plain(shown).count(plain(words)) >= 3  # on the cover, in the paragraph, in the list


@pytest.mark.parametrize(("language", "words"), [(row[0], row[2]) for row in SCRIPTS])
def test_docx_gives_its_words_back_and_names_its_language(language, words):
    content = made(build_word, DOCX, language, words)

    lines = [row.text for row in docx.Document(io.BytesIO(content)).paragraphs]
    styles = etree.fromstring(read_archive(content)["word/styles.xml"])
    assert lines.count(words) == 3
    assert next(styles.iter("{*}lang")).attrib.values()[0].lower() == language


@pytest.mark.parametrize(("language", "words"), [(row[0], row[2]) for row in SCRIPTS])
def test_odt_and_text_give_their_words_back(language, words):
    odt = etree.fromstring(read_archive(made(build_word, ODT, language, words))["content.xml"])

    lines = ["".join(row.itertext()).strip() for row in odt.iter("{*}p")]
    assert lines.count(words) == 3
    assert words in made(build_text, TEXT, language, words).decode()
