"""A plugin that computes for long, and reads that take long, stall nobody else: the others are answered meanwhile."""

import asyncio
import json
import threading
import time

import pytest

from tracepro.app import create_app
from tracepro.testing.asgi import AsgiClient
from tracepro_hookspecs import Method, hookimpl

pytestmark = pytest.mark.faults("a slow plugin or read")

SECONDS = 30
SCANS = 10
SLOW_READS = 7
"""All threads of the server but one."""
ORDER = {
    "id": 90,
    "erp_ref": "STALL",
    "item": "CTRL-7",
    "item_name": "",
    "status": 1,
    "flags": 1,
    "amount": SCANS,
    "operations": [{"op": 10, "act": 1, "name": "Print"}],
}


PLUGINS = ("workplaces", "workers", "orders", "items", "lines")


class Trouble:
    """A plugin of line SMT-1 whose check computes, and a method that waits, until they are told that it is enough."""

    fragment = {
        "methods": [
            {
                "name": "lookback",
                "summary": "Look at a long history.",
                "params": [{"name": "wp_id", "required": True, "schema": {"type": "integer"}}],
                "result": {"name": "one", "schema": {"type": "integer"}},
            }
        ]
    }

    def __init__(self):
        self.begun = threading.Semaphore(0)
        self.enough = threading.Event()

    @hookimpl
    def tracepro_register_methods(self):
        return [Method("lookback", self.look_back, "read", line_from=("wp_id",))]

    def look_back(self, call, wp_id):
        self.begun.release()
        self.enough.wait(SECONDS)
        return 1

    @hookimpl
    def tracepro_check_operations(self):
        self.begun.release()
        ends = time.monotonic() + SECONDS
        while not self.enough.is_set() and time.monotonic() < ends:
            sum(range(1000))


class Floor:
    """The demo plant behind its app; only line SMT-1, with workplaces 100 and 101, has the plugin."""

    def __init__(self, plant, trouble):
        self.trouble = trouble
        self.units = [
            plant.call("getitem", ORDER["id"], f"S-{number:03}", 1)["id"] for number in range(SCANS)
        ]
        plant.site.start()
        self.edge = create_app(plant.site)
        self._send = AsgiClient(self.edge).send

    async def ask(self, method, **params):
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
        answer = (await self._send("POST", "/api/", [body], content_type="application/json")).json
        assert "result" in answer, answer
        return answer["result"]

    def check(self, unit, wp_id):
        return self.ask("canaddop", item_id=unit, op_act_list=[[10, 1]], wp_id=wp_id, workers=[31])

    def book(self, unit, wp_id):
        return self.ask("addop", item_id=unit, op=10, act=1, wp_id=wp_id, workers=[31])

    async def while_troubled(self, troubles, others):
        """Run ``others`` from begin to end while all of ``troubles`` are under way, and return what the latter answer."""
        running = [asyncio.create_task(trouble) for trouble in troubles]
        try:
            for _ in running:
                assert await asyncio.to_thread(self.trouble.begun.acquire, timeout=SECONDS)
            await asyncio.wait_for(others, SECONDS / 2)
            assert not any(task.done() for task in running)
        finally:
            self.trouble.enough.set()
        return await asyncio.gather(*running)


@pytest.fixture
def floor(make_plant, demo, database):
    trouble = Trouble()
    plant = make_plant(
        [*PLUGINS, "trouble"],
        {**{name: demo[name] for name in ("acts", "workplaces", "workers", "lines")}, "orders": [ORDER]},
        lines={"SMT-2": PLUGINS},
        extra={"trouble": trouble},
    )
    floor = Floor(plant, trouble)
    yield floor
    trouble.enough.set()
    floor.edge.pool.close()


def test_a_check_that_computes_for_long_stalls_no_scan_of_another_line(floor, database):
    queued = []

    async def scan():
        for unit in floor.units[1:]:
            await floor.check(unit, 110)
        for unit in floor.units[1:]:
            booking = asyncio.create_task(floor.book(unit, 110))
            if database == "postgresql":
                await booking
            else:  # the computing check holds the one way to write
                queued.append(booking)

    async def book():
        computed = await floor.while_troubled([floor.book(floor.units[0], 100)], scan())
        return computed + await asyncio.gather(*queued)

    assert all(booked["op_id"] for booked in asyncio.run(book()))


def test_slow_reads_stall_no_scan(floor):
    async def scan():
        for unit in floor.units:
            await floor.check(unit, 110)
            await floor.book(unit, 110)

    slow = [floor.ask("lookback", wp_id=100) for _ in range(SLOW_READS)]
    assert asyncio.run(floor.while_troubled(slow, scan())) == [1] * SLOW_READS
