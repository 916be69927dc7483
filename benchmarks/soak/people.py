"""Who else is in the plant: machines of a line, clerks, the office at its browsers, monitoring, and terminals that come and go."""

from __future__ import annotations

import itertools
import socket
import struct
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from typing import Any

from benchmarks.soak.floor import MACHINES, PLANT, PRODUCT, TOOLS, USER
from benchmarks.soak.terminal import Ended, Terminal
from examples.generator.plant import ASSEMBLY, INSPECTION, PLACEMENT, PRINTING, REFLOW
from tracepro.testing.errors import RpcError
from tracepro.testing.page import path_of
from tracepro.testing.server import HOST
from tracepro_hookspecs import Page
from tracepro_schemas import defs

BOARDS_OF_ORDER, WRONG_CODE = 200, 4
STEPS = ((10, PRINTING), (20, PLACEMENT), (30, REFLOW), (40, INSPECTION))
TORN = b"POST /api/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"
AT_ONCE, LEAVERS = 5, 10
"""How often something is done before the pace of the terminal counts, and how many leave at once."""
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


Deed = Callable[[Terminal, int], None]


def at_work(terminal: Terminal, *deeds: Deed) -> None:
    """Do one deed after the other until the soak ends; each is told the number of the round."""
    with closing(terminal), suppress(Ended):
        for number in itertools.count(1):
            for deed in deeds:
                deed(terminal, number)


class Line:
    """The machines of a line: the first scans boards, the oven scans nothing."""

    name = f"L{MACHINES}"

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self.order = self.unit = 0

    def board(self, terminal: Terminal, number: int) -> None:
        """Take a board through the line."""
        if number % BOARDS_OF_ORDER == 1:
            self._change_over(number)
        printer, placer, oven, inspection = (PLANT.workplace(MACHINES, act) for _, act in STEPS)
        code = f"LS{number:08}"
        terminal.write("lineaddop", machine_id=printer, barcode=code, op=10, act=PRINTING)
        terminal.read("linecanaddop", machine_id=placer, barcode=code, op=20, act=PLACEMENT)
        terminal.write("lineaddop", machine_id=placer, barcode=code, op=20, act=PLACEMENT)
        board: dict[str, Any] = {
            "line_name": self.name,
            "op": 30,
            "act": REFLOW,
            "wp_id": oven,
            "workers": [1],
        }
        terminal.write("lslineoptonextboard", **board)
        self.unit = terminal.write("lineaddop", machine_id=inspection, barcode=code, op=40, act=INSPECTION)[
            "item_id"
        ]

    def _change_over(self, number: int) -> None:
        order: dict[str, Any] = {
            "erp_ref": f"VP-LS-{number:08}",
            "item": PRODUCT,
            "status": 1,
            "flags": defs.ORDER_F_CREATE_ITEMS,
        }
        self.order = self._terminal.write("makeorder", **order)["id"]
        steps = [{"op": op, "act": act, "name": f"Step {op}"} for op, act in STEPS]
        self._terminal.write("updateorder", order_id=self.order, properties={}, operations=steps)
        self._terminal.write("setlineorder", line_name=self.name, order_id=self.order)
        self._terminal.write("setlinelogin", line_name=self.name, workers=[1])
        self._terminal.read("getlsline", line_name=self.name)


def alert(terminal: Terminal, number: int) -> None:
    """Call for help and have it processed."""
    place: dict[str, Any] = {"wp_id": PLANT.workplace(1, REFLOW), "severity": 1 + number % 3}
    made = terminal.write(
        "mkalert", module="soak", src="zone 3", target="maintenance", info="Zone 3 is hot.", **place
    )
    terminal.read("getalertfields", alert_id=made["id"])
    terminal.write("processalert", alert_id=made["id"], appstruct={"note": "seen to"})


def shift_change(terminal: Terminal, number: int) -> None:
    """Log a worker in by card, test the bracelet, work elsewhere, log out."""
    worker = PLANT.file()["workers"][number % PLANT.workers]
    place = PLANT.workplace(1 + number % PLANT.lines, ASSEMBLY)
    terminal.write("setworkeresd", worker_id=worker["id"], wp_id=place, passed=True)
    terminal.write("loginwp", worker_id=worker["card"], wp_id=place)
    one_time = terminal.write("issueotp", worker_id=worker["id"], wp_id=place)
    terminal.write("loginwp", worker_id=one_time["code"], wp_id=place)
    if number % WRONG_CODE == 0:
        with suppress(RpcError):
            terminal.write("loginwp", ("worker-not-found",), worker_id=f"NO-{number}", wp_id=place)
    terminal.write("addwlaction", worker_id=worker["id"], wp_id=place, action=defs.WWL_LOGOUT)


