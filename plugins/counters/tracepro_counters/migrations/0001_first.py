"""The first tables: sequences and ranges."""

from tracepro.database import Integer, Key, Model, ShortText


class Sequence(Model):
    id = Key()
    clazz = ShortText()
    name = ShortText()
    next = Integer()

    class Meta:
        table_name = "counters_sequence"
        indexes = ((("clazz", "name"), True),)


class Range(Model):
    id = Key()
    name = ShortText(unique=True)
    first = Integer()
    last = Integer()
    next = Integer()

    class Meta:
        table_name = "counters_range"


def migrate(schema):
    """Creates the tables."""
    for model in (Sequence, Range):
        schema.create(model)
