"""A load generator of its own process: keep-alive connections that send prepared calls and time the answers."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from multiprocessing import get_context
from time import perf_counter
from typing import Any

HEAD = "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"


@dataclass
class Load:
    """What a run found: seconds of each answered call by connection, refusals, and the whole time."""

    seconds: list[list[float]]
    failed: int
    took: float

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


def closed(port: int, calls: list[list[dict[str, Any]]], seconds: float, path: str = "/api/") -> Load:
    """Have each connection send its calls for some seconds, the next one when the last is answered."""
    return _in_process(_closed, port, calls, seconds, path)


def paced(port: int, calls: list[dict[str, Any]], rate: float, connections: int, path: str = "/api/") -> Load:
    """Send calls at a steady rate, whatever the answers do; a call's time runs from when it was due."""
    return _in_process(_paced, port, calls, rate, connections, path)


def _in_process(work: Any, *arguments: Any) -> Load:
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(_run, (work, *arguments))


def _run(work: Any, *arguments: Any) -> Load:
    return asyncio.run(work(*arguments))


def _bytes(call: dict[str, Any], number: int, port: int, path: str) -> bytes:
    body = json.dumps({"jsonrpc": "2.0", "id": number, **call}).encode()
    return HEAD.format(path=path, host=f"127.0.0.1:{port}", length=len(body)).encode() + body


async def _closed(port: int, calls: list[list[dict[str, Any]]], seconds: float, path: str) -> Load:
    prepared = [
        [_bytes(call, number, port, path) for number, call in enumerate(of_connection)]
        for of_connection in calls
    ]
    begun = perf_counter()
    found = await asyncio.gather(
        *(_one_after_another(port, requests, begun + seconds) for requests in prepared)
    )
    return Load([times for times, _ in found], sum(failed for _, failed in found), perf_counter() - begun)


async def _one_after_another(port: int, prepared: Iterable[bytes], until: float) -> tuple[list[float], int]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    times, failed = [], 0
    for request in prepared:
        sent = perf_counter()
        if sent >= until:
            break
        answer = await _exchange(reader, writer, request)
        times.append(perf_counter() - sent)
        failed += _is_failure(answer)
    writer.close()
    return times, failed


async def _exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> bytes:
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    return await reader.readexactly(length)


def _is_failure(answer: bytes) -> int:
    if b'"error"' not in answer or b'"result"' in answer:
        return 0
    print(answer[:300], file=sys.stderr)
    return 1


async def _paced(port: int, calls: list[dict[str, Any]], rate: float, connections: int, path: str) -> Load:
    prepared = [_bytes(call, number, port, path) for number, call in enumerate(calls)]
    free: asyncio.Queue[Any] = asyncio.Queue()
    for _ in range(connections):
        free.put_nowait(await asyncio.open_connection("127.0.0.1", port))
    begun, times, failed, running = perf_counter(), [0.0] * len(prepared), 0, []

    async def send(number: int, due: float) -> int:
        reader, writer = await free.get()
        answer = await _exchange(reader, writer, prepared[number])
        free.put_nowait((reader, writer))
        times[number] = perf_counter() - due
        return _is_failure(answer)

    for number in range(len(prepared)):
        due = begun + number / rate
        await asyncio.sleep(max(0.0, due - perf_counter()))
        running.append(asyncio.create_task(send(number, due)))
    failed = sum(await asyncio.gather(*running))
    return Load([times], failed, perf_counter() - begun)
