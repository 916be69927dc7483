"""Turning the texts of ini files into typed values."""

from __future__ import annotations

import math
import os
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

Number = TypeVar("Number", int, float)
TRUE = frozenset(("1", "yes", "true", "on"))
FALSE = frozenset(("0", "no", "false", "off"))


def typed(kind: type | tuple[str, ...], value: Any, base: Path) -> Any:
    """Return the value of ``kind`` that a text stands for; raises ValueError with ``must be …``.

    A list is words divided by blanks or commas, a path with a blank in it stands in quotes there; a path is relative to
    ``base`` and keeps its links; a tuple is the allowed words. A value that has its kind already stays, so that tests may give values instead of texts.
    """
    if isinstance(kind, tuple):
        return _word(kind, value)
    if kind is Path:
        return _path(value, base)
    if kind == list[Path]:
        return [_path(each, base) for each in (_quoted_words(value) if isinstance(value, str) else value)]
    if isinstance(value, str):
        return READERS[kind](value)
    if isinstance(value, (tuple, set)) and kind is list:
        return list(value)
    return READERS[kind](str(value)) if type(value) is not kind else value


def kind_in_words(kind: type | tuple[str, ...]) -> str:
    """Say what a value of this kind looks like."""
    return "one of " + ", ".join(kind) if isinstance(kind, tuple) else WORDS[kind]


def _path(text: Any, base: Path) -> Path:
    if not str(text):
        raise ValueError(f"must be {WORDS[Path]}, not empty")
    return Path(os.path.abspath(base / text))


def _quoted_words(text: str) -> list[str]:
    words = shlex.shlex(text, posix=True, punctuation_chars=False)
    words.whitespace_split, words.commenters, words.escape = True, "", ""
    words.whitespace += ","
    return list(words)


def _word(allowed: tuple[str, ...], value: str) -> str:
    if value not in allowed:
        raise ValueError(f"must be {kind_in_words(allowed)}, not {value!r}")
    return value


def _whole(text: str) -> int:
    return _fitting(int(text), -(2**63) <= int(text) < 2**63)


def _number(text: str) -> float:
    return _fitting(float(text), math.isfinite(float(text)))


def _fitting(number: Number, fits: bool) -> Number:
    if not fits:
        raise ValueError
    return number


def _flag(text: str) -> bool:
    word = text.strip().lower()
    if word not in TRUE and word not in FALSE:
        raise ValueError
    return word in TRUE


def _words(text: str) -> list[str]:
    return text.replace(",", " ").split()


def _reader(kind: type, read: Callable[[str], Any]) -> Callable[[str], Any]:
    def reader(text: str) -> Any:
        try:
            return read(text)
        except ValueError:
            raise ValueError(f"must be {WORDS[kind]}, not {text!r}") from None

    return reader


WORDS: dict[Any, str] = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "yes or no",
    list: "words divided by blanks",
    Path: "a path",
    list[Path]: "paths divided by blanks, one with a blank in it in quotes",
}
READERS: dict[Any, Callable[[str], Any]] = {
    str: str,
    int: _reader(int, _whole),
    float: _reader(float, _number),
    bool: _reader(bool, _flag),
    list: _words,
}
