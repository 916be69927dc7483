"""The watchdog: sees plugins' functions that run too long, says so while they run, and has the worst ended."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from traceback import StackSummary
from types import FrameType

from tracepro.calls.running import DATABASE_FACTOR, Running, threads
from tracepro.plugin.watch import Watch

LOG = logging.getLogger("tracepro.plugin")
TICK_SECONDS = 0.25
LONGEST_TICK = 1.0


@dataclass(frozen=True)
class Hang:
    """A plugin's function that ran into the limit of ``limit`` seconds; ``thread`` is the number of its thread."""

    run: Running
    thread: int
    stack: str
    limit: float

    @property
    def goes_on(self) -> bool:
        """True as long as it runs."""
        return self.run in threads.get(self.thread, ())


class Watchdog:
    """A thread that looks at what runs, four times a second.

    Its own ticks count, at most 1 s each, so that a machine that slept is nobody's fault; waits for the database do
    not: ticks that find a thread in the same call of its session as the one before. ``abandon(hang)`` is called for a notify hook beyond ``limit`` seconds, ``end(hang)`` for every other. ``jobs``
    run at every tick.
    """

    def __init__(self, watch: Watch, warn: float, limit: float, abandon: Callable[[Hang], object]) -> None:
        self.limit = limit
        self.end: Callable[[Hang], object] = self._report
        self.jobs: list[Callable[[], object]] = []
        self._watch = watch
        self._warn = warn
        self._abandon = abandon
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._sessions: dict[int, FrameType | None] = {}

    def start(self) -> None:
        """Start the thread, after the fork."""
        self._thread = threading.Thread(target=self._look, name="tracepro-watchdog", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread and wait for its last tick: its jobs read the database, which closes next."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()

    def _look(self) -> None:
        last = time.monotonic()
        while not self._stopped.wait(TICK_SECONDS):
            now = time.monotonic()
            try:
                self.tick(min(now - last, LONGEST_TICK))
            except Exception:
                LOG.exception("The watchdog failed; it goes on.")
            last = now

    def tick(self, seconds: float) -> None:
        """Look at what runs, ``seconds`` after the last look."""
        for job in self.jobs:
            try:
                job()
            except Exception:
                LOG.exception("What the watchdog does at every tick failed; it goes on.")
        self._find_again()
        frames: dict[int, FrameType] = {}
        before, self._sessions = self._sessions, {}  # kept, so that no later call is taken for the same
        for thread, stack in list(threads.items()):
            if stack and not frames:
                frames = sys._current_frames()
            runs = list(stack)
            frame = frames.get(thread)
            for run in runs:
                run.age += seconds
            if runs and frame is not None:
                self._sessions[thread] = session = session_call(frame)
                if session is None or session is not before.get(thread):
                    self._add(thread, runs, frame, seconds, in_database=session is not None)

    def _find_again(self) -> None:
        """Forget the lost threads that have ended what they ran."""
        for plugin, run in list(self._watch.lost.items()):
            if not any(run in stack for stack in list(threads.values())):
                self._watch.lost.pop(plugin, None)

    def _add(
        self, thread: int, runs: list[Running], frame: FrameType, seconds: float, *, in_database: bool
    ) -> None:
        for run in runs:
            run.add(seconds, in_database=in_database)
        late = [run for run in runs if run.counted_seconds > self._warn]
        new = [run for run in late if not run.warned]
        if new:
            self._warn_of(self._hang(new[-1], thread, frame, self._warn))
        for run in late:
            self._watch.overran(run)
        if any(run.counted_seconds > self.limit for run in runs):
            # Who waits for a function inside it is not to blame.
            guilty = next(run for run in reversed(runs) if run.counted_seconds > self.limit / 2)
            self._act(self._hang(guilty, thread, frame, self.limit))

    @staticmethod
    def _hang(run: Running, thread: int, frame: FrameType, limit: float) -> Hang:
        own = run.seconds == run.counted_seconds
        return Hang(run, thread, stack_of(frame)[-8000:], limit if own else limit * DATABASE_FACTOR)

    def _warn_of(self, hang: Hang) -> None:
        LOG.warning(
            "The %s has been running for more than %g s; mend it. It is here:\n%s",
            hang.run,
            hang.limit,
            hang.stack,
        )

    def _act(self, hang: Hang) -> None:
        self._watch.hung(hang.run)
        if hang.run.kind != "notify":
            self.end(hang)
        elif self._watch.lost.get(hang.run.plugin) is not hang.run:
            self._watch.lost[hang.run.plugin] = hang.run
            LOG.error("The %s hangs; the others are told in another thread.", hang.run)
            self._abandon(hang)

    def _report(self, hang: Hang) -> None:
        """Say it once, where no process can be ended."""
        if hang.run.kind != "register":
            LOG.error("The %s hangs.\n%s", hang.run, hang.stack)
            hang.run.seconds = float("-inf")


def session_call(frame: FrameType) -> FrameType | None:
    """Return the call of a session that a thread is in at this moment, in its own code or the driver's; else None."""
    call = None
    for outer in _outwards(frame):
        room = outer.f_globals.get("__name__", "")
        if room.startswith("tracepro.database"):
            call = outer
        elif call is not None or room.partition(".")[0] not in _DRIVERS:
            return call
    return call


def stack_of(frame: FrameType) -> str:
    """Return the lines of code that a thread is in, the innermost last."""
    stack = StackSummary.extract((outer, outer.f_lineno) for outer in _outwards(frame))
    stack.reverse()
    return "".join(stack.format())


def _outwards(frame: FrameType | None) -> Iterator[FrameType]:
    """Yield a frame and those around it.

    Of a thread that goes on meanwhile CPython 3.11 may give a frame that was cleared: it has no globals, and who asks for its
    line may end the process.
    """
    while frame is not None and frame.f_globals is not None:
        yield frame
        frame = frame.f_back


_DRIVERS = frozenset(("psycopg", "psycopg_binary", "selectors", "contextlib", "threading"))
