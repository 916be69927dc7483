"""A bar on a terminal for what takes long."""

from __future__ import annotations

import sys
from typing import Never

from tqdm import tqdm


class Bars:
    """A bar for each piece of work, one after the other; called with its word, how far it is, and of how many."""

    def __init__(self) -> None:
        self._bar: tqdm[Never] | None = None
        self._word = ""

    def __call__(self, word: str, done: int, total: int) -> None:
        bar = self._bar
        if bar is None or word != self._word or done < bar.n:
            self.close()
            self._word = word
            bar = self._bar = tqdm(total=total, unit=word, unit_scale=True, disable=not sys.stderr.isatty())
        bar.update(done - bar.n)

    def close(self) -> None:
        """End the last bar."""
        if self._bar is not None:
            self._bar.close()
