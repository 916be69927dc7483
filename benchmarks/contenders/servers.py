"""Servers to compare with, under gunicorn in processes of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import NamedTuple

from tracepro.testing.server import free_port


class Running(NamedTuple):
    """A server: its port and the process id of its master."""

    port: int
    pid: int


@contextmanager
def hello(folder: Path) -> Iterator[Running]:
    """Serve the least that Falcon can do, on gunicorn's asgi worker as ours is."""
    with _gunicorn(folder, "benchmarks.contenders.hello:app", ["-k", "asgi"]) as running:
        yield running


@contextmanager
def naive(folder: Path, database: str) -> Iterator[Running]:
    """Serve the straightforward server on a SQLite file."""
    arguments = ["-k", "gthread", "--threads", "8"]
    with _gunicorn(
        folder, "benchmarks.contenders.naive:application()", arguments, {"NAIVE_DATABASE": database}
    ) as running:
        yield running


@contextmanager
def _gunicorn(
    folder: Path, app: str, arguments: Sequence[str], environment: dict[str, str] | None = None
) -> Iterator[Running]:
    port = free_port(Running)
    command = [sys.executable, "-m", "gunicorn", app, *arguments]
    command += ["-b", f"127.0.0.1:{port}", "--keep-alive", "60"]
    with (folder / f"{port}.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            env={**os.environ, **(environment or {})},
            stdout=log,
            stderr=log,
            cwd=Path(__file__).parents[2],
        )
    try:
        _wait_until_it_answers(port)
        yield Running(port, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _wait_until_it_answers(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/")
            connection.getresponse().read()
            return
        except (OSError, HTTPException):
            time.sleep(0.05)
    raise AssertionError("The server to compare with did not start.")
