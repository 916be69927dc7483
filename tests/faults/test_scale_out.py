"""Two servers on one PostgreSQL behind a balancer are one plant: every booking once, one winner, and one server may die."""

import contextlib
import threading

import pytest

from benchmarks.balancer import balanced
from tracepro.testing.client import Client
from tracepro.testing.server import HOST, Server, write_ini

from .load import Bookings

pytestmark = pytest.mark.faults("one of two servers lost", database="postgresql")

TERMINALS, UNITS = 4, 60
PLUGINS = ("workplaces", "workers", "orders", "items")
PLANT = {
    "acts": [{"id": 1, "name": "Print", "desc": ""}],
    "workplaces": [{"id": 100, "name": "Printer", "erp_ref": "WP100", "esd": False, "acts": [1]}],
    "workers": [{"id": 31, "name": "J. Novak", "code": "JN31", "active": True}],
}


class Balanced:
    """What terminals know of the plant: one port, whoever answers there."""

    def __init__(self, port, servers):
        self.port, self.servers = port, servers

    def client(self, timeout=5):
        return Client(HOST, self.port, timeout=timeout)


@pytest.fixture(scope="module")
def plant(serve_plant_once, tmp_path_factory):
    first = serve_plant_once(PLUGINS, PLANT, database="postgresql")
    folder = tmp_path_factory.mktemp("second")
    write_ini(folder / "plugins.ini", {"plugins": {"enabled": PLUGINS}})
    write_ini(folder / "parameters.ini", {})
    second = Server(folder, first.database).start()
    with balanced([first.port, second.port]) as port:
        yield Balanced(port, (first, second))
    second.kill()


def in_all(work):
    """Have every terminal, each a thread, work on its part."""
    threads = [threading.Thread(target=work, args=(number,)) for number in range(TERMINALS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_of_terminals_at_two_servers_with_one_unit_one_records_it(plant):
    books = Bookings(plant, UNITS // 3)
    answers = {unit: [] for unit in books.units}

    def work(number):
        with contextlib.closing(plant.client(timeout=30)) as client:
            for unit in books.units:
                answers[unit].append(client.answer("addop", [unit, 10, None, 100, [31]]))

    in_all(work)
    for unit, given in answers.items():
        (booked,) = [answer["result"]["op_id"] for answer in given if "result" in answer]
        refused = [answer["error"]["data"]["code"] for answer in given if "error" in answer]
        assert refused == ["op-already-done"] * (TERMINALS - 1)
        books.acknowledged[unit] = booked
    books.check()


def test_bookings_through_a_balancer_are_made_once_though_a_server_is_killed(plant):
    books = Bookings(plant, UNITS)
    killer = threading.Event()

    def work(number):
        client = plant.client()
        for unit in books.units[number::TERMINALS]:
            books.book(client, unit)
            if len(books.acknowledged) >= UNITS // 3 and not killer.is_set():
                killer.set()
                plant.servers[1].kill()
        client.close()

    in_all(work)
    books.check()
