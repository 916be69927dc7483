"""The JSON-RPC methods of material; amounts arrive in millionths."""

from __future__ import annotations

from typing import Any

from tracepro_workplaces import api as workplaces_api

from tracepro.amounts import to_number
from tracepro.database import narrowed_by
from tracepro_hookspecs import Call, InvalidParams, Method
from tracepro_material import barcodes, boms, consumption, loading, lots, reels, where_used
from tracepro_material.loading import LoadRequest
from tracepro_material.records import BomRow, FloorMat, WpMat
from tracepro_material.stock import MatRow


def getfloormat(call: Call, mat_item: str, mat_lot: str, amount: int = 0) -> dict[str, int]:
    """Return the id of a lot; a new one is received with ``amount``, a known one is left as it is."""
    lot = lots.find(call, mat_item, mat_lot)
    if lot is not None:
        return {"wfloormat_id": lot.id}
    call.need_write()
    return {"wfloormat_id": lots.find_or_receive(call, mat_item, mat_lot, amount)}


def receivemat(call: Call, mat_item: str, mat_lot: str, amount: int, ref: str = "") -> FloorMat:
    """Receive a delivery of a lot, known or not; a ``ref`` counts once for a lot."""
    return lots.receive(call, mat_item, mat_lot, amount, ref).answer()


def writeoffmat(call: Call, wfloormat_id: int, amount: int, reason: str) -> FloorMat:
    """Take a loss off the floor."""
    return lots.write_off(call, wfloormat_id, amount, reason).answer()


@narrowed_by("wp_id", "take off with closewpmat what is no longer used there")
def getwpmat(call: Call, wp_id: int) -> list[WpMat]:
    """Return what is loaded at a workplace, by hole and queue."""
    workplaces_api.workplace(call, wp_id)
    return reels.answer(call, wp_id)


def setwpmat(
    call: Call,
    wp_id: int,
    mat_item: str,
    mat_lot: str,
    amount: int,
    hole_no: int = 0,
    decrement: int | None = None,
) -> WpMat:
    """Load ``amount`` of a lot into a hole."""
    workplaces_api.workplace(call, wp_id)
    return loading.load(call, LoadRequest(wp_id, hole_no, mat_item, mat_lot, amount, decrement))


def setwpmatclamped(
    call: Call,
    wp_id: int,
    mat_item: str,
    mat_lot: str,
    amount: int,
    hole_no: int = 0,
    decrement: int | None = None,
) -> WpMat:
    """Load ``amount`` of a lot into a hole, or what the floor has of it when that is less."""
    workplaces_api.workplace(call, wp_id)
    request = LoadRequest(wp_id, hole_no, mat_item, mat_lot, amount, decrement, clamped=True)
    return loading.load(call, request)


def setwpmatbarcode(
    call: Call,
    wp_id: int,
    mat_barcode: str,
    amount: int | None,
    hole_no: int = 0,
    decrement: int | None = None,
) -> WpMat:
    """Load the lot that a barcode names; ``amount`` null takes the barcode's."""
    workplaces_api.workplace(call, wp_id)
    found = barcodes.read_material(call, mat_barcode)
    amount = found.get("amount") if amount is None else amount
    if amount is None:
        raise InvalidParams("amount", "The barcode has no amount; count the material and give one.")
    request = LoadRequest(wp_id, hole_no, found["mat_item"], found["mat_lot"], amount, decrement)
    return loading.load(call, request)


def closewpmat(
    call: Call,
    wp_id: int,
    mat_item: str,
    mat_lot: str,
    amount: int | None = None,
    hole_no: int | None = None,
) -> dict[str, Any]:
    """Take a reel off a workplace and put what is left of it on the floor."""
    workplaces_api.workplace(call, wp_id)
    returned, correction = loading.close(call, wp_id, mat_item, mat_lot, amount, hole_no)
    return {"returned": to_number(returned), "correction": to_number(correction)}


def clearwpmat(call: Call, wp_id: int) -> dict[str, int]:
    """Put everything of a workplace back on the floor."""
    workplaces_api.workplace(call, wp_id)
    return {"cleared": loading.clear(call, wp_id)}


def setwpbom(call: Call, wp_id: int, bom: list[Any]) -> list[BomRow]:
    """Replace the whole BOM of a workplace."""
    workplaces_api.workplace(call, wp_id)
    return boms.replace(call, wp_id, bom)


@narrowed_by("wp_id", "set a BOM of fewer rows with setwpbom")
def getwpbom(call: Call, wp_id: int) -> list[BomRow]:
    """Return the BOM of a workplace."""
    workplaces_api.workplace(call, wp_id)
    return boms.answer(call, wp_id)


def parsetoolbarcode(call: Call, wp: int, barcode: str) -> dict[str, Any]:
    """Read a tool's barcode by the rules of the workplace's line."""
    found = barcodes.read_tool(call, workplaces_api.workplace(call, wp), barcode)
    return found | ({"amount": to_number(found["amount"])} if "amount" in found else {})


def addopmat(call: Call, op_id: int, mat_list: list[MatRow]) -> dict[str, int]:
    """Add material to an operation that is already recorded."""
    consumption.add(call, op_id, mat_list)
    return {"op_id": op_id}


@narrowed_by("limit", "ask for smaller pages")
def whereused(call: Call, mat_item: str, mat_lot: str, after: int = 0, limit: int = 1000) -> dict[str, Any]:
    """Return the units that hold a lot, what they are built into, their orders and boxes, page by page."""
    return where_used.page(call, mat_item, mat_lot, after, limit)


METHODS = [
    Method("getfloormat", getfloormat, "upgrade"),
    Method("receivemat", receivemat, "write", plant_wide=True),
    Method("writeoffmat", writeoffmat, "write", plant_wide=True),
    Method("getwpmat", getwpmat, "read", line_from=("wp_id",)),
    Method("setwpmat", setwpmat, "write", line_from=("wp_id",)),
    Method("setwpmatbarcode", setwpmatbarcode, "write", line_from=("wp_id",)),
    Method("setwpmatclamped", setwpmatclamped, "write", line_from=("wp_id",)),
    Method("closewpmat", closewpmat, "write", line_from=("wp_id",)),
    Method("clearwpmat", clearwpmat, "write", line_from=("wp_id",)),
    Method("setwpbom", setwpbom, "write", line_from=("wp_id",)),
    Method("getwpbom", getwpbom, "read", line_from=("wp_id",)),
    Method("parsetoolbarcode", parsetoolbarcode, "read", line_from={"wp": "wp_id"}),
    Method("addopmat", addopmat, "write", line_from=("op_id",)),
    Method("whereused", whereused, "read"),
]
