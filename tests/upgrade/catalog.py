"""Everything that a database says of its own tables, to compare two of them."""

from __future__ import annotations

from typing import Any

SQLITE = "SELECT type || ' ' || name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
"""Tables with columns, types, defaults and constraints, indexes and triggers: each as the text that made it."""
POSTGRESQL = """
SELECT 'column ' || relname || '.' || attname, concat_ws(' ', attnum, format_type(atttypid, atttypmod), collname,
    CASE WHEN attnotnull THEN 'not null' END, 'identity ' || attidentity::text, pg_get_expr(adbin, adrelid))
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
LEFT JOIN pg_collation ON pg_collation.oid = attcollation
WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND attnum > 0 AND NOT attisdropped
UNION ALL
SELECT 'constraint ' || conrelid::regclass || '.' || conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = current_schema()::regnamespace AND conrelid <> 0
UNION ALL
SELECT 'index ' || indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()
UNION ALL
SELECT 'trigger ' || tgrelid::regclass || '.' || tgname, tgenabled::text || ' ' || pg_get_triggerdef(oid) FROM pg_trigger
WHERE NOT tgisinternal
UNION ALL
SELECT 'function ' || proname, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = current_schema()::regnamespace
UNION ALL
SELECT 'sequence ' || sequencename, concat_ws(' ', data_type, start_value, min_value, max_value, increment_by, cycle)
FROM pg_sequences WHERE schemaname = current_schema()
UNION ALL
SELECT 'relation ' || relname, relkind::text || relpersistence::text FROM pg_class WHERE relnamespace = current_schema()::regnamespace
"""


def catalog(db: Any) -> dict[str, str]:
    """Return the definition of each part of the schema, by its kind and name; a session is asked."""
    return dict(db.raw_rows(SQLITE if db.dialect == "sqlite" else POSTGRESQL))
