"""Plugins that are out of service since one of their hooks hung, until somebody releases them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import Future
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from peewee import Query

import tracepro_hookspecs
from tracepro.clock import text
from tracepro.database import Insert, Session, Store, p, statement
from tracepro.database.core_models import OutOfService
from tracepro_hookspecs import Call, TryAgain

if TYPE_CHECKING:
    from tracepro.plugin.relay import Relay

LOG = logging.getLogger("tracepro.plugin")
NOTE = Insert(OutOfService, ignore=True)


@statement
def all_out_of_service() -> Query:
    """The plugins that are out of service."""
    return OutOfService.select(OutOfService.plugin, OutOfService.hook, OutOfService.reason, OutOfService.tm)


@statement
def release_one() -> Query:
    """A plugin's row, gone."""
    return OutOfService.delete().where(OutOfService.plugin == p("plugin"))


@dataclass(frozen=True)
class Outage:
    """A plugin that is out of service: the hook that hung, what it did, and since when (microseconds UTC)."""

    plugin: str
    hook: str
    reason: str
    tm: int

    def __str__(self) -> str:
        return (
            f"Plugin {self.plugin} is out of service since {text(self.tm)}: {self.hook} {self.reason}. Mend it, then "
            f"run tracepro plugins release {self.plugin}."
        )

    @property
    def told(self) -> dict[str, str]:
        """It as an answer tells it."""
        return {"plugin": self.plugin, "hook": self.hook, "since": text(self.tm), "info": str(self)}


def note(db: Session, outages: Iterable[Outage]) -> None:
    """Write that plugins are out of service; what is written already stays."""
    for outage in outages:
        db.insert_or_ignore(NOTE, **asdict(outage))


def read(db: tracepro_hookspecs.Session) -> dict[str, Outage]:
    """Return who is out of service, by plugin."""
    return {row[0]: Outage(*row) for row in db.rows(all_out_of_service)}


def release(call: Call, name: str) -> None:
    """Put a plugin back into service; running servers know it within a second. Raises ValueError for one that is in it."""
    outage = read(call.db).get(name)
    if outage is None:
        raise ValueError(f"Plugin {name} is not out of service.")
    call.db.run(release_one, plugin=name)
    call.changed(f"plugin {name}", "out_of_service", outage.told, None)


def release_all(call: Call) -> None:
    """Put every plugin back into service."""
    for name in read(call.db):
        release(call, name)


class Outages:
    """What a server process knows of plugins out of service, and makes known to its ``relays``.

    ``answered`` tells whether the database did when it was last asked.
    """

    def __init__(self, store: Store, relays: Collection[Relay]) -> None:
        self.by_plugin: dict[str, Outage] = {}
        self.answered = True
        self.on_written: Callable[[], object] = lambda: None
        self._store = store
        self._relays = relays
        self._unwritten: dict[str, Outage] = {}
        self._written: Future[None] | None = None

    def take(self, outages: Iterable[Outage]) -> None:
        """Take plugins out of service here, before a row says so."""
        self._unwritten |= {outage.plugin: outage for outage in outages}
        self._know({**self.by_plugin, **self._unwritten})

    def write(self) -> None:
        """Queue the rows of those taken, so that they stand before whatever is queued later."""
        taken = tuple(self._unwritten.values())
        if not taken or (self._written is not None and not self._written.done()):
            return
        self._written = self._store.write(lambda db: note(db, taken))
        self._written.add_done_callback(self._note_written)

    def write_aside(self, outage: Outage) -> None:
        """Write a row while the writers hang, where the database can."""
        self._store.write_aside(lambda db: note(db, [outage]))

    def _note_written(self, done: Future[None]) -> None:
        if done.exception() is None:
            self._unwritten.clear()
            self.on_written()

    def reread(self) -> None:
        """Read the rows, and write what could not be written yet; a database that is away changes nothing."""
        self.write()
        try:
            rows = self._store.read(read)
        except TryAgain:
            self.answered = False
            return
        self.answered = True
        self._know({**rows, **self._unwritten})

    def _know(self, outages: dict[str, Outage]) -> None:
        if outages == self.by_plugin:
            return
        for plugin in outages.keys() - self.by_plugin.keys():
            LOG.error("%s", outages[plugin])
        for plugin in self.by_plugin.keys() - outages.keys():
            LOG.warning("Plugin %s is in service again.", plugin)
        self.by_plugin = outages
        for relay in self._relays:
            relay.set_out_of_service({plugin: str(outage) for plugin, outage in outages.items()})
