"""The audit is searched from the newest back, so many rows at a time, by time, worker and unit."""

import pytest

from tracepro.database import Insert
from tracepro.database.core_models import Audit
from tracepro.inspection import AuditSearch, search_audit
from tracepro.inspection.audit import CUT, LOOKED_AT, SHOWN

BLANK = {"caller": "tester", "method": "addop", "params": "{}", "changes": "[]", "request_id": "r"}
BLANK |= dict.fromkeys(("worker", "wp_id", "line", "idempotency_key", "client_request_id"))


@pytest.fixture
def plant(make_plant, database):
    return make_plant(())


def write(plant, *rows):
    """Write rows of the audit; each has the time of its place unless it says another."""
    whole = [{**BLANK, "tm": tm, "address": "", **row} for tm, row in enumerate(rows, 1)]
    plant.write(lambda call: call.db.insert_many(Insert(Audit), whole) and None)


def search(plant, **asked):
    return plant.read(
        lambda call: search_audit(call, AuditSearch(**{"since": 1, "until": 10_000_000, **asked}))
    )


def times(page):
    return [row.tm for row in page.rows]


def test_it_goes_back_from_the_newest_in_pages(plant):
    write(plant, *[{"tm": 1 + n // 2} for n in range(SHOWN + 3)])
    first = search(plant)
    second = plant.read(lambda call: search_audit(call, first.rest))
    ids = [row.id for row in (*first.rows, *second.rows)]
    assert len(first.rows) == SHOWN and len(second.rows) == 3 and second.rest is None
    assert ids == sorted(ids, reverse=True) and len(set(ids)) == len(ids)


def test_it_is_within_a_time(plant):
    write(plant, {}, {}, {}, {})
    assert times(search(plant, since=2, until=3)) == [3, 2]


def test_it_finds_a_worker_among_others(plant):
    write(plant, {"worker": "4"}, {"worker": "14,4"}, {"worker": "44"}, {})
    assert times(search(plant, worker="4")) == [2, 1]


def test_it_finds_a_unit_by_code_by_id_and_by_what_was_changed_of_it(plant):
    write(
        plant,
        {"params": '{"barcode":"B_1"}'},
        {"params": '{"barcode":"BX1"}'},
        {"params": '{"item_id":17}'},
        {"params": '{"item_id":17,"op":10}'},
        {"params": '{"item_id":170}'},
        {"changes": '[{"what":"item 17","field":"bad"}]'},
    )
    assert times(search(plant, unit="B_1")) == [1]
    assert times(search(plant, unit="17")) == [6, 4, 3]
    assert times(search(plant, unit="%")) == []


def test_a_search_looks_at_so_many_rows_and_the_next_goes_on_there(plant):
    write(plant, {"worker": "4"}, *[{}] * LOOKED_AT)
    first = search(plant, worker="4")
    assert first.rows == [] and (first.rest.before_tm, first.rest.worker) == (2, "4")
    second = plant.read(lambda call: search_audit(call, first.rest))
    assert times(second) == [1] and second.rest is None


def test_what_is_long_is_cut(plant):
    write(plant, {"params": "x" * 60_000, "changes": "y" * 60_000})
    row = search(plant).rows[0]
    assert (row.params, row.changes) == ("x" * CUT, "y" * CUT)
