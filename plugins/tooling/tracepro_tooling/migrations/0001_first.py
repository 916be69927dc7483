"""The first tables: processes and programs, assemblies and tools, replacements, pictures, stock."""

from tracepro.database import Amount, Bytes, Flag, Instant, Integer, Json, Key, LongText, Model, ShortText


class Process(Model):
    id = Key()
    name = ShortText()
    machine_id = Integer(null=True, index=True)
    description = LongText(default="")
    archived = Flag(default=False)

    class Meta:
        table_name = "tooling_process"


class Program(Model):
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
    id = Key()
    name = ShortText()
    location = ShortText(default="")
    notes = LongText(default="")
    process_id = Integer(null=True, index=True)
    shared = Flag(default=False)
    image_type = ShortText(null=True)

    class Meta:
        table_name = "tooling_assembly"


class Tool(Model):
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
    counted_from = Integer(default=0)

    class Meta:
        table_name = "tooling_tool"


class ToolParts(Model):
    id = Key()
    tool_id = Integer()
    program_id = Integer(index=True)
    parts = Integer(default=0)

    class Meta:
        table_name = "tooling_parts"
        indexes = ((("tool_id", "program_id"), True),)


class Counted(Model):
    id = Key()
    op_id = Integer(index=True)
    program_id = Integer()
    tool_ids = Json()
    parts = Integer()
    runtime = Instant()

    class Meta:
        table_name = "tooling_counted"


class ToolLifeRecord(Model):
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
    substitute_from = Integer(null=True)
    counted_from = Integer(default=0)

    class Meta:
        table_name = "tooling_replacement"
        indexes = ((("tool_id", "timestamp", "id"), False),)


class Image(Model):
    id = Key()
    kind = ShortText()
    owner_id = Integer()
    content = Bytes()

    class Meta:
        table_name = "tooling_image"
        indexes = ((("kind", "owner_id"), True),)


class InventoryItem(Model):
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
    id = Key()
    name = ShortText(index=True)

    class Meta:
        table_name = "tooling_inventory_point"


class Stock(Model):
    id = Key()
    point_id = Integer()
    item_id = Integer(index=True)
    quantity = Integer()

    class Meta:
        table_name = "tooling_stock"
        indexes = ((("point_id", "item_id"), True),)


def migrate(schema):
    """Creates the tables."""
    for model in (
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
    ):
        schema.create(model)
