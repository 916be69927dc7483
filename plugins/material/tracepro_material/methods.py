"""The JSON-RPC methods of material; amounts arrive in millionths."""

from __future__ import annotations

from typing import Any

from tracepro_workplaces import api as workplaces_api

from tracepro.amounts import to_number
from tracepro_hookspecs import InvalidParams, Method
from tracepro_material import barcodes, bom, consumption, loading, lots, whereused
from tracepro_material.records import BomRow, FloorMat, WpMat


def getfloormat(call: Any, mat_item: str, mat_lot: str, amount: int = 0) -> dict[str, int]:
    """Finds a lot; a new one is received with ``amount``, a known one is left as it is."""
    lot = lots.find(call, mat_item, mat_lot)
    if lot is not None:
        return {"wfloormat_id": lot.id}
    call.need_write()
    return {"wfloormat_id": lots.known_or_received(call, mat_item, mat_lot, amount)}


def receivemat(call: Any, mat_item: str, mat_lot: str, amount: int, ref: str = "") -> FloorMat:
    """Receives a delivery of a lot, known or not."""
    return lots.deliver(call, mat_item, mat_lot, amount, ref).answer()


def writeoffmat(call: Any, wfloormat_id: int, amount: int, reason: str) -> FloorMat:
    """Takes a loss off the floor."""
    return lots.write_off(call, wfloormat_id, amount, reason).answer()


def getwpmat(call: Any, wp_id: int) -> list[WpMat]:
    """What is loaded at a workplace, by hole and queue."""
    workplaces_api.workplace(call, wp_id)
    return loading.answer(call, wp_id)


def setwpmat(
    call: Any,
    wp_id: int,
    mat_item: str,
    mat_lot: str,
    amount: int,
    hole_no: int = 0,
    decrement: int | None = None,
) -> WpMat:
    """Loads ``amount`` of a lot into a hole."""
    workplaces_api.workplace(call, wp_id)
    return loading.load(call, wp_id, (mat_item, mat_lot), amount, hole_no, decrement, clamped=False)


def setwpmatclamped(
    call: Any,
    wp_id: int,
    mat_item: str,
    mat_lot: str,
    amount: int,
    hole_no: int = 0,
    decrement: int | None = None,
) -> WpMat:
    """Loads ``amount`` of a lot into a hole, or what the floor has of it when that is less."""
    workplaces_api.workplace(call, wp_id)
    return loading.load(call, wp_id, (mat_item, mat_lot), amount, hole_no, decrement, clamped=True)


def setwpmatbarcode(
    call: Any,
    wp_id: int,
    mat_barcode: str,
    amount: int | None,
    hole_no: int = 0,
    decrement: int | None = None,
) -> WpMat:
    """Loads the lot that a barcode names; ``amount`` null takes the barcode's."""
    workplaces_api.workplace(call, wp_id)
    found = barcodes.read_material(call, mat_barcode)
    amount = found.get("amount") if amount is None else amount
    if amount is None:
        raise InvalidParams("amount", "The barcode tells no amount; count the material and give one.")
    lot = found["mat_item"], found["mat_lot"]
    return loading.load(call, wp_id, lot, amount, hole_no, decrement, clamped=False)


def closewpmat(
    call: Any, wp_id: int, mat_item: str, mat_lot: str, amount: int | None = None, hole_no: int | None = None
) -> dict[str, Any]:
    """Takes a reel off a workplace and puts what is left of it on the floor."""
    workplaces_api.workplace(call, wp_id)
    back, correction = loading.close(call, wp_id, mat_item, mat_lot, amount, hole_no)
    signed = to_number(correction) if correction >= 0 else -to_number(-correction)
    return {"returned": to_number(back), "correction": signed}


def clearwpmat(call: Any, wp_id: int) -> dict[str, int]:
    """Puts everything of a workplace back on the floor."""
    workplaces_api.workplace(call, wp_id)
    return {"cleared": loading.clear(call, wp_id)}


def setwpbom(call: Any, wp_id: int, bom: Any) -> list[BomRow]:
    """Replaces the whole BOM of a workplace."""
    workplaces_api.workplace(call, wp_id)
    return _replaced(call, wp_id, bom)


def _replaced(call: Any, wp_id: int, rows: Any) -> list[BomRow]:
    loading.lock(call, wp_id, make=True)
    bom.replace(call, wp_id, rows)
    return bom.answer(call, wp_id)


def getwpbom(call: Any, wp_id: int) -> list[BomRow]:
    """The BOM of a workplace."""
    workplaces_api.workplace(call, wp_id)
    return bom.answer(call, wp_id)


def parsetoolbarcode(call: Any, wp: int, barcode: str) -> dict[str, Any]:
    """Reads a tool's barcode by the rules of the workplace's line."""
    found = barcodes.read_tool(call, workplaces_api.workplace(call, wp), barcode)
    return found | ({"amount": to_number(found["amount"])} if "amount" in found else {})


def addopmat(call: Any, op_id: int, mat_list: Any) -> dict[str, int]:
    """Adds material to an operation that is already recorded."""
    consumption.add(call, op_id, mat_list)
    return {"op_id": op_id}


def whereused_(call: Any, mat_item: str, mat_lot: str, after: int = 0, limit: int = 1000) -> dict[str, Any]:
    """The units that hold a lot, what they are built into, their orders and boxes, page by page."""
    return whereused.page(call, mat_item, mat_lot, after, limit)


_AT = {"line_from": ("wp_id",)}
METHODS = [
    Method("getfloormat", getfloormat, "upgrade"),
    Method("receivemat", receivemat, "write"),
    Method("writeoffmat", writeoffmat, "write"),
    Method("getwpmat", getwpmat, "read", **_AT),
    Method("setwpmat", setwpmat, "write", **_AT),
    Method("setwpmatbarcode", setwpmatbarcode, "write", **_AT),
    Method("setwpmatclamped", setwpmatclamped, "write", **_AT),
    Method("closewpmat", closewpmat, "write", **_AT),
    Method("clearwpmat", clearwpmat, "write", **_AT),
    Method("setwpbom", setwpbom, "write", **_AT),
    Method("getwpbom", getwpbom, "read", **_AT),
    Method("parsetoolbarcode", parsetoolbarcode, "read", line_from=("wp",)),
    Method("addopmat", addopmat, "write"),
    Method("whereused", whereused_, "read"),
]
