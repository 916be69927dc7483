"""The first tables: lines and machines."""

from peewee import ForeignKeyField

from tracepro.database import Integer, Key, Model, ShortText


class Line(Model):
    id = Key()
    name = ShortText(unique=True)

    class Meta:
        table_name = "lines_line"


class Machine(Model):
    id = Key()
    line = ForeignKeyField(Line, index=False)
    name = ShortText()
    wp_id = Integer(index=True)
    op = Integer(null=True)
    act = Integer(null=True)

    class Meta:
        table_name = "lines_machine"
        indexes = ((("line", "name"), True),)


def migrate(schema):
    """Creates the tables."""
    for model in (Line, Machine):
        schema.create(model)
