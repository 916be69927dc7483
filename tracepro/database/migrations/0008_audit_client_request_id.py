"""The audit keeps what a client calls its request, beside the id that is ours."""

TEXT = {"sqlite": "TEXT", "postgresql": 'TEXT COLLATE "C"'}


def migrate(schema):
    """Add the column, null where the client said nothing."""
    schema.define(f"ALTER TABLE core_audit ADD COLUMN client_request_id {TEXT[schema.dialect]}")
