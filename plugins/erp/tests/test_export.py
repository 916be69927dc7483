"""The exporter hands on everything at least once and in order, wherever it ends."""

import json
import os
import signal
import stat
import subprocess
import threading
import time
from argparse import Namespace
from pathlib import Path

import pytest
from tracepro_erp import export, queue

from tracepro.database.core_models import Audit
from tracepro.testing.server import COMMAND
from tracepro_hookspecs import TryAgain


class Crash(BaseException):
    """The end of the process, as far as a test can have it in its own."""


@pytest.fixture
def file(tmp_path):
    return tmp_path / "erp.jsonl"


def run(shop, file):
    return export.run(shop.plant.site, Namespace(file=str(file), follow=None))


def report(shop, *numbers):
    for number in numbers:
        shop.call("reportoptime", shop.order, 10, None, 100, [32], number)


def seconds(file):
    """Return which reported times are in a file; every line must be whole."""
    return [json.loads(line)["body"]["seconds"] for line in file.read_text().splitlines()]


def test_what_waits_is_appended_as_it_is_in_the_queue_and_is_done(shop, file):
    report(shop, 1, 2)
    rows = shop.queue()
    assert run(shop, file) == 0
    assert [json.loads(line) for line in file.read_text().splitlines()] == rows
    assert shop.queue() == []
    report(shop, 3)
    assert run(shop, file) == 0
    assert seconds(file) == [1, 2, 3]


def test_the_audit_has_a_row_for_what_is_handed_on_together(shop, file):
    report(shop, 1, 2)
    first, last = (row["id"] for row in shop.queue())
    for _ in range(2):
        run(shop, file)
    rows = shop.plant.read(lambda call: call.db.rows(Audit.select(Audit.method, Audit.caller, Audit.params)))
    exported = [
        (caller, json.loads(params)) for method, caller, params in rows if method == "tracepro erp export"
    ]
    assert exported == [("tracepro", {"file": str(file), "rows": 2, "first": first, "last": last})]


@pytest.mark.parametrize(
    "step, repeated",
    [("write", []), ("fsync", [1, 2]), ("mark", [1, 2]), ("marked", []), ("torn", [1]), ("purge", [])],
)
def test_a_crash_at_any_step_loses_nothing_and_repeats_one_bunch_at_most(
    make_shop, file, monkeypatch, step, repeated
):
    shop = make_shop()
    report(shop, 1, 2, 3, 4, 5)
    with monkeypatch.context() as broken:
        broken.setattr(export, "BUNCH", 2)
        _break(broken, step)
        with pytest.raises(Crash):
            run(shop, file)
    assert run(shop, file) == 0
    told = seconds(file)
    assert told == [*repeated, 1, 2, 3, 4, 5]
    assert shop.queue() == []


def _break(broken, step):
    """Have the process end at a step of the first bunch."""

    def crash(*_):
        raise Crash

    mark, write = export._mark_done, export._write

    def marked(site, ids, path):
        mark(site, ids, path)
        raise Crash

    def torn(file, rows):
        write(file, rows)
        file.truncate(file.seek(0, os.SEEK_END) - 7)
        raise Crash

    def fsync_of_rows(descriptor, sync=os.fsync):
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise Crash
        sync(descriptor)

    places = {
        "write": (export, "_write", crash),
        "fsync": (export.os, "fsync", fsync_of_rows),
        "mark": (export, "_mark_done", crash),
        "marked": (export, "_mark_done", marked),
        "torn": (export, "_write", torn),
        "purge": (queue, "purge", crash),
    }
    broken.setattr(*places[step])


