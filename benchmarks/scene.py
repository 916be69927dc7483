"""Plants for the rows: a site on a scratch database with a generated plant in it."""

from __future__ import annotations

import itertools
import json
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from examples.generator.driver import connected
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
HERE = {"wp_id": PLANT.workplace(1, 1), "workers": [1]}
DATA = [[2, "VCC", {"value": 3.3}]]
Call = dict[str, Any]


def addops(units: Iterable[int]) -> list[Call]:
    """Return the calls that record the first operation of units."""
    return [
        {"method": "addop", "params": {"item_id": unit, "op": 10, "act": 1, "data": DATA, **HERE}}
        for unit in units
    ]


def canaddops(units: Iterable[int]) -> list[Call]:
    """Return the calls that ask whether the first operation of units may be recorded."""
    return [
        {"method": "canaddop", "params": {"item_id": unit, "op_act_list": [[10, 1]], **HERE}}
        for unit in units
    ]


def scans(units: Iterable[int]) -> list[Call]:
    """Return for each unit what a terminal does with it: it asks, then it records."""
    return [call for unit in units for call in (*canaddops((unit,)), *addops((unit,)))]


def copies_of(url: str, unit: int, count: int) -> range:
    """Make many units like another that is the last one, by SQL; nobody scans their codes."""
    with connected(url) as (run_sql, dialect):
        columns = "order_id, tp, barcode2, bad, bad_reason, bad_by_panel, rt_flags, created"
        number = "?" if dialect == "sqlite" else "CAST(? AS bigint)"
        run_sql(
            f"INSERT INTO items_unit (id, barcode, {columns}) WITH RECURSIVE copy(k) AS "
            f"(SELECT 1 UNION ALL SELECT k + 1 FROM copy WHERE k < {number}) "
            f"SELECT id + k, barcode || '-' || k, {columns} FROM items_unit CROSS JOIN copy WHERE id = {number}",
            (count, unit),
        )
        if dialect == "postgresql":
            run_sql("SELECT setval(pg_get_serial_sequence('items_unit', 'id'), max(id)) FROM items_unit", ())
    return range(unit + 1, unit + 1 + count)


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
