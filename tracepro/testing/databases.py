"""Databases for tests: SQLite files copied from a migrated one, and PostgreSQL databases emptied before each use."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tracepro.config.settings import Settings
from tracepro.database import Limits
from tracepro.site import open_site
from tracepro.startup import LoadedBefore

if TYPE_CHECKING:
    from tracepro.database.postgresql import PostgresqlStore
    from tracepro.rest.route import BoundRoute
    from tracepro.testing.kept_pool import KeptPool
    from tracepro.testing.postgres import OwnDatabase

WITHOUT_SYNC = Limits(pragmas={"synchronous": "OFF"})
"""What plants that live in the test's process open SQLite with: who kills processes uses servers, which sync."""


@dataclass(eq=False)
class SharedDatabase:
    """A PostgreSQL database of this process: which plugins' tables it has, and whether somebody uses it now."""

    database: OwnDatabase
    pool: KeptPool
    migrated: set[frozenset[str]] = field(default_factory=set)
    in_use: bool = False


class Databases:
    """Gives fresh databases with the tables of a set of plugins; one object lives as long as the test process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._templates: dict[frozenset[str], Path] = {}
        self._shared: dict[str, SharedDatabase] = {}
        self._bare: OwnDatabase | None = None
        self._numbers = itertools.count(1)
        self.loaded = LoadedBefore()
        """The plugins of the plants of this process; to load and bind them takes most of the time that opening a site takes."""
        self.bound_routes: dict[str, BoundRoute] = {}

    def fresh(self, kind: str, plugins: Sequence[str], folder: Path, *, connected: bool = False) -> str:
        """Return the url of an empty database with the plugins' tables; SQLite's lies in ``folder``.

        Nobody is connected to it, unless it may be ``connected`` by what the last store kept.
        """
        if kind != "postgresql":
            return self._on_sqlite(plugins, folder)
        url = self._on_postgresql(plugins)
        if not connected:
            self._shared[url].pool.disconnect()
        return url

    def bare(self, kind: str, folder: Path) -> str:
        """Return the url of a database without a table, for one test at a time; SQLite's lies in ``folder``."""
        if kind != "postgresql":
            return f"sqlite:///{folder / f'bare-{next(self._numbers)}.db'}"
        from tracepro.testing.postgres import OwnDatabase

        self._bare = self._bare or OwnDatabase("_bare")
        return self._bare.bare()

    def connected_store(self, url: str) -> PostgresqlStore | None:
        """Return a store with the connections that the database's last one kept; None for SQLite, which opens a file at once."""
        if url not in self._shared:
            return None
        from tracepro.database.postgresql import PostgresqlStore

        return PostgresqlStore(url, pool=self._shared[url].pool)

    def release(self, url: str) -> None:
        """Take back a database that was given; nobody may be connected to it but by what a store kept."""
        if url in self._shared:
            self._shared[url].in_use = False

    def _on_sqlite(self, plugins: Sequence[str], folder: Path) -> str:
        file = folder / f"plant-{next(self._numbers)}.db"
        shutil.copy(self._template(plugins), file)
        return f"sqlite:///{file}"

    def _template(self, plugins: Sequence[str]) -> Path:
        key = frozenset(plugins)
        if key not in self._templates:
            file = self._folder / f"template-{len(self._templates)}.db"
            self._migrate(plugins, f"sqlite:///{file}")
            self._templates[key] = file
        return self._templates[key]

    def _on_postgresql(self, plugins: Sequence[str]) -> str:
        free = next((each for each in self._shared.values() if not each.in_use), None)
        shared = free or self._another()
        url = shared.database.emptied()
        self._shared[url] = shared
        if frozenset(plugins) not in shared.migrated:
            self._migrate(plugins, url)
            shared.migrated.add(frozenset(plugins))
        shared.in_use = True
        return url

    def _another(self) -> SharedDatabase:
        from tracepro.testing.kept_pool import KeptPool
        from tracepro.testing.postgres import OwnDatabase

        database = OwnDatabase(f"_{len(self._shared)}")
        return SharedDatabase(database, KeptPool(database.url))

    def _migrate(self, plugins: Sequence[str], url: str) -> None:
        settings = Settings.of(tuple(plugins), database=url)
        open_site(settings, migrate=True, limits=WITHOUT_SYNC, before=self.loaded).close()
