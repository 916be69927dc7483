"""Trims the names of counters that were stored before codes were trimmed."""

from tracepro.database import Key, Model, ShortText
from tracepro.database.stored_codes import Trimming


class Sequence(Model):
    id = Key()
    clazz = ShortText()
    name = ShortText()

    class Meta:
        table_name = "counters_sequence"


class Range(Model):
    id = Key()
    name = ShortText()

    class Meta:
        table_name = "counters_range"


def migrate(schema):
    """Trims."""
    Trimming("counters", Sequence, "name", unique=["clazz", "name"]).run(schema)
    Trimming("counters", Range, "name", unique=["name"]).run(schema)
