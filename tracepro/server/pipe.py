"""The pipes between master and workers: a worker's word that it is ready, and the master's sign of life."""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import asdict

from tracepro.plugin.out_of_service import Outage


class Pipe:
    """A pipe made before the fork; each side keeps its own end."""

    def __init__(self) -> None:
        self.reader, self.writer = os.pipe()
        os.set_blocking(self.reader, False)

    def keep_reader(self) -> None:
        """Close the writing end in this process."""
        self._close("writer")

    def keep_writer(self) -> None:
        """Close the reading end in this process."""
        self._close("reader")

    def close(self) -> None:
        """Close both ends in this process."""
        self._close("reader")
        self._close("writer")

    def _close(self, end: str) -> None:
        number = getattr(self, end)
        if number >= 0:
            setattr(self, end, -1)
            with contextlib.suppress(OSError):
                os.close(number)


class Report(Pipe):
    """What a worker reports to the master: ``+`` when it serves, a sentence when it could not start, and how it ends.

    ``w`` follows once the out-of-service rows it was given are written, JSON when a plugin's hook hangs.

    ``ended`` is True once the worker's end is closed: it has said what it had to say, or died.
    """

    def __init__(self) -> None:
        super().__init__()
        self._received = b""
        self.ended = False

    def ready(self) -> None:
        """Report, in the worker, that it serves."""
        os.write(self.writer, b"+")

    def failed(self, sentence: str) -> None:
        """Report, in the worker, why it can't start."""
        os.write(self.writer, sentence.encode()[:4000])

    def recorded(self) -> None:
        """Report, in the worker, that the rows of the plugins it was told of are written."""
        os.write(self.writer, b"w")

    def blame(self, outage: Outage, stack: str) -> None:
        """Report, in the worker, why it ends: the plugin whose hook hangs, with its stack."""
        os.write(self.writer, json.dumps([asdict(outage), stack[-8000:]]).encode())

    def blamed(self) -> tuple[Outage, str] | None:
        """Return, in the master, whom an ended worker blamed, and the stack."""
        received = self._receive().lstrip(b"+w")
        try:
            outage, stack = json.loads(received)
            return Outage(**outage), stack
        except (ValueError, TypeError):
            return None

    def has_recorded(self) -> bool:
        """Tell, in the master, whether the rows of the plugins it was told of are written."""
        return b"w" in self._receive()[:2]

    def is_ready(self) -> bool:
        """Tell, in the master, whether the worker serves."""
        return self._receive().lstrip(b"w").startswith(b"+")

    def sentence(self) -> str | None:
        """Return, in the master, why the worker could not start."""
        received = self._receive().lstrip(b"w")
        return None if not received or received.startswith(b"+") else received.decode(errors="replace")

    def _receive(self) -> bytes:
        """Return everything that has come so far."""
        with contextlib.suppress(OSError):
            while self.reader >= 0 and not self.ended:
                more = os.read(self.reader, 4096)
                self._received += more
                self.ended = not more
        return self._received
