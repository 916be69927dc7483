"""The first tables: lots, stations, places, BOMs and the ledger."""

from peewee import ForeignKeyField

from tracepro.database import Amount, Instant, Integer, Key, Model, ShortText


class Lot(Model):
    id = Key()
    mat_item = ShortText()
    mat_lot = ShortText()
    amount = Amount(default=0)

    class Meta:
        table_name = "material_lot"
        indexes = ((("mat_item", "mat_lot"), True),)


class Station(Model):
    id = Key()
    wp_id = Integer(unique=True)

    class Meta:
        table_name = "material_station"


class Place(Model):
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
    id = Key()
    wp_id = Integer()
    hole_no = Integer()
    mat_item = ShortText()
    decrement = Amount()

    class Meta:
        table_name = "material_bom"
        indexes = ((("wp_id", "hole_no", "mat_item"), True),)


class Move(Model):
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
        indexes = ((("lot", "item_id", "kind"), False),)


def migrate(schema):
    """Create the tables."""
    for model in (Lot, Station, Place, BomLine, Move):
        schema.create(model)
