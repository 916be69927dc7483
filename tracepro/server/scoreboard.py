"""Memory that a worker shares with the master: its heartbeat, and which plugin's function each thread runs.

A function that holds the interpreter's lock stops every thread of its process, the watchdog too; what stands here can
still be read.
"""

from __future__ import annotations

import mmap
import struct

from tracepro.calls.running import LABELS, Function

THREADS = 256
LABEL_BYTES = 256
_BEATS, _LEFT, _FIRST_SLOT = 0, 2, 3
_LABELS_AT = 8 * (_FIRST_SLOT + THREADS)


class Scoreboard:
    """Made by the master before the fork; a worker writes it and the master reads it.

    A thread's slot is 0 while it runs nothing of a plugin; else it grows with every entry, and its rest by ``LABELS`` is
    the number of the function.
    """

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, _LABELS_AT + LABELS * LABEL_BYTES)
        numbers = memoryview(self._memory)[:_LABELS_AT].cast("q")
        self._numbers, self.slots = numbers, numbers[_FIRST_SLOT:]

    def beat(self) -> None:
        """Note that the worker's threads run."""
        self._numbers[_BEATS] += 1

    @property
    def beats(self) -> int:
        """How often it beat; 0 before the watchdog began."""
        return self._numbers[_BEATS]

    def leave(self) -> None:
        """Note that the worker was asked to leave and will end by itself."""
        self._numbers[_LEFT] = 1

    @property
    def left(self) -> bool:
        """True when it was."""
        return bool(self._numbers[_LEFT])

    @property
    def limit(self) -> float:
        """How long a plugin's function may run, in seconds."""
        (seconds,) = struct.unpack("<d", self._memory[8:16])
        return float(seconds)

    @limit.setter
    def limit(self, seconds: float) -> None:
        self._memory[8:16] = struct.pack("<d", seconds)

    def label(self, function: Function) -> None:
        """Write down what the number of a function means."""
        if function.number:
            text = f"{function.plugin}\n{function.hook}\n{function.kind}".encode()[:LABEL_BYTES]
            start = _LABELS_AT + function.number * LABEL_BYTES
            self._memory[start : start + LABEL_BYTES] = text.ljust(LABEL_BYTES, b"\0")

    def suspect(self) -> Function | None:
        """Return what to blame when the process stands still or breaks; None when nothing runs, or nothing with a number.

        Nobody can tell from outside which of several threads it is. A hook runs for a moment where a handler, of which
        there is one in each busy thread, only waits for the others: so it is the hook that was entered last, else the handler.
        """
        entered = sorted((slot for slot in self.slots if slot % LABELS), reverse=True)
        running = [self._function(slot % LABELS) for slot in entered]
        hooks = (function for function in running if function.kind not in ("read", "write"))
        return next(hooks, running[0] if running else None)

    def _function(self, number: int) -> Function:
        start = _LABELS_AT + number * LABEL_BYTES
        text = self._memory[start : start + LABEL_BYTES].rstrip(b"\0").decode(errors="replace")
        plugin, hook, kind = text.split("\n")
        return Function(plugin, hook, kind)  # type: ignore[arg-type]

    def close(self) -> None:
        """Give the memory back, in the process that calls it."""
        self.slots.release()
        self._numbers.release()
        self._memory.close()
