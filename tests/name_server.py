"""A small name server of our own, on real sockets: it answers as it is told, also wrongly, late or not at all."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rrset

from campaign.organizations.name_servers import NameServer

Query = dns.message.QueryMessage
Behavior = Callable[
    [Query, bool], bytes | list[bytes] | None
]  # (query, whether it came by TCP) -> what is sent


class TinyNameServer:
    """UDP and TCP on one port of 127.0.0.1. `behavior` may be changed while it runs; `queries` is all it was asked."""

    def __init__(self, behavior: Behavior) -> None:
        self.behavior = behavior
        self.queries: list[tuple[str, str, str]] = []  # (name, type, "udp" or "tcp")
        self.udp, self.tcp = _pair()
        self.stopped = threading.Event()
        self.threads = [threading.Thread(target=act) for act in (self._serve_udp, self._serve_tcp)]

    @property
    def address(self) -> NameServer:
        return NameServer(*self.udp.getsockname())

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        self.stopped.set()
        for thread in self.threads:
            thread.join(5)
        self.udp.close()
        self.tcp.close()

    def _replies(self, wire: bytes, by_tcp: bool) -> list[bytes]:
        query = dns.message.from_wire(wire)
        question = query.question[0]
        kind = dns.rdatatype.to_text(question.rdtype)
        self.queries.append((question.name.to_text(), kind, "tcp" if by_tcp else "udp"))
        sent = self.behavior(query, by_tcp)
        return sent if isinstance(sent, list) else [sent] if sent is not None else []

    def _serve_udp(self) -> None:
        while not self.stopped.is_set():
            with suppress(TimeoutError):
                wire, whence = self.udp.recvfrom(4096)
                for reply in self._replies(wire, by_tcp=False):
                    self.udp.sendto(reply, whence)

    def _serve_tcp(self) -> None:
        while not self.stopped.is_set():
            with suppress(TimeoutError, OSError):
                client, _whence = self.tcp.accept()
                with closing(client):
                    client.settimeout(2)
                    size = struct.unpack("!H", client.recv(2, socket.MSG_WAITALL))[0]
                    for reply in self._replies(client.recv(size, socket.MSG_WAITALL), by_tcp=True):
                        client.sendall(struct.pack("!H", len(reply)) + reply)
                    # Its end of the line stays open until the asker hangs up: silence is no end.
                    client.recv(1)


def _pair() -> tuple[socket.socket, socket.socket]:
    """A UDP and a TCP socket on one free port."""
    for _attempt in range(20):
        tcp = socket.create_server(("127.0.0.1", 0))
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            udp.bind(tcp.getsockname())
        except OSError:  # something else has that number for UDP
            udp.close()
            tcp.close()
            continue
        udp.settimeout(0.05)
        tcp.settimeout(0.05)
        return udp, tcp
    raise RuntimeError("no port is free for both UDP and TCP")


@contextmanager
def name_server(behavior: Behavior) -> Iterator[TinyNameServer]:
    server = TinyNameServer(behavior)
    server.start()
    try:
        yield server
    finally:
        server.stop()


# --- Behaviors ---------------------------------------------------------------------
def says(*texts: str, owner: str | None = None, kind: str = "TXT") -> Behavior:
    """Records with these texts, at the name that was asked or at `owner`. Nothing at all: an answer without records."""

    def answer(query: Query, by_tcp: bool) -> bytes:
        reply = dns.message.make_response(query)
        name = dns.name.from_text(owner) if owner else query.question[0].name
        if texts:
            reply.answer.append(dns.rrset.from_text(name, 60, "IN", kind, *[_quoted(t, kind) for t in texts]))
        return reply.to_wire(max_size=65535)

    return answer


def _quoted(text: str, kind: str) -> str:
    """As a zone file writes it: a text in pieces of 255 at most."""
    if kind != "TXT":
        return text
    pieces = [text[start : start + 255] for start in range(0, len(text), 255)] or [""]
    return " ".join(f'"{piece}"' for piece in pieces)


def in_pieces(*pieces: str) -> Behavior:
    """One record of several strings."""

    def answer(query: Query, by_tcp: bool) -> bytes:
        reply = dns.message.make_response(query)
        text = " ".join(f'"{piece}"' for piece in pieces)
        reply.answer.append(dns.rrset.from_text(query.question[0].name, 60, "IN", "TXT", text))
        return reply.to_wire()

    return answer


def refuses(rcode: int) -> Behavior:
    """An answer without records, with this code."""

    def answer(query: Query, by_tcp: bool) -> bytes:
        reply = dns.message.make_response(query)
        reply.set_rcode(rcode)
        return reply.to_wire()

    return answer


def alias(target: str, text: str) -> Behavior:
    """The name is an alias of another, and that one has the record."""

    def answer(query: Query, by_tcp: bool) -> bytes:
        reply = dns.message.make_response(query)
        reply.answer += [
            dns.rrset.from_text(query.question[0].name, 60, "IN", "CNAME", target),
            dns.rrset.from_text(target, 60, "IN", "TXT", f'"{text}"'),
        ]
        return reply.to_wire()

    return answer


def points_elsewhere() -> Behavior:
    """Names other servers to ask, and looks nothing up."""

    def answer(query: Query, by_tcp: bool) -> bytes:
        reply = dns.message.make_response(query)
        reply.authority.append(dns.rrset.from_text("example.", 60, "IN", "NS", "ns.example."))
        return reply.to_wire()

    return answer


def hangs(query: Query, by_tcp: bool) -> None:
    """Says nothing, and hangs up neither."""


def sends(wire: bytes) -> Behavior:
    """The same bytes, whatever was asked."""
    return lambda query, by_tcp: wire


def with_wrong_id(behavior: Behavior) -> Behavior:
    """What somebody sends who does not see the questions."""

    def answer(query: Query, by_tcp: bool) -> bytes:
        wire = behavior(query, by_tcp)
        assert isinstance(wire, bytes)
        return struct.pack("!H", query.id ^ 0xFFFF) + wire[2:]

    return answer


def cut_short(then: Behavior) -> Behavior:
    """By UDP only that there is more; the rest by TCP."""

    def answer(query: Query, by_tcp: bool) -> bytes | list[bytes] | None:
        if by_tcp:
            return then(query, by_tcp)
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.TC
        return reply.to_wire()

    return answer


def one_after_the_other(*behaviors: Behavior) -> Behavior:
    """Several packets for one question."""

    def answer(query: Query, by_tcp: bool) -> list[bytes]:
        replies = [behavior(query, by_tcp) for behavior in behaviors]
        return [reply for reply in replies if isinstance(reply, bytes)]

    return answer
