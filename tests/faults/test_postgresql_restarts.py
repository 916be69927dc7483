"""PostgreSQL is restarted, killed and stopped under load: what was acknowledged is there, once, and the server needs no restart."""

import time
from contextlib import closing
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from .cluster import Cluster
from .load import Bookings, settle
from .troubles import stopped

pytestmark = [
    pytest.mark.faults("PostgreSQL restarted, killed and stopped under load", database="postgresql"),
    pytest.mark.slow,
    pytest.mark.timeout(1800),
]

PAUSE = 4.0
"""Longer than a statement may take, so that the server gives its connections up."""
BOOKINGS = 3000


@pytest.fixture(scope="module")
def cluster():
    # Not in pytest's folder: nobody else, such as the user that PostgreSQL has when root tests, may read that.
    with TemporaryDirectory(prefix="tracepro-cluster-") as folder, closing(Cluster(Path(folder))) as made:
        yield made


def stop_all(cluster):
    """Let all processes stand still, as a paused machine does."""
    with stopped(*cluster.processes()):
        time.sleep(PAUSE)


TROUBLES = {
    "restart fast": (6, partial(Cluster.restart, how="fast")),
    "restart immediate": (6, partial(Cluster.restart, how="immediate")),
    "kill backend": (10, Cluster.kill_backend),
    "kill postmaster": (6, Cluster.kill_postmaster),
    "stop all": (3, stop_all),
}


def test_nothing_acknowledged_is_lost_or_doubled_and_the_server_needs_no_restart(
    cluster, serve_plant, demo, plugins, seed, tried
):
    server = serve_plant(plugins, start=False)
    settle(server, cluster.url, demo)
    workers = server.workers()
    troubles = [
        lambda server, trouble=trouble: trouble(cluster)
        for count, trouble in TROUBLES.values()
        for _ in range(count)
    ]
    Bookings(server, BOOKINGS).book_during(troubles, seed)
    assert server.workers() == workers
    tried(**{name.replace(" ", "_"): count for name, (count, _) in TROUBLES.items()}, bookings=BOOKINGS)
