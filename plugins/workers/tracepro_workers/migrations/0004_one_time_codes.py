"""Adds one-time codes, and what authenticator apps need."""

from peewee import ForeignKeyField

from tracepro.database import Instant, Integer, Key, Model, ShortText

TYPES = {"sqlite": ("TEXT", "INTEGER"), "postgresql": ('TEXT COLLATE "C"', "BIGINT")}


class Worker(Model):
    id = Key()

    class Meta:
        table_name = "workers_worker"


class OneTimeCode(Model):
    id = Key()
    hash = ShortText(unique=True)
    worker = ForeignKeyField(Worker, index=False)
    wp_id = Integer(null=True)
    expires = Instant(index=True)

    class Meta:
        table_name = "workers_one_time_code"


def migrate(schema):
    """Create the table and add the columns."""
    schema.create(OneTimeCode)
    text, integer = TYPES[schema.dialect]
    schema.define(f"ALTER TABLE workers_worker ADD COLUMN totp_secret {text}")
    schema.define(f"ALTER TABLE workers_worker ADD COLUMN totp_step {integer}")
