"""What name servers say, asked over real sockets."""

import time

import dns.rcode
import pytest

from campaign.organizations import dns as asking
from campaign.organizations.dns import look_up, record_name
from campaign.organizations.models import DnsOutcome
from campaign.organizations.name_servers import NameServer, NameServerFormatError, parse_name_servers
from tests.name_server import (
    alias,
    cut_short,
    hangs,
    in_pieces,
    name_server,
    one_after_the_other,
    points_elsewhere,
    refuses,
    says,
    sends,
    with_wrong_id,
)

DOMAIN = "example.org"
VALUE = "reclaim-verification=0123456789abcdef"
RUBBISH = b"\x12\x34\x81\x80" + b"\xff" * 30  # the head of an answer, and nothing that fits it


@pytest.fixture(autouse=True)
def short_times(monkeypatch):
    monkeypatch.setattr(asking, "TRY_SECONDS", 0.3)
    monkeypatch.setattr(asking, "ALL_SECONDS", 1.0)


def outcome_of(*behaviors, values=(VALUE,), domain=DOMAIN):
    """What comes of asking one server for each behavior."""
    if not behaviors:
        return look_up(domain=domain, values=values, servers=outcome_of.servers)
    with name_server(behaviors[0]) as server:
        outcome_of.servers.append(server.address)
        return outcome_of(*behaviors[1:], values=values, domain=domain)


@pytest.fixture(autouse=True)
def fresh_servers():
    outcome_of.servers = []


@pytest.mark.parametrize(
    ("behavior", "outcome"),
    [
        (says(VALUE), DnsOutcome.FOUND),
        (says("something else", VALUE, "v=spf1 -all"), DnsOutcome.FOUND),
        (says(f"  {VALUE} "), DnsOutcome.FOUND),
        (in_pieces(VALUE[:7], VALUE[7:20], VALUE[20:]), DnsOutcome.FOUND),
        (says("reclaim-verification=of-another-mandate"), DnsOutcome.OTHER),
        (says(VALUE.upper()), DnsOutcome.OTHER),
        (says(VALUE + "0"), DnsOutcome.OTHER),
        (in_pieces(VALUE, "and more"), DnsOutcome.OTHER),
        (says(), DnsOutcome.MISSING),
        (refuses(dns.rcode.NXDOMAIN), DnsOutcome.MISSING),
        (refuses(dns.rcode.SERVFAIL), DnsOutcome.BROKEN),
        (refuses(dns.rcode.REFUSED), DnsOutcome.BROKEN),
        (points_elsewhere(), DnsOutcome.BROKEN),
        (says(VALUE, owner="example.org."), DnsOutcome.BROKEN),
        (says(VALUE, owner="_reclaim.example.com."), DnsOutcome.BROKEN),
        (says("192.0.2.1", kind="A"), DnsOutcome.BROKEN),
        (alias("record.elsewhere.example.", VALUE), DnsOutcome.OTHER),
        (hangs, DnsOutcome.SILENT),
        (sends(b""), DnsOutcome.BROKEN),
        (sends(b"\x00" * 5), DnsOutcome.BROKEN),
        (sends(RUBBISH), DnsOutcome.BROKEN),
        (with_wrong_id(says(VALUE)), DnsOutcome.SILENT),
        (cut_short(says(VALUE)), DnsOutcome.FOUND),
        (cut_short(hangs), DnsOutcome.SILENT),
        (cut_short(sends(b"\xff" * 40)), DnsOutcome.BROKEN),
        (cut_short(with_wrong_id(says(VALUE))), DnsOutcome.BROKEN),
    ],
)
def test_answer_of_one_server(behavior, outcome):
    assert outcome_of(behavior) == outcome


def test_many_records_come_by_tcp_and_the_right_one_is_among_them():
    texts = [f"{number} {'x' * 200}" for number in range(200)]

    assert outcome_of(cut_short(says(*texts, VALUE))) == DnsOutcome.FOUND


def test_long_answer_by_udp_alone_is_read_too():
    assert outcome_of(says("x" * 400, VALUE)) == DnsOutcome.FOUND


