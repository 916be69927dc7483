"""The first tables of units, operations and counts."""

from peewee import CompositeKey

from tracepro.database import Flag, Instant, Integer, Json, Key, LongText, Model, ShortText


class Unit(Model):
    id = Key()
    order_id = Integer()
    tp = Integer()
    barcode = ShortText(default="")
    barcode2 = ShortText(default="")
    bad = Integer(default=0)
    bad_reason = LongText(default="")
    bad_by_panel = Flag(default=False)
    rt_flags = Integer(default=0)
    created = Instant()
    panel_id = Integer(null=True, index=True)
    position = Integer(null=True)

    class Meta:
        table_name = "items_unit"
        indexes = ((("order_id", "id"), False),)


class Code(Model):
    code = ShortText()
    product = ShortText()
    item_id = Integer()

    class Meta:
        table_name = "items_code"
        primary_key = CompositeKey("code", "product")


class Operation(Model):
    id = Key()
    item_id = Integer(index=True)
    order_id = Integer()
    op = Integer()
    act = Integer()
    name = ShortText(default="")
    wp_id = Integer()
    workers = Json()
    tm0 = Instant()
    tm1 = Instant()
    result = Integer(default=0)
    count = Integer(default=1)
    recorded = Instant()
    back_to = Integer(null=True)
    skipped = Json(null=True)
    cancelled = Flag(default=False)

    class Meta:
        table_name = "items_operation"
        indexes = ((("wp_id", "recorded"), False),)


class Cancellation(Model):
    op_id = Integer(primary_key=True)
    tm = Instant()
    wp_id = Integer()
    workers = Json()
    reason = LongText(default="")

    class Meta:
        table_name = "items_cancellation"


class Data(Model):
    id = Key()
    op_id = Integer(index=True)
    tp = Integer()
    key = ShortText(default="")
    value = Json(null=True)

    class Meta:
        table_name = "items_data"


class State(Model):
    item_id = Integer()
    op = Integer()
    result = Integer()
    op_id = Integer()

    class Meta:
        table_name = "items_state"
        primary_key = CompositeKey("item_id", "op")


class Slot(Model):
    item_id = Integer()
    slot = ShortText()
    value = Json(null=True)

    class Meta:
        table_name = "items_slot"
        primary_key = CompositeKey("item_id", "slot")


class Component(Model):
    id = Key()
    parent_id = Integer(index=True)
    ref = ShortText(default="")
    child_id = Integer(unique=True)
    op_id = Integer()

    class Meta:
        table_name = "items_component"


class Removal(Model):
    id = Key()
    op_id = Integer(index=True)
    parent_id = Integer()
    ref = ShortText(default="")
    child_id = Integer()
    built_by = Integer()

    class Meta:
        table_name = "items_removal"


class Tally(Model):
    order_id = Integer()
    op = Integer()
    good = Integer(default=0)
    bad = Integer(default=0)
    noncharged = Integer(default=0)

    class Meta:
        table_name = "items_tally"
        primary_key = CompositeKey("order_id", "op")


class UnitCount(Model):
    order_id = Integer()
    tp = Integer()
    good = Integer(default=0)
    bad = Integer(default=0)

    class Meta:
        table_name = "items_unit_count"
        primary_key = CompositeKey("order_id", "tp")


class NonCharged(Model):
    order_id = Integer(primary_key=True)
    item_id = Integer()

    class Meta:
        table_name = "items_noncharged"


class Run(Model):
    wp_id = Integer(primary_key=True)
    since = Instant()

    class Meta:
        table_name = "items_run"


class RunRecord(Model):
    id = Key()
    order_id = Integer()
    wp_id = Integer()
    op = Integer()
    item_id = Integer()
    op_id = Integer()
    recorded = Instant()

    class Meta:
        table_name = "items_run_record"
        indexes = ((("order_id", "wp_id", "op", "recorded"), False),)


TABLES = (
    Unit,
    Code,
    Operation,
    Cancellation,
    Data,
    State,
    Slot,
    Component,
    Removal,
    Tally,
    UnitCount,
    NonCharged,
    Run,
    RunRecord,
)


def migrate(schema):
    """Create the tables."""
    schema.create(*TABLES)
