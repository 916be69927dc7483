"""Terminals that book while something goes wrong, and the books that say afterwards whether anything was lost or doubled."""

import itertools
import json
import random
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

TERMINALS = 4
SECONDS = 120
NAMES = itertools.count(1)


def settle(server, database, plant):
    """Have a server's plant live in a database that nobody has used yet, and start it there."""
    server.database = database
    file = server.folder / "plant.json"
    file.write_text(json.dumps(plant))
    for words in (["migrate"], ["import", str(file)]):
        done = server.command(*words)
        assert done.returncode == 0, done.stderr
    server.start()


class Bookings:
    """Units waiting for their first step, and the books of who got which answer."""

    def __init__(self, server, count):
        erp_ref = f"LOAD-{next(NAMES)}"
        self.server = server
        client = server.client()
        order = client.call("makeorder", erp_ref, f"PRODUCT-{erp_ref}", 1, 1)["id"]
        client.call("updateorder", order, {}, [{"op": 10, "act": 1, "name": "Print"}])
        codes = [("getitem", [order, f"{erp_ref}-{n}", 1]) for n in range(count)]
        answers = [answer for n in range(0, count, 500) for answer in client.batch(codes[n : n + 500])]
        client.close()
        self.units = [answer["result"]["id"] for answer in answers]
        self.acknowledged = {}

    def book(self, client, unit):
        """Book a unit, sending again with the same key until the server says what became of it."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            with suppress(OSError, ValueError):
                answer = client.answer("addop", [unit, 10, None, 100, [31]], key=f"book-unit-{unit}")
                if "result" in answer:
                    self.acknowledged[unit] = answer["result"]["op_id"]
                    return
                assert answer["error"]["code"] in (-32000, -32004), answer
            time.sleep(0.01)
        raise AssertionError(f"Unit {unit} got no answer.")

    def check(self):
        """Every unit has exactly the one operation that was acknowledged."""
        client = self.server.client(timeout=SECONDS)
        for start in range(0, len(self.units), 100):
            units = self.units[start : start + 100]
            answers = client.batch([("getitemoperations", [unit]) for unit in units])
            found = {
                unit: [one["id"] for one in answer["result"]]
                for unit, answer in zip(units, answers, strict=True)
            }
            assert found == {unit: [self.acknowledged[unit]] for unit in units}
        client.close()

    def book_during(self, troubles, seed, clients=None):
        """Book all units at some terminals while one trouble after the other comes, in the order of the dice, and check the books.

        ``clients`` makes a terminal's client, which may reach the server by a bad network.
        """
        random.Random(seed).shuffle(troubles)
        clients = clients or self.server.client
        with ThreadPoolExecutor(TERMINALS) as terminals:
            working = [
                terminals.submit(self._work, clients, self.units[n::TERMINALS]) for n in range(TERMINALS)
            ]
            for number, trouble in enumerate(troubles, 1):
                self._wait_until(number * len(self.units) // (len(troubles) + 1), working)
                trouble(self.server)
            for terminal in working:
                terminal.result(timeout=300)
        self.server.wait_ready()
        self.check()

    def _work(self, clients, units):
        client = clients()
        for unit in units:
            self.book(client, unit)
        client.close()

    def _wait_until(self, acknowledged, working):
        deadline = time.monotonic() + SECONDS
        while len(self.acknowledged) < acknowledged and time.monotonic() < deadline:
            if all(terminal.done() for terminal in working):
                return
            time.sleep(0.002)