@pytest.mark.parametrize("before", [sends(RUBBISH), with_wrong_id(says("a lie"))])
def test_what_strangers_send_first_does_not_keep_the_answer_out(before):
    assert outcome_of(one_after_the_other(before, says(VALUE))) == DnsOutcome.FOUND


def test_cut_packet_with_a_wrong_id_does_not_lead_to_tcp():
    with name_server(with_wrong_id(cut_short(says(VALUE)))) as server:
        outcome = look_up(domain=DOMAIN, values=[VALUE], servers=[server.address])

        assert outcome == DnsOutcome.SILENT
        assert {way for _name, _kind, way in server.queries} == {"udp"}


@pytest.mark.parametrize(
    ("behaviors", "outcome"),
    [
        ([says(VALUE), says(VALUE)], DnsOutcome.FOUND),
        ([says(VALUE), hangs], DnsOutcome.FOUND),
        ([says(VALUE), says()], DnsOutcome.DIFFERS),
        ([says(VALUE), says("a lie")], DnsOutcome.DIFFERS),
        ([says(VALUE), refuses(dns.rcode.SERVFAIL)], DnsOutcome.DIFFERS),
        ([says(VALUE), says(VALUE), says()], DnsOutcome.DIFFERS),
        ([says(), says("a lie")], DnsOutcome.DIFFERS),
        ([says(), refuses(dns.rcode.NXDOMAIN)], DnsOutcome.MISSING),
        ([hangs, hangs], DnsOutcome.SILENT),
    ],
)
def test_several_servers_must_agree(behaviors, outcome):
    assert outcome_of(*behaviors) == outcome


def test_only_that_name_is_asked_for():
    with name_server(says()) as server:
        look_up(domain="xn--mnchen-3ya.example", values=[VALUE], servers=[server.address])

        assert server.queries == [("_reclaim.xn--mnchen-3ya.example.", "TXT", "udp")]
    assert record_name("example.org") == "_reclaim.example.org"


def test_server_that_lost_a_packet_is_asked_again():
    heard = []

    def second_time(query, by_tcp):
        heard.append(query.id)
        return says(VALUE)(query, by_tcp) if len(heard) > 1 else None

    assert outcome_of(second_time) == DnsOutcome.FOUND
    assert len(heard) == 2


def test_server_that_is_not_there_is_silent():
    with name_server(says(VALUE)) as gone:
        address = gone.address

    assert look_up(domain=DOMAIN, values=[VALUE], servers=[address]) == DnsOutcome.SILENT


@pytest.mark.parametrize("behaviors", [[hangs, hangs, hangs], [cut_short(hangs)]])
def test_looking_ends_in_time(behaviors):
    begun = time.monotonic()

    outcome_of(*behaviors)

    assert time.monotonic() - begun < 1.5


@pytest.mark.parametrize("values", [(VALUE,), ("the older value", VALUE)])
def test_any_of_several_values_is_enough(values):
    assert outcome_of(says(VALUE), values=values) == DnsOutcome.FOUND


def test_machine_without_name_servers_finds_nothing(monkeypatch):
    monkeypatch.setattr(asking, "system_servers", list)

    assert look_up(domain=DOMAIN, values=[VALUE]) == DnsOutcome.SILENT


@pytest.mark.parametrize(
    ("entries", "servers"),
    [
        ([], []),
        ([""], []),
        (["192.0.2.53"], [NameServer("192.0.2.53", 53)]),
        ([" 192.0.2.53:5353 "], [NameServer("192.0.2.53", 5353)]),
        (["2001:db8::53"], [NameServer("2001:db8::53", 53)]),
        (["[2001:db8::53]"], [NameServer("2001:db8::53", 53)]),
        (
            ["[2001:db8::53]:5353", "192.0.2.53"],
            [NameServer("2001:db8::53", 5353), NameServer("192.0.2.53", 53)],
        ),
    ],
)
def test_setting_names_servers(entries, servers):
    assert parse_name_servers(entries) == servers


@pytest.mark.parametrize(
    "entry", ["dns.example.org", "192.0.2.53:", "192.0.2.53:99999", "[2001:db8::53", "1.2"]
)
def test_setting_with_a_slip_names_the_entry(entry):
    with pytest.raises(NameServerFormatError, match="entry 2"):
        parse_name_servers(["192.0.2.53", entry])
