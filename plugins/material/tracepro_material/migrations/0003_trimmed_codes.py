"""Trims the articles, lots and references that were stored before codes were trimmed."""

from tracepro.database import Integer, Key, Model, ShortText
from tracepro.database.stored_codes import Trimming


class Lot(Model):
    id = Key()
    mat_item = ShortText()
    mat_lot = ShortText()

    class Meta:
        table_name = "material_lot"


class BomLine(Model):
    id = Key()
    wp_id = Integer()
    hole_no = Integer()
    mat_item = ShortText()

    class Meta:
        table_name = "material_bom"


class Move(Model):
    id = Key()
    ref = ShortText()

    class Meta:
        table_name = "material_move"


def migrate(schema):
    """Trims."""
    Trimming("material", Lot, "mat_item", "mat_lot", unique=["mat_item", "mat_lot"]).run(schema)
    Trimming("material", BomLine, "mat_item", unique=["wp_id", "hole_no", "mat_item"]).run(schema)
    Trimming("material", Move, "ref").run(schema)
