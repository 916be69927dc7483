"""Inventory items and points."""

from __future__ import annotations

from typing import Any

from tracepro_hookspecs import Route
from tracepro_tooling import csv_import
from tracepro_tooling.inventory import ITEMS, POINTS
from tracepro_tooling.routes.editing import AVERAGE, LIFE, routes_of

TEXTS: dict[str, Any] = {"type": "array", "items": {"type": "string"}}
IMPORTED = {
    "title": "StockImport",
    "type": "object",
    "required": ["updated", "not_matched", "warnings"],
    "properties": {
        "updated": {"description": "how many quantities were set", "type": "integer", "minimum": 0},
        "not_matched": {"description": "what rows name that is no item, as written", **TEXTS},
        "warnings": {"description": "sentences", **TEXTS},
    },
    "additionalProperties": False,
}
ROUTES: list[Route] = [
    *routes_of(ITEMS, "/api/inventory/items/", "inventory items", query=LIFE, listed=AVERAGE),
    *routes_of(POINTS, "/api/inventory/", "inventory points"),
    Route(
        "POST",
        "/api/inventory/{inventory_point_id}/import",
        csv_import.import_stock,
        "write",
        "Sets the quantities that a CSV file says, all or none; dry_run=1 only tells what would be.",
        answer=IMPORTED,
        query={"dry_run": {"type": "boolean"}},
        raw_limit=csv_import.LARGEST_FILE,
        media_types=("text/csv",),
        statuses={400: "A row can't be read, or is doubtful; it is named."},
        if_match=True,
        prepare=csv_import.checked_sheet,
        alone=True,
    ),
]
