"""Trims the names of lines and machines that were stored before codes were trimmed."""

from tracepro.database import Integer, Key, Model, ShortText
from tracepro.database.stored_codes import Trimming


class Line(Model):
    id = Key()
    name = ShortText()

    class Meta:
        table_name = "lines_line"


class Machine(Model):
    id = Key()
    line_id = Integer()
    name = ShortText()

    class Meta:
        table_name = "lines_machine"


def migrate(schema):
    """Trims."""
    Trimming("lines", Line, "name", unique=["name"]).run(schema)
    Trimming("lines", Machine, "name", unique=["line_id", "name"]).run(schema)
