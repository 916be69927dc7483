"""What a plant may set about labels: which identifier is the article and which the lot, by line."""

from __future__ import annotations

from tracepro_hookspecs import Option

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
