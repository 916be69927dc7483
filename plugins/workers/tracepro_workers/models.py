"""The tables of workers: their skills, their logins and one-time codes, and the worker log."""

from __future__ import annotations

from peewee import ForeignKeyField

from tracepro.database import Flag, Instant, Integer, Json, Key, LongText, Model, ShortText


class Worker(Model):
    """A worker; ``code`` and ``card`` are null when there is none, so that they are unique where they are set.

    ``totp_secret`` is in base32, ``totp_step`` the last step of 30 s since 1970 whose code was used.
    """

    id = Key()
    name = ShortText(index=True)
    code = ShortText(null=True, unique=True)
    card = ShortText(null=True, unique=True)
    active = Flag(default=True)
    esd_tm = Instant(null=True)
    totp_secret = ShortText(null=True)
    totp_step = Integer(null=True)

    class Meta:
        table_name = "workers_worker"


class Skill(Model):
    """An ILUO level of a worker for an act; ``valid_to`` is a date as text, the last day it holds."""

    id = Key()
    worker = ForeignKeyField(Worker, index=False)
    act = Integer()
    level = ShortText()
    valid_to = ShortText(null=True)

    class Meta:
        table_name = "workers_skill"
        indexes = ((("worker", "act"), True),)


class Login(Model):
    """A workplace of a worker's last login: one, or several of one line; it holds until the shift of ``tm`` ends."""

    id = Key()
    worker = ForeignKeyField(Worker, index=False)
    wp_id = Integer(index=True)
    tm = Instant()

    class Meta:
        table_name = "workers_login"
        indexes = ((("worker", "wp_id"), True),)


class OneTimeCode(Model):
    """A code that lets a worker log in once, until it expires; at ``wp_id`` only, where that isn't null."""

    id = Key()
    hash = ShortText(unique=True)
    worker = ForeignKeyField(Worker, index=False)
    wp_id = Integer(null=True)
    expires = Instant(index=True)

    class Meta:
        table_name = "workers_one_time_code"


class LogEntry(Model):
    """A row of the worker log, never changed; ``action`` is a WWL value."""

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


MODELS: list[type[Model]] = [Worker, Skill, Login, OneTimeCode, LogEntry]
