"""What the fixtures hand out: functions that make plants and servers, and close them after the test."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from tracepro.config.settings import Settings
from tracepro.reserved import FIRST_PARTY
from tracepro.rpc.dispatcher import Dispatcher
from tracepro.site import open_site
from tracepro.testing.clock import PlantClock
from tracepro.testing.databases import WITHOUT_SYNC, Databases
from tracepro.testing.plant import Plant, load_plant
from tracepro.testing.server import Server, write_ini

__all__ = ["PlantMaker", "ServerMaker", "Table"]

Table = Mapping[str, Mapping[str, Any]]
"""Sections of a configuration file, each with the values of its keys."""


@cache
def usual_plugins() -> tuple[str, ...]:
    """Return the first-party plugins that are installed, in an order in which each has what it requires."""
    installed = {entry.name for entry in entry_points(group="tracepro.plugins")}
    return tuple(name for name in FIRST_PARTY if name in installed)


class PlantMaker:
    """Makes plants for one test; ``database`` is the kind it uses unless told otherwise."""

    def __init__(self, databases: Databases, folder: Path, database: str) -> None:
        self._databases = databases
        self._folder = folder
        self._database = database
        self._made: list[tuple[Plant, str]] = []

    def __call__(
        self,
        plugins: Sequence[str] | None = None,
        plant: Mapping[str, Any] | None = None,
        *,
        options: Table | None = None,
        lines: Mapping[str, Sequence[str]] | None = None,
        parameters: Table | None = None,
        database: str | None = None,
        clock: PlantClock | None = None,
        extra: Mapping[str, Any] | None = None,
        queued: bool = False,
        strict: bool = False,
        alone: bool = False,
    ) -> Plant:
        """Make a plant: a site with these plugins, a plant file loaded, and a clock that stands still.

        ``plugins`` are all first-party ones unless given, ``lines`` those of each line that has others, ``plant`` is a plant file's
        content. Options stand under ``"boxes"`` or ``"boxes@PACK-2"``, parameters under their section. ``extra`` gives
        plugin objects by name to the names in ``plugins`` that are not installed. Writes run in the calling thread, one
        at a time; ``queued`` ones run as in a server, on PostgreSQL several at once: races need that. ``strict`` is the
        mode of ``tracepro serve --strict``. On PostgreSQL a plant goes on with the connections that the last one opened, and
        leaves them open; one that is ``alone`` does neither.
        """
        names = tuple(plugins or (*usual_plugins(), *(extra or ())))
        installed = [name for name in names if name not in (extra or {})]
        connected = not alone and "database" not in (parameters or {})
        kind = database or self._database
        url = self._databases.fresh(kind, installed, self._folder, connected=connected)
        settings = Settings.of(
            names, lines=lines, options=options, parameters=parameters, database=url, strict=strict
        )
        clock = clock or PlantClock()
        loaded = self._databases.loaded
        store = self._databases.connected_store(url) if connected else None
        site = open_site(settings, clock=clock, extra=extra, limits=WITHOUT_SYNC, before=loaded, store=store)
        if queued:
            site.start()
        made = Plant(
            site, Dispatcher(site, inline=not queued), clock, bound_routes=self._databases.bound_routes
        )
        self._made.append((made, url))
        if plant:
            made.load(dict(plant))
        return made

    def close(self) -> None:
        """Close what was made."""
        for plant, url in self._made:
            plant.close()
            self._databases.release(url)


class ServerMaker:
    """Makes servers for a test, or for all tests of a module."""

    def __init__(self, databases: Databases, folder: Path, database: str) -> None:
        self._databases = databases
        self._folder = folder
        self._database = database
        self._made: list[tuple[Server, str]] = []
        self._numbers = itertools.count(1)

    def __call__(
        self,
        plugins: Sequence[str] | None = None,
        plant: Mapping[str, Any] | None = None,
        *,
        options: Table | None = None,
        lines: Mapping[str, Sequence[str]] | None = None,
        parameters: Table | None = None,
        database: str | None = None,
        arguments: Sequence[str] = (),
        start: bool = True,
    ) -> Server:
        """Make a server on a free port and start it; ``arguments`` are those of ``tracepro serve``, the others a plant's."""
        names = tuple(plugins or usual_plugins())
        folder = self._folder / f"server-{next(self._numbers)}"
        folder.mkdir()
        _write_files(folder, names, options or {}, lines or {}, parameters or {})
        url = self._databases.fresh(database or self._database, names, folder)
        if plant:
            self._load(Settings.of(names, database=url), dict(plant))
        server = Server(folder, url, arguments)
        self._made.append((server, url))
        return server.start() if start else server

    def close(self) -> None:
        """Kill what was made."""
        for server, url in self._made:
            server.kill()
            self._databases.release(url)

    def _load(self, settings: Settings, plant: dict[str, Any]) -> None:
        site = open_site(settings, limits=WITHOUT_SYNC, before=self._databases.loaded)
        try:
            load_plant(site, plant)
        finally:
            site.close()


def _write_files(
    folder: Path,
    plugins: Sequence[str],
    options: Table,
    lines: Mapping[str, Sequence[str]],
    parameters: Table,
) -> None:
    sections: dict[str, Mapping[str, Any]] = {"plugins": {"enabled": plugins}}
    sections |= {f"line:{name}": {"plugins": words} for name, words in lines.items()}
    sections |= {f"plugin:{name}": values for name, values in options.items()}
    write_ini(folder / "plugins.ini", sections)
    write_ini(folder / "parameters.ini", parameters)
