from pathlib import Path

import pytest

from campaign.core.yamlfile import FileError
from campaign.guard.importer import load_mailbox_rules
from campaign.guard.mailboxes import same_mailbox
from campaign.guard.models import MailboxRule
from campaign.guard.queries import mailbox_rules
from campaign.guard.services import save_mailbox_rule

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
FILE = Path(__file__).parents[2] / "campaign/guard/data/mailbox_rules.yaml"


@pytest.mark.parametrize(
    ("spelling", "mailbox"),
    [
        ("a.da+x@googlemail.com", "ada@gmail.com"),
        ("ada+x@outlook.com", "ada@outlook.com"),
        ("a.da@outlook.com", "a.da@outlook.com"),
        ("a.da+x@pm.me", "ada@proton.me"),
        ("ada@me.com", "ada@icloud.com"),
        ("ada+x@fastmail.com", "ada@fastmail.com"),
        ("base-x@yahoo.com", "base@yahoo.com"),
        ("ada@ya.ru", "ada@yandex.com"),
    ],
)
def test_rules_of_well_known_providers(spelling, mailbox):
    load_mailbox_rules(FILE)

    assert same_mailbox(spelling, mailbox_rules()) == mailbox


def test_rules_each_say_where_they_come_from():
    load_mailbox_rules(FILE)

    assert not MailboxRule.objects.filter(note="").exists()


def test_rules_loaded_twice_are_added_once():
    first = load_mailbox_rules(FILE)

    assert (load_mailbox_rules(FILE), MailboxRule.objects.count()) == (0, first)


def test_rules_that_staff_changed_stay():
    save_mailbox_rule(domain="gmail.com", note="Not here.")

    load_mailbox_rules(FILE)

    assert same_mailbox("a.da@gmail.com", mailbox_rules()) == "a.da@gmail.com"


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("{domain: Mail.example, note: x}", "ASCII and lower case"),
        ("{domain: mail.example}", "“note” is missing"),
        ('{domain: mail.example, tag: "=", note: x}', "rules"),
        ("{domain: mail.example, same_as: other.example, note: x}", "without `same_as`"),
        ("{domain: mail.example, dots: true, note: x}", "not a key"),
    ],
)
def test_rules_with_a_mistake_are_refused_whole(tmp_path, rule, told):
    path = tmp_path / "rules.yaml"
    path.write_text(f"rules:\n  - {{domain: good.example, note: x}}\n  - {rule}\n")

    with pytest.raises(FileError, match=told):
        load_mailbox_rules(path)

    assert not MailboxRule.objects.exists()
