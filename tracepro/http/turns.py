"""Threads that take turns: several that run at once would only fight for Python's one lock."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from math import inf

from tracepro.floor import OPEN_FLOOR, Floor

Step = Callable[[], object]
PATIENCE = 0.005
"""How long a step may take before the next thread has its turn."""
ROUND_SECONDS = 0.002
"""After how long whoever goes from step to step leaves the floor to those who wait for it."""


class _Thread:
    """A thread; ``since`` is when it began its step, ``slow`` tells that its turn is over though it still runs."""

    __slots__ = ("thread", "turn", "since", "slow", "leaves")

    def __init__(self, main: Callable[[_Thread], object], name: str) -> None:
        self.turn = threading.Lock()
        self.turn.acquire()
        self.since = inf
        self.slow = False
        self.leaves = False
        self.thread = threading.Thread(target=main, args=(self,), name=name, daemon=True)


class TurnThreads:
    """Up to ``most`` threads, of which ``at_once`` have a turn; who has one takes step after step as long as any wait.

    Whoever is at one step for more than PATIENCE has had its turn, and the next thread gets one: a slow step holds its own
    thread and nobody else. Somebody must :meth:`look` for that from time to time. ``end_of_turn`` is called by a thread
    that finds nothing more to do, and before it leaves the ``floor`` to somebody else.
    """

    def __init__(
        self, most: int, at_once: int, end_of_turn: Callable[[], object], floor: Floor = OPEN_FLOOR
    ) -> None:
        self._floor = floor
        self._most = most
        self._at_once = at_once
        self._end_of_turn = end_of_turn
        self._steps: deque[Step] = deque()
        self._lock = threading.Lock()
        self._threads: list[_Thread] = []
        self._idle: list[_Thread] = []
        self._turns = 0
        self._closed = False

    @property
    def numbers(self) -> list[int]:
        """The numbers of the threads there are."""
        return [one.thread.ident for one in list(self._threads) if one.thread.ident is not None]

    def put(self, step: Step) -> None:
        """Leave a step for whoever has a turn; :meth:`wake` gives one, if nobody has."""
        with self._lock:
            self._steps.append(step)

    def take_back(self, step: Step) -> bool:
        """Take out a step that no thread has begun; False when one has."""
        with self._lock:
            if step not in self._steps:
                return False
            self._steps.remove(step)
            return True

    def wake(self) -> bool:
        """Give out the turns there are, as long as steps wait; True when somebody must :meth:`look`."""
        with self._lock:
            woken = self._give_turns()
            watched = self._turns > 0 or bool(self._steps)
        self._begin(woken)
        return watched

    def look(self) -> bool:
        """Give the turn of whoever is slow to the next thread; True when it must be looked again."""
        late = time.monotonic() - PATIENCE
        with self._lock:
            for one in self._threads:
                if one.since < late and not one.slow:
                    one.slow = True
                    self._turns -= 1
            woken = self._give_turns()
            again = self._turns > 0 or bool(self._steps)
        self._begin(woken)
        return again

    def close(self) -> None:
        """Have all that waits done, by all threads at once, and end them."""
        with self._lock:
            self._closed = True
            self._at_once = self._most
            woken, self._idle = self._idle, []
            self._turns += len(woken)
            woken += self._give_turns()
        self._begin(woken)
        for one in self._threads:
            one.thread.join()

    def _give_turns(self) -> list[_Thread]:
        """Return whose turn it is now, as many as steps wait: who worked last is first, for its caches are warm."""
        woken: list[_Thread] = []
        while self._turns < self._at_once and len(woken) < len(self._steps):
            if self._idle:
                woken.append(self._idle.pop())
            elif len(self._threads) < self._most:
                woken.append(self._new())
            else:
                break
            self._turns += 1
        return woken

    def _new(self) -> _Thread:
        new = _Thread(self._run, f"tracepro-call-{len(self._threads)}")
        self._threads.append(new)
        return new

    @staticmethod
    def _begin(woken: list[_Thread]) -> None:
        for one in woken:
            one.turn.release()
            if one.thread.ident is None:
                one.thread.start()

    def _run(self, own: _Thread) -> None:
        while not own.leaves:
            own.turn.acquire()
            self._floor.take()
            since = time.monotonic()
            while (step := self._next(own)) is not None:
                step()
                del step  # or it would be kept until the next one
                if self._floor.wanted and time.monotonic() - since > ROUND_SECONDS:
                    since = self._pass_floor_on()
            self._end_of_turn()
            self._floor.leave()

    def _pass_floor_on(self) -> float:
        """Let those who wait go first; return the time when it is this thread's turn again."""
        self._end_of_turn()
        self._floor.leave()
        self._floor.take()
        return time.monotonic()

    def _next(self, own: _Thread) -> Step | None:
        """Return the next step of this thread's turn; None at its end."""
        with self._lock:
            if own.slow:
                own.slow = False
                self._turns += 1  # its turn went to another; there may be a new one
            if self._steps and self._turns <= self._at_once:
                own.since = time.monotonic()
                return self._steps.popleft()
            self._turns -= 1
            own.since = inf
            own.leaves = self._closed
            if not own.leaves:
                self._idle.append(own)
            return None
