"""The hooks of labels."""

from __future__ import annotations

from tracepro_hookspecs import Option, hookimpl
from tracepro_labels import reading

OPTIONS = [
    Option(
        "ecia_item",
        "P 1P",
        "Data identifiers that are the article of a Format 06 label; the first found counts.",
    ),
    Option(
        "ecia_lot",
        "1T T S 3S",
        "Data identifiers that are the lot of a Format 06 label; the first found counts.",
    ),
    Option("gs1_item", "241 240 01 02", "Application identifiers that are the article of a GS1 label."),
    Option("gs1_lot", "10 21", "Application identifiers that are the lot of a GS1 label."),
]


@hookimpl
def tracepro_register_requirements():
    return ["material"]


@hookimpl
def tracepro_register_options():
    return OPTIONS


@hookimpl
def tracepro_parse_material_barcode(call, barcode):
    return reading.read(call, barcode)
