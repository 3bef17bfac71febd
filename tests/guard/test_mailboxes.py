import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.guard.mailboxes import Spelling, mail_domain, same_mailbox

RULES = {
    "gmail.com": Spelling(ignores_dots=True, tag="+"),
    "googlemail.com": Spelling(same_as="gmail.com"),
    "yahoo.com": Spelling(tag="-"),
    "lost.example": Spelling(same_as="nowhere.example"),
}


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("Ada.B+x@gmail.com", "adab@gmail.com"),
        ("a.d.a.b@GoogleMail.com", "adab@gmail.com"),
        ("base-shop@yahoo.com", "base@yahoo.com"),
        ("a.b+c@yahoo.com", "a.b+c@yahoo.com"),
        ("Ada.B+x@example.org", "ada.b+x@example.org"),
        ("ada@BÜCHER.example", "ada@xn--bcher-kva.example"),
        ("+tag@gmail.com", "+tag@gmail.com"),
        ("...@gmail.com", "...@gmail.com"),
        ("ada@lost.example", "ada@nowhere.example"),
    ],
)
def test_same_mailbox_is_one_spelling(address, mailbox):
    assert same_mailbox(address, RULES) == mailbox


LOCALS = st.text("ab.+-", min_size=1, max_size=12)


@given(local=LOCALS, domain=st.sampled_from([*RULES, "example.org"]))
def test_same_mailbox_of_a_mailbox_is_itself(local, domain):
    once = same_mailbox(f"{local}@{domain}", RULES)

    assert same_mailbox(once, RULES) == once


@given(local=st.text("abc", min_size=1), dots=st.integers(0, 5), tag=st.text("abc+", max_size=5))
def test_same_mailbox_whatever_dots_and_tags(local, dots, tag):
    spelled = ".".join([local[:1], *([local[1:]] if local[1:] else [])]) + "." * dots

    assert same_mailbox(f"{spelled}+{tag}@googlemail.com", RULES) == same_mailbox(f"{local}@gmail.com", RULES)


def test_mail_domain_is_ascii_and_lower_case():
    assert mail_domain("ada@BÜCHER.example") == "xn--bcher-kva.example"
