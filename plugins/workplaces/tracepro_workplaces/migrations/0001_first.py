"""The first tables: acts, workplaces and assignments."""

from peewee import ForeignKeyField

from tracepro.database import Flag, Instant, Key, LongText, Model, ShortText


class Act(Model):
    id = Key()
    name = ShortText(unique=True)
    desc = LongText(default="")

    class Meta:
        table_name = "workplaces_act"


class Workplace(Model):
    id = Key()
    name = ShortText(unique=True)
    erp_ref = ShortText(default="", index=True)
    esd = Flag(default=False)
    block_reason = LongText(default="")
    block_tm = Instant(null=True)

    class Meta:
        table_name = "workplaces_workplace"


class Assignment(Model):
    id = Key()
    workplace = ForeignKeyField(Workplace, index=False)
    act = ForeignKeyField(Act)

    class Meta:
        table_name = "workplaces_assignment"
        indexes = ((("workplace", "act"), True),)


def migrate(schema):
    """Create the tables."""
    for model in (Act, Workplace, Assignment):
        schema.create(model)
