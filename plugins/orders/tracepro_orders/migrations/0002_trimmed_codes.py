"""Trims the ERP references and products of orders that were stored before codes were trimmed."""

from tracepro.database import Key, Model, ShortText
from tracepro.database.stored_codes import Trimming


class Order(Model):
    id = Key()
    erp_ref = ShortText()
    item = ShortText()

    class Meta:
        table_name = "orders_order"


def migrate(schema):
    """Trims."""
    Trimming("orders", Order, "erp_ref", unique=["erp_ref"]).run(schema)
    Trimming("orders", Order, "item").run(schema)
