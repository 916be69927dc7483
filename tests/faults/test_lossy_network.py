"""A network that loses requests and answers: with one key for all tries every booking happens once."""

import itertools

import pytest

from tracepro.testing.client import Client
from tracepro.testing.proxy import LosingProxy

pytestmark = pytest.mark.faults("a network that loses")

BOOKINGS = 8
NAMES = itertools.count(1)


@pytest.fixture(scope="module")
def servers(serve_plant_once, demo, plugins):
    """One server for each kind of database, started when first asked for."""
    made = {}

    def of(database):
        if database not in made:
            made[database] = serve_plant_once(plugins=plugins, plant=demo, database=database)
        return made[database]

    return of


@pytest.mark.parametrize("seeds", [5, pytest.param(100, marks=pytest.mark.slow)])
def test_every_booking_happens_exactly_once(servers, database, bookings, seed, tried, seeds):
    server, lost = servers(database), []
    for dice in range(seed, seed + seeds):
        book = bookings(server, BOOKINGS, f"LOST-{next(NAMES)}")
        proxy = LosingProxy(("127.0.0.1", server.port), dice)
        client = Client("127.0.0.1", proxy.port)
        for unit in book.units:
            book.book(client, unit)
        client.close()
        proxy.close()
        lost.append((proxy.lost_requests, proxy.lost_answers))
        book.check()
    requests, answers = map(sum, zip(*lost, strict=True))
    assert requests and answers
    tried(seeds=seeds, lost_requests=requests, lost_answers=answers, bookings=seeds * BOOKINGS)


def test_a_batch_sent_again_does_only_what_was_not_done(servers, database, bookings):
    server = servers(database)
    book = bookings(server, BOOKINGS, f"LOST-{next(NAMES)}")
    client = server.client()
    calls = [("addop", [unit, 10, None, 100, [31]]) for unit in book.units]
    first = client.batch(calls, key="batch-that-was-lost")
    assert client.batch(calls, key="batch-that-was-lost") == first
    client.close()
    book.acknowledged = {
        unit: answer["result"]["op_id"] for unit, answer in zip(book.units, first, strict=True)
    }
    book.check()
