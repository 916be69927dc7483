"""The databases that are kept of each released schema, and how they are laid into SQLite and PostgreSQL."""

from __future__ import annotations

import json
import lzma
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg

FOLDER = Path(__file__).with_name("released")
SQLITE, POSTGRESQL = "plant.db.xz", "plant.sql.xz"
HASHES = FOLDER / "hashes.json"


@dataclass(frozen=True)
class Released:
    """One kept plant; its name is the version, or the commit of a state before the first one."""

    name: str

    @property
    def folder(self) -> Path:
        """Where its files are."""
        return FOLDER / self.name

    def written_down(self, database: str) -> dict[str, Any]:
        """Return what was written down of a kind of database: ``now``, ``token``, ``plugins``, ``migrations``, ``answers``."""
        found: dict[str, Any] = json.loads(
            lzma.decompress((self.folder / written_down(database)).read_bytes())
        )
        return found

    def hashes(self) -> dict[str, str]:
        """Return the hash of each of its files."""
        return {file.name: sha256(file.read_bytes()).hexdigest() for file in sorted(self.folder.iterdir())}

    def lay_into_sqlite(self, file: Path) -> None:
        """Write the SQLite file."""
        file.write_bytes(lzma.decompress((self.folder / SQLITE).read_bytes()))

    def lay_into_postgresql(self, url: str) -> None:
        """Run what pg_dump wrote in a database without tables."""
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(lzma.decompress((self.folder / POSTGRESQL).read_bytes()))


def written_down(database: str) -> str:
    """Return the name of the file with what was written down."""
    return f"{database}.json.xz"


def all_released() -> list[Released]:
    """Return every kept plant, the oldest first."""
    return [Released(name) for name in kept_hashes()]


def kept_hashes() -> dict[str, dict[str, str]]:
    """Return the hashes that were noted when each was made, by name and file."""
    found: dict[str, dict[str, str]] = json.loads(HASHES.read_text("utf-8")) if HASHES.exists() else {}
    return found
