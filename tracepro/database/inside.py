"""A call has one connection: nothing inside it opens another one or starts another call."""

from __future__ import annotations

import threading

_here = threading.local()


def enter(name: str) -> None:
    """Mark this thread as being inside the call of this name, until :func:`leave`."""
    _here.name = name


def leave() -> None:
    """End what :func:`enter` began."""
    _here.name = None


def refuse_inside(what: str) -> None:
    """Refuse to go on when this thread is inside a call; ``what`` is what it tried. Raises RuntimeError."""
    name = getattr(_here, "name", None)
    if name is not None:
        raise RuntimeError(
            f"{name} tried to {what} inside its own call; use call.db and the plugins' api modules."
        )
