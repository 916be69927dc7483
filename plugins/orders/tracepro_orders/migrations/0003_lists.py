"""Lists of orders: those of a status the newest first, and by the beginning of their reference."""


def migrate(schema):
    """Index what lists of orders are read by."""
    schema.define("DROP INDEX orders_order_status")
    schema.define("CREATE INDEX orders_order_status_id ON orders_order (status, id)")
    schema.define("CREATE INDEX orders_order_status_erp_ref ON orders_order (status, erp_ref)")
