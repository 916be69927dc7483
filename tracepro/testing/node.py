"""Packages of the npm registry that tests hold the server against; fetched once into the user's cache."""

from __future__ import annotations

import fcntl
import os
import subprocess
from contextlib import suppress
from pathlib import Path
from shutil import which

INSTALL_SECONDS = 60


def node_modules(*packages: str) -> Path | None:
    """Return the folder that holds packages (``name@version``), fetched if need be; None without Node or a registry."""
    if not which("node") or not which("npm"):
        return None
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tracepro-tests"
    folder = cache / "-".join(package.replace("/", "_") for package in packages)
    folder.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return folder / "node_modules" if _fetched(folder, packages) else None


def _fetched(folder: Path, packages: tuple[str, ...]) -> bool:
    done = folder / "complete"
    if not done.exists():
        command = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(folder), *packages]
        with suppress(subprocess.SubprocessError, OSError):
            subprocess.run(command, capture_output=True, timeout=INSTALL_SECONDS, check=True)
            done.touch()
    return done.exists()
