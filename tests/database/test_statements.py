"""Statements and sessions mean the same on both databases."""

import pytest
from peewee import fn

from tracepro.database import Insert, p, statement

ODD_TEXTS = ["ä", "a\u0308", "A", "a", "Z", "\x1d\x1e\x04", "'; --", "%s", "😀", " trailing "]


@pytest.fixture
def unit(tables):
    return tables.Unit


def by_code(unit):
    @statement
    def unit_by_code():
        return unit.select(unit.id, unit.ok, unit.params).where(unit.barcode == p("code"))

    return unit_by_code


def test_values_come_back_as_they_went_in(write, tables, unit):
    values = {
        "order_id": -(2**63),
        "ok": True,
        "params": {"a": [1, None, "ü"]},
        "note": "",
        "made": 2**63 - 1,
    }

    @statement
    def everything():
        return unit.select(unit.order_id, unit.ok, unit.params, unit.note, unit.made)

    write(lambda db: db.insert(tables.NEW, barcode="x", **values))
    assert write(lambda db: db.one(everything)) == tuple(values.values())


def test_defaults_fill_what_is_left_out(write, tables, unit):
    write(lambda db: db.insert(tables.NEW, barcode="x"))
    assert write(lambda db: db.one(by_code(unit), code="x")) == (1, False, {})


@pytest.mark.parametrize("wrong", [{"barkode": "x"}, {}, {"barcode": "x", "weight": 3}])
def test_a_row_with_wrong_columns_is_refused(write, tables, wrong):
    with pytest.raises(TypeError, match="t_unit has not exactly its columns"):
        write(lambda db: db.insert(tables.NEW, **wrong))


def test_text_is_exact_and_sorted_by_code_point(write, tables, unit):
    write(lambda db: db.insert_many(tables.NEW, [{"barcode": text} for text in ODD_TEXTS]))
    found = write(lambda db: [db.one(by_code(unit), code=text)[0] for text in ODD_TEXTS])
    assert found == list(range(1, len(ODD_TEXTS) + 1))
    in_order = write(lambda db: db.rows(unit.select(unit.barcode).order_by(unit.barcode)))
    assert [text for (text,) in in_order] == sorted(ODD_TEXTS, key=str.encode)


def test_lists_are_one_parameter(write, tables, unit):
    @statement
    def by_ids():
        return unit.select(unit.id).where(unit.id.in_(p.integers("ids"))).order_by(unit.id)

    @statement
    def by_codes():
        return unit.select(unit.id).where(unit.barcode.in_(p.texts("codes"))).order_by(unit.id)

    write(lambda db: db.insert_many(tables.NEW, [{"barcode": str(n)} for n in range(5)]))
    assert write(lambda db: db.rows(by_ids, ids=(5, 2, 99))) == [(2,), (5,)]
    assert write(lambda db: db.rows(by_ids, ids=[])) == []
    assert write(lambda db: db.rows(by_codes, codes=["0", "4", "x"])) == [(1,), (5,)]


def test_updates_convert_and_count(write, tables, unit):
    @statement
    def change():
        values = {"ok": p("ok"), "params": p("params"), "order_id": unit.order_id + p("more")}
        return unit.update(**values).where(unit.barcode == p("code"))

    write(lambda db: db.insert(tables.NEW, barcode="x", order_id=1))
    assert write(lambda db: db.run(change, ok=1, params=[2], more=4, code="x")) == 1
    assert write(lambda db: db.run(change, ok=1, params=[2], more=4, code="y")) == 0
    assert write(lambda db: db.one(unit.select(unit.ok, unit.params, unit.order_id))) == (True, [2], 5)


def test_many_runs_once_for_each_row(write, tables, unit):
    @statement
    def change():
        return unit.update(order_id=p("order")).where(unit.id == p("id"))

    write(lambda db: db.insert_many(tables.NEW, [{"barcode": str(n)} for n in range(3)]))
    write(lambda db: db.many(change, [{"id": n, "order": n * 10} for n in (1, 2, 3)]))
    write(lambda db: db.many(change, []))
    assert write(lambda db: db.value(unit.select(fn.SUM(unit.order_id)))) == 60


def test_ids_come_in_the_order_of_the_rows(write, tables):
    write(lambda db: db.insert(tables.NEW, barcode="first"))
    ids = write(lambda db: db.insert_many(tables.NEW, [{"barcode": str(n)} for n in range(100)]))
    assert ids == list(range(2, 102))
    assert write(lambda db: db.insert_many(tables.NEW_PART, [{"unit": n, "n": 0} for n in ids])) == list(
        range(1, 101)
    )
    assert write(lambda db: db.insert_many(tables.NEW, [])) == []


