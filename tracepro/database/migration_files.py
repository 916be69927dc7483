"""Migrations as they lie in the folders of the core and of plugins, and whether what ran in a database fits them."""

from __future__ import annotations

import importlib.util
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tracepro.database.schema import Schema

CORE = "core"
CORE_FOLDER = Path(__file__).with_name("migrations")


class MigrationError(Exception):
    """The database does not fit the code; the sentence says what is missing or too much, and the fix."""


@dataclass(frozen=True)
class MigrationFile:
    """One migration as it lies in a plugin's folder."""

    plugin: str
    path: Path

    @property
    def name(self) -> str:
        """Its name, by which it is sorted."""
        return self.path.stem

    @property
    def key(self) -> tuple[str, str]:
        """What it is known by in the history: plugin and name."""
        return self.plugin, self.name

    def __str__(self) -> str:
        return "/".join(self.key)

    @cached_property
    def checksum(self) -> str:
        """The hash by which a change after it ran is noticed; line ends don't count."""
        return sha256(self.path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()

    def run(self, schema: Schema) -> None:
        """Run its ``migrate(schema)``."""
        spec = importlib.util.spec_from_file_location(f"_migration_{self.plugin}_{self.name}", self.path)
        assert spec is not None and spec.loader is not None, "a file that ends in .py has a loader"
        module: Any = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        module.migrate(schema)


def files(folders: Mapping[str, Path]) -> list[MigrationFile]:
    """List the core's migrations and those of plugins, in order."""
    all_folders = {CORE: CORE_FOLDER, **folders}
    return [
        MigrationFile(plugin, path)
        for plugin, folder in all_folders.items()
        for path in sorted(folder.glob("[0-9]*.py"))
    ]


def missing_of(found: list[MigrationFile], done: Mapping[tuple[str, str], str]) -> list[MigrationFile]:
    """Pick what has not run yet. Raises MigrationError for what ran and is gone or another now."""
    _refuse_ahead(found, done)
    refuse_changed(found, done)
    return [file for file in found if file.key not in done]


def refuse_changed(found: list[MigrationFile], done: Mapping[tuple[str, str], str]) -> None:
    """Refuse a database in which a migration ran that is another now. Raises MigrationError."""
    for file in found:
        ran = done.get(file.key)
        if ran is not None and ran != file.checksum:
            raise MigrationError(
                f"Migration {file} was changed after it had run; restore it and add a new one."
            )


def _refuse_ahead(found: list[MigrationFile], done: Mapping[tuple[str, str], str]) -> None:
    ahead = ahead_of({file.key for file in found}, done)
    if ahead:
        raise MigrationError(is_ahead(ahead))


def ahead_of(known: Collection[tuple[str, str]], done: Iterable[tuple[str, str]]) -> list[str]:
    """Name the migrations that ran and are not known, of plugins of which some are; one that is off doesn't matter."""
    plugins = {plugin for plugin, _ in known}
    return sorted(
        f"{plugin}/{name}" for plugin, name in done if plugin in plugins and (plugin, name) not in known
    )


def is_ahead(names: Iterable[str]) -> str:
    """Return the sentence that refuses to work with tables of a newer version; it names the last one of each plugin."""
    last = {name.partition("/")[0]: name for name in sorted(names)}
    return (
        f"The database has the migrations {', '.join(last.values())}, which this version does not know (tracepro {version('tracepro')}); "
        "nothing was changed. Install the version that migrated it, or a newer one."
    )
