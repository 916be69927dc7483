"""How far something is that takes long: a bar on a terminal, now and then a line elsewhere."""

from __future__ import annotations

import sys
import time
from typing import Never

from tqdm import tqdm


class Bars:
    """A bar for each piece of work, one after the other; called with its word, how far it is, and of how many."""

    def __init__(self) -> None:
        self._bar: tqdm[Never] | None = None
        self._word = ""

    def __call__(self, word: str, done: int, total: int) -> None:
        bar = self._bar
        if bar is None or word != self._word or done < bar.n or total != bar.total:
            self.close()
            self._word = word
            off = not sys.stderr.isatty()
            bar = self._bar = tqdm(
                desc=word, total=total, unit="", unit_scale=True, leave=total > 0, disable=off
            )
        bar.update(done - bar.n)

    def close(self) -> None:
        """End the last bar."""
        if self._bar is not None:
            self._bar.close()


class Lines:
    """Lines on stderr, at most one in ``seconds``, for logs that nobody watches live; called like :class:`Bars`."""

    def __init__(self, seconds: float = 10.0) -> None:
        self._seconds = seconds
        self._last = time.monotonic()

    def __call__(self, word: str, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._last >= self._seconds:
            self._last = now
            print(
                f"{word}: {done} of {total} rows" if total else f"{word} begins", file=sys.stderr, flush=True
            )

    def close(self) -> None:
        """Do nothing: each line was whole."""


def bars_or_lines() -> Bars | Lines:
    """Return what suits stderr."""
    return Bars() if sys.stderr.isatty() else Lines()
