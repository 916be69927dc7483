"""What a real server shows at /metrics, and what becomes of it when its workers end."""

import os
import re
import signal
from functools import partial
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests import waiting
from tracepro.metrics.declared import METRICS

until = partial(waiting.until, seconds=60)


def shown(server):
    text = server.client().send("GET", "/metrics").body.decode()
    families = list(text_string_to_metric_families(text))
    names = {family.name + ("_total" if family.type == "counter" else "") for family in families}
    samples = (sample for family in families for sample in family.samples)
    return names, {(sample.name, *sorted(sample.labels.items())): sample.value for sample in samples}


def files_of(worker):
    """Return the files in the folder of a worker's metrics."""
    maps = Path(f"/proc/{worker}/maps").read_text()
    folder = Path(re.search(r"\S*/tracepro-metrics-[^/\s]+", maps)[0])
    return {path.name for path in folder.glob("*.db")}


@pytest.mark.faults("processes killed and what they counted")
def test_every_metric_is_there_and_a_killed_worker_takes_no_count_with_it(serve_plant, database):
    workers = 2 if database == "postgresql" else 1
    server = serve_plant(("workplaces", "counters"), arguments=["--workers", str(workers)])
    calls = ("tracepro_calls_total", ("code", "ok"), ("method", "getnext"))
    writes = ("tracepro_write_seconds_count",)
    for _ in range(8):
        server.rpc("getnext", "a", "counter")

    def all_counted():
        _, values = shown(server)
        return values.get(calls) == 8 and values[writes] == 8 and values["tracepro_workers",] == workers

    until(all_counted, "What all workers counted")
    names, values = shown(server)
    of_sqlite = {"tracepro_database_wal_bytes", "tracepro_disk_free_bytes"}
    assert names == METRICS.keys() - (of_sqlite if database == "postgresql" else set())
    assert values["tracepro_ready",] == 1 and values["tracepro_connections",] >= 1
    assert values["process_resident_memory_bytes",] > 20e6 * workers

    killed = server.workers()[0]
    os.kill(killed, signal.SIGKILL)
    until(lambda: killed not in server.workers() and len(server.workers()) == workers, "Another worker")

    def all_serve_again():
        _, values = shown(server)
        return (
            values["tracepro_workers",] == workers
            and values["tracepro_worker_exits_total", ("how", "signal")]
        )

    assert until(all_serve_again, "The end in the metrics") == 1
    _, values = shown(server)
    assert values[calls] == 8 and values[writes] == 8, "no count goes back"
    alive = {str(pid) for pid in server.workers()}
    owners = {name.rpartition("_")[2].removesuffix(".db") for name in files_of(server.workers()[0])}
    assert owners == {*alive, "ended", str(server.pid)}
