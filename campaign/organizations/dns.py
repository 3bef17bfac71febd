"""Asking name servers for the one record that proves a mandate. For workers alone: no web process talks to a name server.

Only TXT records at exactly that name count. An alias (CNAME, DNAME) is refused, since its target may be another's, and so is
what a server says of another name. A wildcard of the domain may answer: only its owner can have put the value there.
"""

import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from time import monotonic, time

import dns.exception
import dns.flags
import dns.inet
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.resolver
from dns.rdtypes.ANY.TXT import TXT

from campaign.organizations.models import DnsOutcome
from campaign.organizations.name_servers import NameServer

TRY_SECONDS = 2.0
ALL_SECONDS = 5.0
TRIES = 2
MOST_SERVERS = 5
PAYLOAD = 1232  # bytes of an answer by UDP that no network on the way needs to cut; longer ones come by TCP


def record_name(domain: str) -> str:
    """The name that is looked up, and no other."""
    return f"_reclaim.{domain}"


def look_up(*, domain: str, values: Sequence[str], servers: Sequence[NameServer] = ()) -> DnsOutcome:
    """Whether a record of `domain` (in ASCII) holds one of `values`, within ALL_SECONDS.

    Without `servers` the system's are asked. Of several, all that answer must show the record, and at least one must answer.
    """
    name = dns.name.from_text(f"{record_name(domain)}.")  # absolute: no search list is tried
    asked = list(servers or system_servers())[:MOST_SERVERS]
    if not asked:
        return DnsOutcome.SILENT
    wanted = {value.encode() for value in values}
    deadline = monotonic() + ALL_SECONDS
    with ThreadPoolExecutor(max_workers=len(asked)) as pool:
        found = set(pool.map(lambda server: _ask(server, name, wanted, deadline), asked))
    answers = found - {DnsOutcome.SILENT}
    if not answers:
        return DnsOutcome.SILENT
    # Who says that it cannot answer speaks against the others too: a server that checks signatures says so of a forged answer.
    return answers.pop() if len(answers) == 1 else DnsOutcome.DIFFERS


def system_servers() -> list[NameServer]:
    """Those that the machine itself asks; none when it names none."""
    try:
        resolver = dns.resolver.Resolver()
    except dns.resolver.NoResolverConfiguration:
        return []
    return [NameServer(str(host), resolver.port) for host in resolver.nameservers]


def _ask(server: NameServer, name: dns.name.Name, wanted: set[bytes], deadline: float) -> DnsOutcome:
    """What one server says. A try that times out is repeated, TRIES in all."""
    outcome = DnsOutcome.SILENT
    for _try in range(TRIES):
        seconds = min(TRY_SECONDS, deadline - monotonic())
        if seconds <= 0:
            break
        query = dns.message.make_query(name, dns.rdatatype.TXT, use_edns=0, payload=PAYLOAD)
        try:
            answer = _exchange(server, query, seconds, deadline)
        except (dns.exception.Timeout, OSError, EOFError):
            continue
        except dns.exception.DNSException:
            outcome = DnsOutcome.BROKEN
            continue
        return _judged(answer, name, wanted)
    return outcome


def _exchange(
    server: NameServer, query: dns.message.Message, seconds: float, deadline: float
) -> dns.message.Message:
    """One answer to one query: by UDP, and by TCP when it was cut short.

    What does not belong to the query (another id, another question, rubbish) is passed over while there is time: anybody can send
    a packet to an open port. Raises Timeout, OSError, EOFError, or another DNSException when there was nothing but rubbish.
    """
    try:
        return _by_udp(server, query, seconds)
    except dns.message.Truncated:
        left = min(TRY_SECONDS, deadline - monotonic())
        return dns.query.tcp(query, server.host, timeout=max(left, 0.001), port=server.port)


def _by_udp(server: NameServer, query: dns.message.Message, seconds: float) -> dns.message.Message:
    family = dns.inet.af_for_address(server.host)
    destination = dns.inet.low_level_address_tuple((server.host, server.port), family)
    rubbish: dns.exception.DNSException | None = None
    expiration = time() + seconds  # dnspython reckons by the wall clock
    with dns.query.make_socket(family, socket.SOCK_DGRAM, None) as sock:
        dns.query.send_udp(sock, query.to_wire(), destination, expiration)
        while True:
            try:
                answer, _at = dns.query.receive_udp(
                    sock, destination, expiration, ignore_unexpected=True, raise_on_truncation=True
                )
            except dns.exception.Timeout as timeout:
                raise rubbish or timeout from None
            except dns.message.Truncated as cut:
                if query.is_response(cut.message()):  # type: ignore[no-untyped-call]
                    raise
            except dns.exception.DNSException as error:
                rubbish = error
            else:
                if query.is_response(answer):
                    return answer


def _judged(answer: dns.message.Message, name: dns.name.Name, wanted: set[bytes]) -> DnsOutcome:
    if answer.rcode() == dns.rcode.NXDOMAIN:
        return DnsOutcome.MISSING
    if answer.rcode() != dns.rcode.NOERROR:
        return DnsOutcome.BROKEN
    if not answer.answer:
        return DnsOutcome.BROKEN if _is_referral(answer) else DnsOutcome.MISSING
    own = [rrset for rrset in answer.answer if rrset.name == name]
    if any(rrset.rdtype == dns.rdatatype.CNAME for rrset in own):
        return DnsOutcome.OTHER
    texts = [
        b"".join(record.strings).strip()  # long texts come in pieces of 255 bytes (RFC 7208, 3.3, for one)
        for rrset in own
        if rrset.rdtype == dns.rdatatype.TXT and rrset.rdclass == dns.rdataclass.IN
        for record in rrset
        if isinstance(record, TXT)
    ]
    if not texts:
        return DnsOutcome.BROKEN  # it answered about other names
    return DnsOutcome.FOUND if wanted.intersection(texts) else DnsOutcome.OTHER


def _is_referral(answer: dns.message.Message) -> bool:
    """Whether the server only names others to ask: it looks nothing up for us."""
    kinds = {rrset.rdtype for rrset in answer.authority}
    return dns.rdatatype.NS in kinds and dns.rdatatype.SOA not in kinds and not answer.flags & dns.flags.AA
