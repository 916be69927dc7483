"""What is installed while the server runs: Python itself reads the path files of editable installs at its start only."""

from __future__ import annotations

import importlib
import site
from pathlib import Path


def path_files() -> list[Path]:
    """Return the ``.pth`` files of this Python's site folders, in the order Python would read them."""
    return [file for folder in site.getsitepackages() for file in sorted(Path(folder).glob("*.pth"))]


READ_AT_START = frozenset(path_files())


def find_new() -> None:
    """Let this process find what was installed since the server started; to be called in its children only."""
    importlib.invalidate_caches()
    for file in path_files():
        if file not in READ_AT_START:
            site.addpackage(str(file.parent), file.name, None)
