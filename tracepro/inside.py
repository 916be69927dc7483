"""A call has one connection: nothing inside it opens another one or starts another call."""

from __future__ import annotations

import threading

_here = threading.local()


class Inside:
    """Marks this thread as being inside the call of this name, for as long as the block lasts."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        _here.name = self._name

    def __exit__(self, *_: object) -> None:
        _here.name = None


def refuse_inside(what: str) -> None:
    """Raises RuntimeError when this thread is inside a call; ``what`` is what it tried."""
    name = getattr(_here, "name", None)
    if name is not None:
        raise RuntimeError(
            f"{name} tried to {what} inside its own call; use call.db and the plugins' api modules."
        )
