"""The audit keeps the address that a call came from."""

TEXT = {"sqlite": "TEXT", "postgresql": 'TEXT COLLATE "C"'}


def migrate(schema):
    """Add the column, empty for what was written before."""
    schema.define(f"ALTER TABLE core_audit ADD COLUMN address {TEXT[schema.dialect]} NOT NULL DEFAULT ''")
