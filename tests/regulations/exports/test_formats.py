"""The table of formats, which views look into."""

import pytest

from campaign.regulations.blocks import writing_as_data, writing_of_data
from campaign.regulations.exports.formats import LAW_FORMATS, WRITING_FORMATS, law_stem, safe_stem
from tests.regulations.exports.samples import ORIGIN, REDLINE, TABLE, whole


@pytest.mark.parametrize("key", LAW_FORMATS)
def test_every_law_format_makes_a_file(key):
    each = LAW_FORMATS[key]

    assert each.key == key
    assert len(each.content(whole(), ORIGIN)) > 500
    assert each.content(whole(), ORIGIN) == each.content(whole(), ORIGIN)


@pytest.mark.parametrize("key", WRITING_FORMATS)
@pytest.mark.parametrize("writing", [REDLINE, TABLE])
def test_every_writing_format_makes_the_same_file_twice(key, writing):
    each = WRITING_FORMATS[key]

    assert each.content(writing, ORIGIN) == each.content(writing, ORIGIN)


def test_file_names_are_different_for_each_format():
    names = [each.file_name("x") for each in WRITING_FORMATS.values()]

    assert names == ["x.docx", "x-tracked.docx", "x.html", "x.md", "x.txt"]


@pytest.mark.parametrize(
    ("parts", "stem"),
    [
        (["small-act", "1.0"], "small-act-1.0"),
        (["../../etc/passwd", "1"], "etc-passwd-1"),
        (['a"b\r\nc', ".."], "a-b-c"),
        (["Règlement"], "Reglement"),
        (["모델"], "text"),
        ([".hidden"], "hidden"),
        (["a" * 300], "a" * 100),
    ],
)
def test_safe_stem(parts, stem):
    assert safe_stem(*parts) == stem


def test_law_stem_is_slug_and_label():
    assert law_stem(whole()) == "small-act-1.0"


@pytest.mark.parametrize("writing", [REDLINE, TABLE])
def test_writing_reads_back_from_its_data(writing):
    assert writing_of_data(writing_as_data(writing)) == writing
