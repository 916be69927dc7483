"""One look-up brings a unit with its order and its route state, each as it is once the unit is locked."""

import threading
import time

import pytest
from tracepro_items import models as m
from tracepro_items import route_state, scan
from tracepro_items.route_state import LatestRecord
from tracepro_orders import changes

from tracepro.calls.call import Call
from tracepro.database import p, statement
from tracepro_hookspecs import NotFound

SECONDS = 30
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"


@statement
def mark_bad():
    """Set how a unit is marked."""
    return m.Unit.update({m.Unit.bad: 1}).where(m.Unit.id == p("id"))


def test_a_scan_finds_the_unit_its_order_and_the_latest_record_of_each_step(floor):
    unit = floor.unit("U1")
    first, second = floor.do(unit, 10), floor.do(unit, 20, result=1)
    for ask in (floor.plant.read, floor.plant.write):
        found = ask(lambda call: scan.lock(call, unit))
        assert (found.unit.barcode, found.order.erp_ref, found.order.operations[2].op) == ("U1", "VP-1", 30)
        assert found.state == {10: LatestRecord(0, first, True), 20: LatestRecord(1, second, True)}
        assert found.state[20].own is True


def test_a_unit_without_records_has_an_empty_state_and_an_unknown_one_is_refused(floor):
    unit = floor.unit()
    for ask in (floor.plant.read, floor.plant.write):
        assert ask(lambda call: scan.lock(call, unit)).state == {}
        with pytest.raises(NotFound):
            ask(lambda call: scan.lock(call, unit + 1))


def test_who_waited_for_a_unit_finds_all_three_as_they_are_then(make_floor, database):
    if database == "sqlite":
        pytest.skip("SQLite has one writer, so nobody waits for a row.")
    floor = make_floor()
    order, unit = floor.make_order(), floor.unit()
    found = []

    def scan_beside(db):
        found.append(scan.lock(Call(floor.plant.site, db, floor.plant.caller), unit))

    beside = threading.Thread(target=floor.plant.site.store.write_aside, args=(scan_beside,))

    def change(call):
        scan.lock(call, unit)
        beside.start()
        ends = time.monotonic() + SECONDS
        while not call.db.raw_rows(WAITING)[0][0]:
            assert time.monotonic() < ends, "nobody waits for the unit"
        call.db.run(mark_bad, id=unit)
        changes.update_order(call, order, {"status": 2}, None)
        route_state.put(call, [(unit, 10, 0, 7, True)])

    floor.plant.write(change)
    beside.join(SECONDS)
    (now,) = found
    assert (now.unit.bad, now.order.status, now.state) == (1, 2, {10: LatestRecord(0, 7)})
