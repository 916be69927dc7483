"""Decide hooks: plugins are asked in order of plugins.ini, the first answer that is not None counts."""

from __future__ import annotations

from typing import Any

from tracepro_hookspecs.call import Call
from tracepro_hookspecs.markers import hookspec
from tracepro_hookspecs.records import Workplace


@hookspec(firstresult=True)
def tracepro_line_of(call: Call, parameter: str, value: Any) -> str | None:
    """Tell which line something stands on that a call names: its workplace, or the record of yours that it touches.

    A method says in ``line_from`` which of its parameters name such things. A plugin whose records stand on a line (a cart
    that is docked, a row of a queue) answers for their ids, and its methods name them, so that a token for one line can't
    reach what stands on another by naming a workplace of its own beside it. A unit stands on no line: it travels.

    Kind: decide
    When: at the beginning of every call whose method names a parameter that decides its line, in the call's
        own snapshot or transaction.
    Arguments:
        call: the call; its line is not known yet.
        parameter: what is asked for, as ``line_from`` says: ``wp_id``, ``machine_id``, ``line_name``, ``op_id`` (the line
            of the operation's workplace), or a word of a plugin's own like ``cart_id``.
        value: its value after coercion.
    Returns: the line's name, or None for "on no line" or "not mine"; what is on no line a token limited to lines may read
        and not write.
    Errors: an exception of ``tracepro_hookspecs`` ends the call with it (``NotFound`` for an id that does not exist),
        any other with ``plugin-failed``.
    Lines: always asked in the site's set.
    Since: 1.0
    Example::

        @hookimpl
        def tracepro_line_of(parameter, value):
            return "OVENS" if parameter == "wp_id" and value == 4 else None
    """


@hookspec(firstresult=True)
def tracepro_line_names(call: Call) -> list[str] | None:
    """Tell the names of all lines the plant has.

    Kind: decide
    When: at start and in ``tracepro check``, in a snapshot; a ``[line:…]`` that is not among them is a warning.
    Arguments:
        call: the call.
    Returns: a list of names.
    Errors: an exception stops the start.
    Lines: asked in the site's set.
    Since: 1.0
    Example::

        @hookimpl
        def tracepro_line_names():
            return ["OVENS"]
    """


@hookspec(firstresult=True)
def tracepro_order_exists(call: Call, order_id: int) -> bool | None:
    """Tell whether there is an order: for plugins that don't require the one that keeps orders.

    Kind: decide
    When: in the transaction of addwlaction that names an order.
    Arguments:
        call: the call.
        order_id: the order's id.
    Returns: True when the order exists, None when the plugin knows no such order; when no plugin does, the call is
        refused (1001 ``order-not-found``).
    Errors: an exception of ``tracepro_hookspecs`` ends the call with it, any other with ``plugin-failed``.
    Lines: the site's set: orders belong to no line.
    Since: 1.0
    Example::

        @hookimpl
        def tracepro_order_exists(order_id):
            return True if order_id == 4711 else None
    """


@hookspec(firstresult=True)
def tracepro_parse_material_barcode(call: Call, barcode: str) -> dict[str, Any] | None:
    """Read article, lot and perhaps amount from a material barcode.

    Kind: decide
    When: in the transaction of setwpmatbarcode and in the snapshot of parsetoolbarcode.
    Arguments:
        call: the call.
        barcode: the text as scanned, control characters included.
    Returns: ``{"mat_item", "mat_lot"}`` and, where the label has it, ``"amount"`` in millionths; None when the
        label is not of the plugin's kind.
    Errors: raise ``NotFound("barcode-unreadable", …)`` for a label of the plugin's kind that is damaged.
    Lines: plugins enabled on the line of the workplace.
    Since: 1.0
    Example::

        @hookimpl
        def tracepro_parse_material_barcode(barcode):
            item, found, lot = barcode.partition("|")
            return {"mat_item": item, "mat_lot": lot} if found else None
    """


@hookspec(firstresult=True)
def tracepro_parse_tool_barcode(call: Call, workplace: Workplace, barcode: str) -> dict[str, Any] | None:
    """Read a tool's barcode.

    Kind: decide
    When: in the snapshot of parsetoolbarcode.
    Arguments:
        call: the call.
        workplace: the ``Workplace`` where it was scanned.
        barcode: the text as scanned.
    Returns: ``{"mat_item", "mat_lot", "name", …}``, or None when it is not of the plugin's kind.
    Errors: raise ``NotFound("barcode-unreadable", …)`` for a label of the plugin's kind that is damaged.
    Lines: plugins enabled on the line of the workplace.
    Since: 1.0
    Example::

        @hookimpl
        def tracepro_parse_tool_barcode(barcode):
            if not barcode.startswith("STENCIL-"):
                return None
            return {"mat_item": "STENCIL", "mat_lot": barcode, "name": barcode}
    """


@hookspec(firstresult=True)
def tracepro_authenticate_user(call: Call, username: str, password: str) -> dict[str, Any] | None:
    """Tell who a user is whose password is right.

    Kind: decide
    When: before the transaction of userauth, on a read connection, so that slow hashing holds nothing up.
    Arguments:
        call: the call.
        username: the name as typed.
        password: the password as typed, never empty; never log or store it, nor put it into an exception.
    Returns: ``{"username", "fullname", "groups"}``, or None when this plugin doesn't know the pair.
    Errors: an exception ends the call with ``plugin-failed``, and nothing is counted as a wrong password; a wrong one is
        None, not an error.
    Lines: the site's set.
    Since: 1.0
    Example::

        @hookimpl
        def tracepro_authenticate_user(username, password):
            return None
    """


@hookspec(firstresult=True)
def tracepro_alert_form(call: Call, alert: dict[str, Any]) -> dict[str, Any] | None:
    """Return the form to fill in when an alert is processed, a JSON Schema of plain fields.

    The schema is an object whose ``properties`` are texts, numbers, booleans or an ``enum``, in the order they are shown;
    ``title`` names a field, ``required`` those that must be filled in. Nothing is nested or referred to, and patterns are
    of RE2. Equal schemas are made into a form once.

    Kind: decide
    When: in the snapshot of getalertfields and in the transaction of processalert.
    Arguments:
        call: the call.
        alert: the alert as answered by getalerts.
    Returns: a JSON Schema (draft 2020-12), or None for an alert of others; when nobody answers, the form is one required
        text ``note``.
    Errors: an exception of ``tracepro_hookspecs`` ends the call with it, any other, and a schema that is not such a form,
        with ``plugin-failed``.
    Lines: plugins enabled on the line of the alert's workplace.
    Since: 1.0
    Example::

        @hookimpl
        def tracepro_alert_form(alert):
            if alert["module"] != "ovens":
                return None
            cause = {"type": "string", "title": "Cause", "enum": ["fan", "heater", "sensor"]}
            return {"type": "object", "properties": {"cause": cause}, "required": ["cause"]}
    """
