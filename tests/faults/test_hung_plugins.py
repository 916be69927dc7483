"""A plugin whose hook fails or hangs costs its own line; the other line books on, and nothing is lost or doubled."""

import contextlib
import json
import os
import signal
import threading
import time

import pytest

from tests import waiting

pytestmark = pytest.mark.faults("a plugin that hangs or fails")

SECONDS = 30
UNITS = 1500
ORDER = {
    "id": 90,
    "erp_ref": "HANG",
    "item": "CTRL-7",
    "item_name": "",
    "status": 1,
    "flags": 1,
    "amount": UNITS,
    "operations": [{"op": 10, "act": 1, "name": "Print"}],
}
CODE = """
    import ctypes, os, time
    from pathlib import Path
    from tracepro_hookspecs import Method, Reason, hookimpl

    ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"

    def fault(hook, junk=5, unencodable={"1": object()}, call=None):
        told = Path(os.environ["TROUBLE"]).read_text().split()
        if not told or told[0] != hook:
            return None
        Path(os.environ["TROUBLE"] + "-met").touch()
        return ASKING[told[1]](call) if told[1] in ASKING else FAULTS[told[1]](junk, unencodable)

    def raises(*_):
        raise RuntimeError("boom")

    def exits(*_):
        raise SystemExit(3)

    def recurses(*_):
        return recurses()

    def hangs(*_):
        end = time.monotonic() + 60
        while time.monotonic() < end:
            time.sleep(0.05)

    def holds(*_):
        ctypes.PyDLL(None).usleep(60_000_000)

    FAULTS = {"raise": raises, "exit": exits, "recursion": recurses, "hang": hangs, "hold": holds,
              "junk": lambda junk, _: junk, "unencodable": lambda _, bad: bad}

    def asks_on(call):
        while True:
            call.db.raw_rows("SELECT 1")

    ASKING = {"queries": asks_on, "query": lambda call: call.db.raw_rows(ENDLESS)}

    def hold_up(call, wp_id):
        call.need_write()
        return fault("method", {}, object()) or 1

    @hookimpl
    def tracepro_register_methods():
        return [Method("holdup", hold_up, "write", line_from=("wp_id",))]

    @hookimpl
    def tracepro_check_operations(call):
        return fault("check", False, [Reason("x", "y", op=object())], call)

    @hookimpl
    def tracepro_op_info():
        return fault("collect")

    @hookimpl
    def tracepro_parse_material_barcode():
        return fault("decide", False, {"mat_item": b"x"})

    @hookimpl
    def tracepro_apply_operations():
        return fault("apply")

    @hookimpl
    def tracepro_operation_added():
        return fault("notify")
"""
FRAGMENT = """{"methods": [{"name": "holdup", "summary": "Holds up.", "description": "For tests.",
  "params": [{"name": "wp_id", "required": true, "schema": {"type": "integer"}}],
  "result": {"name": "one", "schema": {"type": "integer"}}, "errors": [], "examples": []}],
  "components": {"schemas": {}}, "x-codes": {}}"""


