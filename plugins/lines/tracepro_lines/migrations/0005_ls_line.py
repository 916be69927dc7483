"""Adds the parameters of LS lines."""

from peewee import CompositeKey

from tracepro.database import Integer, Json, Model, ShortText


class LsParam(Model):
    line_id = Integer()
    name = ShortText()
    value = Json(null=True)

    class Meta:
        table_name = "lines_ls_param"
        primary_key = CompositeKey("line_id", "name")


def migrate(schema):
    """Creates the table."""
    schema.create(LsParam)