def small_things(terminal: Terminal, number: int) -> None:
    """Draw numbers, keep what terminals keep, ask for what they show."""
    terminal.write("getnext", clazz="soak", name="label")
    terminal.write("getrangednext", name="MAC", count=2)
    value = {"recipe": number, "zones": [150, 180, 245]}
    terminal.write(
        "storelinedata",
        wp_id=PLANT.workplace(1, REFLOW),
        clazz="oven",
        key=f"recipe {number % 50}",
        value=value,
    )
    terminal.write("setuserdata", name=f"note {number % 50}", clazz="soak", value=value)
    terminal.read("findorder", erp_ref=f"VP-LS-{1:08}")
    terminal.read("getsiteparams")
    terminal.read("getbasicdata", name="Workplace")


def tool(terminal: Terminal, number: int) -> None:
    """Replace a tool and look at its history."""
    terminal.pace()
    tool_id = 1 + number % TOOLS
    replaced, key = {"reason": 3, "notes": "worn"}, {"Idempotency-Key": terminal.key()}
    answer = terminal.send("POST", f"/api/tools/{tool_id}/replace", replaced, key)
    if answer.status != 201:
        terminal.journal.fault(f"A replacement was answered {answer.status}: {answer.text}")
    terminal.journal.count("tools replaced")
    terminal.send("GET", f"/api/tools/{tool_id}/life_records")


def watch(terminal: Terminal, number: int) -> None:
    """Ask what monitoring asks."""
    for path in ("/metrics", "/healthz", "/readyz", "/plugins"):
        terminal.pace()
        answer = terminal.send("GET", path)
        if answer.status != 200:
            terminal.journal.fault(f"{path} was answered {answer.status}: {answer.text[:200]}")


def pass_by(terminal: Terminal, number: int) -> None:
    """Connect, send half a request or nothing, and leave, every other time with a reset."""
    terminal.pace()
    for leaver in range(LEAVERS):
        with suppress(OSError), socket.create_connection((HOST, terminal.port)) as client:
            if leaver % 2:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.sendall(TORN[: len(TORN) * leaver // (LEAVERS - 1)])
    terminal.journal.count("terminals that left early", LEAVERS)


class Office:
    """Somebody who logs in at a browser, opens every page and logs out."""

    def __init__(self, pages: Sequence[Page], line: Line) -> None:
        self._pages, self._line = pages, line

    def visit(self, terminal: Terminal, number: int) -> None:
        """Open every page once, with a session."""
        terminal.pace()
        if not self._line.unit:  # nothing was made yet
            return
        answer = terminal.send("POST", "/ui/login", USER, SAME_SITE)
        if answer.status != 200:
            terminal.journal.fault(f"A log-in was answered {answer.status}: {answer.text[:200]}")
            return
        cookie = {"Cookie": answer.headers["set-cookie"].partition(";")[0], **SAME_SITE}
        known = self._known(terminal)
        for page in self._pages:
            terminal.pace()
            path = path_of(page, known)
            answer = terminal.send("GET", path, headers=cookie, page=True)
            if answer.status != 200:
                terminal.journal.fault(f"{path} was answered {answer.status}: {answer.text[:200]}")
        terminal.send("POST", "/ui/logout", {}, cookie)
        terminal.journal.count("sessions at browsers")

    def _known(self, terminal: Terminal) -> dict[str, Any]:
        """Return what the fields of paths are filled with: things that were made lately."""
        box = terminal.read("getbox", id=1) or terminal.write("makebox", item="", label="")
        return {
            "item_id": self._line.unit,
            "code": self._line.unit,
            "order_id": self._line.order,
            "box_id": box["id"],
            "wp_id": PLANT.workplace(1, PLACEMENT),
            "line_name": Line.name,
            "tool_id": 1,
            "mat_item": "R-10K-0402",
            "mat_lot": "SOAK",
        }
