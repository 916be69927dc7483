"""The lock file that lets one server at a time write to a SQLite database."""

from __future__ import annotations

import fcntl
import os
import threading
from pathlib import Path

from tracepro.database.file_modes import OWN


class LockFile:
    """A file whose lock the writing server holds; it goes with the process, also when that is killed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle: int | None = None
        self._given_up = threading.Event()

    def take(self) -> bool:
        """Wait until no other server holds the lock and take it; False when it was given up meanwhile."""
        while not self.try_take():
            if self._given_up.wait(0.01):
                return False
        return True

    def try_take(self) -> bool:
        """Take the lock if it is free. Raises OSError when the file can't be made."""
        handle = os.open(self.path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, OWN)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        self._handle = handle
        return True

    def is_free(self) -> bool:
        """Tell whether no server writes now; it may change the next moment."""
        other = LockFile(self.path)
        free = other.try_take()
        other.release()
        return free

    def release(self) -> None:
        """Let the next server write."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def give_up(self) -> None:
        """End a wait for the lock."""
        self._given_up.set()
