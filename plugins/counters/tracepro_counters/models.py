"""The tables: sequences that begin when first asked, and ranges that the plant file sets."""

from __future__ import annotations

from tracepro.database import Integer, Key, Model, ShortText


class Sequence(Model):
    """A sequence of numbers; ``next`` is the first one not given out."""

    id = Key()
    clazz = ShortText()
    name = ShortText()
    next = Integer()

    class Meta:
        table_name = "counters_sequence"
        indexes = ((("clazz", "name"), True),)


class Range(Model):
    """A range of numbers from ``first`` to ``last``; it is used up when ``next`` is beyond ``last``."""

    id = Key()
    name = ShortText(unique=True)
    first = Integer()
    last = Integer()
    next = Integer()

    class Meta:
        table_name = "counters_range"


MODELS: list[type[Model]] = [Sequence, Range]