class Floor:
    """A plant of two lines: SMT-1 has the plugin ``trouble``, SMT-2 hasn't and books all the time."""

    def __init__(self, server, file):
        self.server, self._file, self._met = server, file, file.with_name(file.name + "-met")
        self.errors, self.acknowledged, self.gaps = [], [], []
        self._stop = threading.Event()
        self.tell("")
        calls = [("getitem", [ORDER["id"], f"T-{number:05d}", 1]) for number in range(UNITS)]
        client = server.client()
        answers = [answer for n in range(0, UNITS, 500) for answer in client.batch(calls[n : n + 500])]
        assert all("result" in answer for answer in answers), answers[0]
        self.units = [answer["result"]["id"] for answer in answers]
        self._free = iter(self.units)
        self._thread = threading.Thread(target=self._book)

    def tell(self, what):
        """Have hooks of the plugin go wrong from now on: ``kind fault``, or nothing."""
        self._file.write_text(what)

    def next_unit(self):
        return next(self._free)

    def _book(self):
        client = self.server.client(timeout=20)
        last, again = time.monotonic(), None
        while not self._stop.wait(0.02):
            unit, key = again or (self.next_unit(), f"booking-{time.monotonic_ns()}")
            try:
                answer = client.answer("addop", [unit, 10, None, 110, [31]], key=key)
            except OSError:
                again = unit, key
                continue
            again = None
            if "result" in answer:
                self.acknowledged.append(unit)
                self.gaps.append(time.monotonic() - last)
                last = time.monotonic()
            else:
                self.errors.append(answer["error"])
                again = unit, key

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join(SECONDS)

    def provoke(self, kind):
        """Make the call on SMT-1 that asks the hooks of this kind; return its error, None when it went well."""
        calls = {
            "check": ("addop", [self.next_unit(), 10, None, 100, [31]]),
            "collect": ("checkproc", [ORDER["id"], [[10, 1]], 100, [31]]),
            "decide": ("setwpmatbarcode", [101, "X|Y", 1]),
            "method": ("holdup", [100]),
        }
        method, params = calls.get(kind, calls["check"])
        with contextlib.closing(self.server.client(timeout=40)) as client:
            try:
                return client.answer(method, params).get("error")
            except OSError as error:
                return error

    def meet(self, kind, fault):
        """Provoke a fault and wait until it was met, as a notify hook runs after the answer; return the call's error."""
        self._met.unlink(missing_ok=True)
        self.tell(f"{kind} {fault}")
        error = self.provoke(kind)
        self.until(self._met.exists, f"{kind} {fault}")
        self.tell("")
        return error

    def until(self, reached, what):
        def told():
            return f"{what} did not happen:\n{self.server.log()[-4000:]}"

        return waiting.until(reached, told, SECONDS, (OSError,))

    def out_of_service(self):
        with contextlib.closing(self.server.client(timeout=5)) as client:
            answer = client.send("GET", "/readyz")
            return answer.status == 200 and [row["plugin"] for row in answer.json.get("out_of_service", [])]

    def booked(self, more=3):
        """Wait until SMT-2 has booked some more."""
        count = len(self.acknowledged)
        self.until(lambda: len(self.acknowledged) >= count + more, "A booking of the other line")


