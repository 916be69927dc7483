"""What a call needs of the site it happens on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo

import tracepro_hookspecs
from tracepro_hookspecs import BasicData, Hooks

if TYPE_CHECKING:
    from tracepro.calls.notifier import Notification, Notifier
    from tracepro.calls.prepare_pool import PreparePool
    from tracepro.database import Store


class Relay(Protocol):
    """The hooks of the plugins that run on a line."""

    def require_in_service(self, plugin: str) -> None:
        """Refuse what a plugin does itself while it is out of service."""

    def has(self, name: str) -> bool:
        """Tell whether anybody implements a hook."""

    def of(self, call: tracepro_hookspecs.Call) -> Hooks:
        """Return the hooks for one call."""

    def notifications(self, name: str, values: Mapping[str, Any]) -> list[Notification]:
        """Return what tells every plugin, each on its own."""


class Site(Protocol):
    """The plant's plugins by line, its configuration and its database."""

    @property
    def strict(self) -> bool:
        """True in the development mode."""

    @property
    def store(self) -> Store:
        """The way to the database."""

    @property
    def notifier(self) -> Notifier:
        """Whoever runs what is to be told after a commit."""

    @property
    def prepare_pool(self) -> PreparePool:
        """The threads that run what calls do before their transaction."""

    @property
    def clock(self) -> Callable[[], int]:
        """The clock, which gives microseconds UTC."""

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the site."""

    def relay(self, line: str | None) -> Relay:
        """Return the hooks of a line; None is the site."""

    def plugins_on(self, line: str | None) -> frozenset[str]:
        """Return the names of the plugins that run on a line."""

    def option(self, plugin: str, name: str, line: str | None) -> Any:
        """Return a plugin's option on a line."""

    def parameter(self, section: str, name: str) -> Any:
        """Return a parsed value of parameters.ini."""

    def public_parameters(self) -> dict[str, dict[str, Any]]:
        """Return the public values of parameters.ini by section and name, as JSON."""

    def basic_data(self, name: str) -> tuple[str, BasicData] | None:
        """Return a kind of basic data after the name of its plugin."""
