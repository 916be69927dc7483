"""A network that loses, delays, cuts, doubles and resets: with one key for all tries every booking happens once."""

from collections import Counter

import pytest

from tracepro.testing.client import Client
from tracepro.testing.proxy import HOST, RoughProxy

from .load import Bookings

pytestmark = pytest.mark.faults("a bad network")

SEEDS, BOOKINGS = 100, 8


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_every_booking_happens_exactly_once(serve_plant, demo, plugins, database, seed, tried):
    server, fates = serve_plant(plugins, demo), Counter()
    for dice in range(seed, seed + SEEDS):
        network = RoughProxy((HOST, server.port), dice)
        client = Client(HOST, network.port)
        books = Bookings(server, BOOKINGS)
        for unit in books.units:
            books.book(client, unit)
        client.close()
        network.close()
        books.check()
        fates += network.fates
    assert len(fates) == 10
    tried(seeds=SEEDS, bookings=SEEDS * BOOKINGS, **fates)


def test_a_batch_sent_again_does_only_what_was_not_done(make_plant, demo, plugins, database):
    plant = make_plant(plugins, demo)
    units = [plant.call("getitem", 1, f"C7-{number:06}", 1)["id"] for number in range(BOOKINGS)]
    calls = [
        {"jsonrpc": "2.0", "id": unit, "method": "addop", "params": [unit, 10, None, 100, [31]]}
        for unit in units
    ]
    part = plant.request(calls[:3], key="batch-that-was-lost")
    first = plant.request(calls, key="batch-that-was-lost")
    assert part.strip(b"[]") in first
    assert plant.request(calls, key="batch-that-was-lost") == first
    assert [len(plant.call("getitemoperations", unit)) for unit in units] == [1] * BOOKINGS
