"""The tables: lines and the machines on them."""

from __future__ import annotations

from peewee import ForeignKeyField

from tracepro.database import Integer, Key, Model, ShortText


class Line(Model):
    """A line."""

    id = Key()
    name = ShortText(unique=True)

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


MODELS: list[type[Model]] = [Line, Machine]
