"""Replacements: each time a tool was replaced, as it then was; only what people say of it is corrected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from peewee import Query

from tracepro import clock
from tracepro.database import p, statement
from tracepro_hookspecs import Call, Reply, Request
from tracepro_tooling import fields, life, reasons
from tracepro_tooling import models as m
from tracepro_tooling.fields import ID, Field
from tracepro_tooling.inventory import ITEMS, POINTS
from tracepro_tooling.pictures import delete_image_of
from tracepro_tooling.resource import Resource, Stored
from tracepro_tooling.tools import TOOLS, locked_tools, save_tool

TESTING_SCOPE = "tooling:testing"
AHEAD = clock.DAY
"""How far ahead of the server's a terminal's clock may be."""
_NUMBER = {"type": "integer"}
_ID_OR_NULL = {**ID, "type": ["integer", "null"]}
_PARTS = {"type": ["object", "null"], "additionalProperties": _NUMBER}


@statement
def latest_of_tool() -> Query:
    """The replacement of a tool that is most recent, and the one before it."""
    r = m.ToolReplacement
    query = r.select(r.id, r.timestamp).where(r.tool_id == p("tool_id"))
    return query.order_by(r.timestamp.desc(), r.id.desc()).limit(2)


class Replacements(Resource):
    """The replacements."""

    what, title, id_name = "replacement", "ToolReplacement", "replacement_id"
    model = m.ToolReplacement
    not_found = reasons.replacement_not_found
    fields = (
        Field("tool_id", ID, read_only=True),
        *(
            Field(name, _ID_OR_NULL, read_only=True)
            for name in ("assembly_id", "process_id", "life_record_id")
        ),
        fields.instant("timestamp", null=False),
        fields.whole("reason", 0, 3),
        fields.whole("condition", 0, 65535),
        fields.long_text("notes"),
        fields.flag("indexed"),
        fields.reference("inventory_item_id", "inventory item", ITEMS.keep),
        fields.reference("inventory_point_id", "inventory point", POINTS.keep),
        fields.reference("substitute_id", "tool", TOOLS.keep),
        fields.flag("testing"),
        Field("testing_notes", {"type": ["string", "null"], "maxLength": 65535}),
        Field("tmac_job", {"type": ["string", "null"], "maxLength": 255}),
        Field("parts", _PARTS, read_only=True),
        Field("static_part_count", _NUMBER, read_only=True),
        Field("runtime", {"type": "number"}, show=fields.seconds("runtime").show, read_only=True),
        Field("day_count", _NUMBER, read_only=True),
        Field("user_id", _ID_OR_NULL, read_only=True),
        fields.shown_text("image_type"),
    )

    def prepare(self, call: Call, before: Stored | None, after: Stored, body: Mapping[str, Any]) -> None:
        """Refuse who may not change ``testing``, and a time in the future."""
        if before is not None:
            require_testing(call, before["testing"], after["testing"])
        if "timestamp" in body:
            require_past(call, after["timestamp"])

    def change(self, call: Call, request: Request) -> Reply:
        """Change the fields that are given. A corrected time moves the tool's day too: the tool is locked first."""
        if "timestamp" in request.body:
            locked_tools(call, [self.get(call, request.path[self.id_name])["tool_id"]])
        return super().change(call, request)

    def written(self, call: Call, before: Stored | None, after: Stored, body: Mapping[str, Any]) -> None:
        """Have the tool follow a corrected time."""
        if before is not None and before["timestamp"] != after["timestamp"]:
            self._follow(call, before, after)

    def _follow(self, call: Call, before: Stored, after: Stored) -> None:
        """Have the tool's last replacement be the most recent one, and its days count from there, as far as they did before."""
        tool = TOOLS.find(call, after["tool_id"])
        latest = call.db.rows(latest_of_tool, tool_id=after["tool_id"])
        others = [(timestamp, id) for id, timestamp in latest if id != after["id"]]
        last, now = (max([(row["timestamp"], row["id"]), *others])[0] for row in (before, after))
        if tool is None or tool["last_replaced"] != last:
            return
        days = life.site_day(call, now) - life.site_day(call, last)
        save_tool(call, tool, {"last_replaced": now, "start_day": tool["start_day"] + days})
        call.db.run(self.update, **{**after, "start_moved": after["start_moved"] + days})

    def detach(self, call: Call, row: Stored) -> None:
        """Delete its picture."""
        call.db.run(delete_image_of, kind=self.what, id=row["id"])


REPLACEMENTS = Replacements()


def require_testing(call: Call, before: bool, after: bool) -> None:
    """Refuse to change whether a replacement is a test without the scope for it. Raises HttpProblem 403."""
    if before != after and TESTING_SCOPE not in call.caller.scopes:
        raise reasons.testing_not_allowed(TESTING_SCOPE)


def require_past(call: Call, timestamp: int) -> None:
    """Refuse a time more than a day ahead of the server, as calls that record work do. Raises InvalidParams."""
    if timestamp > call.now + AHEAD:
        raise reasons.bad_value("timestamp", "is more than 24 hours ahead of the server; set the clock")
