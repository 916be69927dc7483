"""The tables: tools in their assemblies, what they cut, how they were replaced, and the stock they come from.

Runtimes are microseconds, like all times. A day count is kept as the day it counts from, so that it grows by itself.
"""

from __future__ import annotations

from tracepro.database import Amount, Bytes, Flag, Instant, Integer, Json, Key, LongText, Model, ShortText


class Process(Model):
    """What a machine does: its assemblies hold the tools, its programs make the products; ``machine_id`` is a workplace."""

    id = Key()
    name = ShortText()
    machine_id = Integer(null=True, index=True)
    description = LongText(default="")
    archived = Flag(default=False)

    class Meta:
        table_name = "tooling_process"


class Program(Model):
    """A program of a process that makes a product, ``op`` null at any step."""

    id = Key()
    name = ShortText()
    process_id = Integer(null=True)
    item = ShortText(default="")
    op = Integer(null=True)
    archived = Flag(default=False)

    class Meta:
        table_name = "tooling_program"
        indexes = ((("process_id", "item"), False),)


class ToolAssembly(Model):
    """A holder of tools in a machine; a ``shared`` one works for every process on its process's machine."""

    id = Key()
    name = ShortText()
    location = ShortText(default="")
    notes = LongText(default="")
    process_id = Integer(null=True, index=True)
    shared = Flag(default=False)
    image_type = ShortText(null=True)
    image_sha256 = ShortText(null=True)

    class Meta:
        table_name = "tooling_assembly"


class Tool(Model):
    """A tool with its expected life and what it has done since it was replaced last.

    ``usage_mode`` tells which of the three lives counts. ``start_day`` is the ordinal of the site's day that the day
    count is reckoned from. Of what was counted only that with an id above ``counted_from`` stands in the counters.
    """

    id = Key()
    name = ShortText(index=True)
    notes = LongText(default="")
    assembly_id = Integer(null=True, index=True)
    inventory_item_id = Integer(null=True, index=True)
    usage_mode = Integer(default=0)
    part_life = Integer(null=True)
    max_runtime = Instant(null=True)
    day_life = Integer(null=True)
    warn_percent = Integer(default=90)
    part_count = Integer(default=0)
    runtime = Instant(default=0)
    start_day = Integer()
    is_critical = Flag(default=False)
    durable = Flag(default=False)
    created = Instant()
    last_replaced = Instant(null=True)
    in_service_date = Instant(null=True)
    out_service_date = Instant(null=True)
    image_type = ShortText(null=True)
    image_sha256 = ShortText(null=True)
    counted_from = Integer(default=0)

    class Meta:
        table_name = "tooling_tool"


class ToolParts(Model):
    """How many parts of a program a tool has made since it was replaced last."""

    id = Key()
    tool_id = Integer()
    program_id = Integer(index=True)
    parts = Integer(default=0)

    class Meta:
        table_name = "tooling_parts"
        indexes = ((("tool_id", "program_id"), True),)


class Counted(Model):
    """What a recorded operation counted on each of some tools, so that its cancellation takes off exactly that.

    ``program_id`` is the program that the parts were counted for. It is one row for all the tools of a magazine; an operation has
    another one for tools that it counted otherwise.
    """

    id = Key()
    op_id = Integer(index=True)
    program_id = Integer()
    tool_ids = Json()
    parts = Integer()
    runtime = Instant()

    class Meta:
        table_name = "tooling_counted"


class ToolLifeRecord(Model):
    """The expected life of a tool as it was set at a moment; never changed."""

    id = Key()
    tool_id = Integer()
    timestamp = Instant()
    user_id = Integer(null=True)
    process_id = Integer(null=True)
    usage_mode = Integer()
    part_life = Integer(null=True)
    max_runtime = Instant(null=True)
    day_life = Integer(null=True)
    notes = LongText(default="")

    class Meta:
        table_name = "tooling_life_record"
        indexes = ((("tool_id", "id"), False),)


class ToolReplacement(Model):
    """One time a tool was replaced, with all that it was at that moment.

    ``parts`` are its parts by program id. The last columns are for undoing it: ``moved_id`` is the tool that was put in its place
    and ``substitute_from`` the assembly where that came from; what was counted from ``counted_from`` (not included) to
    ``counted_to`` was in the counters, ``cancelled`` of it by program id and ``cancelled_runtime`` since taken back;
    ``start_moved`` is by how many days the tool's start day was moved.
    """

    id = Key()
    tool_id = Integer()
    assembly_id = Integer(null=True)
    process_id = Integer(null=True)
    condition = Integer(default=0)
    reason = Integer(default=0)
    day_count = Integer()
    indexed = Flag(default=False)
    inventory_item_id = Integer(null=True, index=True)
    inventory_point_id = Integer(null=True)
    life_record_id = Integer(null=True)
    notes = LongText(default="")
    parts = Json(null=True)
    runtime = Instant()
    static_part_count = Integer()
    substitute_id = Integer(null=True, index=True)
    testing = Flag(default=False)
    testing_notes = LongText(null=True)
    timestamp = Instant()
    tmac_job = ShortText(null=True)
    user_id = Integer(null=True)
    image_type = ShortText(null=True)
    image_sha256 = ShortText(null=True)
    substitute_from = Integer(null=True)
    counted_from = Integer(default=0)
    moved_id = Integer(null=True)
    counted_to = Integer(default=0)
    cancelled = Json(null=True)
    cancelled_runtime = Instant(default=0)
    start_moved = Integer(default=0)

    class Meta:
        table_name = "tooling_replacement"
        indexes = ((("tool_id", "timestamp", "id"), False),)


class Image(Model):
    """The bytes of a picture of an object, apart from it so that lists never read them; ``kind`` names its table."""

    id = Key()
    kind = ShortText()
    owner_id = Integer()
    content = Bytes()

    class Meta:
        table_name = "tooling_image"
        indexes = ((("kind", "owner_id"), True),)


class InventoryItem(Model):
    """What is bought to replace a tool with; a price is in millionths of the site's money."""

    id = Key()
    name = ShortText(index=True)
    part_number = ShortText(default="", index=True)
    brand = ShortText(default="")
    type = ShortText(default="")
    corners = Integer(null=True)
    durable = Flag(default=False)
    price = Amount(null=True)
    pack_qty = Integer(null=True)
    min_on_hand_qty = Integer(null=True)
    safety_stock = Integer(null=True)
    lead_time = Instant(null=True)
    qty_on_order = Integer(default=0)
    suppliers = Json(default=list)
    notes = LongText(default="")

    class Meta:
        table_name = "tooling_inventory_item"


class InventoryPoint(Model):
    """A place that holds stock: a cabinet, a drawer, a vending machine."""

    id = Key()
    name = ShortText(index=True)

    class Meta:
        table_name = "tooling_inventory_point"


class Stock(Model):
    """How many of an item lie in a point."""

    id = Key()
    point_id = Integer()
    item_id = Integer(index=True)
    quantity = Integer()

    class Meta:
        table_name = "tooling_stock"
        indexes = ((("point_id", "item_id"), True),)


MODELS: list[type[Model]] = [
    Process,
    Program,
    ToolAssembly,
    Tool,
    ToolParts,
    Counted,
    ToolLifeRecord,
    ToolReplacement,
    Image,
    InventoryItem,
    InventoryPoint,
    Stock,
]
