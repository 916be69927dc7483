"""What a plant may choose about material."""

from __future__ import annotations

from tracepro_hookspecs import Option, Parameter
from tracepro_material import barcodes

OPTIONS = [
    Option(
        "material_short",
        "refuse",
        "What happens when an operation takes more than there is: refuse it, or record it, correct the lot and "
        "raise an alert.",
        ("refuse", "record"),
    ),
    Option(
        "splice",
        "replace",
        "What happens when material is loaded into a hole that holds the same article: replace the former lot, "
        "or queue behind it.",
        ("replace", "queue"),
    ),
    Option(
        "material_per_board",
        False,
        "Whether a panel takes what a hole gives once for each of its boards that is not bad, or once in all.",
        bool,
    ),
]
PARAMETERS = [
    Parameter(
        "site",
        "material_barcode",
        barcodes.DEFAULT_MATERIAL,
        "Regular expression (RE2) that matches a whole material barcode; groups mat_item, mat_lot and perhaps "
        "amount, each of them in every alternative. Empty: only plugins read barcodes.",
        parse=barcodes.compile_rule,
    ),
    Parameter(
        "site",
        "tool_barcode",
        barcodes.DEFAULT_TOOL,
        "Regular expression (RE2) that matches a whole tool barcode; groups mat_item, mat_lot and perhaps name "
        "and others, which are answered too.",
        parse=barcodes.compile_rule,
    ),
]
