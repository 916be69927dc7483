"""What JSON-RPC needs of the site whose methods it serves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from tracepro.calls import site

if TYPE_CHECKING:
    from tracepro.access.policy import Policy
    from tracepro.metrics import Metrics
    from tracepro.plugin.loaded import LoadedPlugin
    from tracepro.rpc.methods import BoundMethod


class Site(site.Site, Protocol):
    """A site with its plugins and their methods."""

    @property
    def plugins(self) -> Sequence[LoadedPlugin]:
        """The enabled plugins."""

    @property
    def methods(self) -> Mapping[str, BoundMethod]:
        """The plugins' methods by name."""

    @property
    def secret(self) -> bytes:
        """What keys the hashes of the site."""

    @property
    def policy(self) -> Policy:
        """Who may call."""

    @property
    def metrics(self) -> Metrics | None:
        """What counts calls, where a server runs."""
