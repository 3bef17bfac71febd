"""Mailbox rules from YAML, read whole before the first row is written."""

from pathlib import Path

from campaign.core.mailboxes import ascii_host
from campaign.core.yamlfile import FileError, Node, read_yaml
from campaign.guard.models import MailboxRule
from campaign.guard.respelling import changing_rules


def load_mailbox_rules(path: Path) -> int:
    """Add the rules of a file for domains that have none. What staff changed on the site stays. Returns how many were added.

    Raises FileError, nothing stored.
    """
    rules = [_rule(entry) for entry in read_yaml(path).need("rules").items()]
    named = {rule.domain for rule in rules}
    aliases = {rule.domain for rule in rules if rule.same_as}
    for rule in rules:
        if rule.same_as and (rule.same_as not in named or rule.same_as in aliases):
            raise FileError(
                f"{path.name}, “{rule.domain}”: the domain it stands for needs a rule without `same_as`."
            )
    with changing_rules():
        known = set(MailboxRule.objects.values_list("domain", flat=True))
        new = [rule for rule in rules if rule.domain not in known]
        MailboxRule.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def _rule(entry: Node) -> MailboxRule:
    entry.only({"domain", "same_as", "ignores_dots", "tag", "note"})
    same_as, dots, tag = entry.get("same_as"), entry.get("ignores_dots"), entry.get("tag")
    return MailboxRule(
        domain=_domain(entry.need("domain")),
        same_as=_domain(same_as) if same_as else "",
        ignores_dots=dots.boolean() if dots else False,
        tag=tag.one_of(["+", "-"]) if tag else "",
        note=entry.need("note").text()[:200],
    )


def _domain(node: Node) -> str:
    text = node.text()
    if ascii_host(text) != text:
        raise node.error("a domain in ASCII and lower case is needed here.")
    return text
