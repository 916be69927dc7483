"""Plants for the rows: a site on a scratch database with a generated plant in it."""

from __future__ import annotations

import itertools
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from examples.generator.fill import known_sections
from examples.generator.plant import Plant
from examples.generator.production import BOARD_ROUTE
from tracepro.access.caller import Caller
from tracepro.config.settings import Settings
from tracepro.database import Limits
from tracepro.rpc.dispatcher import Dispatcher
from tracepro.site import open_site
from tracepro.testing.errors import RpcError
from tracepro.testing.plant import load_plant

CALLER = Caller("benchmark", None, frozenset(("read", "write", "admin")), None, "127.0.0.1")
PLUGINS = ("workplaces", "workers", "orders", "items", "material")
PLANT = Plant(seed=1, lines=3)


def body(method: str, params: Mapping[str, Any] | Sequence[Any], number: int = 1) -> bytes:
    """Return a JSON-RPC request."""
    return json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}).encode()


class Scene:
    """A site in this process; writes run in the calling thread unless ``queued``."""

    def __init__(
        self,
        url: str,
        plugins: Sequence[str] = PLUGINS,
        *,
        extra: Mapping[str, Any] | None = None,
        plant: Mapping[str, Any] | None = None,
        queued: bool = False,
        limits: Limits = Limits(),
    ) -> None:
        settings = Settings.of((*plugins, *(extra or ())), database=url)
        self.site = open_site(settings, migrate=True, extra=extra, limits=limits)
        if queued:
            self.site.start()
        self.dispatcher = Dispatcher(self.site, inline=not queued)
        self._numbers = itertools.count(1)
        if plant:
            load_plant(self.site, known_sections(plant, self.site))

    def ask(self, request: bytes, key: str | None = None) -> bytes:
        """Answer a request: bytes in, bytes out."""
        return self.dispatcher.answer(request, CALLER, key, f"bench-{next(self._numbers)}")

    def call(self, method: str, params: Mapping[str, Any] | Sequence[Any]) -> Any:
        """Make a call; raises RpcError."""
        answer = json.loads(self.ask(body(method, params)))
        if "error" in answer:
            raise RpcError.of(answer["error"])
        return answer["result"]

    def order(self, erp_ref: str) -> int:
        """Make an active order with the generator's routing for boards."""
        order = self.call("makeorder", [erp_ref, f"CTRL-{erp_ref}", 1, 1, 0])["id"]
        steps = [
            {"op": op, "act": act, "flags": flags, "params": params} for op, act, flags, params in BOARD_ROUTE
        ]
        self.call("updateorder", [order, {}, steps])
        return order

    def units(self, order: int, count: int, tag: str = "U") -> list[int]:
        """Make units of an order."""
        return [self.call("getitem", [order, f"{tag}{number:06}", 1])["id"] for number in range(count)]

    def close(self) -> None:
        """Close the site."""
        self.site.close()


class Folder:
    """A scratch folder for SQLite files; on leaving, it is gone."""

    def __enter__(self) -> Folder:
        self.path = Path(tempfile.mkdtemp(prefix="tracepro-benchmark-"))
        return self

    def __exit__(self, *error: object) -> None:
        shutil.rmtree(self.path)

    def url(self, name: str) -> str:
        """Return the url of a SQLite file in the folder."""
        return f"sqlite:///{self.path / name}.db"

    def copy(self, name: str, other: str) -> str:
        """Copy the SQLite file of a closed site and return the copy's url."""
        shutil.copyfile(self.path / f"{name}.db", self.path / f"{other}.db")
        return self.url(other)
