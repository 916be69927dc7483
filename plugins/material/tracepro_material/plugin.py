"""The hooks of material."""

from __future__ import annotations

from tracepro_hookspecs import hookimpl
from tracepro_material import barcodes, cancellation, consumption, ledger, methods, models, options, plant


@hookimpl
def tracepro_register_requirements():
    return ["items"]


@hookimpl
def tracepro_register_models():
    return models.MODELS


@hookimpl
def tracepro_register_methods():
    return methods.METHODS


@hookimpl
def tracepro_register_options():
    return options.OPTIONS


@hookimpl
def tracepro_register_parameters():
    return options.PARAMETERS


@hookimpl
def tracepro_register_plant_sections():
    return plant.SECTIONS


@hookimpl
def tracepro_check_operations(call, items, workplace, draft):
    takes = consumption.takes_material(draft)
    return consumption.check(call, items, workplace.id, draft) if takes else []


@hookimpl
def tracepro_apply_operations(call, items, operations, draft):
    if consumption.takes_material(draft):
        consumption.apply(call, items, operations, draft)


@hookimpl
def tracepro_apply_cancellation(call, operation):
    cancellation.give_back(call, operation.id)


@hookimpl
def tracepro_operation_material(call, op_ids):
    return ledger.taken(call, op_ids)


@hookimpl(trylast=True)
def tracepro_parse_material_barcode(call, barcode):
    return barcodes.by_rule(call.parameter("site", "material_barcode"), barcode)


@hookimpl(trylast=True)
def tracepro_parse_tool_barcode(call, barcode):
    return barcodes.by_rule(call.parameter("site", "tool_barcode"), barcode)
