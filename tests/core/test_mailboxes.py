import pytest
from django.core.exceptions import ValidationError

from campaign.core.mailboxes import ascii_host, clean_address
from campaign.mailing.services import recipient_key


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        (" Ada@Example.ORG ", "Ada@example.org"),
        ("a@exämple.org", "a@xn--exmple-cua.org"),
        ("a.b+tag@example.org", "a.b+tag@example.org"),
    ],
)
def test_clean_address_has_one_spelling(typed, cleaned):
    assert clean_address(typed) == cleaned


@pytest.mark.parametrize(
    "typed",
    [
        '"ada"@example.org',
        '"a\x1eb:c"@example.org',
        "a@b@example.org",
        "a\nb@example.org",
        "a@localhost",
        "a@" + "ü." * 80 + "example",
        "a b@example.org",
        "@example.org",
        "a@-example.org",
        ".a@example.org",
        "",
    ],
)
def test_clean_address_odd_spelling_is_refused(typed):
    with pytest.raises(ValidationError):
        clean_address(typed)


def test_recipient_key_is_one_for_all_spellings_of_a_domain():
    assert recipient_key("a@exämple.org") == recipient_key("A@XN--exmple-cua.org")


def test_ascii_host_keeps_names_apart_that_the_older_standard_folds():
    assert ascii_host("straße.de") != ascii_host("strasse.de")
