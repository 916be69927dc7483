"""The core's first tables; the audit record only grows."""

from peewee import CompositeKey

from tracepro.database import Instant, Integer, Json, Key, LongText, Model, ShortText


class Idempotency(Model):
    caller = ShortText()
    key = ShortText()
    fingerprint = ShortText()
    answer = LongText(null=True)
    created = Instant(index=True)

    class Meta:
        table_name = "core_idempotency"
        primary_key = CompositeKey("caller", "key")


class Audit(Model):
    id = Key()
    tm = Instant(index=True)
    caller = ShortText()
    worker = ShortText(null=True)
    wp_id = Integer(null=True)
    line = ShortText(null=True)
    method = ShortText()
    params = LongText()
    changes = LongText()
    idempotency_key = ShortText(null=True)
    request_id = ShortText()

    class Meta:
        table_name = "core_audit"


class Token(Model):
    id = Key()
    name = ShortText(unique=True)
    secret_hash = ShortText()
    scopes = Json()
    lines = Json(null=True)
    created = Instant()
    expires = Instant(null=True)
    last_used = Instant(null=True)
    revoked = Instant(null=True)

    class Meta:
        table_name = "core_token"


class Secret(Model):
    name = ShortText(primary_key=True)
    value = ShortText()

    class Meta:
        table_name = "core_secret"


SQLITE = """
CREATE TRIGGER core_audit_no_{verb} BEFORE {verb} ON core_audit
BEGIN SELECT RAISE(ABORT, 'the audit record is only ever added to'); END
"""

POSTGRESQL = (
    """
    CREATE FUNCTION core_audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit record is only ever added to'; END $$
    """,
    """
    CREATE TRIGGER core_audit_only_grows BEFORE UPDATE OR DELETE ON core_audit
    FOR EACH ROW EXECUTE FUNCTION core_audit_only_grows()
    """,
)


def migrate(schema):
    """Creates the tables."""
    schema.create(Idempotency, Audit, Token, Secret)
    for sql in POSTGRESQL if schema.dialect == "postgresql" else _sqlite_triggers():
        schema.define(sql)


def _sqlite_triggers():
    return [SQLITE.format(verb=verb) for verb in ("UPDATE", "DELETE")]
