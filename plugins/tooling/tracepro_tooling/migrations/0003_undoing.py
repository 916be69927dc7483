"""Adds what undoing a replacement needs to know: the substitute that it moved, what was counted and since cancelled, and days."""

from tracepro.database import Integer, Key, Model

INTEGER = {"sqlite": "INTEGER", "postgresql": "BIGINT"}
TEXT = {"sqlite": "TEXT", "postgresql": 'TEXT COLLATE "C"'}


class ToolReplacement(Model):
    id = Key()
    assembly_id = Integer(null=True)
    substitute_id = Integer(null=True)
    day_count = Integer()
    moved_id = Integer(null=True)
    start_moved = Integer(default=0)

    class Meta:
        table_name = "tooling_replacement"


def migrate(schema):
    """Add the columns; who stands as substitute of a tool that had a place took it, and days moved by those that it had."""
    number, text = INTEGER[schema.dialect], TEXT[schema.dialect]
    for column in (
        f"moved_id {number} NULL",
        f"counted_to {number} NOT NULL DEFAULT 0",
        f"cancelled {text} NULL",
        f"cancelled_runtime {number} NOT NULL DEFAULT 0",
        f"start_moved {number} NOT NULL DEFAULT 0",
    ):
        schema.define(f"ALTER TABLE tooling_replacement ADD COLUMN {column}")
    r = ToolReplacement
    schema.run(r.update({r.start_moved: r.day_count}))
    schema.run(r.update({r.moved_id: r.substitute_id}).where(r.assembly_id.is_null(False)))
