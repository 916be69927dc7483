"""The deliveries of each lot, so that one counts once; those that are in the ledger already are taken over."""

from peewee import CompositeKey, ForeignKeyField

from tracepro.database import Integer, Key, Model, ShortText

RECEIVE = 1


class Lot(Model):
    id = Key()

    class Meta:
        table_name = "material_lot"


class Move(Model):
    id = Key()
    lot = ForeignKeyField(Lot, index=False)
    kind = Integer()
    info = ShortText(default="")

    class Meta:
        table_name = "material_move"


class Receipt(Model):
    lot = ForeignKeyField(Lot, index=False)
    ref = ShortText()

    class Meta:
        table_name = "material_receipt"
        primary_key = CompositeKey("lot", "ref")


def migrate(schema):
    """Create the table and fill it from the ledger."""
    schema.create(Receipt)
    booked = Move.select(Move.lot, Move.info).where(Move.kind == RECEIVE, Move.info != "").distinct()
    schema.run(Receipt.insert_from(booked, [Receipt.lot, Receipt.ref]))
