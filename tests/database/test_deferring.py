"""Writes that nobody waits for: they are done with the next statement, in order, or nothing of their call is."""

import threading

import pytest
from peewee import SQL, Select, fn

from tracepro.database import open_store, p, statement
from tracepro.database.pg_wire import Wire
from tracepro_hookspecs import Conflict

PID = "SELECT pg_backend_pid()"


@pytest.fixture
def started(open_here):
    store = open_here(lock_seconds=0.2, statement_seconds=1)
    store.start()
    return store


@pytest.fixture
def queries(tables):
    @statement
    def codes():
        return tables.Unit.select(tables.Unit.barcode).order_by(tables.Unit.id)

    @statement
    def rename():
        return tables.Unit.update(barcode=p("new")).where(tables.Unit.barcode == p("old"))

    return codes, rename


@pytest.fixture
def sent(monkeypatch):
    """What was sent to PostgreSQL together, one list for each time."""
    sent, send = [], Wire.send

    def noted(wire, batch):
        sent.append([asked.sql.split(" ")[0] for asked in batch])
        send(wire, batch)

    monkeypatch.setattr(Wire, "send", noted)
    return sent


def codes_in(store, queries):
    return [code for (code,) in store.read(lambda db: db.rows(queries[0]))]


def test_what_is_deferred_is_done_in_order_and_seen_by_the_next_statement(started, tables, queries):
    codes, rename = queries

    def work(db):
        db.defer_insert(tables.NEW, barcode="a")
        db.defer(rename, old="a", new="b")
        db.defer_insert_many(tables.NEW, [{"barcode": "c"}, {"barcode": "d"}])
        db.defer_insert_many(tables.NEW, [{"barcode": "e"}])
        db.defer_insert_many(tables.NEW, [])
        seen = db.rows(codes)
        db.defer(rename, old="e", new="f")
        return seen

    assert started.write(work).result(30) == [("b",), ("c",), ("d",), ("e",)]
    assert codes_in(started, queries) == ["b", "c", "d", "f"]


@pytest.mark.parametrize("asks", [True, False])
def test_an_error_ends_its_call_and_no_other(started, tables, queries, asks):
    def work(db):
        db.insert(tables.NEW, barcode="a")
        db.defer_insert(tables.NEW, barcode="a")
        db.defer_insert(tables.NEW, barcode="b")
        return db.rows(queries[0]) if asks else "done"

    futures = [
        started.write(lambda db: db.insert(tables.NEW, barcode="1")),
        started.write(work),
        started.write(lambda db: db.insert(tables.NEW, barcode="2")),
    ]
    assert "unique" in str(futures[1].exception(30)).lower()
    assert futures[0].exception(30) is futures[2].exception(30) is None
    assert sorted(codes_in(started, queries)) == ["1", "2"]


def test_an_exception_takes_back_what_was_deferred_inside_a_savepoint(started, tables, queries):
    def work(db):
        db.defer_insert(tables.NEW, barcode="before")
        with pytest.raises(ZeroDivisionError), db.savepoint():
            db.defer_insert(tables.NEW, barcode="unsent")
            raise ZeroDivisionError
        with pytest.raises(ZeroDivisionError), db.savepoint():
            db.defer_insert(tables.NEW, barcode="sent")
            db.rows(queries[0])
            db.defer_insert(tables.NEW, barcode="unsent")
            raise ZeroDivisionError
        with db.savepoint():
            db.defer_insert(tables.NEW, barcode="outer")
            with pytest.raises(ZeroDivisionError), db.savepoint():
                db.defer_insert(tables.NEW, barcode="inner")
                raise ZeroDivisionError
            with db.savepoint():
                db.defer_insert(tables.NEW, barcode="inner too")

    started.write(work).result(30)
    assert codes_in(started, queries) == ["before", "outer", "inner too"]


def test_an_error_inside_a_savepoint_is_raised_there_and_taken_back(started, tables, queries):
    def work(db):
        db.insert(tables.NEW, barcode="a")
        with pytest.raises(Exception, match="(?i)unique"), db.savepoint():
            db.defer_insert(tables.NEW, barcode="a")
        db.defer_insert(tables.NEW, barcode="b")

    started.write(work).result(30)
    assert codes_in(started, queries) == ["a", "b"]


