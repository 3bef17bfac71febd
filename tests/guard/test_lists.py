import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.guard.lists import BrokenLine, parse_list
from campaign.guard.mailboxes import Spelling, same_mailbox

RULES = {"gmail.com": Spelling(ignores_dots=True, tag="+"), "googlemail.com": Spelling(same_as="gmail.com")}


def is_listed(text, address="ada@example.org", network=""):
    entries = parse_list(text, RULES)
    return entries.holds(typed=address, mailbox=same_mailbox(address, RULES), network=network)


@pytest.mark.parametrize(
    ("entry", "address"),
    [
        ("ada@example.org", "ADA@Example.org"),
        ("*@example.org", "ada@example.org"),
        ("*.example.org", "ada@mail.example.org"),
        ("bot-?@example.org", "bot-7@example.org"),
        ("bot*@*", "bot99@other.example"),
        ("ada@gmail.com", "a.d.a+x@googlemail.com"),
        ("a.da+tag@googlemail.com", "ada@gmail.com"),
        ("*@bücher.example", "ada@xn--bcher-kva.example"),
        ("  *@example.org   # since spring", "ada@example.org"),
        ("a#b@example.org", "a#b@example.org"),
    ],
)
def test_entry_holds_an_address(entry, address):
    assert is_listed(entry, address)


@pytest.mark.parametrize(
    ("entry", "address"),
    [
        ("ada@example.org", "eva@example.org"),
        ("*@example.org", "ada@mail.example.org"),
        ("*@example.org", "ada@example.org.evil.example"),
        ("bot-?@example.org", "bot-77@example.org"),
        ("a.c@example.org", "abc@example.org"),
        ("# *@example.org", "ada@example.org"),
        ("", "ada@example.org"),
    ],
)
def test_entry_holds_no_other_address(entry, address):
    assert not is_listed(entry, address)


@pytest.mark.parametrize(
    ("entry", "network", "holds"),
    [
        ("203.0.113.0/24", "203.0.113.0/24", True),
        ("203.0.0.0/16", "203.0.113.0/24", True),
        ("203.0.113.7", "203.0.113.0/24", True),  # of nobody is more known than the network
        ("203.0.113.128/25", "203.0.113.0/24", True),
        ("203.0.114.0/24", "203.0.113.0/24", False),
        ("2001:db8::/32", "2001:db8:1:2::/64", True),
        ("2001:db8:1:2::7", "2001:db8:1:2::/64", True),
        ("2001:db8:1:3::/64", "2001:db8:1:2::/64", False),
        ("203.0.113.0/24", "", False),
        ("0.0.0.0/1\n::/1", "203.0.113.0/24", False),
    ],
)
def test_entry_holds_a_network(entry, network, holds):
    assert is_listed(entry, network=network) is holds


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("example.org", "Write a network"),
        ("203.0.113.0/99", "Write a network"),
        ("0.0.0.0/0", "whole Internet"),
        ("ada@", "no mail address"),
        ("@example.org", "no mail address"),
        ("ada@local", "no mail address"),
        ("*@exa mple.org", "without spaces"),
        ("*", "fits every address"),
        ("*@*.*", "fits every address"),
        ("a*b*c*d*@example.org", "at most three"),
    ],
)
def test_broken_line_is_told_by_its_number(line, why):
    with pytest.raises(BrokenLine, match=f"Line 3: .*{why}") as refusal:
        parse_list(f"*@good.example\n# a remark\n{line}\n*@also-good.example", RULES)

    assert refusal.value.number == 3


def broken_line(text):
    """The number of the first line that cannot be read, 0 when all can."""
    try:
        parse_list(text, RULES)
    except BrokenLine as refusal:
        return refusal.number
    return 0


@given(st.text(max_size=200))
def test_any_text_is_a_list_or_has_a_broken_line(text):
    assert 0 <= broken_line(text) <= len(text.splitlines())


def test_long_list_is_asked_quickly():
    lines = [
        f"10.{n // 250}.{n % 250}.0/24\nperson-{n}@example.org\n*-{n}@spam.example" for n in range(2_000)
    ]
    entries = parse_list("\n".join(lines), RULES)
    asked = {"typed": "x" * 240 + "@spam.example", "network": "203.0.113.0/24"}
    began = time.perf_counter()

    for _ in range(20):
        assert not entries.holds(**asked, mailbox=asked["typed"])

    assert (time.perf_counter() - began) / 20 < 0.05
