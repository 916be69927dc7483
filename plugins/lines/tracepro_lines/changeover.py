"""The order that a line works on, and who works at its machines (docs/rules.md, Lines at work)."""

from __future__ import annotations

from collections.abc import Sequence

from peewee import Query
from tracepro_items import api as items_api
from tracepro_orders import api as orders_api
from tracepro_workers import api as workers_api
from tracepro_workplaces import api as workplaces_api

from tracepro.database import p, statement
from tracepro_hookspecs import Call
from tracepro_lines import lines, reasons
from tracepro_lines import models as m
from tracepro_lines.lines import StoredLine


@statement
def update_order() -> Query:
    """Set the order that a line works on."""
    return m.Line.update(order_id=p("order_id")).where(m.Line.id == p("id"))


def set_order(call: Call, line_name: str, order_id: int | None) -> StoredLine:
    """Put an order on a line, None for none; its machines begin a new run if that is another than before.

    Any order may be put on it, a finished one too: whether it may be worked on is asked at work. Raises ``line-not-found``
    and ``order-not-found``.
    """
    line = lines.line(call, line_name, lock=True)
    if order_id is not None:
        orders_api.order(call, order_id)
    if order_id == line.order_id:
        return line
    call.db.run(update_order, id=line.id, order_id=order_id)
    call.changed(f"line {line.id}", "order_id", line.order_id, order_id)
    items_api.order_changed(call, lines.workplaces_of(call, line))
    return line._replace(order_id=order_id)


def log_in(call: Call, line_name: str, wp_ids: Sequence[int], worker_ids: Sequence[int]) -> StoredLine:
    """Log workers in at workplaces of a line, at those of all its machines when none is named.

    Who is logged in there already stays; nobody named changes nothing. Every check of a login is made for each worker
    at each workplace, all log in or none. Raises ``line-not-found``, ``workplace-not-found``, ``worker-not-found``,
    InvalidParams for a workplace of another line or of none, and Refused with all reasons.
    """
    line = lines.line(call, line_name)
    on_line = lines.workplaces_of(call, line)
    workplaces = workplaces_api.workplaces(call, wp_ids or on_line)
    elsewhere = next((workplace for workplace in workplaces if workplace.id not in on_line), None)
    if elsewhere is not None:
        raise reasons.workplace_not_on_line("wp_ids", elsewhere, line.name)
    if worker_ids:
        workers_api.log_in_workers(call, worker_ids, workplaces)
    else:
        workers_api.require_known(call, worker_ids)
    return line
