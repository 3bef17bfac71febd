"""Canonical JSON: one value, one way to write it."""

import hashlib
import json
import subprocess
import unicodedata
from shutil import which

import pytest
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st

from campaign.documents.canonical import MAX_DEPTH, MAX_INTEGER, NotCanonical, canonical_json, digest_of

letters = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | letters,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.lists(st.tuples(letters, inner), max_size=5, unique_by=lambda pair: nfc(pair[0])).map(dict)
    ),
    max_leaves=30,
)


def nfc(value):
    """The value as canonical JSON holds it, written a second way."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [nfc(item) for item in value]
    if isinstance(value, dict):
        return {nfc(key): nfc(item) for key, item in value.items()}
    return value


def shuffled(value):
    if isinstance(value, list):
        return [shuffled(item) for item in value]
    if isinstance(value, dict):
        return {key: shuffled(value[key]) for key in reversed(value)}
    return value


@given(values)
def test_canonical_json_read_back_is_the_same_value(value):
    assert json.loads(canonical_json(value)) == nfc(value)


@given(values)
def test_canonical_json_of_what_was_read_back_is_the_same_bytes(value):
    written = canonical_json(value)

    assert canonical_json(json.loads(written)) == written


@given(values)
def test_canonical_json_does_not_depend_on_the_order_of_keys(value):
    assert canonical_json(shuffled(value)) == canonical_json(value)


@given(values)
def test_canonical_json_does_not_depend_on_how_letters_are_composed(value):
    apart = json.loads(unicodedata.normalize("NFD", json.dumps(value, ensure_ascii=False)))

    assert canonical_json(apart) == canonical_json(value)


@given(values)
def test_digest_is_the_sha256_of_the_bytes(value):
    assert digest_of(value) == hashlib.sha256(canonical_json(value)).hexdigest()


def test_canonical_json_sorts_keys_by_utf16_code_units():
    # By code point the emoji would come last; by UTF-16 its first unit, D83D, is below FF21.
    value = {"Ａ": 1, "\U0001f600": 2, "€": 3, "ö": 4, "\x80": 5, "1": 6, "\r": 7}

    keys = list(json.loads(canonical_json(value)))

    assert keys == ["\r", "1", "\x80", "ö", "€", "\U0001f600", "Ａ"]


def test_canonical_json_escapes_only_what_rfc_8785_escapes():
    value = ['\b\t\n\f\r"\\\x01\x1f', "\x7f€/ \u2028"]

    assert canonical_json(value) == '["\\b\\t\\n\\f\\r\\"\\\\\\u0001\\u001f","\x7f€/ \u2028"]'.encode()


@pytest.mark.parametrize("value", [None, True, False, 0, -1, MAX_INTEGER, -MAX_INTEGER, "", [], {}, (1, 2)])
def test_canonical_json_writes_each_allowed_kind(value):
    assert canonical_json(value) == json.dumps(value).replace(" ", "").encode()


def test_canonical_json_stores_marked_safe_text_as_plain_text():
    assert canonical_json(mark_safe("<b>")) == b'"<b>"'


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        0.1,
        float("nan"),
        float("inf"),
        MAX_INTEGER + 1,
        -MAX_INTEGER - 1,
        b"bytes",
        {1: "number as key"},
        {None: "no key"},
        {1, 2},
        object(),
        "half \ud800 a pair",
        "NUL \x00",
        {"NUL \x00": 1},
        {"é": 1, "e\u0301": 2},
    ],
)
def test_canonical_json_refuses_what_has_no_single_form(value):
    with pytest.raises(NotCanonical):
        canonical_json({"deep": [value]})


def test_canonical_json_names_the_place_of_what_it_refuses():
    with pytest.raises(NotCanonical, match=r"^\$\.answers\[1\]\.share: float"):
        canonical_json({"answers": [{}, {"share": 0.2}]})


def test_canonical_json_refuses_endless_nesting():
    value = []
    for _level in range(MAX_DEPTH + 1):
        value = [value]

    with pytest.raises(NotCanonical, match="nested deeper"):
        canonical_json(value)


@pytest.mark.skipif(
    which("node") is None, reason="no second implementation to compare with: node is not installed"
)
def test_canonical_json_agrees_with_another_language():
    # Sorting and escaping in RFC 8785 are those of ECMAScript.
    value = {
        "b": ["é", "\U0001f600", "\x1f", 2**53 - 1, -5],
        "Ａ": None,
        "\U0001f600": {"z": True, "a": "\\"},
    }
    program = (
        "const put = v => Array.isArray(v) ? '[' + v.map(put) + ']' : v && typeof v == 'object'"
        " ? '{' + Object.keys(v).sort().map(k => JSON.stringify(k) + ':' + put(v[k])) + '}' : JSON.stringify(v);"
        "process.stdout.write(put(JSON.parse(require('fs').readFileSync(0, 'utf8'))))"
    )

    other = subprocess.run(
        ["node", "-e", program], input=json.dumps(value).encode(), capture_output=True, check=True
    )

    assert other.stdout == canonical_json(value)
