"""Calls of different plugins that fail in the middle: what each does is wholly there or wholly absent, and there once when it is sent again."""

import json

from tracepro_tooling import models as m

from tracepro.database import Insert
from tracepro.rpc.dispatcher import Dispatcher
from tracepro_hookspecs import TryAgain

METHODS = ("addop", "box_addop", "lineaddop", "replace", "load")
DATA = [[0, "note", "first"], [10, "serial", "S1"]]
LOADED = [
    ("R-10K-0603", "L2611-001", 10_000, 1),
    ("C-100N-0603", "K7-5521", 8000, 2),
    ("IC-STM32G0", "ST-26W40-A", 2500, 3),
]


class Calls:
    """Calls of different plugins on the demo plant; each is made anew for each try, and says what became of it: None is done, ``none`` and ``unknown`` the outcome of a failure."""

    def __init__(self, plant):
        self.plant = plant
        plant.site.start()
        plant.dispatcher = Dispatcher(plant.site)
        for loaded in LOADED:
            plant.call("setwpmat", 101, *loaded)
        plant.call("setlineorder", "SMT-1", 1)
        self.tool = plant.write(self._put_tools)
        self.placed = []

    def _put_tools(self, call):
        """Have the placer use a tool, so that bookings count on it, and return one that can be replaced."""
        process = call.db.insert(Insert(m.Process), name="Place", machine_id=101)
        call.db.insert(Insert(m.Program), name="P1", process_id=process, item="CTRL-7")
        assembly = call.db.insert(Insert(m.ToolAssembly), name="Head", process_id=process)
        return call.db.insert(
            Insert(m.Tool), name="Nozzle", assembly_id=assembly, start_day=1, created=call.now
        )

    def unit(self, number, step=10):
        """Return a unit that is ready to be placed, or to be printed."""
        unit = self.plant.call("getitem", 1, f"C7-{number:06}", 1)["id"]
        if step == 20:
            self.plant.call("addop", unit, 10, None, 100, [31])
        return unit

    def addop(self, number):
        """Place a unit with material and data."""
        self.placed.append(self.unit(number, 20))
        params = {"item_id": self.placed[-1], "op": 20, "act": None, "wp_id": 101, "workers": [31, 32]}
        return self._rpc("addop", {**params, "mat_auto": True, "data": DATA}, number)

    def box_addop(self, number):
        """Print all that is in a box."""
        box = self.plant.call("makebox", "", 0, f"BOX-{number}")["id"]
        for each in range(2):
            self.plant.call("addboxitem", box, self.unit(500_000 + 2 * number + each))
        return self._rpc(
            "box_addop", {"box_id": box, "op": 10, "act": None, "wp_id": 100, "workers": [31]}, number
        )

    def lineaddop(self, number):
        """Scan a new unit at a machine."""
        return self._rpc("lineaddop", {"machine_id": 1, "barcode": f"C7-{number:06}", "data": DATA}, number)

    def replace(self, number):
        """Replace a tool over REST."""

        def send():
            answer = self.plant.rest(
                "POST",
                f"/api/tools/{self.tool}/replace",
                {"reason": 1},
                idempotency_key=f"replace-{number:06}",
            )
            assert answer.status in (201, 503), answer.body
            return answer.json["outcome"] if answer.status == 503 else None

        return send

    def load(self, number):
        """Import a plant file that changes workers and makes workplaces."""
        names = {
            "workers": [
                {"id": 31, "name": f"A. {number}", "code": f"A{number}"},
                {"id": 5000 + number, "name": "New"},
            ],
            "workplaces": [{"id": 5000 + number, "name": f"New {number}", "acts": [1]}],
        }

        def send():
            try:
                self.plant.load(names)
            except TryAgain as error:
                return error.data["outcome"]
            return None

        return send

    def _rpc(self, method, params, number):
        body = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}

        def send():
            answer = json.loads(self.plant.request(body, key=f"{method}-{number:06}"))
            if "result" in answer:
                return None
            assert answer["error"]["code"] == -32000, answer
            return answer["error"]["data"]["outcome"]

        return send

    def check(self):
        """Every unit that was placed has what was sent, once."""
        for unit in self.placed:
            (_, placed) = self.plant.call("getitemoperations", unit)
            assert placed["data"] == DATA and len(placed["mat"]) == 3
        counts = {row["op"]: row["good"] for row in self.plant.call("getordercounts", 1)}
        assert counts[20] == len(self.placed)


def fail_each(calls, method, faults, numbers, rows, *, every=1, check=lambda: None):
    """Fail a call at each of its steps in turn, and send it again; return how many steps were failed.

    ``faults.arm(n)`` fails the n-th step, ``rows()`` returns all that the database holds.
    """
    for tries, number in enumerate(numbers):
        send = getattr(calls, method)(number)
        before = rows()
        faults.arm(1 + tries * every)
        outcome = send()
        faults.disarm()
        if not faults.fired:
            assert outcome is None
            return tries
        check()
        if outcome is not None:
            assert outcome == "unknown" or rows() == before
            assert send() is None
    raise AssertionError
