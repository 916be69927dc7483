"""A shift at the demo plant through real HTTP, with client libraries nobody here wrote."""

import queue
from concurrent.futures import ThreadPoolExecutor

import pytest

UNITS = 24
CREATE_ITEMS, REPAIR = 1, 8
ROUTING = [
    {"op": 10, "act": 1, "name": "Print"},
    {"op": 20, "act": 2, "name": "Place"},
    {"op": 30, "act": 7, "name": "In-circuit test"},
    {"op": 35, "act": 9, "name": "Repair", "flags": REPAIR},
    {"op": 40, "act": 12, "name": "Pack"},
]
# Who works where at which step, in the order units come by.
STATIONS = [(10, 100, 31), (20, 101, 32), (30, 124, 37), (40, 129, 41)]
REPAIR_PLACE, REPAIRER = 140, 39
DONE = None


class Station:
    """A terminal with its own client; takes units from one queue, records its step and hands them on."""

    def __init__(self, client, op, wp_id, worker, refused):
        self.client, self.op, self.wp_id, self.worker = client, op, wp_id, worker
        self.refused = refused

    def work(self, units, onward):
        self.client("loginwp", worker_id=self.worker, wp_id=self.wp_id)
        while (unit := units.get(timeout=60)) is not DONE:
            self.do(unit)
            onward.put(unit)
        onward.put(DONE)

    def do(self, unit):
        asked = self.client(
            "canaddop", item_id=unit, op_act_list=[[self.op, None]], wp_id=self.wp_id, workers=[self.worker]
        )
        assert asked == {"ok": True, "reasons": []}
        if self.op == 30 and unit % 3 == 0:
            self.repair(unit)
        self.record(unit, self.op, self.wp_id, self.worker)

    def repair(self, unit):
        """A failed test can't be packed; it is repaired elsewhere and then tested again."""
        data = [[2, "R17", {"value": 9.4, "low": 9.5, "high": 10.5, "unit": "kOhm"}]]
        self.record(unit, 30, self.wp_id, self.worker, result=4, data=data)
        assert self.refusal(unit, 40, 129, 41) == "previous-op-missing"
        self.record(unit, 35, REPAIR_PLACE, REPAIRER)

    def record(self, unit, op, wp_id, worker, **more):
        answer = self.client("addop", item_id=unit, op=op, act=None, wp_id=wp_id, workers=str(worker), **more)
        assert answer["op_id"] > 0

    def refusal(self, unit, op, wp_id, worker):
        with pytest.raises(self.refused) as caught:
            self.record(unit, op, wp_id, worker)
        assert caught.value.code == 1000
        assert caught.value.message
        return caught.value.data["code"]


@pytest.fixture
def server(serve_plant, demo):
    return serve_plant(plant=demo, options={"workers": {"login_required": False}})


def test_a_shift_from_order_to_counts(server, database, clients, refused):
    stations = [
        Station(client, *where, refused)
        for client, where in zip(_four(clients(server.url)), STATIONS, strict=True)
    ]
    order = _make_order(stations[0].client)
    units = [_scan(stations[n % 4].client, order, f"S-{n:04}") for n in range(UNITS)]
    assert stations[3].refusal(units[0], 30, 124, 37) == "previous-op-missing"
    _run(stations, units)
    assert stations[0].refusal(units[0], 10, 100, 31) == "op-already-done"
    _check_counts(stations[0].client, order, units)


def _four(made):
    return [made[n % len(made)] for n in range(4)] if len(made) < 4 else made[:4]


def _make_order(client):
    order = client("makeorder", erp_ref="SHIFT-1", item="CTRL-9", status=1, flags=CREATE_ITEMS, amount=UNITS)
    client("updateorder", order_id=order["id"], properties={"customer": "Thermia"}, operations=ROUTING)
    found = client("findorder", erp_ref="SHIFT-1")
    assert [step["op"] for step in found["operations"]] == [10, 20, 30, 35, 40]
    return order["id"]


def _scan(client, order, code):
    unit = client("getitem", order_id=order, barcode=code, tp=1)
    assert [found["id"] for found in client("getitembybarcode", barcode=code)] == [unit["id"]]
    return unit["id"]


def _run(stations, units):
    belts = [queue.Queue() for _ in range(len(stations) + 1)]
    for unit in (*units, DONE):
        belts[0].put(unit)
    with ThreadPoolExecutor(len(stations)) as people:
        working = [people.submit(station.work, belts[n], belts[n + 1]) for n, station in enumerate(stations)]
        for each in working:
            each.result(timeout=120)


def _check_counts(client, order, units):
    failed = [unit for unit in units if unit % 3 == 0]
    for unit in units:
        steps = [(one["op"], one["result"]) for one in client("getitemoperations", item_id=unit)]
        tested = [(30, 4), (35, 0), (30, 0)] if unit in failed else [(30, 0)]
        assert steps == [(10, 0), (20, 0), *tested, (40, 0)]
    assert len(client("getorderitems", order_id=order)) == UNITS
    counts = {row["op"]: (row["good"], row["bad"]) for row in client("getordercounts", order_id=order)}
    assert counts == {10: (24, 0), 20: (24, 0), 30: (24, 0), 35: (len(failed), 0), 40: (24, 0)}
