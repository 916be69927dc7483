"""What the API calls; every function here is one JSON-RPC method."""

from __future__ import annotations

from functools import partial
from typing import Any

from tracepro_workplaces import api as workplaces_api

from tracepro.access.attempts import Attempts
from tracepro_hookspecs import Call, InvalidParams, Method
from tracepro_hookspecs.records import Worker
from tracepro_schemas import defs
from tracepro_workers import cards, esd, logins, one_time_codes, workers
from tracepro_workers.reasons import order_not_found
from tracepro_workers.worker_log import log_action


def login(attempts: Attempts, call: Call, id: int | str) -> dict[str, Any]:
    """Return who a worker is; refuse one who may not work."""
    return logins.log_in(attempts, call, id, None)


def loginwp(attempts: Attempts, call: Call, worker_id: int | str, wp_id: int | None = None) -> dict[str, Any]:
    """Log a worker in at a workplace and return who it is."""
    workplace = None if wp_id is None else workplaces_api.workplace(call, wp_id)
    return logins.log_in(attempts, call, worker_id, workplace)


def getworkerbycard(call: Call, card: str) -> Worker | None:
    """Return the worker who has a card, or null."""
    return workers.find_by_card(call, card)


def logworkeraction(
    call: Call, worker_id: int, wp_id: int | None, wwl_action: int, info: str = ""
) -> dict[str, int]:
    """Write a row of the worker log, change nothing else, and return the row's id."""
    _require_known(call, worker_id, wp_id)
    return {"wl_id": log_action(call, worker_id, wp_id, wwl_action, info)}


def addwlaction(
    call: Call,
    worker_id: int | None,
    wp_id: int | None,
    action: int,
    info: str = "",
    order_id: int | None = None,
    op: int | None = None,
    param: Any = None,
) -> dict[str, int]:
    """Write a row of the worker log and return its id; LOGOUT also ends the worker's login there."""
    _require_known(call, worker_id, wp_id)
    if order_id is not None:
        _require_order(call, order_id)
    if action == defs.WWL_LOGOUT and worker_id is not None:
        logins.log_out(call, worker_id, wp_id)
    return {"wl_id": log_action(call, worker_id, wp_id, action, info, order_id, op, param)}


def setworkeresd(call: Call, worker_id: int, wp_id: int | None, passed: bool) -> Worker:
    """Record the result of a worker's ESD test and return the worker."""
    _require_known(call, worker_id, wp_id)
    return esd.record_test(call, worker_id, wp_id, passed)


def setworkercard(call: Call, worker_id: int, card: str, worker_name: str = "") -> Worker:
    """Give a worker a card and return the worker."""
    return cards.set_card(call, worker_id, card, worker_name)


def issueotp(
    call: Call, worker_id: int, wp_id: int | None = None, valid_seconds: int = 300
) -> dict[str, Any]:
    """Return a code by which a worker logs in once, and when it expires."""
    _require_known(call, worker_id, wp_id)
    return one_time_codes.issue(call, worker_id, wp_id, valid_seconds)


def _require_known(call: Call, worker_id: int | None, wp_id: int | None) -> None:
    if worker_id is None and wp_id is None:
        raise InvalidParams("worker_id", "Name the worker, the workplace or both: neither is given.")
    if worker_id is not None:
        workers.worker(call, worker_id)
    if wp_id is not None:
        workplaces_api.workplace(call, wp_id)


def _require_order(call: Call, order_id: int) -> None:
    """Refuse an order that no plugin knows; where none keeps orders, any id may be noted."""
    asked = call.hooks.has("tracepro_order_exists")
    if asked and not call.hooks.decide("tracepro_order_exists", order_id=order_id):
        raise order_not_found(order_id)


def methods_of_site() -> list[Method]:
    """Return the methods of one site, which remembers its own wrong codes."""
    attempts = Attempts()
    return [
        Method("login", partial(login, attempts), "write", secret=True),
        Method("loginwp", partial(loginwp, attempts), "write", line_from=("wp_id",), secret=True),
        Method("getworkerbycard", getworkerbycard, "read"),
        Method("logworkeraction", logworkeraction, "write", line_from=("wp_id",)),
        Method("addwlaction", addwlaction, "write", line_from=("wp_id",)),
        Method("setworkeresd", setworkeresd, "write", line_from=("wp_id",)),
        Method("setworkercard", setworkercard, "write", secret=True, plant_wide=True),
        Method("issueotp", issueotp, "write", line_from=("wp_id",), secret=True, plant_wide=True),
    ]
