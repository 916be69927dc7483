"""What the API calls; every function here is one JSON-RPC method."""

from __future__ import annotations

from typing import Any

from tracepro_workplaces import api as workplaces

from tracepro_hookspecs import InvalidParams, Method
from tracepro_hookspecs.records import Worker
from tracepro_schemas import defs
from tracepro_workers import cards, esd, logins, workers
from tracepro_workers.log import log


def login(call: Any, id: int | str) -> dict[str, Any]:
    """Tells who a worker is and that he may work."""
    return logins.log_in(call, id, None)


def loginwp(call: Any, worker_id: int | str, wp_id: int | None = None) -> dict[str, Any]:
    """Logs a worker in at a workplace."""
    place = None if wp_id is None else workplaces.workplace(call, wp_id)
    return logins.log_in(call, worker_id, place)


def getworkerbycard(call: Any, card: str) -> Worker | None:
    """Returns the worker who has a card, or null."""
    return workers.by_card(call, card)


def logworkeraction(
    call: Any, worker_id: int, wp_id: int | None, wwl_action: int, info: str = ""
) -> dict[str, int]:
    """Writes a row of the worker log and changes nothing else."""
    _must_exist(call, worker_id, wp_id)
    return {"wl_id": log(call, worker_id, wp_id, wwl_action, info)}


def addwlaction(
    call: Any,
    worker_id: int | None,
    wp_id: int | None,
    action: int,
    info: str = "",
    order_id: int | None = None,
    op: int | None = None,
    param: Any = None,
) -> dict[str, int]:
    """Writes a row of the worker log; LOGOUT also ends the worker's login there."""
    _must_exist(call, worker_id, wp_id)
    if action == defs.WWL_LOGOUT and worker_id is not None:
        logins.log_out(call, worker_id, wp_id)
    return {"wl_id": log(call, worker_id, wp_id, action, info, order_id, op, param)}


def setworkeresd(call: Any, worker_id: int, wp_id: int | None, passed: bool) -> Worker:
    """Notes the result of a worker's ESD test."""
    _must_exist(call, worker_id, wp_id)
    return esd.record(call, worker_id, wp_id, passed)


def setworkercard(call: Any, worker_id: int, card: str, worker_name: str = "") -> Worker:
    """Gives a worker a card."""
    return cards.set_card(call, worker_id, card, worker_name)


def _must_exist(call: Any, worker_id: int | None, wp_id: int | None) -> None:
    if worker_id is None and wp_id is None:
        raise InvalidParams("worker_id", "Name the worker, the workplace or both.")
    if worker_id is not None:
        workers.worker(call, worker_id)
    if wp_id is not None:
        workplaces.workplace(call, wp_id)


METHODS = [
    Method("login", login, "write", secret=True),
    Method("loginwp", loginwp, "write", line_from=("wp_id",), secret=True),
    Method("getworkerbycard", getworkerbycard, "read"),
    Method("logworkeraction", logworkeraction, "write", line_from=("wp_id",)),
    Method("addwlaction", addwlaction, "write", line_from=("wp_id",)),
    Method("setworkeresd", setworkeresd, "write", line_from=("wp_id",)),
    Method("setworkercard", setworkercard, "write", secret=True),
]
