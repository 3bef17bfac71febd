import pytest

from campaign.core.yamlfile import FileError, parse_yaml


def parse(text):
    return parse_yaml(text.encode() if isinstance(text, str) else text, file="sample.yaml")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "sample.yaml: the file is empty"),
        ("a: [1, 2", "sample.yaml, line"),
        (b"\xff\xfe", "byte 0 is not UTF-8"),
        ("a: &x 1\nb: *x", "line 2: aliases"),
        ("a: 1\na: 2", "line 2: the key “a” stands twice"),
        ("a: \x00", "not valid YAML"),
    ],
)
def test_parse_yaml_broken_file_names_file_and_line(text, told):
    with pytest.raises(FileError, match=told):
        parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "- " * 100_000,
        "[" * 100_000,
        "{a: " * 100_000,
        "? " * 100_000,
        "".join(f"{' ' * level}a:\n" for level in range(1_000)),
    ],
    ids=["dashes", "brackets", "braces", "keys", "indents"],
)
def test_parse_yaml_nested_without_end_is_refused_before_it_is_built(text):
    with pytest.raises(FileError, match="more than 100 levels deep"):
        parse(text)


def test_parse_yaml_a_hundred_levels_are_read():
    root = parse("[" * 100 + "x" + "]" * 100)

    assert str(root.plain()) == "[" * 100 + "'x'" + "]" * 100


@pytest.mark.parametrize(
    ("text", "read", "told"),
    [
        (
            "a:\n  b: x",
            lambda root: root.need("c"),
            "sample.yaml, line 1, the top of the file: “c” is missing",
        ),
        ("a: [1]", lambda root: root.need("a").text(), "line 1, “a”: a text is needed"),
        ("a: x", lambda root: root.need("a").integer(), "a whole number is needed here, not “x”"),
        ("a: x", lambda root: root.need("a").date(), "a date like 2026-01-31"),
        ("a: 2026-01-01T00:00:00Z", lambda root: root.need("a").local_datetime(), "without an offset"),
        ("a: x", lambda root: root.need("a").boolean(), "true or false"),
        ("a: x", lambda root: root.need("a").one_of(["y", "z"]), "Use one of: y, z"),
        ("a: x", lambda root: list(root.need("a").items()), "a list is needed"),
        ("a: x\nbb: 1", lambda root: root.only({"a"}), "“bb” is not a key of this format"),
        (
            "l:\n  - n: 1\n  - m: 2",
            lambda root: [e.need("n") for e in root.need("l").items()],
            r"line 3, “l\[2\]”",
        ),
    ],
)
def test_node_wrong_value_names_place_and_remedy(text, read, told):
    with pytest.raises(FileError, match=told):
        read(parse(text))


def test_node_plain_turns_dates_into_text():
    assert parse("a: {on: 2026-01-31, list: [1, null]}").need("a").plain() == {
        "on": "2026-01-31",
        "list": [1, None],
    }


def test_node_get_null_is_none():
    assert parse("a: null").get("a") is None
