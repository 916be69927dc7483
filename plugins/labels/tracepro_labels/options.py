"""What a plant may set about labels: which identifier is the article and which the lot, by line."""

from __future__ import annotations

from tracepro_hookspecs import Option
from tracepro_labels import distributors

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
    Option(
        "distributors",
        "",
        "Distributors whose labels are read as they print them: digikey, mouser, farnell (element14, Newark), lcsc, "
        "tti, arrow, rs. Their own order number is no article unless there is no other, and the date code, the invoice or "
        "the order stands in for a missing lot.",
        parse=distributors.check_names,
    ),
    Option("gs1_item", "241 240 01 02", "Application identifiers that are the article of a GS1 label."),
    Option("gs1_lot", "10 21", "Application identifiers that are the lot of a GS1 label."),
]
