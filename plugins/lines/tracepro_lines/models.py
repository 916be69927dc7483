"""The tables: lines, the machines on them, and what terminals of a line keep here."""

from __future__ import annotations

from peewee import CompositeKey, ForeignKeyField

from tracepro.database import Integer, Json, Key, Model, ShortText


class Line(Model):
    """A line; ``order_id`` is the order it works on now."""

    id = Key()
    name = ShortText(unique=True)
    order_id = Integer(null=True)

    class Meta:
        table_name = "lines_line"


class Machine(Model):
    """A machine of a line, with the workplace it is and, perhaps, the step and the act it does.

    ``counter0`` is how many operations it has booked itself; it stays when the machine moves to another line.
    """

    id = Key()
    line = ForeignKeyField(Line, index=False)
    name = ShortText()
    wp_id = Integer(index=True)
    op = Integer(null=True)
    act = Integer(null=True)
    counter0 = Integer(default=0)

    class Meta:
        table_name = "lines_machine"
        indexes = ((("line", "name"), True),)


class Data(Model):
    """A JSON value that a terminal keeps for a workplace under class and key."""

    wp_id = Integer()
    clazz = ShortText()
    key = ShortText()
    value = Json(null=True)

    class Meta:
        table_name = "lines_data"
        primary_key = CompositeKey("wp_id", "clazz", "key")


class LsParam(Model):
    """A parameter of an LS line: any JSON value."""

    line_id = Integer()
    name = ShortText()
    value = Json(null=True)

    class Meta:
        table_name = "lines_ls_param"
        primary_key = CompositeKey("line_id", "name")


MODELS: list[type[Model]] = [Line, Machine, Data, LsParam]
