"""A load generator in a process of its own: one loop over keep-alive connections that sends prepared requests and times the answers."""

from __future__ import annotations

import heapq
import json
import re
import resource
import select
import socket
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import cycle
from multiprocessing import get_context
from time import perf_counter
from typing import Any

HEAD = "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
PATIENCE = 30.0
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
Call = dict[str, Any]


@dataclass
class Load:
    """What a run found: seconds of each answered call by connection, refusals, the whole time, and the generator's own CPU time."""

    seconds: list[list[float]]
    failed: int
    took: float
    cpu: float

    @property
    def calls(self) -> int:
        """How many calls were answered with a result."""
        return sum(map(len, self.seconds)) - self.failed

    @property
    def rate(self) -> float:
        """Calls a second."""
        return self.calls / self.took

    @property
    def all(self) -> list[float]:
        """The seconds of all calls."""
        return [seconds for of_connection in self.seconds for seconds in of_connection]

    @property
    def fairness(self) -> float:
        """Calls of the slowest connection per call of the fastest."""
        counts = [len(of_connection) for of_connection in self.seconds]
        return min(counts) / max(counts)


def closed(
    port: int, calls: Sequence[Sequence[Call]], seconds: float, *, again: bool = False, path: str = "/api/"
) -> Load:
    """Have each connection send its calls for some seconds, the next one when the last is answered; ``again`` and again."""
    return _in_process(port, calls, seconds, 0.0, again, path)


def paced(port: int, calls: Sequence[Sequence[Call]], interval: float, *, path: str = "/api/") -> Load:
    """Have each connection send a call every ``interval`` seconds, all of its calls; the connections begin one after the other.

    A call whose time has come while the last one is not answered yet waits, and its time runs from when it was due.
    """
    return _in_process(port, calls, 0.0, interval, False, path)


def _in_process(port: int, calls: Any, seconds: float, interval: float, again: bool, path: str) -> Load:
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(_run, port, calls, seconds, interval, again, path).result()


def _run(
    port: int, calls: Sequence[Sequence[Call]], seconds: float, interval: float, again: bool, path: str
) -> Load:
    # All before the first connects: the server closes a connection on which nothing comes for a while.
    requests = [_requests(port, path, each) for each in calls]
    terminals = [_Terminal(port, each, again) for each in requests]
    used, begun = _cpu(), perf_counter()
    failed = _drive(terminals, begun, begun + seconds, interval)
    took = perf_counter() - begun
    return Load([terminal.times for terminal in terminals], failed, took, _cpu() - used)


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _requests(port: int, path: str, calls: Iterable[Call]) -> list[bytes]:
    return [_request(port, path, call, number) for number, call in enumerate(calls)]


def _request(port: int, path: str, call: Call, number: int) -> bytes:
    body = json.dumps({"jsonrpc": "2.0", "id": number, **call}).encode()
    return HEAD.format(path=path, host=f"127.0.0.1:{port}", length=len(body)).encode() + body


class _Terminal:
    """A connection: what it will send, what has arrived of an answer, and how long the answers took."""

    __slots__ = ("socket", "requests", "times", "since", "arrived")

    def __init__(self, port: int, requests: list[bytes], again: bool) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.requests: Iterator[bytes] = cycle(requests) if again else iter(requests)
        self.times: list[float] = []
        self.since = 0.0
        self.arrived = b""

    def send(self, since: float) -> bool:
        """Send the next request, whose time runs from ``since``; False when there is none."""
        request = next(self.requests, None)
        if request is not None:
            self.since = since
            self.socket.sendall(request)
        return request is not None

    def answer(self) -> bytes | None:
        """Return the answer when all of it is there."""
        data = self.socket.recv(1 << 18)
        if not data:
            raise ConnectionError("The server closed a connection under load.")
        answer = self.arrived + data
        end = answer.find(b"\r\n\r\n")
        length = _LENGTH.search(answer, 0, end) if end >= 0 else None
        if length is None or len(answer) < end + 4 + int(length[1]):
            self.arrived = answer
            return None
        self.arrived = b""
        return answer


def _drive(terminals: list[_Terminal], begun: float, until: float, interval: float) -> int:
    """Let the terminals send until ``until``, or with an ``interval`` all they have; return how many calls were refused."""
    poll, failed, waiting = select.epoll(), 0, 0
    by_number = {terminal.socket.fileno(): terminal for terminal in terminals}
    for number in by_number:
        poll.register(number, select.EPOLLIN)
    later = [(begun + interval * n / len(terminals), number) for n, number in enumerate(by_number)]
    while True:
        now = perf_counter()
        while later and later[0][0] <= now:
            waiting += by_number[heapq.heappop(later)[1]].send(now)
        if not later and not waiting:
            break
        events = poll.poll(max(0.0, later[0][0] - now) if later else PATIENCE)
        if not events and not later:
            raise TimeoutError(f"{waiting} calls had no answer after {PATIENCE:g} s.")
        for number, _ in events:
            terminal = by_number[number]
            if (answer := terminal.answer()) is None:
                continue
            now = perf_counter()
            terminal.times.append(now - terminal.since)
            failed += _is_failure(answer)
            due = terminal.since + interval
            if interval and due > now:
                waiting -= 1
                heapq.heappush(later, (due, number))
            else:
                waiting -= not ((interval or now < until) and terminal.send(due if interval else now))
    return failed


def _is_failure(answer: bytes) -> bool:
    refused = answer[9:12] != b"200" or (b'"error":' in answer and b'"result":' not in answer)
    if refused:
        print(answer[:600], file=sys.stderr)
    return refused
