"""Visitors: an HTTP load generator of one process, over kept-open connections, loopback only.

`as_fast_as_possible` is a closed loop: each visitor sends the next request once the last is answered.
`at_a_rate` is an open loop: a request is due every 1/rate seconds and its time counts from when it was due, so that a server that
stalls cannot hide its queue.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field


@dataclass
class Outcome:
    """What came back: statuses, and how long each answer took, in seconds."""

    statuses: Counter[int] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)
    errors: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """Milliseconds."""
        ordered = sorted(self.times)
        return 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


class Connection(asyncio.Protocol):
    """One HTTP/1.1 connection with one request in flight."""

    def __init__(self) -> None:
        self.buffer = bytearray()
        self.answer: asyncio.Future[int] | None = None
        self.is_open = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_open = False
        if self.answer and not self.answer.done():
            self.answer.set_exception(exc or ConnectionError("closed"))

    def send(self, request: bytes) -> "asyncio.Future[int]":
        self.answer = asyncio.get_running_loop().create_future()
        self.transport.write(request)  # type: ignore[attr-defined]
        return self.answer

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self.buffer[:end]).lower()
        at = head.find(b"content-length:")
        if at >= 0:
            if len(self.buffer) < end + 4 + int(head[at + 15 :].split(b"\r\n", 1)[0]):
                return
        elif not (self.buffer.endswith(b"0\r\n\r\n") or b"chunked" not in head):
            return
        status = int(head[9:12])
        self.buffer.clear()  # one answer at a time: nothing else can be in it
        if b"connection: close" in head:
            self.transport.close()
            self.is_open = False
        if self.answer and not self.answer.done():
            self.answer.set_result(status)


async def _ask(connection: Connection | None, port: int, request: bytes) -> tuple[Connection, int]:
    for again in (False, True):
        if connection is None or not connection.is_open:
            _, connection = await asyncio.get_running_loop().create_connection(Connection, "127.0.0.1", port)
        try:
            return connection, await asyncio.wait_for(connection.send(request), 60)
        except ConnectionError:  # a kept-open connection may be closed under us: once more
            connection = None
            if again:
                raise
    raise AssertionError


async def _as_fast_as_possible(
    port: int, requests: Iterator[bytes], visitors: int, seconds: float
) -> Outcome:
    outcome, start = Outcome(), time.perf_counter()

    async def visit() -> None:
        connection = None
        while time.perf_counter() - start < seconds:
            request = next(requests, None)
            if request is None:
                return
            begun = time.perf_counter()
            try:
                connection, status = await _ask(connection, port, request)
            except (TimeoutError, OSError):
                outcome.errors += 1
                connection = None
                continue
            outcome.times.append(time.perf_counter() - begun)
            outcome.statuses[status] += 1

    await asyncio.gather(*(visit() for _ in range(visitors)))
    outcome.seconds = time.perf_counter() - start
    return outcome


def as_fast_as_possible(
    *, port: int, requests: Iterator[bytes], visitors: int = 16, seconds: float = 5
) -> Outcome:
    """Closed loop, until `seconds` have passed or there are no more requests."""
    return asyncio.run(_as_fast_as_possible(port, requests, visitors, seconds))


async def _at_rates(
    port: int, streams: dict[str, tuple[float, Iterator[bytes]]], seconds: float
) -> dict[str, Outcome]:
    outcomes = {name: Outcome() for name in streams}
    idle: list[Connection] = []
    start = time.perf_counter()

    async def one(name: str, request: bytes, due: float) -> None:
        connection = idle.pop() if idle else None
        try:
            connection, status = await _ask(connection, port, request)
        except (TimeoutError, OSError):
            outcomes[name].errors += 1
            return
        outcomes[name].times.append(time.perf_counter() - due)
        outcomes[name].statuses[status] += 1
        if connection.is_open:
            idle.append(connection)

    async def stream(name: str, rate: float, requests: Iterator[bytes]) -> None:
        running: set[asyncio.Task[None]] = set()
        for number, request in enumerate(requests):
            due = start + number / rate
            if due - start >= seconds:
                break
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            task = asyncio.create_task(one(name, request, due))
            running.add(task)
            task.add_done_callback(running.discard)
        if running:
            await asyncio.gather(*running)

    await asyncio.gather(*(stream(name, rate, requests) for name, (rate, requests) in streams.items()))
    for outcome in outcomes.values():
        outcome.seconds = time.perf_counter() - start
    return outcomes


def at_rates(
    *, port: int, streams: dict[str, tuple[float, Iterator[bytes]]], seconds: float
) -> dict[str, Outcome]:
    """Open loop: each stream's requests at its own rate a second, side by side."""
    return asyncio.run(_at_rates(port, streams, seconds))


def get(port: int, path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Language: en\r\n\r\n".encode()


def posts(port: int, make: Callable[[int], tuple[str, str]]) -> Iterator[bytes]:
    """Endless form posts; `make(number)` gives path and urlencoded body. Each comes from a network of its own."""
    number = 0
    while True:
        number += 1
        path, body = make(number)
        address = f"{11 + (number >> 16) % 100}.{number >> 8 & 255}.{number & 255}.7"  # a /24 of its own
        yield (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Language: en\r\n"
            f"Sec-Fetch-Site: same-origin\r\nX-Forwarded-For: {address}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        ).encode()
