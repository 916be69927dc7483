"""Regular expressions that see what clients send: RE2 runs them, in a time that grows with the text's length only.

Python's own engine tries every way to split a text, and holds the interpreter for minutes where there are many.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Protocol

import re2

__all__ = ["Match", "Pattern", "compiled"]

MEMORY = 1 << 20
"""Bytes of a compiled expression; RE2's own 8 MB would be 30 ms of compiling for each mask of a hostile order."""
KEPT = 64


class Match(Protocol):
    """What an expression found."""

    def groupdict(self) -> Mapping[str, str | None]:
        """Return the groups by name, None for those that took no part."""


class Pattern(Protocol):
    """A compiled expression."""

    def search(self, text: str) -> Match | None:
        """Return what is found anywhere in a text."""

    def fullmatch(self, text: str) -> Match | None:
        """Return what is found when the whole text matches."""


def _options() -> Any:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MEMORY
    return options


_OPTIONS = _options()


@lru_cache(maxsize=KEPT)
def compiled(expression: str) -> Pattern:
    """Return an expression of RE2, compiled. Raises ValueError, the end of a sentence, for what is none or too large."""
    try:
        pattern: Pattern = re2.compile(expression, _OPTIONS)
    except re2.error as error:
        raise ValueError(f"is not a regular expression of RE2: {_said(error)}") from None
    return pattern


def _said(error: Exception) -> str:
    cause = error.args[0] if error.args else error
    return cause.decode(errors="replace") if isinstance(cause, bytes) else str(cause)
