"""Inventory items and points."""

from __future__ import annotations

from tracepro_hookspecs import Route
from tracepro_tooling.inventory import ITEMS, POINTS
from tracepro_tooling.routes.editing import AVERAGE, LIFE, routes_of

ROUTES: list[Route] = [
    *routes_of(ITEMS, "/api/inventory/items/", "inventory items", query=LIFE, listed=AVERAGE),
    *routes_of(POINTS, "/api/inventory/", "inventory points"),
]
