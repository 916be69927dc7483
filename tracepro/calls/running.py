"""What of the plugins runs at this moment, in each thread: a list that is pushed and popped without a lock."""

from __future__ import annotations

import itertools
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from time import perf_counter
from types import GeneratorType
from typing import Any, Literal, Protocol

import msgspec

Kind = Literal["register", "check", "collect", "decide", "apply", "notify", "read", "write"]
METHODS = ("read", "write")
DATABASE_FACTOR = 6
"""How many times longer a method may work in the database."""
LABELS = 1024
"""How many functions can be told apart by their number."""


class Function:
    """A function of a plugin that is watched: a hook, or the handler of a method or a route.

    ``calls`` and ``seconds`` are what it took in this process, without the functions that ran inside it. They are moved without a
    lock: what two threads lose by that, if ever, is a figure of one call.
    """

    __slots__ = ("plugin", "hook", "kind", "number", "calls", "seconds")

    def __init__(self, plugin: str, hook: str, kind: Kind, number: int = 0) -> None:
        self.plugin = plugin
        self.hook = hook
        self.kind = kind
        self.number = number
        self.calls = 0
        self.seconds = 0.0

    def __str__(self) -> str:
        handles = "route" if " " in self.hook else "method"
        what = handles if self.kind in METHODS else "hook"
        return f"{what} {self.hook} of plugin {self.plugin}"


class Running(msgspec.Struct, eq=False):
    """A function while it runs.

    ``seconds`` is how long the watchdog has seen it run, ``database_seconds`` how long beside that a method was seen in
    one statement after another, ``age`` how long it has been running with all its waits, ``warned`` that it said so, ``hangs`` that
    it ran into the limit.
    """

    function: Function
    age: float = 0.0
    seconds: float = 0.0
    database_seconds: float = 0.0
    warned: bool = False
    hangs: bool = False

    def __str__(self) -> str:
        return str(self.function)

    @property
    def plugin(self) -> str:
        """The plugin's name."""
        return self.function.plugin

    @property
    def hook(self) -> str:
        """The name of the hook, the method or the route."""
        return self.function.hook

    @property
    def kind(self) -> Kind:
        """The hook's kind; ``read`` or ``write`` for a method or a route."""
        return self.function.kind

    @property
    def all_seconds(self) -> float:
        """How long it was seen at work, in the database too."""
        return self.seconds + self.database_seconds

    @property
    def counted_seconds(self) -> float:
        """What is held against the limits."""
        return max(self.seconds, self.all_seconds / DATABASE_FACTOR)

    def add(self, seconds: float, *, in_database: bool) -> None:
        """Count a tick; of the statements of a method, which may be honest work on a large batch, a part only."""
        if in_database and self.kind in METHODS:
            self.database_seconds += seconds
        else:
            self.seconds += seconds


class Scoreboard(Protocol):
    """Where the master of the processes sees what runs here; ``slots`` has a number for each thread."""

    slots: memoryview

    def label(self, function: Function) -> None:
        """Write down what the number of a function means."""


class _Thread:
    """What runs in a thread, the innermost last, and its slot on the scoreboard; 0 is none.

    ``inside`` are the seconds of what ran inside the innermost so far.
    """

    __slots__ = ("stack", "slot", "inside")

    def __init__(self) -> None:
        self.stack: list[Running] = []
        self.slot = 0
        self.inside = 0.0


class _Here(threading.local):
    def __init__(self) -> None:
        self.thread = thread = _Thread()
        _threads.append(thread)
        threads[threading.get_ident()] = thread.stack
        _give_slot(thread)


threads: dict[int, list[Running]] = {}
"""What runs in each thread, by its number; ended threads leave an empty list until their number is used again."""
_threads: deque[_Thread] = deque(maxlen=1000)
_functions: list[Function] = []
_scoreboards: list[Scoreboard] = []
_slots = memoryview(bytearray(8)).cast("q")
_next_slot = itertools.count(1)
_entries = itertools.count(1)


@lru_cache(4 * LABELS)
def watched(plugin: str, hook: str, kind: Kind) -> Function:
    """Return the function of these names, the same object each time."""
    number = len(_functions) + 1
    function = Function(plugin, hook, kind, number if number < LABELS else 0)
    _functions.append(function)
    for scoreboard in _scoreboards:
        scoreboard.label(function)
    return function


def functions() -> list[Function]:
    """Return every function that is watched in this process."""
    return list(_functions)


def show_on(scoreboard: Scoreboard) -> None:
    """Show on a scoreboard, from now on, what runs in this process."""
    global _slots
    _scoreboards[:] = [scoreboard]
    _slots = scoreboard.slots
    for function in _functions:
        scoreboard.label(function)
    for thread in list(_threads):
        _give_slot(thread)


def _give_slot(thread: _Thread) -> None:
    """Give a thread a slot on the scoreboard as long as there are any."""
    if _scoreboards and not thread.slot:
        slot = next(_next_slot)
        thread.slot = slot if slot < len(_slots) else 0


_here = _Here()


def run(
    function: Function,
    target: Callable[..., Any],
    arguments: Iterable[Any],
    named: Mapping[str, Any] | None = None,
) -> Any:
    """Return what a function of a plugin answers, of a generator the list; it is seen to run meanwhile.

    Every hook and every method comes this way, so it calls nothing beside the function.
    """
    thread = _here.thread
    stack = thread.stack
    stack.append(Running(function))
    if thread.slot:
        _slots[thread.slot] = next(_entries) * LABELS + function.number
    before, thread.inside = thread.inside, 0.0
    began = perf_counter()
    try:
        answer = target(*arguments, **named) if named else target(*arguments)
        return list(answer) if type(answer) is GeneratorType else answer
    finally:
        took = perf_counter() - began
        stack.pop()
        function.calls += 1
        function.seconds += took - thread.inside
        thread.inside = before + took
        if thread.slot:
            _slots[thread.slot] = next(_entries) * LABELS + stack[-1].function.number if stack else 0
