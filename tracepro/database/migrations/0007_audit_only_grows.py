"""The audit record refuses what the first triggers let through: REPLACE on SQLite, TRUNCATE on PostgreSQL."""

# SQLite's delete trigger is not fired by REPLACE. Before a row has its id, NEW.id is not above 0.
SQLITE = """
CREATE TRIGGER core_audit_no_replace BEFORE INSERT ON core_audit
WHEN NEW.id > 0 AND EXISTS (SELECT 1 FROM core_audit WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the audit record is only ever added to'); END
"""

POSTGRESQL = """
CREATE TRIGGER core_audit_no_truncate BEFORE TRUNCATE ON core_audit
FOR EACH STATEMENT EXECUTE FUNCTION core_audit_only_grows()
"""


def migrate(schema):
    """Add the trigger."""
    schema.define(POSTGRESQL if schema.dialect == "postgresql" else SQLITE)
