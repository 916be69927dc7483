"""A small TCP balancer, a process of its own: ``python -m benchmarks.balancer PORT BACKEND…``, all on this machine.

Each connection goes to the backend whose turn it is, or to the next one that takes it. In a plant nginx or HAProxy stands here.
"""

from __future__ import annotations

import asyncio
import itertools
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from tracepro.testing.server import free_port

HOST = "127.0.0.1"
CHUNK = 1 << 16


@contextmanager
def balanced(ports: Sequence[int]) -> Iterator[int]:
    """Balance servers on these ports and give the port that stands for all of them."""
    port = free_port(Balancer)
    command = [sys.executable, "-m", "benchmarks.balancer", *map(str, (port, *ports))]
    process = subprocess.Popen(command, cwd=Path(__file__).parents[1])
    try:
        _wait_until_it_listens(port)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _wait_until_it_listens(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection((HOST, port)):
            return
        time.sleep(0.02)
    raise AssertionError("The balancer did not start.")


class Balancer:
    """Passes the bytes of each connection on, both ways."""

    def __init__(self, backends: Sequence[int]) -> None:
        self._turns = itertools.cycle(backends)
        self._tries = len(backends)

    async def serve(self, port: int) -> None:
        """Listen until the process ends."""
        server = await asyncio.start_server(self._connected, HOST, port, backlog=1024)
        await server.serve_forever()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for port in itertools.islice(self._turns, self._tries):
            with suppress(OSError):
                behind, forward = await asyncio.open_connection(HOST, port)
                await asyncio.gather(_pass_on(reader, forward), _pass_on(behind, writer))
                return
        writer.close()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass bytes on until one side ends; then the other ends too."""
    with suppress(OSError):
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
    writer.close()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(Balancer([int(port) for port in sys.argv[2:]]).serve(int(sys.argv[1])))
