"""Adds the order that a line works on, none so far, and what terminals keep here."""

from peewee import CompositeKey

from tracepro.database import Integer, Json, Model, ShortText

INTEGER = {"sqlite": "INTEGER", "postgresql": "BIGINT"}


class Data(Model):
    wp_id = Integer()
    clazz = ShortText()
    key = ShortText()
    value = Json(null=True)

    class Meta:
        table_name = "lines_data"
        primary_key = CompositeKey("wp_id", "clazz", "key")


def migrate(schema):
    """Adds the column and creates the table."""
    schema.define(f"ALTER TABLE lines_line ADD COLUMN order_id {INTEGER[schema.dialect]} NULL")
    schema.create(Data)
