"""The audit record refuses what the first triggers let through: REPLACE on SQLite, TRUNCATE on PostgreSQL."""

# SQLite's delete trigger is not fired by REPLACE. Before a row has its id, NEW.id is -1; so that no row can have that one,
# a second trigger looks at the id that the row got.
SQLITE = (
    """
CREATE TRIGGER core_audit_no_replace BEFORE INSERT ON core_audit
WHEN EXISTS (SELECT 1 FROM core_audit WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the audit record is only ever added to'); END
""",
    """
CREATE TRIGGER core_audit_own_ids AFTER INSERT ON core_audit WHEN NEW.id < 1
BEGIN SELECT RAISE(ABORT, 'the audit record is only ever added to, with ids above 0'); END
""",
)

POSTGRESQL = (
    """
CREATE TRIGGER core_audit_no_truncate BEFORE TRUNCATE ON core_audit
FOR EACH STATEMENT EXECUTE FUNCTION core_audit_only_grows()
""",
)


def migrate(schema):
    """Add the triggers."""
    for trigger in POSTGRESQL if schema.dialect == "postgresql" else SQLITE:
        schema.define(trigger)