@pytest.mark.parametrize(
    ("where", "step"), [(export, "_next_rows"), (export, "_mark_done"), (queue, "purge")]
)
def test_a_database_that_is_busy_for_a_moment_ends_no_export_and_repeats_nothing(
    shop, file, monkeypatch, capsys, where, step
):
    report(shop, 1, 2)
    busy, waited, real = [1, 2, 3], [], getattr(where, step)

    def busy_first(*arguments, **named):
        if busy:
            busy.pop()
            raise TryAgain("busy", "Somebody else writes.")
        return real(*arguments, **named)

    monkeypatch.setattr(where, step, busy_first)
    monkeypatch.setattr(export.time, "sleep", waited.append)
    assert run(shop, file) == 0
    assert (seconds(file), shop.queue(), waited) == ([1, 2], [], [export.PAUSE] * 3)
    assert capsys.readouterr().err.count("the export waits") == 1


def test_only_an_export_that_follows_waits_for_ever(monkeypatch):
    waited, answers = [], [None] * (export.TRIES + 1)

    def busy():
        if answers:
            answers.pop()
            raise TryAgain("busy", "Somebody else writes.")
        return "done"

    monkeypatch.setattr(export.time, "sleep", waited.append)
    with pytest.raises(TryAgain):
        export.Patience(None)(busy)
    assert export.Patience(5.0)(busy) == "done"
    assert waited == [export.PAUSE] * (export.TRIES - 1) + [5.0]


def test_one_export_at_a_time_writes_to_a_file(make_shop, file):
    shop = make_shop()
    with export._opened(str(file)), pytest.raises(ValueError, match="Another export writes to"):
        run(shop, file)


def test_rows_for_which_there_is_no_room_go_on_waiting(make_shop):
    shop = make_shop()
    report(shop, 1, 2)
    with pytest.raises(ValueError, match="can't write to /dev/full .No space left on device."):
        run(shop, Path("/dev/full"))
    assert len(shop.queue()) == 2


@pytest.mark.parametrize("follow", [0.0, -1.0, 100_000.0])
def test_seconds_that_cannot_be_are_refused(make_shop, follow):
    with pytest.raises(ValueError, match="--follow must be from 0.1 to 86400 seconds"):
        export.run(make_shop().plant.site, Namespace(file=None, follow=follow))


@pytest.mark.faults("processes killed under load")
@pytest.mark.slow
def test_killed_exporters_and_a_killed_server_lose_nothing_that_was_acknowledged(
    serve_plant, erp_plant, tmp_path
):
    server = serve_plant(erp_plant.plugins, erp_plant.rows)
    order = server.rpc("makeorder", "VP-1", "PCB-A", 1, 1)["id"]
    server.rpc("updateorder", order, {}, erp_plant.steps)
    file, over, acknowledged = tmp_path / "erp.jsonl", threading.Event(), []

    def load(number):
        client = server.client()
        try:
            unit = client.call("getitem", order, f"U{number}", 1)["id"]
            while not over.is_set():
                acknowledged.append(client.call("addop", unit, 10, None, 100, [32])["op_id"])
        except OSError:
            over.set()

    threads = [threading.Thread(target=load, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    kills = (1, 300, 600, 900)
    for lines in kills:
        _kill_when(_exporter(server, file), lambda lines=lines: _lines(file) >= lines)
    server.kill()
    for thread in threads:
        thread.join(30)
    answer = server.command("erp", "export", "--file", str(file))
    assert (answer.returncode, answer.stderr) == (0, "")
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    told = [row["body"]["op_id"] for row in rows]
    by_id = {row["id"]: row["body"]["op_id"] for row in rows}
    assert sorted(by_id) == list(dict.fromkeys(row["id"] for row in rows)), "in order"
    assert len(set(by_id.values())) == len(by_id), "each operation is one row"
    assert set(acknowledged) <= set(told)
    assert len(told) - len(by_id) <= len(kills) * export.BUNCH


def _exporter(server, file):
    words = ["erp", "export", "--file", str(file), "--follow", "0.1"]
    return subprocess.Popen([*COMMAND, *words], cwd=server.folder, env=server.environment)


def _kill_when(process, is_time):
    deadline = time.monotonic() + 30
    while not is_time() and time.monotonic() < deadline:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    assert process.wait(30) == -signal.SIGKILL
    assert is_time()


def _lines(file):
    return Path(file).read_bytes().count(b"\n") if Path(file).exists() else 0
