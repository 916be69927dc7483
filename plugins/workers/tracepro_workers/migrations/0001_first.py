"""The first tables: workers, skills, logins and the log."""

from peewee import ForeignKeyField

from tracepro.database import Flag, Instant, Integer, Json, Key, LongText, Model, ShortText


class Worker(Model):
    id = Key()
    name = ShortText(index=True)
    code = ShortText(null=True, unique=True)
    card = ShortText(null=True, unique=True)
    active = Flag(default=True)
    esd_tm = Instant(null=True)

    class Meta:
        table_name = "workers_worker"


class Skill(Model):
    id = Key()
    worker = ForeignKeyField(Worker, index=False)
    act = Integer()
    level = ShortText()
    valid_to = ShortText(null=True)

    class Meta:
        table_name = "workers_skill"
        indexes = ((("worker", "act"), True),)


class Login(Model):
    id = Key()
    worker = ForeignKeyField(Worker, unique=True)
    wp_id = Integer(index=True)
    tm = Instant()

    class Meta:
        table_name = "workers_login"


class Entry(Model):
    id = Key()
    tm = Instant()
    worker_id = Integer(null=True)
    wp_id = Integer(null=True)
    action = Integer()
    info = LongText(default="")
    order_id = Integer(null=True)
    op = Integer(null=True)
    param = Json(null=True)

    class Meta:
        table_name = "workers_log"
        indexes = ((("worker_id", "tm"), False), (("wp_id", "tm"), False))


def migrate(schema):
    """Create the tables."""
    for model in (Worker, Skill, Login, Entry):
        schema.create(model)
