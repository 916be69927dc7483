"""Fills a database: the plant, a first production played through the dispatcher, and its copies by SQL."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from peewee import Model

from examples.generator import history
from examples.generator.driver import connected
from examples.generator.plant import Plant
from examples.generator.play import MakeCall, play
from examples.generator.production import Production
from tracepro.access.caller import Caller
from tracepro.config.settings import Settings
from tracepro.rpc.dispatcher import Dispatcher
from tracepro.site import Site, open_site
from tracepro.testing.plant import load_plant

CALLER = Caller("generator", None, frozenset(("read", "write")), None, "127.0.0.1")
PLUGINS = ("workplaces", "workers", "orders", "items", "material", "lines")


class Filled(NamedTuple):
    """What a database was filled with."""

    units: int
    operations: int
    copies: int


def fill(
    url: str,
    plant: Plant,
    units: int,
    *,
    first: int = 90,
    start: datetime | None = None,
    plugins: tuple[str, ...] = PLUGINS,
    progress: Callable[[int], object] = lambda copies: None,
) -> Filled:
    """Fill an empty database with about ``units`` units and ten times as many operations.

    ``first`` units are played, a third in each of three orders, the others are copies; ``start`` is when the first
    begins (so that the last ends now, when it is not given).
    """
    production = Production(plant, units=max(1, first // 3), orders=3, tag=history.copy_tag(0))
    duration, units_played = _rehearse(production)
    copies = max(0, math.ceil(units / units_played) - 1)
    production.begin(start or datetime.now(UTC) - duration * (copies + 1))
    models = play_first(url, production, plugins)
    with connected(url) as (run_sql, dialect):
        history.multiply(run_sql, dialect, models, copies, history.duration_of(production), progress)
        return Filled(_count(run_sql, "items_unit"), _count(run_sql, "items_operation"), copies)


def _count(run_sql: history.RunSql, table: str) -> int:
    return int(run_sql(f"SELECT count(*) FROM {table}", ())[0][0])


def play_first(url: str, production: Production, plugins: tuple[str, ...] = PLUGINS) -> list[type[Model]]:
    """Open a site, load the plant, play the production and return the models whose tables may grow by it."""
    settings = Settings.of(plugins, database=url)
    site = open_site(settings, clock=history.ProductionClock(production), migrate=True)
    try:
        load_plant(site, known_sections(production.plant.file(), site))
        play(_make_calls(Dispatcher(site, inline=True)), production.calls())
        return [
            registered.declaration
            for registered in site.contributions.models.values()
            if registered.plugin in history.PLUGINS
        ]
    finally:
        site.close()


def known_sections(plant: Mapping[str, Any], site: Site) -> dict[str, Any]:
    """Return the sections of a plant file that the site's plugins have."""
    return {name: rows for name, rows in plant.items() if name in site.contributions.plant_sections}


def _rehearse(production: Production) -> tuple[timedelta, int]:
    """Return how long a production takes and how many units it makes, found by going through its calls."""
    trial = Production(production.plant, production.units, production.orders, production.tag)
    units = sum(call.method == "getitem" for call in trial.calls())
    return timedelta(microseconds=history.duration_of(trial)), units


def _make_calls(dispatcher: Dispatcher) -> MakeCall:
    def make_call(method: str, params: dict[str, Any]) -> Any:
        request = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
        answer = json.loads(dispatcher.answer(request, CALLER, None, "generator"))
        if "error" in answer:
            raise RuntimeError(f"{method} was refused: {answer['error']['message']} ({params})")
        return answer["result"]

    return make_call
