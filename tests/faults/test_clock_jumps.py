"""The server's clock jumps: what was booked stays in its order, keys hold, and nobody is kept out until the clock gets there."""

import ast
import json
import time
from pathlib import Path

import pyotp
import pytest

from tracepro.calls.idempotency import Purge
from tracepro.database import Insert
from tracepro.database.core_models import Idempotency

pytestmark = pytest.mark.faults("a clock that jumps")

ROOT = Path(__file__).parents[2]
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
HOUR, DAY = 3600, 86_400
PLUGINS = ("workplaces", "workers", "orders", "items")
PLANT = {
    "acts": [{"id": 1, "name": "AOI", "desc": ""}],
    "workplaces": [{"id": 100, "name": "AOI", "erp_ref": "WP", "esd": False, "acts": [1]}],
    "workers": [{"id": 32, "name": "J. Novak", "code": "JN32", "active": True, "totp_secret": SECRET}],
}
WALL = {"time.time", "time.time_ns", "datetime.now", "datetime.utcnow", "datetime.today", "date.today"}
"""What tells the time of the day; how long something takes is measured by ``time.monotonic``."""
ASKS_THE_WALL = {
    "tracepro/clock.py",
    "tracepro/calls/log.py",  # the time of a line in the log
}


@pytest.fixture
def plant(make_plant, database):
    return make_plant(PLUGINS, PLANT, parameters={"api": {"guesses": 3}})


@pytest.mark.parametrize("seconds", [-HOUR, DAY, -DAY], ids=["an hour back", "a day ahead", "a day back"])
def test_what_is_booked_before_and_after_a_jump_stays_in_the_order_of_booking(plant, seconds):
    order = plant.call("makeorder", "VP-1", "PCB-1", 1, 1)["id"]
    plant.call("updateorder", order, {}, [{"op": 10, "act": 1}, {"op": 20, "act": 1}])
    unit = plant.call("getitem", order, "U1", 1)["id"]
    body = {"jsonrpc": "2.0", "id": 1, "method": "addop", "params": [unit, 10, 1, 100, [32]]}
    first = plant.request(body, key="before-the-jump")
    plant.clock.advance(seconds=seconds)
    assert plant.request(body, key="before-the-jump") == first
    second = plant.call("addop", unit, 20, 1, 100, [32])["op_id"]
    booked = [json.loads(first)["result"]["op_id"], second]
    assert [row["id"] for row in plant.call("getitemoperations", unit)] == booked
    assert plant.error("cancelop", booked[0], 100, [32], "x")["data"]["reasons"][0]["code"] == "op-not-latest"
    plant.call("cancelop", second, 100, [32], "x")
    assert [row["good"] for row in plant.call("getordercounts", order)] == [1, 0]
    assert plant.call("canaddop", unit, [[20, 1]], 100, [32])["ok"]


def _code(plant):
    return f"32:{pyotp.TOTP(SECRET).at(plant.clock() // 1_000_000)}"


def test_a_code_used_while_the_clock_was_ahead_keeps_nobody_out_when_it_is_right_again(plant):
    plant.clock.advance(seconds=DAY)
    plant.call("loginwp", _code(plant), 100)
    plant.clock.advance(seconds=-DAY)
    code = _code(plant)
    plant.call("loginwp", code, 100)
    assert plant.error("loginwp", code, 100)["data"]["code"] == "worker-not-found"


def test_who_logged_in_while_the_clock_was_ahead_is_logged_in_in_no_shift_before_that(make_plant, database):
    plant = make_plant(PLUGINS, PLANT, options={"workers": {"login_required": True}})
    order = plant.call("makeorder", "VP-1", "PCB-1", 1, 1)["id"]
    plant.call("updateorder", order, {}, [{"op": 10, "act": 1}])

    def may_work():
        return plant.call("checkproc", order, [[10, 1]], 100, [32])["ok"]

    plant.clock.advance(seconds=DAY)
    plant.call("loginwp", 32, 100)
    assert may_work()
    plant.clock.advance(seconds=-DAY)
    assert not may_work()
    plant.call("loginwp", 32, 100)
    assert may_work()


def test_wrong_codes_counted_while_the_clock_was_ahead_keep_nobody_out_when_it_is_right_again(plant):
    plant.clock.advance(seconds=HOUR)
    for _ in range(3):
        plant.error("loginwp", "32:000000", 100)
    assert plant.error("loginwp", _code(plant), 100)["code"] == -32003
    plant.clock.advance(seconds=-HOUR)
    plant.call("loginwp", _code(plant), 100)


def test_a_clock_that_was_ahead_for_a_moment_does_not_end_the_purge_of_keys(make_plant, database):
    plant = make_plant(("workplaces",), queued=True)
    purge, year = Purge(plant.site), 365 * DAY * 1_000_000

    def purged(now):
        key = {"caller": "x", "key": f"key-{now}", "fingerprint": "x", "answer": None, "created": 0}
        plant.write(lambda call: call.db.insert(Insert(Idempotency), **key))
        purge.run_if_due(now)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if plant.read(lambda call: call.db.rows(Idempotency.select(Idempotency.key))) == []:
                return True
            time.sleep(0.01)
        return False

    assert purged(plant.clock()) and purged(plant.clock() + year) and purged(plant.clock())


def test_nothing_is_measured_by_the_time_of_the_day():
    asked = set()
    for file in [*ROOT.glob("tracepro/**/*.py"), *ROOT.glob("plugins/*/tracepro_*/**/*.py")]:
        names = {
            ast.unparse(node)
            for node in ast.walk(ast.parse(file.read_text("utf-8")))
            if isinstance(node, ast.Attribute)
        }
        if names & WALL:
            asked.add(str(file.relative_to(ROOT)))
    assert asked == ASKS_THE_WALL
