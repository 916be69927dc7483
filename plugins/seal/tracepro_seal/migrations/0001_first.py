"""The first table: blocks, which are only ever added."""

from tracepro.database import Bytes, Instant, Integer, Model, ShortText


class Block(Model):
    number = Integer(primary_key=True)
    previous = ShortText()
    first_id = Integer()
    last_id = Integer(index=True)
    rows = Integer()
    root = ShortText()
    tm = Instant()
    hash = ShortText()
    subtree = ShortText()
    listed = Bytes()

    class Meta:
        table_name = "seal_block"


SQLITE = """
CREATE TRIGGER seal_block_no_{verb} BEFORE {verb} ON seal_block
BEGIN SELECT RAISE(ABORT, 'blocks are only ever added'); END
"""

POSTGRESQL = (
    """
    CREATE FUNCTION seal_block_only_grows() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'blocks are only ever added'; END $$
    """,
    """
    CREATE TRIGGER seal_block_only_grows BEFORE UPDATE OR DELETE ON seal_block
    FOR EACH ROW EXECUTE FUNCTION seal_block_only_grows()
    """,
    """
    CREATE TRIGGER seal_block_no_truncate BEFORE TRUNCATE ON seal_block
    FOR EACH STATEMENT EXECUTE FUNCTION seal_block_only_grows()
    """,
)


def migrate(schema):
    """Create the table."""
    schema.create(Block)
    for sql in POSTGRESQL if schema.dialect == "postgresql" else _sqlite_triggers():
        schema.define(sql)


def _sqlite_triggers():
    return [SQLITE.format(verb=verb) for verb in ("UPDATE", "DELETE")]
