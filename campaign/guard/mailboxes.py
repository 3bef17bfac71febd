"""One mailbox, many spellings: what a provider says about dots, tags and its other domains."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from campaign.core.mailboxes import ascii_host


@dataclass(frozen=True)
class Spelling:
    """What one domain's provider lets people leave out or add. See `models.MailboxRule`."""

    same_as: str = ""
    ignores_dots: bool = False
    tag: str = ""


Rules = Mapping[str, Spelling]  # by domain
Past = Mapping[str, Collection[Spelling]]  # by domain: what `spelling_of` said before a rule changed


def same_mailbox(address: str, rules: Rules) -> str:
    """The one spelling that stands for all of a mailbox, in lower case. A domain without a rule keeps its local part as it is.

    It is for comparing only: mail goes to what people typed, or confirmed.
    """
    local, domain = _parts(address)
    return _spelled(local, spelling_of(domain, rules))


def stored_spellings(address: str, rules: Rules, past: Past) -> list[str]:
    """All that a mailbox may be stored under: by the rules of today first, then as it is written, then by rules of the past."""
    local, domain = _parts(address)
    former = [_spelled(local, spelling) for spelling in past.get(domain, ())]
    return list(dict.fromkeys([same_mailbox(address, rules), f"{local}@{domain}", *former]))


def spelling_of(domain: str, rules: Rules) -> Spelling:
    """What comes of the rules for one domain: `same_as` is the domain that its mailboxes stand under, often its own."""
    target = rules.get(domain, Spelling()).same_as or domain
    return replace(rules.get(target, Spelling()), same_as=target)


def _parts(address: str) -> tuple[str, str]:
    local, _at, host = address.strip().lower().rpartition("@")
    return local, ascii_host(host) or host


def _spelled(local: str, spelling: Spelling) -> str:
    return f"{_shortened(local, spelling)}@{spelling.same_as}"


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
