"""An older state of this repository, checked out beside it, that runs on the same libraries."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

ROOT = Path(__file__).parents[1]
PLUGINS = ("workplaces", "workers", "orders", "items")
SCRIPT = Path(__file__).parent / "contenders" / "addops.py"


@contextmanager
def checked_out(revision: str) -> Iterator[Path]:
    """Check a revision out into a folder that is gone afterwards. Raises CalledProcessError when it is not in this clone."""
    with tempfile.TemporaryDirectory(prefix="tracepro-base-") as folder:
        subprocess.run(
            ["git", "worktree", "add", "--detach", "--quiet", folder, revision], cwd=ROOT, check=True
        )
        try:
            yield Path(folder)
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", folder], cwd=ROOT, check=True)


@contextmanager
def in_place_of_ours(folder: Path) -> Iterator[None]:
    """Have the processes that are started inside run the code in that folder."""
    parts = [folder, folder / "hookspecs", folder / "schemas", *sorted((folder / "plugins").iterdir())]
    with patch.dict(os.environ, {"PYTHONPATH": os.pathsep.join(map(str, parts))}):
        yield


class Addops:
    """A process that records operations on units of its own when it is told to, and says how long one took."""

    def __init__(self, code: Path, url: str, calls: int, rounds: int) -> None:
        command = [sys.executable, str(SCRIPT), "rounds", url, str(calls), str(rounds)]
        with in_place_of_ours(code):
            self._process = subprocess.Popen(
                command, cwd=code, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        self._calls = calls
        self._answer()

    def round(self) -> int:
        """Have it record; return how many operations that were."""
        assert self._process.stdin is not None
        print("go", file=self._process.stdin, flush=True)
        self._answer()
        return self._calls

    def close(self) -> None:
        """End it."""
        self._process.communicate()

    def _answer(self) -> None:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line.strip() == "done", f"{SCRIPT.name} ended."


def units_of(code: Path, url: str, count: int) -> list[int]:
    """Have that code make a plant with units in an empty database; return their ids."""
    with in_place_of_ours(code):
        command = [sys.executable, str(SCRIPT), "units", url, str(count)]
        done = subprocess.run(command, cwd=code, stdout=subprocess.PIPE, text=True, check=True)
    return [int(number) for number in done.stdout.split()]
