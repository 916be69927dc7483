"""Trims the references of deliveries that were stored before codes were trimmed."""

from peewee import CompositeKey

from tracepro.database import Integer, Model, ShortText
from tracepro.database.stored_codes import Trimming


class Receipt(Model):
    lot_id = Integer()
    ref = ShortText()

    class Meta:
        table_name = "material_receipt"
        primary_key = CompositeKey("lot_id", "ref")


def migrate(schema):
    """Trims."""
    Trimming("material", Receipt, "ref", unique=["lot_id", "ref"]).run(schema)
