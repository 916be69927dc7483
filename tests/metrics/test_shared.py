"""Several processes count together, and those that ended leave nothing behind but their sums."""

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest
from prometheus_client.mmap_dict import MmapedDict

from tracepro.metrics import shared
from tracepro.server.ended import EndedWorkers, how_of

WORKER = """
import sys
from tracepro.metrics import Metrics
from tracepro.metrics.declared import OUT_OF_SERVICE, WORKERS, WRITE_AGE
metrics = Metrics(["addop"], ["busy"])
for _ in range(3):
    metrics.call("addop", None, None, 0.003)
metrics.set(WORKERS, 1)
metrics.set(WRITE_AGE, float(sys.argv[1]))
metrics.set(OUT_OF_SERVICE, 1, "boxes")
metrics.count()
import os
print(os.getpid())
"""


def key(name, **labels):
    from prometheus_client.mmap_dict import mmap_key

    return mmap_key(name.removesuffix("_total"), name, list(labels), list(labels.values()), "Info.")


def worker_of(files, age="0"):
    """Run a process that counts there and ends; return its number."""
    environ = {**os.environ, shared.DIRECTORY: str(files)}
    ended = subprocess.run(
        [sys.executable, "-c", WORKER, age],
        env=environ,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return int(ended.stdout)


def shown(files):
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in shared.read_all(files)
        for sample in family.samples
    }


def test_what_ended_workers_counted_stays_and_their_gauges_end_with_them(tmp_path):
    first, second = worker_of(tmp_path, "9"), worker_of(tmp_path, "2")
    together = shown(tmp_path)
    assert together["tracepro_workers",] == 2
    assert together["tracepro_write_age_seconds",] == 9
    assert together["tracepro_plugin_out_of_service", ("plugin", "boxes")] == 1
    assert shared.processes(tmp_path) == {first, second}
    shared.add_up(tmp_path, first)
    left = shown(tmp_path)
    assert left["tracepro_workers",] == 1
    assert left["tracepro_write_age_seconds",] == 2
    counted = {name: value for name, value in together.items() if "_total" in name[0] or "le" in str(name)}
    assert counted == {name: left[name] for name in counted}
    assert left["tracepro_calls_total", ("code", "ok"), ("method", "addop")] == 6
    assert shared.processes(tmp_path) == {second}


def test_thousands_of_restarts_leave_two_files_and_every_count(tmp_path):
    for process in range(1, 2001):
        for kind, name, labels in (
            ("counter", "tracepro_calls_total", {"method": "addop", "code": "ok"}),
            ("histogram", "tracepro_call_seconds_sum", {"method": f"of plugin set {process % 3}"}),
        ):
            file = MmapedDict(str(tmp_path / f"{kind}_{process}.db"))
            file.write_value(key(name, **labels), 1.0, 0.0)
            file.close()
        (tmp_path / f"gauge_livesum_{process}.db").write_bytes(b"")
        shared.add_up(tmp_path, process)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "counter_ended.db",
        "histogram_ended.db",
        "lock",
    ]
    together = shown(tmp_path)
    assert together["tracepro_calls_total", ("code", "ok"), ("method", "addop")] == 2000
    assert sum(value for name, value in together.items() if name[0] == "tracepro_call_seconds_sum") == 2000


def test_nothing_is_added_up_while_somebody_reads(tmp_path):
    process = worker_of(tmp_path)
    with shared._locked(tmp_path, shared.fcntl.LOCK_SH), pytest.raises(BlockingIOError):
        shared.add_up(tmp_path, process)
    assert shared.processes(tmp_path) == {process}


@pytest.mark.parametrize(
    ("how", "blamed", "leaving", "left", "code"),
    [
        ("plugin", True, False, False, os.CLD_EXITED),
        ("asked", False, True, False, os.CLD_KILLED),
        ("asked", False, False, True, os.CLD_EXITED),
        ("signal", False, False, False, os.CLD_KILLED),
        ("exit", False, False, False, os.CLD_EXITED),
    ],
)
def test_ends_of_workers_are_told_apart(how, blamed, leaving, left, code):
    worker = SimpleNamespace(
        leaving=leaving, scoreboard=SimpleNamespace(left=left), how_ended=SimpleNamespace(si_code=code)
    )
    assert how_of(worker, blamed=blamed) == how


def test_room_is_kept_on_the_disk_before_it_is_full(tmp_path):
    process = worker_of(tmp_path)
    files = {path.name: path.stat() for path in tmp_path.glob(f"*_{process}.db")}
    assert files.keys() == {f"{kind}_{process}.db" for kind in shared.ROOM}
    for name, found in files.items():
        kind = name.removesuffix(f"_{process}.db")
        assert found.st_size == shared.ROOM[kind] and found.st_blocks * 512 >= found.st_size, name


def test_the_master_keeps_room_for_what_ended_workers_counted_before_the_disk_is_full(tmp_path, monkeypatch):
    process = worker_of(tmp_path)
    monkeypatch.setenv(shared.DIRECTORY, str(tmp_path))
    ended = EndedWorkers()
    for kind in shared.ADDED_UP:
        found = (tmp_path / f"{kind}_{shared.ENDED}.db").stat()
        assert found.st_size == shared.ROOM[kind] and found.st_blocks * 512 >= found.st_size, kind
    before = shown(tmp_path)
    ended.ended(process, "signal")
    ended.add_up(())
    assert before.items() >= shown(tmp_path).items()
    assert shown(tmp_path)["tracepro_calls_total", ("code", "ok"), ("method", "addop")] == 3
