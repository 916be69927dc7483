"""The tables: lots, what is loaded where, what a workplace should hold, and the ledger of moves."""

from __future__ import annotations

from enum import IntEnum

from peewee import CompositeKey, ForeignKeyField

from tracepro.database import Amount, Instant, Integer, Key, Model, ShortText


class MoveKind(IntEnum):
    """What a ledger row did with its amount; the amount of a CORRECT row has a sign, others are ≥ 0."""

    RECEIVE = 1
    """Came into the plant, on the floor."""
    LOAD = 2
    """From the floor onto a workplace."""
    UNLOAD = 3
    """From a workplace back to the floor."""
    CONSUME = 4
    """Into a unit, from a hole (``hole_no`` > 0 or a workplace's loaded hole 0) or from the floor."""
    RETURN = 5
    """Out of a cancelled operation, to where it came from or to the floor."""
    CORRECT = 6
    """Counted or booked differently from what was known."""
    WRITE_OFF = 7
    """Lost from the floor."""


class Lot(Model):
    """A lot of an article; ``amount`` lies on the floor and not on a workplace."""

    id = Key()
    mat_item = ShortText()
    mat_lot = ShortText(index=True)
    amount = Amount(default=0)

    class Meta:
        table_name = "material_lot"
        indexes = ((("mat_item", "mat_lot"), True),)


class Receipt(Model):
    """A delivery of a lot by its ``ref``, a delivery note say, so that it counts once."""

    lot = ForeignKeyField(Lot, index=False)
    ref = ShortText()

    class Meta:
        table_name = "material_receipt"
        primary_key = CompositeKey("lot", "ref")


class WorkplaceLock(Model):
    """The row of a workplace whose lock keeps loading and taking apart."""

    id = Key()
    wp_id = Integer(unique=True)

    class Meta:
        table_name = "material_station"


class Reel(Model):
    """A lot in a hole of a workplace; the lowest id of a hole is in use, the others wait in order of id.

    ``decrement`` null follows the BOM.
    """

    id = Key()
    wp_id = Integer()
    hole_no = Integer()
    lot = ForeignKeyField(Lot)
    amount = Amount()
    decrement = Amount(null=True)

    class Meta:
        table_name = "material_place"
        indexes = ((("wp_id", "hole_no", "lot"), True),)


class BomLine(Model):
    """An article that belongs into a hole; several articles for one hole are alternatives."""

    id = Key()
    wp_id = Integer()
    hole_no = Integer()
    mat_item = ShortText()
    decrement = Amount()

    class Meta:
        table_name = "material_bom"
        indexes = ((("wp_id", "hole_no", "mat_item"), True),)


class Move(Model):
    """A ledger row, never changed: consumption rows carry the operation, the unit and the reference."""

    id = Key()
    lot = ForeignKeyField(Lot, index=False)
    tm = Instant()
    kind = Integer()
    amount = Integer()
    wp_id = Integer(null=True)
    hole_no = Integer(null=True)
    op_id = Integer(null=True, index=True)
    item_id = Integer(null=True)
    ref = ShortText(default="")
    info = ShortText(default="")

    class Meta:
        table_name = "material_move"
        # whereused reads a lot's units in order of unit, out of the index alone
        indexes = ((("lot", "item_id", "kind"), False),)


MODELS: list[type[Model]] = [Lot, Receipt, WorkplaceLock, Reel, BomLine, Move]
