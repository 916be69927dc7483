"""Opening files below the allowed folders, whatever a path is made of and whoever exchanges files meanwhile.

A path is judged three times. As a text, before the file system is asked about it: what lies outside can't be told to exist.
After resolving its links. And where the kernel says that what was opened lies: a link that was put there in between leads
nowhere. The file is opened for reading through that same descriptor, so that a pipe or a device is never opened at all.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from tracepro_documents import reasons
from tracepro_documents.options import Readable

PLACE = os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC
READ = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC


def read(path: str, readable: Readable) -> bytes:
    """Return what is in a file. Raises ``path-not-allowed``, ``file-not-found``, ``file-too-large``.

    It reads one byte more than a file may have, and no further: a file may grow meanwhile.
    """
    with _opened(path, readable) as file:
        data = file.read(readable.most + 1) or b""
    if len(data) > readable.most:
        raise reasons.file_too_large(path, readable.most)
    return data


def check(path: str, readable: Readable) -> None:
    """Refuse a file that can't be given, without reading it. Raises what ``read`` raises."""
    with _opened(path, readable):
        pass


@contextmanager
def _opened(path: str, readable: Readable) -> Iterator[BinaryIO]:
    """Open a regular file that is not too large by what the file system says of it."""
    place = _place(path, readable.folders)
    try:
        status = os.fstat(place)
        if not stat.S_ISREG(status.st_mode):
            raise reasons.file_not_found(path, "is not a file")
        if status.st_size > readable.most:
            raise reasons.file_too_large(path, readable.most)
        with open(os.open(_link(place), READ), "rb") as file:
            yield file
    except OSError as error:
        raise reasons.file_not_found(path, f"can't be read by the server ({error.strerror})") from None
    finally:
        os.close(place)


def _place(path: str, folders: Iterable[Path]) -> int:
    """Return a descriptor of what a path leads to, which is below a folder and was not opened for anything."""
    allowed = [Path(os.path.realpath(folder)) for folder in folders]
    try:
        plain = os.path.normpath(path)
        _require_below(path, plain, [*folders, *allowed])
        real = os.path.realpath(plain)
        _require_below(path, real, allowed)
        place = os.open(real, PLACE)
    except (OSError, ValueError):  # ValueError: a text that is not a file name
        raise reasons.file_not_found(path) from None
    try:
        _require_below(path, os.readlink(_link(place)), allowed)
    except BaseException:
        os.close(place)
        raise
    return place


def _require_below(asked: str, path: str, folders: Iterable[Path]) -> None:
    if not any(Path(path).is_relative_to(folder) for folder in folders):
        raise reasons.path_not_allowed(asked)


def _link(descriptor: int) -> str:
    return f"/proc/self/fd/{descriptor}"
