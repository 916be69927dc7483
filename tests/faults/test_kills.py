"""Killing, stopping and reloading a server under load: what was acknowledged is there, once."""

import tempfile
from functools import partial

import pytest

from tracepro.cli.serve import shared_metrics_folder
from tracepro.testing.client import Client
from tracepro.testing.proxy import HOST, RoughProxy

from .load import Bookings
from .troubles import kill_server, kill_worker, reload, stop_all, stop_master, stop_worker

pytestmark = pytest.mark.faults("processes killed, stopped and reloaded under load")

KILLS = {kill_worker: 200, kill_server: 50}
OTHERS = {stop_worker: 40, stop_master: 20, stop_all: 20, reload: 20, kill_worker: 40}


def _book(server, counts, bookings, seed, tried, clients=None):
    troubles = [trouble for trouble, count in counts.items() for _ in range(count)]
    Bookings(server, bookings).book_during(troubles, seed, clients)
    tried(**{trouble.__name__: count for trouble, count in counts.items()}, bookings=bookings)


def test_what_was_acknowledged_by_a_bad_network_to_a_server_that_is_killed_is_there_once(
    serve_plant, demo, plugins, database, seed, tried
):
    server = serve_plant(plugins, demo)
    network = RoughProxy((HOST, server.port), seed, share=0.3)
    counts = {kill_worker: 1, kill_server: 1, stop_worker: 1}
    _book(server, counts, 160, seed, tried, partial(Client, HOST, network.port))
    network.close()
    assert len(network.fates) > 6
    tried(**network.fates)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("counts", "bookings"), [(KILLS, 20_000), (OTHERS, 6_000)], ids=["kills", "others"])
def test_nothing_acknowledged_is_lost_or_doubled(
    serve_plant, demo, plugins, database, seed, tried, counts, bookings
):
    _book(serve_plant(plugins, demo), counts, bookings, seed, tried)


def test_a_start_removes_what_killed_servers_left_and_nothing_of_those_that_live(tmp_path, monkeypatch):
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    killed = tmp_path / "tracepro-metrics-killed"
    killed.mkdir()
    for file in ("server", "counter_7.db"):
        (killed / file).touch()
    with shared_metrics_folder():
        (living,) = tmp_path.iterdir()
        with shared_metrics_folder():
            assert living.is_dir() and len(list(tmp_path.iterdir())) == 2
    assert list(tmp_path.iterdir()) == []
