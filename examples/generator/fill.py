"""Fills a database: the plant, a first production played through the dispatcher, and its copies by SQL."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from examples.generator import history
from examples.generator.driver import connected
from examples.generator.plant import Plant
from examples.generator.play import play
from examples.generator.production import Production
from tracepro.access.caller import Caller
from tracepro.config.settings import Settings
from tracepro.rpc.dispatcher import Dispatcher
from tracepro.site import open_site
from tracepro.testing.plant import load_plant

CALLER = Caller("generator", None, frozenset(("read", "write")), None, "127.0.0.1")
PLUGINS = ("workplaces", "workers", "orders", "items", "material", "lines")


def fill(
    url: str,
    plant: Plant,
    units: int,
    *,
    first: int = 90,
    start: datetime | None = None,
    plugins: tuple[str, ...] = PLUGINS,
    tell: Callable[[int], Any] = lambda done: None,
) -> dict[str, int]:
    """Fills an empty database with about ``units`` units and ten times as many operations.

    ``first`` units are played, a third in each of three orders, the others are copies; ``start`` is when the first
    begins (so that the last ends now, when it is not given). Answers how many units, operations and copies there are.
    """
    production = Production(plant, units=max(1, first // 3), orders=3, tag=history.tag(0))
    length, made = _tried(production)
    copies = max(0, math.ceil(units / made) - 1)
    production.begin(start or datetime.now(UTC) - length * (copies + 1))
    models = play_first(url, production, plugins)
    with connected(url) as (run, dialect):
        history.multiply(run, dialect, models, copies, history.span_of(production), tell)
        counts = {what: run(f"SELECT count(*) FROM items_{what}", ())[0][0] for what in ("unit", "operation")}
    return counts | {"copies": copies}


def play_first(url: str, production: Production, plugins: tuple[str, ...] = PLUGINS) -> list[Any]:
    """Opens a site, loads the plant, plays the production and answers the models whose tables it grew."""
    settings = Settings.of(plugins, database=url)
    site = open_site(settings, clock=history.Clock(production), migrate=True)
    try:
        load_plant(site, known_sections(production.plant.file(), site))
        play(_caller(Dispatcher(site, inline=True)), production.steps())
        return [
            registered.declaration
            for registered in site.contributions.models.values()
            if registered.plugin in history.PLUGINS
        ]
    finally:
        site.close()


def known_sections(plant: Mapping[str, Any], site: Any) -> dict[str, Any]:
    """The sections of a plant file that the site's plugins have."""
    return {name: rows for name, rows in plant.items() if name in site.contributions.plant_sections}


def _tried(production: Production) -> tuple[timedelta, int]:
    """How long a production takes and how many units it makes, found by going through it."""
    trial = Production(production.plant, production.units, production.orders, production.tag)
    made = sum(step.method == "getitem" for step in trial.steps())
    return timedelta(microseconds=history.span_of(trial)), made


def _caller(dispatcher: Dispatcher) -> Callable[[str, Any], Any]:
    def call(method: str, params: Any) -> Any:
        request = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
        answer = json.loads(dispatcher.answer(request, CALLER, None, "generator"))
        if "error" in answer:
            raise RuntimeError(f"{method} was refused: {answer['error']['message']} ({params})")
        return answer["result"]

    return call
