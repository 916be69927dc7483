"""The tables: units and their codes, operations, where a unit stands on its route, and what is counted."""

from __future__ import annotations

from peewee import CompositeKey

from tracepro.database import Flag, Instant, Integer, Json, Key, LongText, Model, ShortText


class Unit(Model):
    """A unit; ``bad_by_panel`` marks a board that its panel took along when it was marked bad.

    ``bad_below`` is how many bad units are built in below it, as components of it or of those.
    ``panel_id`` and ``position`` (from 1) are those of a board in its panel.
    """

    id = Key()
    order_id = Integer()
    tp = Integer()
    barcode = ShortText(default="")
    barcode2 = ShortText(default="")
    bad = Integer(default=0)
    bad_reason = LongText(default="")
    bad_by_panel = Flag(default=False)
    bad_below = Integer(default=0)
    rt_flags = Integer(default=0)
    created = Instant()
    panel_id = Integer(null=True, index=True)
    position = Integer(null=True)

    class Meta:
        table_name = "items_unit"
        indexes = ((("order_id", "id"), False),)


class Code(Model):
    """A code that finds a unit, its barcode or its second one; unique within a product."""

    code = ShortText()
    product = ShortText()
    item_id = Integer()

    class Meta:
        table_name = "items_code"
        primary_key = CompositeKey("code", "product")


class Operation(Model):
    """A recorded operation; ids follow the order of recording.

    ``recorded`` is the server's time. ``back_to`` is set on a rework: records of the unit from that step on,
    older than this one, no longer count. ``skipped`` are the boards of a panel that were bad, for which it
    doesn't count; ``left_out`` those with a fail of their own at the step, whose route it leaves alone. A cancelled
    one stays and counts for nothing.
    """

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
    left_out = Json(null=True)
    cancelled = Flag(default=False)

    class Meta:
        table_name = "items_operation"
        indexes = ((("wp_id", "recorded"), False),)


class Cancellation(Model):
    """The counter-entry that took a wrong booking back."""

    op_id = Integer(primary_key=True)
    tm = Instant()
    wp_id = Integer()
    workers = Json()
    reason = LongText(default="")

    class Meta:
        table_name = "items_cancellation"


class Data(Model):
    """A data row of an operation; ``tp`` is a DATA_TP value."""

    id = Key()
    op_id = Integer(index=True)
    tp = Integer()
    key = ShortText(default="")
    value = Json(null=True)

    class Meta:
        table_name = "items_data"


class State(Model):
    """The latest record that counts of a unit at a step: a unit stands where its rows say.

    Operations on a panel write a row for the panel and one for each of its boards that they count for. ``own``
    tells that the record was made on the unit itself.
    """

    item_id = Integer()
    op = Integer()
    result = Integer()
    op_id = Integer()
    own = Flag(default=False)

    class Meta:
        table_name = "items_state"
        primary_key = CompositeKey("item_id", "op")


class Slot(Model):
    """A named value of a unit, set by SLOT data rows."""

    item_id = Integer()
    slot = ShortText()
    value = Json(null=True)

    class Meta:
        table_name = "items_slot"
        primary_key = CompositeKey("item_id", "slot")


class Component(Model):
    """A unit that is built into another now, at a reference designator, by an operation."""

    id = Key()
    parent_id = Integer(index=True)
    ref = ShortText(default="")
    child_id = Integer(unique=True)
    op_id = Integer()

    class Meta:
        table_name = "items_component"


class Removal(Model):
    """A component that an operation took out, with the place it had, so that a cancellation puts it back."""

    id = Key()
    op_id = Integer(index=True)
    parent_id = Integer()
    ref = ShortText(default="")
    child_id = Integer()
    built_by = Integer(index=True)

    class Meta:
        table_name = "items_removal"


class Again(Model):
    """An operation that named a component where it was built in already, by the operation ``built_by``."""

    id = Key()
    op_id = Integer(index=True)
    child_id = Integer()
    built_by = Integer(index=True)

    class Meta:
        table_name = "items_again"


class Tally(Model):
    """How many units of an order passed or failed a step, by their latest result; boards count, panels don't.

    Bad marks are left out. ``scrapped`` are those of the good that were scrapped since; ``noncharged`` is what was
    counted without units. A row is there once the step was recorded.
    """

    order_id = Integer()
    op = Integer()
    good = Integer(default=0)
    bad = Integer(default=0)
    scrapped = Integer(default=0)
    noncharged = Integer(default=0)

    class Meta:
        table_name = "items_tally"
        primary_key = CompositeKey("order_id", "op")


class UnitCount(Model):
    """How many units of a type an order has; bad marks count as neither."""

    order_id = Integer()
    tp = Integer()
    good = Integer(default=0)
    bad = Integer(default=0)

    class Meta:
        table_name = "items_unit_count"
        primary_key = CompositeKey("order_id", "tp")


class NonCharged(Model):
    """The one hidden unit of an order that non-charged work counts on."""

    order_id = Integer(primary_key=True)
    item_id = Integer()

    class Meta:
        table_name = "items_noncharged"


class Run(Model):
    """When the order last changed at a workplace: a run begins there, or at the shift's start if that is later."""

    wp_id = Integer(primary_key=True)
    since = Instant()

    class Meta:
        table_name = "items_run"


class RunRecord(Model):
    """A record of a FIRST_PIECE step, so that the pieces of a run are found without reading the history.

    ``tm1`` is the operation's: a record lies in the run that holds it.
    """

    id = Key()
    order_id = Integer()
    wp_id = Integer()
    op = Integer()
    item_id = Integer()
    op_id = Integer()
    tm1 = Instant()

    class Meta:
        table_name = "items_run_record"
        indexes = ((("order_id", "wp_id", "op", "tm1"), False),)


MODELS: list[type[Model]] = [
    Unit,
    Code,
    Operation,
    Cancellation,
    Data,
    State,
    Slot,
    Component,
    Removal,
    Again,
    Tally,
    UnitCount,
    NonCharged,
    Run,
    RunRecord,
]
