"""Adds what a machine has counted: nothing so far."""

INTEGER = {"sqlite": "INTEGER", "postgresql": "BIGINT"}


def migrate(schema):
    """Adds the column."""
    schema.define(
        f"ALTER TABLE lines_machine ADD COLUMN counter0 {INTEGER[schema.dialect]} NOT NULL DEFAULT 0"
    )
