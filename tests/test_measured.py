"""What a site tells its metrics: of its plugins, its writes and whether it is ready, on both databases."""

import json
from itertools import count

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tracepro.app import create_app
from tracepro.calls.running import Running, watched
from tracepro.measured import CORE_CODES
from tracepro.metrics.declared import METRICS
from tracepro.plugin.out_of_service import Outage
from tracepro.rpc.dispatcher import Dispatcher
from tracepro.testing.asgi import AsgiClient
from tracepro_hookspecs import TryAgain, hookimpl

JSON = {"content_type": "application/json"}
FAILING = (("plugin", "failing"),)
SITE_ALONE = {
    "tracepro_workers",
    "tracepro_connections",
    "tracepro_connections_limit",
    "tracepro_worker_exits_total",
}
"""What workers and their master add to what a site knows."""


class Failing:
    """A plugin whose collect hook fails."""

    @staticmethod
    @hookimpl
    def tracepro_line_names(call):
        raise RuntimeError("broken")


@pytest.fixture
def plant(make_plant, database):
    plant = make_plant(("workplaces", "counters", "failing"), extra={"failing": Failing}, queued=True)
    plant.site.watchdog.stop()  # what it does at its ticks is done here by hand
    return plant


@pytest.fixture
def send(plant):
    app = create_app(plant.site, threads=2, dispatcher=Dispatcher(plant.site))
    yield AsgiClient(app)
    app.pool.close()


def shown(send):
    text = send("GET", "/metrics").body.decode()
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def rpc(send, method, *params):
    call = {"jsonrpc": "2.0", "method": method, "params": params, "id": 1}
    return send("POST", "/api/", [json.dumps(call).encode()], **JSON)


def test_every_metric_is_shown_with_its_labels_and_its_kind(send, database):
    rpc(send, "getnext", "a", "counter")
    send("GET", "/nowhere")
    families = {
        family.name: family
        for family in text_string_to_metric_families(send("GET", "/metrics").body.decode())
    }
    of_sqlite = {"tracepro_database_wal_bytes", "tracepro_disk_free_bytes"}
    for metric in METRICS.values():
        if metric.name in SITE_ALONE or (database != "sqlite" and metric.name in of_sqlite):
            continue
        family = families[metric.name.removesuffix("_total")]
        assert family.type == metric.kind and family.samples, metric.name
        for sample in family.samples:
            assert set(sample.labels) - {"le"} == set(metric.labels), metric.name
    assert families.keys() <= {name.removesuffix("_total") for name in METRICS}


def test_the_codes_of_core_and_plugins_are_there_before_anybody_is_refused(send):
    refusals = {
        dict(key[1:])["code"]: value
        for key, value in shown(send).items()
        if key[0] == "tracepro_refusals_total"
    }
    assert set(CORE_CODES) < refusals.keys() and "workplace-not-found" in refusals
    assert set(refusals.values()) == {0}


def test_a_write_is_measured_on_its_way(send):
    for _ in range(3):
        assert rpc(send, "getnext", "a", "counter").status == 200
    now = shown(send)
    for name in ("write_queue_seconds", "write_seconds", "commit_seconds", "commit_calls"):
        assert now[f"tracepro_{name}_count",] >= 3, name
    assert now["tracepro_commit_calls_sum",] == now["tracepro_write_seconds_count",]
    assert now["tracepro_write_age_seconds",] == 0
    assert now["tracepro_last_write_timestamp_seconds",] > 1_700_000_000
    assert now["tracepro_plugin_calls_total", ("kind", "write"), ("plugin", "counters")] >= 3
    assert now["tracepro_plugin_seconds_total", ("kind", "write"), ("plugin", "counters")] > 0


def test_what_goes_wrong_with_a_plugin_is_counted(plant, send):
    before = shown(send)
    assert before["tracepro_plugin_failures_total", *FAILING] == 0
    plant.read(lambda call: call.hooks.collect("tracepro_line_names"))
    run = Running(watched("failing", "tracepro_line_names", "collect"))
    for _ in range(3):
        plant.site.watch.overran(run)
        plant.site.watch.hung(run)
    plant.site.watch.skipped("failing", "tracepro_item_created")
    plant.site.outages.take([Outage("failing", "tracepro_line_names", "ran for more than 10 s", 0)])
    now = shown(send)
    for name in ("failures_total", "overruns_total", "hangs_total", "skipped_total", "out_of_service"):
        assert now[f"tracepro_plugin_{name}", *FAILING] == 1, name
        assert now[f"tracepro_plugin_{name}", ("plugin", "counters")] == 0, name


def test_it_is_ready_when_the_database_answers_and_writes_get_through(plant, send, monkeypatch):
    assert shown(send)["tracepro_ready",] == 1
    plant.site.store.writes.commit_failed(RuntimeError("disk full"))
    assert shown(send)["tracepro_ready",] == 0
    assert send("GET", "/readyz").status == 200, "it tries, and then writes get through again"
    assert shown(send)["tracepro_ready",] == 1
    plant.site.store.writes.commit_failed(RuntimeError("disk full"))
    plant.site.store.writes.committed(1, 0.001)
    assert shown(send)["tracepro_ready",] == 1

    def away(function):
        raise TryAgain("database-unavailable", "No answer.", outcome="none")

    with monkeypatch.context() as patched:
        patched.setattr(plant.site.store, "read", away)
        plant.site.outages.reread()
    assert shown(send)["tracepro_ready",] == 0


def test_a_database_that_could_not_be_written_is_tried_though_nobody_writes(plant, send):
    (job,) = (job for job in plant.site.watchdog.jobs if getattr(job, "__name__", "") == "try_to_write")
    writes = plant.site.store.writes
    writes.commit_failed(RuntimeError("disk full"))
    assert writes.known_trouble() is not None
    job()
    writes._probe.future.result(30)
    assert writes.known_trouble() is None


def test_whatever_clients_send_adds_no_series(send):
    """Odd methods, codes, paths and verbs by the thousand, and every metric still has a bounded number of series."""
    numbers = count()

    def odd():
        number = next(numbers)
        rpc(send, f"odd-{number}", number)
        send("GET", f"/odd/{number}")
        send(f"VERB{number}", "/api/")
        send("POST", "/api/", [b"{}"], content_type=f"odd/{number}")

    def size():
        return len(shown(send))

    for _ in range(20):
        odd()
    before = size()
    for _ in range(300):
        odd()
    assert size() == before
