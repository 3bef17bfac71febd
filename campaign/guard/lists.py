"""The site's lists of who is blocked and who is never limited, as people write them: one entry a line.

    203.0.113.0/24        # a network
    203.0.113.7           # an address: stands for its network, since no more than that is known of anybody
    *@spam.example        # everybody of a mail domain
    *.spam.example        # and of its subdomains
    ada@example.org       # one mailbox, whatever way it is spelled
    bot-?*@example.org    # * stands for any number of signs, ? for one

What follows a # after a space, or at the start of a line, is a remark.
"""

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from ipaddress import ip_network

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaign.core.errors import DomainError
from campaign.core.mailboxes import ascii_host
from campaign.guard.addresses import KEPT_BITS, Network
from campaign.guard.mailboxes import Rules, same_mailbox

REMARK = re.compile(r"(?:^|\s)#.*")
SIGNS = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~@-]+")
NOTHING = r"(?!)"
MAX_STARS = 3  # more would let one line take seconds to compare
MAX_ENTRY = 254  # characters: no address is longer
MAX_LINES = 20_000


class BrokenLine(DomainError):
    """A line that cannot be read. `number` counts from 1."""

    def __init__(self, number: int, why: str | Promise) -> None:
        self.number = number
        super().__init__(_("Line %(number)d: %(why)s") % {"number": number, "why": why})


@dataclass(frozen=True)
class Entries:
    """A list, made ready to be asked many times a second: cost does not grow with its networks or whole addresses."""

    networks: Mapping[tuple[int, int], Set[int]]  # by (IP version, length of the prefix): prefixes
    mailboxes: Set[str]
    pattern: re.Pattern[str]

    def holds(self, *, typed: str, mailbox: str, network: str) -> bool:
        """Whether a mail address (as typed, and as `same_mailbox` has it) or a cut network ("" when unknown) is on the list."""
        typed = typed.strip().lower()
        if mailbox in self.mailboxes or self.pattern.fullmatch(typed) or self.pattern.fullmatch(mailbox):
            return True
        return bool(network) and self._holds_network(ip_network(network))

    def _holds_network(self, network: Network) -> bool:
        first = int(network.network_address)
        return any(
            version == network.version and first >> (network.max_prefixlen - bits) in prefixes
            for (version, bits), prefixes in self.networks.items()
        )


def parse_list(text: str, rules: Rules) -> Entries:
    """Read a list; whole addresses stand for their mailbox by `rules`. Raises BrokenLine for the first line it cannot read."""
    networks: dict[tuple[int, int], set[int]] = {}
    mailboxes: set[str] = set()
    patterns: set[str] = set()
    for number, entry in _lines(text):
        if network := _network(entry, number):
            bits = min(network.prefixlen, KEPT_BITS[network.version])
            prefix = int(network.network_address) >> (network.max_prefixlen - bits)
            networks.setdefault((network.version, bits), set()).add(prefix)
        elif "@" in entry and not set(entry) & set("*?"):
            mailboxes.add(same_mailbox(_address(entry, number), rules))
        else:
            patterns.add(_pattern(entry, number))
    joined = "|".join(sorted(patterns)) or NOTHING
    return Entries(networks=networks, mailboxes=mailboxes, pattern=re.compile(joined))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if number > MAX_LINES:
            raise BrokenLine(number, _("The list is too long. Combine entries into networks or patterns."))
        entry = REMARK.sub("", line).strip().lower()
        if entry:
            yield number, entry


def _network(entry: str, number: int) -> Network | None:
    try:
        network = ip_network(entry, strict=False)
    except ValueError:
        return None
    if network.prefixlen == 0:
        raise BrokenLine(number, _("This is the whole Internet. Write a smaller network."))
    return network


def _address(entry: str, number: int) -> str:
    local, _at, host = entry.rpartition("@")
    domain = ascii_host(host)
    if not SIGNS.fullmatch(local) or "." not in domain:
        raise BrokenLine(number, _("This is no mail address. Write it like name@example.org."))
    return f"{local}@{domain}"


def _pattern(entry: str, number: int) -> str:
    """A pattern as a regular expression."""
    if not set(entry) & set("*?"):
        raise BrokenLine(
            number,
            _(
                "Write a network like 203.0.113.0/24, a mail address, or *@example.org for everybody of a domain."
            ),
        )
    local, at, host = entry.rpartition("@")
    entry = re.sub(r"\*+", "*", f"{local}{at}{ascii_host(host) or host}")
    if not SIGNS.fullmatch(entry) or len(entry) > MAX_ENTRY:
        raise BrokenLine(
            number, _("A pattern consists of the signs of a mail address, * and ?, without spaces.")
        )
    if entry.count("*") > MAX_STARS:
        raise BrokenLine(number, _("A pattern may hold at most three *. Write several lines instead."))
    if not set(entry) - set("*?@."):
        raise BrokenLine(number, _("This pattern fits every address. Write a narrower one."))
    return "".join(".*" if sign == "*" else "." if sign == "?" else re.escape(sign) for sign in entry)
