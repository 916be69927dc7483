"""What a subcommand is given: the site, opened, and its database."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from tracepro_hookspecs.call import Call, Session

Answer = TypeVar("Answer")


class Store(Protocol):
    """The way to the site's database; a function is given a session and may be run again after a failure."""

    @property
    def dialect(self) -> str:
        """The kind of database, ``sqlite`` or ``postgresql``."""

    def read(self, work: Callable[[Session], Answer]) -> Answer:
        """Run ``work`` on a snapshot and return what it returns."""

    def write(self, function: Callable[[Session], Answer]) -> Future[Answer]:
        """Queue ``function`` for a transaction of its own behind the calls that wait; for the background of a server."""

    def write_inline(self, work: Callable[[Session], Answer]) -> Answer:
        """Run ``work`` in a transaction of its own and return what it returns."""


class Site(Protocol):
    """The plant's plugins, configuration and database."""

    @property
    def store(self) -> Store:
        """The way to the database."""

    @property
    def clock(self) -> Callable[[], int]:
        """The clock, which gives microseconds UTC."""

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the site."""

    def ask(self, work: Callable[[Call], Answer]) -> Answer:
        """Run ``work`` as the system on a snapshot and return what it returns; for a subcommand that reads."""

    def change(self, command: str, asked: Any, work: Callable[[Call], Answer]) -> Answer:
        """Run ``work`` as the system in a transaction of its own and return what it returns; for a subcommand that writes.

        ``command`` is the subcommand's name and ``asked`` what the audit keeps of it, as JSON without secrets.
        """

    def option(self, plugin: str, name: str, line: str | None) -> Any:
        """Return an option of a plugin as it is on a line; None is the site."""

    def parameter(self, section: str, name: str) -> Any:
        """Return a value of parameters.ini, parsed."""