def test_a_question_asked_ahead_is_answered_as_of_the_last_lock_or_write(started, tables, queries):
    codes, rename = queries
    started.write_inline(lambda db: db.insert(tables.NEW, barcode="a"))

    @statement
    def lock():
        return tables.Unit.select(tables.Unit.id).where(tables.Unit.id == p("id")).for_update()

    def work(db):
        seen = []
        db.ask_ahead(codes)
        db.run(rename, old="a", new="b")
        seen += db.rows(codes)
        db.ask_ahead(codes)
        db.one(lock, id=1)
        db.defer(rename, old="b", new="c")
        seen += db.rows(codes)
        db.ask_ahead(codes)
        db.many(rename, [{"old": "c", "new": "d"}])
        db.define("UPDATE t_unit SET barcode = 'e'")
        seen += db.rows(codes)
        db.ask_ahead(codes)
        db.insert(tables.NEW, barcode="f")
        return seen + db.rows(codes)

    assert "".join(code for (code,) in started.write(work).result(30)) == "bceef"


def test_questions_with_other_values_and_unused_ones_change_nothing(started, tables, queries):
    @statement
    def with_code():
        return tables.Unit.select(tables.Unit.id).where(tables.Unit.barcode == p("code"))

    def work(db):
        db.ask_ahead(with_code, code="a")
        ids = db.insert_many(tables.NEW, [{"barcode": "a"}, {"barcode": "b"}])
        with pytest.raises(ZeroDivisionError), db.savepoint():
            db.ask_ahead(with_code, code="a")
            raise ZeroDivisionError
        db.ask_ahead(queries[0])
        return ids, db.value(with_code, code="b"), db.value(with_code, code="a")

    assert started.write(work).result(30) == ([1, 2], 2, 1)


def test_ids_of_deferred_rows_are_known(started, tables):
    def work(db):
        (first,) = db.defer_numbered(tables.NEW, [{"barcode": "a"}])
        ids = db.defer_numbered(tables.NEW, [{"barcode": "b"}, {"barcode": "c"}])
        parts = [{"unit": unit, "n": unit} for unit in (first, *ids)]
        db.defer_insert_many(tables.NEW_PART, parts)
        return [*ids, *db.defer_numbered(tables.NEW, [])], db.rows(
            tables.Unit.select(tables.Unit.barcode).join(tables.Part).order_by(tables.Part.n)
        )

    assert started.write(work).result(30) == ([2, 3], [("a",), ("b",), ("c",)])


