"""The inventory: items that tools are replaced with, and the points where they lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from peewee import Query

from tracepro.database import Statement, p, statement
from tracepro_hookspecs import Call, Request
from tracepro_tooling import average_life, fields, reasons
from tracepro_tooling import models as m
from tracepro_tooling.counts import CountsById
from tracepro_tooling.resource import Referrers, Resource, Shown, Stored

TOOLS = Referrers("tool", m.Tool, "inventory_item_id")
REPLACEMENTS = Referrers("replacement", m.ToolReplacement, "inventory_item_id")
MOST_ITEMS = 20_000


@statement
def stock_of_item() -> Query:
    """The points where an item lies, and how many."""
    query = m.Stock.select(m.Stock.point_id, m.Stock.quantity)
    return query.where(m.Stock.item_id == p("id")).order_by(m.Stock.point_id)


@statement
def forget_stock_of_item() -> Query:
    """Take an item out of all points."""
    return m.Stock.delete().where(m.Stock.item_id == p("id"))


def with_averages(
    call: Call, request: Request, shown: dict[str, Shown], parts: Statement
) -> dict[str, Shown]:
    """Return a list with ``average_tool_life`` in each object if ``life`` asks for it, null where nothing is known."""
    if request.query.get("life"):
        known = average_life.averages(call, parts, [each["id"] for each in shown.values()])
        for each in shown.values():
            each["average_tool_life"] = known.get(each["id"])
    return shown


class InventoryItems(Resource):
    """The items."""

    what, title, id_name = "inventory item", "InventoryItem", "inventory_item_id"
    model = m.InventoryItem
    not_found = reasons.inventory_item_not_found
    fields = (
        fields.name(),
        fields.code("part_number"),
        fields.text("brand"),
        fields.text("type"),
        fields.whole("corners", null=True),
        fields.flag("durable"),
        fields.amount("price"),
        fields.whole("pack_qty", null=True),
        fields.whole("min_on_hand_qty", null=True),
        fields.whole("safety_stock", null=True),
        fields.seconds("lead_time", null=True),
        fields.whole("qty_on_order"),
        fields.texts("suppliers"),
        fields.long_text("notes"),
    )

    def detach(self, call: Call, row: Stored) -> None:
        """Leave tools and replacements without an item, and take it out of all points."""
        TOOLS.detach(call, row["id"])
        REPLACEMENTS.detach(call, row["id"])
        for point_id, quantity in call.db.rows(stock_of_item, id=row["id"]):
            call.changed(f"inventory point {point_id}", "items", {str(row["id"]): quantity}, {})
        call.db.run(forget_stock_of_item, id=row["id"])

    def list_all(self, call: Call, request: Request) -> dict[str, Shown]:
        """Return all items; ``life`` adds the average life of tools that were one, to compare items that do the same."""
        shown = super().list_all(call, request)
        return with_averages(call, request, shown, average_life.parts_by_item)


ITEMS = InventoryItems()
STOCK = CountsById(ITEMS, m.Stock, "point_id", "item_id", "quantity")


class InventoryPoints(Resource):
    """The points."""

    what, title, id_name = "inventory point", "InventoryPoint", "inventory_point_id"
    model = m.InventoryPoint
    not_found = reasons.inventory_point_not_found
    fields = (fields.name(), fields.counts("items", MOST_ITEMS))

    def virtual(self, call: Call, rows: Sequence[Stored]) -> dict[int, Shown]:
        """Return what lies in each point."""
        stock = STOCK.read(call, [row["id"] for row in rows])
        return {point_id: {"items": items} for point_id, items in stock.items()}

    def written(self, call: Call, before: Stored | None, after: Stored, body: Mapping[str, Any]) -> None:
        """Set the quantities that were sent; the others stay."""
        STOCK.merge(call, "items", after["id"], body.get("items", {}))

    def detach(self, call: Call, row: Stored) -> None:
        """Take out what lies in it."""
        STOCK.clear(call, row["id"])


POINTS = InventoryPoints()
