"""The lock file: one server writes a SQLite database at a time, and the next takes over without losing a call."""

import os
import signal
import subprocess
import sys
import textwrap
import threading

import pytest

from tracepro.database import open_store

pytestmark = pytest.mark.faults("a hand-over")


@pytest.fixture
def database():
    return "sqlite"


def new(tables, code):
    return lambda db: db.insert(tables.NEW, barcode=code)


def wait_until_writing(store):
    store.write(lambda db: None).result(30)


@pytest.mark.deadline
def test_the_next_server_reads_at_once_and_writes_when_the_first_has_handed_over(open_here, tables):
    old, fresh = open_here(), open_here(queue_seconds=0.5)
    old.start()
    wait_until_writing(old)
    fresh.start()
    assert fresh.read(lambda db: db.rows(tables.Unit.select(tables.Unit.id))) == []
    waiting = fresh.write(new(tables, "from the next"))
    first = old.write(new(tables, "from the first"))
    assert first.result(30) == 1
    with pytest.raises(TimeoutError):
        waiting.result(0.7)  # longer than queue_seconds: its time begins with the writer
    old.hand_over()
    assert waiting.result(30) == 2


def test_who_waits_for_a_writer_that_never_opens_is_told_busy(open_here):
    old, fresh = open_here(), open_here(opening_seconds=0.1)
    old.start()
    wait_until_writing(old)
    fresh.start()
    assert fresh.write(lambda db: None).exception(30).code == "busy"


def test_who_leaves_before_it_could_write_keeps_nobody_waiting(open_here):
    old, fresh = open_here(), open_here()
    old.start()
    wait_until_writing(old)
    fresh.start()
    waiting = fresh.write(lambda db: None)
    fresh.hand_over()
    assert waiting.exception(0).code == "busy"


def test_commands_write_while_a_server_runs(open_here, tables):
    server, command = open_here(), open_here()
    server.start()
    wait_until_writing(server)
    assert command.write_inline(new(tables, "by a command")) == 1
    assert server.write(new(tables, "by the server")).result(30) == 2


def test_only_the_server_checkpoints(open_here):
    def pages(store):
        return store.write_inline(lambda db: db.raw_rows("PRAGMA wal_autocheckpoint"))

    server = open_here()
    assert pages(open_here()) == [(4000,)]
    server.start()
    wait_until_writing(server)
    assert not server.lock_file.is_free()
    assert pages(open_here()) == [(0,)]


def test_the_writer_is_free_until_a_server_writes_or_a_command_claims_it(open_here):
    server, command = open_here(), open_here()
    assert command.claim_writer()
    assert not server.writer_is_free()
    command.release_writer()
    assert server.writer_is_free()
    server.start()
    wait_until_writing(server)
    assert not command.claim_writer()


def test_to_ask_whether_the_writer_is_free_makes_no_file(tmp_path):
    assert open_store(f"sqlite:///{tmp_path}/new.db").writer_is_free()
    assert list(tmp_path.iterdir()) == []


def test_a_lock_file_that_can_t_be_made_stops_the_start(open_here):
    store = open_here()
    store.lock_file.path.unlink(missing_ok=True)
    store.lock_file.path.mkdir()
    with pytest.raises(OSError, match="directory"):
        store.start()


def test_many_may_open_a_new_file_at_once(tmp_path):
    stores = [open_store(f"sqlite:///{tmp_path}/new.db") for _ in range(6)]
    together, errors = threading.Barrier(6), []

    def ping(store):
        together.wait(30)
        try:
            store.ping()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=ping, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    for store in stores:
        store.close()
    assert errors == []


@pytest.mark.deadline
def test_a_command_that_holds_the_database_makes_the_server_busy(open_here, tables):
    server, command = open_here(queue_seconds=0.5), open_here()
    server.start()
    wait_until_writing(server)

    def work(db):
        db.insert(tables.NEW, barcode="x")
        return server.write(new(tables, "y")).exception(30)

    assert command.write_inline(work).code == "busy"
    assert server.write(new(tables, "y")).result(30) == 2


KILLED = """
    import sys, time
    from pathlib import Path
    sys.path.insert(0, {here!r})
    from conftest import TABLES
    from tracepro.database import open_store

    def hang(db):
        db.insert(TABLES.NEW, barcode="claimed")
        print("claimed", flush=True)
        time.sleep(60)

    store = open_store({url!r})
    store.start()
    store.write(lambda db: db.insert(TABLES.NEW, barcode="acknowledged")).result()
    store.write(hang).result()
"""


def test_a_killed_server_leaves_what_it_acknowledged_and_nothing_else(open_here, tables, request):
    store = open_here()
    code = textwrap.dedent(KILLED).format(here=str(request.path.parent), url=f"sqlite:///{store.path}")
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout.readline() == "claimed\n"
        assert not store.lock_file.try_take()
        os.kill(server.pid, signal.SIGKILL)
    store.start()
    assert store.write(new(tables, "later")).result(30) == 2
    found = store.read(lambda db: db.rows(tables.Unit.select(tables.Unit.barcode)))
    assert [code for (code,) in found] == ["acknowledged", "later"]
