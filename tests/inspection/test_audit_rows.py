"""Whole rows of the audit, in order of id."""

from tracepro.inspection import (
    audit_id_at,
    audit_rows,
    count_audit_rows,
    newest_audit_id,
    next_audit_tm,
    settled_audit,
)
from tracepro.inspection.audit_rows import FIRST

from .test_audit_search import plant, write

__all__ = ["plant"]


def test_rows_come_whole_and_in_order(plant):
    write(plant, {"wp_id": 4, "line": "SMT-1", "params": '{"a": 1}'}, {}, {})
    rows = plant.site.store.read(lambda db: audit_rows(db, FIRST, 2))
    assert [(row.id, row.wp_id, row.line, row.params) for row in rows] == [
        (1, 4, "SMT-1", '{"a": 1}'),
        (2, None, None, "{}"),
    ]
    assert [row.id for row in plant.site.store.read(lambda db: audit_rows(db, 1, 10, upto=2))] == [2]


def test_how_much_there_is_behind_an_id(plant):
    read = plant.site.store.read
    assert (read(newest_audit_id), read(lambda db: next_audit_tm(db, 0))) == (0, None)
    write(plant, {"tm": 7}, {"tm": 8}, {"tm": 9})
    assert (read(newest_audit_id), read(lambda db: next_audit_tm(db, 1))) == (3, 8)
    assert [read(lambda db, limit=limit: count_audit_rows(db, 1, limit)) for limit in (1, 5)] == [1, 2]
    assert [read(lambda db, tm=tm: audit_id_at(db, tm)) for tm in (8, 10)] == [2, None]
    assert settled_audit().upto(plant.site.store) == 3
