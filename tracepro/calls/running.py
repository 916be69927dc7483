"""What of the plugins runs at this moment, in each thread: a list that is pushed and popped without a lock."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

Kind = Literal["register", "check", "collect", "decide", "apply", "notify", "write"]


class Running:
    """A function of a plugin while it runs: a hook, or the handler of a method that writes.

    ``seconds`` is how long the watchdog has seen it run, ``warned`` that it said so.
    """

    __slots__ = ("plugin", "hook", "kind", "seconds", "warned")

    def __init__(self, plugin: str, hook: str, kind: Kind) -> None:
        self.plugin = plugin
        self.hook = hook
        self.kind = kind
        self.seconds = 0.0
        self.warned = False

    def __str__(self) -> str:
        what = "method" if self.kind == "write" else "hook"
        return f"{what} {self.hook} of plugin {self.plugin}"


class _Here(threading.local):
    """The functions that run in a thread, the innermost last."""

    def __init__(self) -> None:
        self.stack: list[Running] = []
        threads[threading.get_ident()] = self.stack


threads: dict[int, list[Running]] = {}
"""What runs in each thread, by its number; ended threads leave an empty list until their number is used again."""
here = _Here()


@contextmanager
def running(plugin: str, hook: str, kind: Kind) -> Iterator[None]:
    """Note that a function of a plugin runs, for as long as it does."""
    stack = here.stack
    stack.append(Running(plugin, hook, kind))
    try:
        yield
    finally:
        stack.pop()
