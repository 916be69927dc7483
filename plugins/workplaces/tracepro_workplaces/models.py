"""The tables: kinds of work, workplaces with their block, and which work is assigned where."""

from __future__ import annotations

from peewee import ForeignKeyField

from tracepro.database import Flag, Instant, Key, LongText, Model, ShortText


class Act(Model):
    """A kind of work."""

    id = Key()
    name = ShortText(unique=True)
    desc = LongText(default="")

    class Meta:
        table_name = "workplaces_act"


class Workplace(Model):
    """A workplace; ``block_tm`` is null unless it is blocked."""

    id = Key()
    name = ShortText(unique=True)
    erp_ref = ShortText(default="", index=True)
    esd = Flag(default=False)
    block_reason = LongText(default="")
    block_tm = Instant(null=True)

    class Meta:
        table_name = "workplaces_workplace"


class Assignment(Model):
    """An act that may be done at a workplace."""

    id = Key()
    workplace = ForeignKeyField(Workplace, index=False)
    act = ForeignKeyField(Act)

    class Meta:
        table_name = "workplaces_assignment"
        indexes = ((("workplace", "act"), True),)


MODELS: list[type[Model]] = [Act, Workplace, Assignment]
