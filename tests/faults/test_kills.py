"""Killing workers and the whole server under load: what was acknowledged is there, once."""

import os
import random
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

pytestmark = pytest.mark.faults("processes killed under load")

TERMINALS = 4


def _terminal(bookings, units):
    client = bookings.server.client()
    for unit in units:
        bookings.book(client, unit)
    client.close()


def _wait_until(reached, working):
    deadline = time.monotonic() + 120
    while not reached() and time.monotonic() < deadline and not all(one.done() for one in working):
        time.sleep(0.002)


def _kill_a_worker(server):
    with suppress(ProcessLookupError):
        os.kill(server.workers()[0], signal.SIGKILL)


def _kill_everything(server):
    server.kill()
    server.start()


@pytest.mark.parametrize(
    ("workers", "masters", "count"),
    [(2, 1, 160), pytest.param(200, 50, 20_000, marks=pytest.mark.slow)],
)
def test_nothing_acknowledged_is_lost_or_doubled(
    serve_plant, demo, plugins, database, bookings, seed, tried, workers, masters, count
):
    server = serve_plant(plugins=plugins, plant=demo)
    book = bookings(server, count)
    kills = [_kill_a_worker] * workers + [_kill_everything] * masters
    random.Random(seed).shuffle(kills)
    with ThreadPoolExecutor(TERMINALS) as terminals:
        working = [terminals.submit(_terminal, book, book.units[n::TERMINALS]) for n in range(TERMINALS)]
        for number, kill in enumerate(kills, 1):
            goal = number * count // (len(kills) + 1)
            _wait_until(lambda goal=goal: len(book.acknowledged) >= goal, working)
            kill(server)
        for one in working:
            one.result(timeout=300)
    server.wait_ready()
    book.check()
    tried(kills_of_a_worker=workers, kills_of_the_server=masters, bookings=count)
