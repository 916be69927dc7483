"""Databases for tests: SQLite files copied from a migrated one, and one PostgreSQL database emptied between tests."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tracepro.config.settings import Settings
from tracepro.site import open_site


class Databases:
    """Gives fresh databases with the tables of a set of plugins; one object lives as long as the test process."""

    def __init__(self, folder: Path, postgresql: Callable[[], Any]) -> None:
        self._folder = folder
        self._postgresql = postgresql
        self._templates: dict[frozenset[str], Path] = {}
        self._numbers = itertools.count(1)

    def fresh(self, kind: str, plugins: Sequence[str], folder: Path) -> str:
        """Returns the url of an empty database with the plugins' tables; SQLite's lies in ``folder``."""
        if kind == "postgresql":
            url = self._postgresql().emptied()
            _migrate(plugins, url)
            return url
        file = folder / f"plant-{next(self._numbers)}.db"
        shutil.copyfile(self._template(plugins), file)
        return f"sqlite:///{file}"

    def _template(self, plugins: Sequence[str]) -> Path:
        key = frozenset(plugins)
        if key not in self._templates:
            file = self._folder / f"template-{len(self._templates)}.db"
            _migrate(plugins, f"sqlite:///{file}")
            self._templates[key] = file
        return self._templates[key]


def _migrate(plugins: Sequence[str], url: str) -> None:
    open_site(Settings.of(plugins, database=url), migrate=True).close()
