"""Memory that a worker shares with the master: its heartbeat, and which plugin's function each thread runs.

A function that holds the interpreter's lock stops every thread of its process, the watchdog too; what stands here can
still be read.
"""

from __future__ import annotations

import itertools
import mmap
import struct
import threading

from tracepro.calls.running import LABEL_BYTES, Running

THREADS = 128
_NUMBER = struct.Struct("<q")
_NOBODY = bytes(8)
_LIMIT_AT = 8
_SLOTS_AT = 64
WIDTH = 8 + LABEL_BYTES


class Board:
    """Made by the master before the fork; a worker writes it and the master reads it."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, _SLOTS_AT + THREADS * WIDTH)
        self._beats = itertools.count(1)
        self._entries = itertools.count(1)
        self._next_slot = itertools.count()
        self._here = threading.local()

    def beat(self) -> None:
        """Note that the worker's threads run."""
        self._memory[:8] = _NUMBER.pack(next(self._beats))

    @property
    def beats(self) -> int:
        """How often it beat; 0 before the watchdog began."""
        return int(_NUMBER.unpack(self._memory[:8])[0])

    def set_limit(self, seconds: float) -> None:
        """Say how long a plugin's function may run."""
        self._memory[_LIMIT_AT : _LIMIT_AT + 8] = struct.pack("<d", seconds)

    @property
    def limit(self) -> float:
        """How long a plugin's function may run, in seconds."""
        return float(struct.unpack("<d", self._memory[_LIMIT_AT : _LIMIT_AT + 8])[0])

    def enter(self, label: bytes) -> None:
        """Note what this thread runs now."""
        start = self._slot()
        if start:
            self._memory[start : start + WIDTH] = _NUMBER.pack(next(self._entries)) + label

    def leave(self) -> None:
        """Note that this thread runs nothing of a plugin any more."""
        start = self._slot()
        if start:
            self._memory[start : start + 8] = _NOBODY

    def last_entered(self) -> Running | None:
        """Return what was entered last of all that runs."""
        starts = range(_SLOTS_AT, len(self._memory), WIDTH)
        start = max(starts, key=lambda start: self._number(start))
        if not self._number(start):
            return None
        plugin, hook, kind = self._memory[start + 8 : start + WIDTH].rstrip(b"\0").decode().split("\n")
        return Running(plugin, hook, kind)  # type: ignore[arg-type]

    def _number(self, start: int) -> int:
        return int(_NUMBER.unpack(self._memory[start : start + 8])[0])

    def _slot(self) -> int:
        """Return where this thread's slot begins; 0 when there are too many threads."""
        start: int | None = getattr(self._here, "start", None)
        if start is None:
            number = next(self._next_slot)
            start = self._here.start = _SLOTS_AT + number * WIDTH if number < THREADS else 0
        return start

    def close(self) -> None:
        """Give the memory back, in the process that calls it."""
        self._memory.close()
