"""What who may call is decided by: a request as far as its headers tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class HttpRequest(Protocol):
    """One request: ``headers`` have names in small letters, ``peer`` and ``local`` are the connection's two addresses."""

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers; those sent twice are joined."""

    @property
    def verb(self) -> str:
        """The HTTP verb."""

    @property
    def version(self) -> str:
        """The version of HTTP, such as ``1.1``."""

    @property
    def peer(self) -> str | None:
        """The caller's own address."""

    @property
    def local(self) -> str | None:
        """The address of this server that was called."""
