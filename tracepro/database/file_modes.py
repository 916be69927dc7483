"""Who may read the files of a database: nobody but the user that the server runs as."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

OWN = 0o600
OTHERS = 0o077
BESIDE = ("", "-wal", "-shm", ".writer")
"""The endings of the files that belong to a SQLite database."""


def make_own(path: Path) -> None:
    """Make a file that its owner alone may read, unless it is there; SQLite gives its mode to those beside it."""
    if not path.exists():
        with suppress(OSError):  # SQLite says what is wrong
            os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, OWN))


def open_to_others(path: Path) -> Iterator[Path]:
    """Yield the files of a SQLite database that others than their owner may read or write."""
    for file in (path.with_name(path.name + ending) for ending in BESIDE):
        if file.is_file() and file.stat().st_mode & OTHERS:
            yield file