@pytest.fixture
def floor(request, serve_plant, shelf, demo, plugins, tmp_path, monkeypatch, database):
    """A floor whose hooks may run for a second, or as long as a test asks for."""
    file = tmp_path / "trouble"
    file.write_text("")
    shelf.put("trouble", CODE, fragment=FRAGMENT)
    paths = [str(shelf.folder), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    monkeypatch.setenv("TROUBLE", str(file))
    server = serve_plant(
        plugins=[*plugins, "trouble"],
        plant={**demo, "orders": [*demo["orders"], ORDER]},
        lines={"SMT-2": plugins},
        parameters={"api": {"hook_warn_seconds": 0.3, "hook_limit_seconds": getattr(request, "param", 1)}},
    )
    return Floor(server, file)


def check_fault(floor, kind, fault):
    """A fault that ends at once: the call gets its answer by the kind's rule, the other line notices nothing."""
    error = floor.meet(kind, fault)
    if kind in ("collect", "notify") or (kind == "apply" and fault in ("junk", "unencodable")):
        assert error is None, error
    elif kind == "method":
        assert error is None or error["code"] == -32603
    else:
        assert (error["code"], error["data"]["code"]) == (1000, "plugin-failed"), error
        assert error["data"]["reasons"][0]["plugin"] == "trouble"
    floor.booked()
    assert floor.errors == []


def check_hang(floor, kind, fault):
    """A hang: the process is replaced, the plugin is out of service, the others go on; then it is released."""
    pids, errors = floor.server.workers(), len(floor.errors)
    error = floor.meet(kind, fault)
    if kind == "notify" and fault == "hang":
        floor.booked()
        assert floor.server.workers() == pids and not floor.out_of_service()
        return
    assert isinstance(error, OSError) or kind == "notify" or error["data"]["code"] == "busy", error
    assert floor.until(floor.out_of_service, "The outage") == ["trouble"]
    floor.booked()
    refused = floor.provoke("check")
    assert refused["data"]["code"] == "plugin-failed" and "release trouble" in refused["message"]
    assert floor.provoke("method")["data"]["code"] == "plugin-failed"
    assert floor.provoke("collect") is None
    new = floor.errors[errors:]
    assert {error["data"]["code"] for error in new} <= {"busy"} and len(new) <= 2, new
    assert "trouble is out of service" in floor.server.command("plugins").stdout
    assert "trouble is out of service" in floor.server.command("check").stderr
    told = {row["name"]: row for row in floor.server.client().send("GET", "/plugins").json["plugins"]}
    assert (
        told["trouble"]["state"] == "out of service"
        and "for more than 1 s" in told["trouble"]["out_of_service"]["info"]
    )
    assert told["items"]["state"] == "running"
    assert floor.server.command("plugins", "release", "trouble").returncode == 0
    floor.until(lambda: floor.out_of_service() == [], "The release")
    assert floor.provoke("check") is None


def check_books(floor):
    assert len(set(floor.acknowledged)) == len(floor.acknowledged)
    for unit in floor.acknowledged:
        history = floor.server.rpc("getitemoperations", unit)
        assert len(history) == 1, (unit, history)
    assert max(floor.gaps) < 15


def test_a_hanging_check_costs_its_line_and_no_booking_of_another(floor):
    with floor:
        check_fault(floor, "apply", "exit")
        check_hang(floor, "check", "hang")
    check_books(floor)
    floor.until(lambda: logged(floor) >= len(floor.acknowledged), "The record of every booking")


def logged(floor):
    """Return how many bookings the log has, those of processes that were ended too."""
    records = [json.loads(line) for line in floor.server.log().splitlines() if line.startswith("{")]
    return sum(record.get("method") == "addop" and record["code"] == "ok" for record in records)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", ["check", "collect", "decide", "apply", "notify", "method"])
def test_no_fault_of_a_plugin_stops_the_plant(floor, kind):
    with floor:
        for fault in ("raise", "exit", "junk", "unencodable", "recursion"):
            check_fault(floor, kind, fault)
        for fault in ("hold", "hang"):
            check_hang(floor, kind, fault)
    check_books(floor)


@pytest.mark.slow
def test_a_check_that_asks_the_database_for_ever_stops_nobody_else(floor):
    with floor:
        error = floor.meet("check", "query")
        assert (error["code"], error["data"]["code"]) == (-32000, "busy"), error
        floor.booked()
        assert floor.out_of_service() == [] and floor.provoke("check") is None
        check_hang(floor, "check", "queries")
    check_books(floor)


@pytest.mark.slow
@pytest.mark.parametrize("floor", [6], indirect=True)
def test_while_no_write_gets_through_the_server_is_not_ready_and_says_what_runs(floor, database):
    told = []

    def ready():
        with contextlib.closing(floor.server.client(timeout=5)) as client:
            answer = client.send("GET", "/readyz")
        told.append(answer)
        return answer.json.get("out_of_service")

    with floor:
        floor.tell("check hang")
        thread = threading.Thread(target=floor.provoke, args=("check",))
        thread.start()
        floor.until(ready, "The outage")
        floor.tell("")
        thread.join(SECONDS)
        floor.booked()
    stuck = [str(answer.json) for answer in told if answer.status == 503]
    if database == "postgresql":
        assert stuck == []  # the other line writes on, by another connection
    else:
        assert any(
            "tracepro_check_operations of plugin trouble has been running for" in text for text in stuck
        )
    assert told[-1].status == 200


@pytest.mark.slow
def test_an_accepted_reload_puts_a_plugin_back_and_a_start_does_not(floor):
    with floor:
        floor.meet("check", "hang")
        floor.until(floor.out_of_service, "The outage")
    floor.server.stop()
    floor.server.start()
    assert floor.out_of_service() == ["trouble"]
    os.kill(floor.server.pid, signal.SIGHUP)
    floor.until(lambda: floor.out_of_service() == [], "The release")
    assert floor.provoke("check") is None