class TestOnPostgresql:
    @pytest.fixture
    def database(self):
        return "postgresql"

    def test_a_transaction_is_sent_in_as_many_pieces_as_it_waits_for_answers(
        self, started, tables, queries, sent
    ):
        def work(db):
            with db.savepoint(), db.savepoint():
                pass
            db.rows(queries[0])
            with db.savepoint():
                db.rows(queries[0])
            db.defer_insert(tables.NEW, barcode="a")
            db.defer_insert(tables.NEW, barcode="b")

        started.write(work).result(30)
        started.write(lambda db: None).result(30)
        assert sent == [
            ["BEGIN", "SELECT"],
            ["SAVEPOINT", "SELECT"],
            ["RELEASE", "INSERT", "INSERT", "COMMIT"],
        ]
        sent.clear()
        started.read(lambda db: db.rows(queries[0]))
        started.read(lambda db: None)
        assert sent == [["BEGIN", "SELECT"], ["COMMIT"]]

    def test_questions_asked_ahead_go_with_the_next_statement(self, started, tables, queries, sent):
        @statement
        def lock():
            return tables.Unit.select(tables.Unit.id).where(tables.Unit.id == p("id")).for_update()

        def work(db):
            db.ask_ahead(queries[0])
            db.ask_ahead(tables.NEW.fresh_ids, count=1)
            db.one(lock, id=1)
            db.rows(queries[0])
            db.defer_numbered(tables.NEW, [{"barcode": "a"}])
            db.ask_ahead(queries[0])

        started.write(work).result(30)
        assert sent == [["BEGIN", "SELECT", "SELECT", "SELECT"], ["INSERT", "COMMIT"]]

    def test_an_error_of_before_a_savepoint_is_not_raised_inside(self, started, tables):
        inside = []

        def work(db):
            db.insert(tables.NEW, barcode="a")
            db.defer_insert(tables.NEW, barcode="a")
            with db.savepoint():
                inside.append(1)

        assert "unique" in str(started.write(work).exception(30))
        assert inside == []

    def test_an_error_that_somebody_swallowed_is_no_success(self, started, tables, queries):
        def work(db):
            db.insert(tables.NEW, barcode="a")
            db.defer_insert(tables.NEW, barcode="a")
            try:
                db.rows(queries[0])
            except Exception:
                return "all is well"

        assert "unique" in str(started.write(work).exception(30))
        assert codes_in(started, queries) == []

    def test_a_code_that_another_took_meanwhile_is_looked_for_again(self, started, tables, queries):
        both, seen = threading.Barrier(2), []

        def create(db):
            seen.append(db.rows(queries[0]))
            if len(seen) <= 2:
                both.wait(30)
            if seen[-1]:
                raise Conflict("unit-exists", "There is a unit x already.")
            db.defer_insert(tables.NEW, barcode="x")

        errors = [future.exception(30) for future in [started.write(create), started.write(create)]]
        assert sorted(str(error and error.code) for error in errors) == ["None", "unit-exists"]
        assert codes_in(started, queries) == ["x"]

    def test_waits_end(self, started, tables, queries):
        started.write_inline(lambda db: db.insert(tables.NEW, barcode="1"))
        has, go = threading.Event(), threading.Event()

        def hold(db):
            db.run(queries[1], old="1", new="2")
            has.set()
            assert go.wait(30)

        def wait_for_row(db):
            db.defer_insert(tables.NEW, barcode="x")
            db.defer(queries[1], old="1", new="3")

        def sleep(db):
            db.defer_insert(tables.NEW, barcode="x")
            db.defer(Select([SQL("(SELECT 1)")], [fn.pg_sleep(20)]))

        holding = started.write(hold)
        assert has.wait(30)
        for work in (wait_for_row, sleep):
            assert started.write(work).exception(30).code == "busy"
        go.set()
        holding.result(30)
        assert codes_in(started, queries) == ["2"]

    @pytest.mark.parametrize("asks", [True, False])
    def test_a_connection_that_is_lost_before_they_are_sent_wrote_nothing(
        self, started, tables, queries, asks
    ):
        def work(db):
            db.insert(tables.NEW, barcode="a")
            end_backend(started, db.raw_rows(PID)[0][0])
            db.defer_insert(tables.NEW, barcode="b")
            if asks:
                db.rows(queries[0])

        error = started.write(work).exception(30)
        assert (error.code, error.data) == ("database-unavailable", {"outcome": "none"})
        assert codes_in(started, queries) == []

    @pytest.mark.parametrize("asks", [True, False])
    def test_a_connection_that_died_while_idle_is_replaced_and_they_are_done_once(
        self, started, tables, queries, asks
    ):
        def work(db):
            db.defer_insert(tables.NEW, barcode="a")
            if asks:
                db.rows(queries[0])

        end_backend(started, started.write_inline(lambda db: db.raw_rows(PID))[0][0])
        started.write_inline(work)
        assert codes_in(started, queries) == ["a"]

    def test_values_that_no_text_can_have_are_refused_where_they_are_given(self, started, tables):
        def work(db):
            with pytest.raises(Exception, match="NUL"):
                db.defer_insert(tables.NEW, barcode="a\0b")
            return db.insert(tables.NEW, barcode="c")

        assert started.write(work).result(30) == 1

    def test_there_may_be_many_and_large_ones(self, started, tables, queries):
        long = "x" * 3_000_000

        def work(db):
            for number in range(1500):
                db.defer_insert(tables.NEW, barcode=f"{number:04}", note=long if number % 500 == 9 else None)
            db.many(queries[1], [{"old": f"{number:04}", "new": f"new {number}"} for number in range(1200)])
            return db.rows(
                tables.Unit.select(fn.LENGTH(tables.Unit.note)).where(tables.Unit.note.is_null(False))
            )

        assert started.write_inline(work) == [(len(long),)] * 3
        assert len(codes_in(started, queries)) == 1500


def end_backend(store, pid):
    """End the server's side of a connection, from another one."""
    other = open_store(store.url)
    other.write_inline(lambda db: db.raw_rows(f"SELECT pg_terminate_backend({pid}, 5000)"))
    other.close()
