"""One mailbox, many spellings: what a provider says about dots, tags and its other domains."""

from collections.abc import Mapping
from dataclasses import dataclass

from campaign.core.mailboxes import ascii_host


@dataclass(frozen=True)
class Spelling:
    """What one domain's provider lets people leave out or add. See `models.MailboxRule`."""

    same_as: str = ""
    ignores_dots: bool = False
    tag: str = ""


Rules = Mapping[str, Spelling]  # by domain


def same_mailbox(address: str, rules: Rules) -> str:
    """The one spelling that stands for all of a mailbox, in lower case. A domain without a rule keeps its local part as it is.

    It is for comparing only: mail goes to what people typed, or confirmed.
    """
    local, _at, host = address.strip().lower().rpartition("@")
    domain = ascii_host(host) or host
    rule = rules.get(domain)
    if rule and rule.same_as:
        domain = rule.same_as
        rule = rules.get(domain)
    if rule:
        local = _shortened(local, rule)
    return f"{local}@{domain}"


def _shortened(local: str, rule: Spelling) -> str:
    """Without tag and dots; what would leave nothing is left as it is."""
    if rule.tag:
        local = local.partition(rule.tag)[0] or local
    if rule.ignores_dots:
        local = local.replace(".", "") or local
    return local


def mail_domain(address: str) -> str:
    """The domain of an address in ASCII and lower case."""
    host = address.rpartition("@")[2].strip().lower()
    return ascii_host(host) or host
