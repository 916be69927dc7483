"""What distributors print in another way than EIGP 114 says, so that a plant names those it buys from and no more.

``P`` is the plant's own article number by the standard, but the distributor's with some; where the maker's trace code
is missing, the date code, the invoice or the order tells one delivery from the next.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

LCSC = "lcsc"
"""The distributor whose labels have a format of their own."""
_DELIVERY = ("10D", "9D", "11K", "10K", "1K", "K")
_LCSC = re.compile(r"(?:\][A-Za-z][0-9A-Fa-f])?\{(?P<members>[a-z]+:[^{}]*)\}", re.ASCII)
_LCSC_IDENTIFIERS = {"pm": "1P", "pc": "P", "qty": "Q", "pbn": "11K", "on": "1K"}


class Distributor(NamedTuple):
    """How a distributor's labels are known and read.

    ``marks`` are identifiers that its labels only have (none: any label may be its own). ``own_number`` are those
    of its own order number, the last choice as an article; ``lot`` those that stand in for a missing lot.
    """

    marks: tuple[str, ...] = ()
    own_number: tuple[str, ...] = ()
    lot: tuple[str, ...] = _DELIVERY


DISTRIBUTORS: Mapping[str, Distributor] = {
    "digikey": Distributor(("12Z", "13Z", "20Z"), ("P", "30P")),
    "mouser": Distributor(("14K",)),
    "farnell": Distributor(("3P",), ("3P",)),
    LCSC: Distributor((), ("P",)),
    "tti": Distributor(),
    "arrow": Distributor(),
    "rs": Distributor(),
}


def check_names(text: str) -> str:
    """Return the names of distributors as they are. Raises ValueError, the end of a sentence, for an unknown one."""
    unknown = [name for name in text.split() if name not in DISTRIBUTORS]
    if unknown:
        raise ValueError(f"does not know {unknown[0]}; the distributors are {', '.join(DISTRIBUTORS)}.")
    return text


def of_label(names: Sequence[str], found: Mapping[str, str]) -> Distributor | None:
    """Return whose Format 06 label it is, of the distributors that a plant names: by its marks, else one whose labels have none."""
    named = [DISTRIBUTORS[name] for name in names if name != LCSC]
    known = (each for each in named if any(mark in found for mark in each.marks))
    return next(known, None) or next((each for each in named if not each.marks), None)


def lcsc_elements(text: str) -> dict[str, str] | None:
    """Return what an LCSC label (``{pbn:…,on:…,pc:…,pm:…,qty:…}``) says by data identifiers; None for another barcode."""
    match = _LCSC.fullmatch(text)
    members = dict(member.partition(":")[::2] for member in match["members"].split(",")) if match else {}
    if not {"pc", "qty"} <= members.keys():
        return None
    return {
        identifier: members[name].strip()
        for name, identifier in _LCSC_IDENTIFIERS.items()
        if members.get(name, "").strip()
    }