def test_an_id_is_never_given_again(write, tables, unit):
    write(lambda db: db.insert_many(tables.NEW, [{"barcode": "a"}, {"barcode": "b"}]))
    write(lambda db: db.run(unit.delete()))
    assert write(lambda db: db.insert_many(tables.NEW, [{"barcode": "c"}])) == [3]
    assert write(lambda db: db.insert(tables.NEW, barcode="d")) == 4


def test_an_insert_may_leave_out_what_is_there(write, tables, unit):
    new = Insert(unit, ignore=True)
    assert write(lambda db: db.insert_or_ignore(new, barcode="x")) == 1
    assert write(lambda db: db.insert_or_ignore(new, barcode="x")) == 0
    write(lambda db: db.insert_many(new, [{"barcode": "x"}, {"barcode": "y"}]))
    pair = Insert(tables.Pair, ignore=True)
    assert write(lambda db: db.insert_or_ignore(pair, left="a", right=1)) == 1
    assert write(lambda db: db.insert_or_ignore(pair, left="a", right=2)) == 0
    assert write(lambda db: db.value(unit.select(fn.COUNT(unit.id)))) == 2


def test_an_insert_may_overwrite_what_is_there(write, tables, unit):
    put = Insert(unit, keys=[unit.barcode], update=[unit.params, unit.ok])
    assert write(lambda db: db.insert(put, barcode="x", params=[1])) == 1
    assert write(lambda db: db.insert(put, barcode="x", params=[2], ok=True, order_id=9)) == 1
    assert write(lambda db: db.one(unit.select(unit.params, unit.ok, unit.order_id))) == ([2], True, 0)


def test_a_sum_of_whole_numbers_is_one(write, tables, unit):
    write(lambda db: db.insert(tables.NEW, barcode="x", order_id=7))
    total = write(lambda db: db.value(unit.select(fn.SUM(unit.order_id))))
    assert (total, type(total)) == (7, int)


def test_a_savepoint_takes_back_what_happened_inside(write, tables, unit):
    def work(db):
        db.insert(tables.NEW, barcode="kept")
        with pytest.raises(ZeroDivisionError), db.savepoint():
            db.insert(tables.NEW, barcode="lost")
            with db.savepoint():
                db.insert(tables.NEW, barcode="lost too")
            raise ZeroDivisionError
        db.insert(tables.NEW, barcode="kept too")

    write(work)
    assert write(lambda db: db.rows(unit.select(unit.barcode).order_by(unit.id))) == [
        ("kept",),
        ("kept too",),
    ]


def test_rows_can_be_locked_in_writes_and_the_same_statement_read(store, tables, unit):
    @statement
    def locked():
        return unit.select(unit.id).where(unit.barcode == p("code")).for_update()

    store.write_inline(lambda db: db.insert(tables.NEW, barcode="x"))
    assert store.write_inline(lambda db: db.rows(locked, code="x")) == [(1,)]
    assert store.read(lambda db: db.rows(locked, code="x")) == [(1,)]


def test_a_read_can_not_write(store, tables):
    with pytest.raises(Exception, match=r"(?i)read.?only"):
        store.read(lambda db: db.insert(tables.NEW, barcode="x"))
    assert store.read(lambda db: db.writable) is False


def test_a_read_sees_one_moment(store, tables, unit):
    @statement
    def count():
        return unit.select(fn.COUNT(unit.id))

    def look(db):
        before = db.value(count)
        store.write_inline(lambda other: other.insert(tables.NEW, barcode="x"))
        return before, db.value(count)

    assert store.read(look) == (0, 0)
    assert store.read(lambda db: db.value(count)) == 1


def test_on_sqlite_a_read_begins_with_its_first_statement_and_its_session_ends_with_it(store, tables, unit):
    if store.dialect != "sqlite":
        pytest.skip("PostgreSQL's transactions begin with the call.")

    def look(db):
        before = db._connection.in_transaction
        db.rows(unit.select(unit.id))
        return before, db._connection.in_transaction, db

    before, inside, session = store.read(look)
    assert (before, inside, session._connection.in_transaction) == (False, True, False)
    with pytest.raises(RuntimeError, match="this call has ended"):
        session.rows(unit.select(unit.id))


def test_foreign_keys_hold(write, tables):
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        write(lambda db: db.insert(tables.NEW_PART, unit=99, n=1))
