"""What of the plugins runs at this moment, in each thread: a list that is pushed and popped without a lock."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Literal, Protocol

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


class Board(Protocol):
    """Where the master of the processes sees what runs here, as texts of a fixed width."""

    def enter(self, label: bytes) -> None:
        """Note what this thread runs now."""

    def leave(self) -> None:
        """Note that this thread runs nothing of a plugin any more."""


LABEL_BYTES = 248
_boards: list[Board] = []


def show_on(board: Board) -> None:
    """Show on a board, from now on, what runs in this process."""
    _boards[:] = [board]


@lru_cache(1024)
def _label(plugin: str, hook: str, kind: Kind) -> bytes:
    return f"{plugin}\n{hook}\n{kind}".encode()[:LABEL_BYTES].ljust(LABEL_BYTES, b"\0")


def enter(plugin: str, hook: str, kind: Kind) -> None:
    """Note that this thread begins a function of a plugin; :func:`leave` must follow."""
    here.stack.append(Running(plugin, hook, kind))
    if _boards:
        _boards[0].enter(_label(plugin, hook, kind))


def leave() -> None:
    """Note that the function entered last has ended."""
    stack = here.stack
    stack.pop()
    if _boards:
        if stack:
            outer = stack[-1]
            _boards[0].enter(_label(outer.plugin, outer.hook, outer.kind))
        else:
            _boards[0].leave()


@contextmanager
def running(plugin: str, hook: str, kind: Kind) -> Iterator[None]:
    """Note that a function of a plugin runs, for as long as it does."""
    enter(plugin, hook, kind)
    try:
        yield
    finally:
        leave()
