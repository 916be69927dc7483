"""The queue is read again and again until what was read is done, and in an order that never changes behind a reader."""

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from tracepro_erp import models, queue

from tracepro.database import running_elsewhere


def report(shop, seconds):
    return shop.call("reportoptime", shop.order, 10, None, 100, [32], seconds)["queue_id"]


def ids(answer):
    return [row["id"] for row in answer["rows"]]


def test_rows_come_page_by_page_and_again_until_they_are_done(shop):
    told = [report(shop, n) for n in range(1, 6)]
    page = shop.call("erpqueue", 0, 2)
    assert (ids(page), page["next"]) == (told[:2], told[1])
    page = shop.call("erpqueue", page["next"], 10)
    assert (ids(page), page["next"]) == (told[2:], told[4])
    assert shop.call("erpqueue", page["next"]) == {"rows": [], "next": None}
    assert shop.call("erpdone", [told[0], told[3], 999999]) == {"done": 2}
    assert shop.call("erpdone", f"{told[0]}, {told[3]}, {told[4]}") == {"done": 1}
    assert ids(shop.call("erpqueue")) == [told[1], told[2]]
    assert ids(shop.call("erpqueue", told[1])) == [told[2]]
    assert ids(shop.call("erpqueue", told[3])) == [] == ids(shop.call("erpqueue", 999999))


@pytest.mark.parametrize("limit", [0, 1001, -1, "x"])
def test_a_page_has_from_1_to_1000_rows(make_shop, limit):
    assert make_shop().error("erpqueue", 0, limit)["code"] == -32602


def test_what_is_done_is_deleted_after_its_time(make_shop, database):
    shop = make_shop(parameters={"erp": {"keep_days": "30"}})
    told = [report(shop, n) for n in range(1, 4)]
    shop.call("erpdone", told[:2])
    shop.plant.clock.advance(hours=24 * 31)
    late = report(shop, 9)
    shop.call("erpdone", [late])
    kept = shop.plant.read(
        lambda call: call.db.rows(models.Entry.select(models.Entry.id).order_by(models.Entry.id))
    )
    assert [row[0] for row in kept] == [told[2], late]
    assert ids(shop.call("erpqueue", told[1])) == [told[2]], "a reader goes on from a row that is gone"


def held_open(shop, seconds):
    """Write a row in a transaction that stays open; return the function that ends it."""
    entered, go_on = threading.Event(), threading.Event()

    def transaction(db):
        entry = {"seconds": seconds}
        rows = [{"kind": "time", "tm": 0, "subject": None, "body": entry, "done": None}]
        db.insert_many(queue.NEW, rows)
        entered.set()
        assert go_on.wait(20)

    written = shop.plant.site.store.write(transaction)
    assert entered.wait(20)

    def end():
        go_on.set()
        written.result(20)

    return end


def seen(shop, after=0):
    """Return what a reader gets, by the seconds in the body."""
    elsewhere = shop.plant.read(lambda call: running_elsewhere(call.db))
    page = shop.plant.read(lambda call: queue.page(call.db, after, 100, elsewhere))
    return [(row["id"], row["body"]["seconds"]) for row in page]


def write(shop, seconds):
    rows = [{"kind": "time", "tm": 0, "subject": None, "body": {"seconds": seconds}, "done": None}]
    return shop.plant.site.store.write(lambda db: db.insert_many(queue.NEW, rows)[0]).result(20)


def test_no_row_shows_while_an_older_transaction_runs_and_none_comes_before_it(make_shop):
    shop = make_shop(queued=True, database="postgresql")
    first = write(shop, 1)
    end = held_open(shop, 2)
    write(shop, 3)
    assert [number for _, number in seen(shop)] == [1]
    end()
    assert [number for _, number in seen(shop, first)] == [number for _, number in seen(shop)][1:]
    assert sorted(number for _, number in seen(shop)) == [1, 2, 3]


def test_a_transaction_of_another_database_holds_nothing_back(make_shop):
    shop = make_shop(queued=True, database="postgresql")
    other = make_shop(queued=True, database="postgresql")
    end = held_open(other, 1)
    write(shop, 2)
    assert [number for _, number in seen(shop)] == [2]
    known = shop.plant.read(lambda call: running_elsewhere(call.db))
    with_nothing = shop.plant.read(lambda call: queue.page(call.db, 0, 100, []))
    assert known and [row["body"]["seconds"] for row in with_nothing] == [2]
    end()


def test_who_began_first_and_waited_for_the_unit_comes_second(make_shop):
    shop = make_shop(queued=True, database="postgresql")
    end = held_open(shop, 1)
    unit = shop.unit("U1")
    entered, go_on = threading.Event(), threading.Event()

    def early(db):
        db.run(models.Overrun.insert(order_id=1, op=1))  # what gives a transaction its number
        entered.set()
        assert go_on.wait(20)
        return db.insert_many(queue.NEW, [row(3)])

    def row(seconds):
        return {"kind": "time", "tm": 0, "subject": unit, "body": {"seconds": seconds}, "done": None}

    waiting = shop.plant.site.store.write(early)
    assert entered.wait(20)
    write(shop, 2)
    go_on.set()
    waiting.result(20)
    assert [number for _, number in seen(shop)] == []
    end()
    assert [number for _, number in seen(shop)][-2:] == [2, 3]


@pytest.mark.parametrize("rounds", [25, pytest.param(2000, marks=pytest.mark.slow)])
def test_a_reader_beside_writers_misses_nothing_and_sees_one_order(make_shop, database, rounds):
    shop = make_shop(queued=True)
    units = [shop.unit(f"U{n}") for n in range(3)]
    numbers, writing = itertools.count(), threading.Event()

    def record(n):
        for unit in units[n:] + units[:n]:
            params = [unit, 10, None, 100, [32 if n % 2 else 99]]
            body = {"jsonrpc": "2.0", "id": 1, "method": "addop", "params": params}
            shop.plant.request(body, key=f"key-{next(numbers):08}")

    def read_until_the_end():
        rows, last = [], 0
        while True:
            over = not writing.is_set()
            page = shop.call("erpqueue", last)
            rows += page["rows"]
            last = page["next"] or last
            if over and not page["rows"]:
                return rows

    writing.set()
    with ThreadPoolExecutor(5) as threads:
        reading = threads.submit(read_until_the_end)
        calls = [threads.submit(record, n % 3) for n in range(rounds)]
        for call in calls:
            call.result(60)
        writing.clear()
        rows = reading.result(60)
    assert [row["id"] for row in rows] == list(dict.fromkeys(row["id"] for row in rows))
    for unit in units:
        recorded = [operation["id"] for operation in shop.call("getitemoperations", unit)]
        assert [row["body"]["op_id"] for row in rows if row["body"]["item_id"] == unit] == recorded
    pages, last = [], 0
    while page := shop.call("erpqueue", last, 1000)["rows"]:
        pages += page
        last = page[-1]["id"]
    assert pages == rows
