"""The frozen records that hooks and answers are made of.

Times are RFC 3339 texts in UTC with milliseconds; amounts are whole millionths inside the server
and JSON numbers in answers (see ``tracepro.amounts``).
"""

from __future__ import annotations

from typing import Any

import msgspec

__all__ = [
    "LONGEST_SENTENCE",
    "Act",
    "Block",
    "DataRow",
    "Draft",
    "Item",
    "Line",
    "Machine",
    "Operation",
    "OpMat",
    "Order",
    "Reason",
    "Record",
    "Skill",
    "Step",
    "Worker",
    "Workplace",
    "readable",
]

DataRow = tuple[int, str, Any]
"""A row of data: (tp, key, value); ``tp`` is a DATA_TP value."""


class Record(msgspec.Struct, frozen=True, gc=False):
    """The base of all records: immutable, compared by value, encoded as a JSON object."""


LONGEST_SENTENCE = 4_000
"""Characters of a sentence that a call is answered with."""


def escaped(text: str) -> str:
    """Return a text in which what can't be seen is escaped: it could begin a line, or repaint a terminal."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


def readable(sentence: str) -> str:
    """Return a sentence, in which clients' texts may stand, as one line; what is beyond LONGEST_SENTENCE is cut."""
    sentence = escaped(sentence)
    return sentence if len(sentence) <= LONGEST_SENTENCE else f"{sentence[: LONGEST_SENTENCE - 1]}…"


class Reason(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One reason why the plant says no: a stable code and a sentence; what does not apply is left out."""

    code: str
    info: str
    op: int | None = None
    act: int | None = None
    item_id: int | None = None
    plugin: str | None = None

    def __post_init__(self) -> None:
        if isinstance(self.info, str):  # whoever asks a plugin judges whether it is a text
            msgspec.structs.force_setattr(self, "info", readable(self.info))


class Act(Record, frozen=True, gc=False):
    """A kind of work."""

    id: int
    name: str
    desc: str


class Step(Record, frozen=True, gc=False):
    """A step of an order's routing; ``op`` is unique in the order, ``flags`` are STEP_F bits."""

    op: int
    act: int
    name: str = ""
    desc: str = ""
    flags: int = 0
    params: dict[str, Any] = {}


class Order(Record, frozen=True, gc=False):
    """A production order with its routing in order of ``op``.

    ``item`` is its product code, ``status`` an ORDER_ST, ``flags`` are ORDER_F bits, ``amount`` how many units are to be made, 0
    for no limit. A panel has ``mpcount`` boards, which ``mptp``, an MPTP, says how to know. ``barcode_mp`` and ``barcode_pcb`` are the
    masks of new codes of panels and of all others; ``vd`` and ``params`` are the plant's own.
    """

    id: int
    erp_ref: str
    item: str
    item_name: str
    status: int
    flags: int
    amount: int | float
    params: dict[str, Any]
    mptp: int
    mpcount: int
    barcode_mp: str
    barcode_pcb: str
    customer: str
    cat1: str
    cat2: str
    cat3: str
    vd: Any
    created: str
    operations: tuple[Step, ...]


class Item(Record, frozen=True, gc=False):
    """A unit; ``item`` is its product code, ``tp`` an ITEM_TP, ``bad`` an ITEM_BAD.

    ``erp_ref`` is its order's, ``barcode2`` its second code, ``rt_flags`` are bits of the plant's own.
    """

    id: int
    order_id: int
    erp_ref: str
    item: str
    tp: int
    barcode: str
    barcode2: str
    bad: int
    bad_reason: str
    rt_flags: int
    created: str


class OpMat(Record, frozen=True, gc=False):
    """A lot that an operation consumed, with the reference designator where it was recorded."""

    wfloormat_id: int
    mat_item: str
    mat_lot: str
    ref: str
    amount: int | float
    hole_no: int


class Operation(Record, frozen=True, gc=False):
    """A recorded operation; ``data`` are (tp, key, value) rows with a DATA_TP.

    ``barcode`` is the unit's, ``erp_ref`` the order's; ``result`` 0 is a pass, ``count`` how many units of work without codes.
    ``data_archived`` is there, and true, only where rows of its data may have been moved into files.
    """

    id: int
    item_id: int
    order_id: int
    erp_ref: str
    barcode: str
    op: int
    act: int
    name: str
    wp_id: int
    workers: tuple[int, ...]
    tm0: str
    tm1: str
    result: int
    count: int
    data: tuple[DataRow, ...] = ()
    mat: tuple[OpMat, ...] = ()
    data_archived: bool | msgspec.UnsetType = msgspec.UNSET


class Draft(Record, frozen=True, gc=False):
    """What is about to be recorded: times in microseconds UTC, ``mat`` rows (wfloormat_id, ref, amount in millionths, hole_no)."""

    tm0: int
    tm1: int
    result: int
    count: int = 1
    mat_auto: bool = False
    data: tuple[DataRow, ...] = ()
    mat: tuple[tuple[int, str, int, int], ...] = ()


class Skill(Record, frozen=True, gc=False):
    """An ILUO level of a worker for an act; ``valid_to`` is a date, inclusive, or null."""

    act: int
    level: str
    valid_to: str | None = None


class Worker(Record, frozen=True, gc=False):
    """A worker, never with card or one-time-code secret; ``esd_tm`` is when the ESD test was passed, None after a failed one."""

    id: int
    name: str
    code: str
    active: bool
    esd_tm: str | None
    skills: tuple[Skill, ...] = ()


class Block(Record, frozen=True, gc=False):
    """Why and since when a workplace is blocked."""

    reason: str
    tm: str


class Workplace(Record, frozen=True, gc=False):
    """A workplace with the ids of the acts it is assigned to; ``esd`` says that workers need an ESD test there."""

    id: int
    name: str
    erp_ref: str
    line: str | None
    esd: bool
    acts: tuple[int, ...]
    blocked: Block | None = None


class Machine(Record, frozen=True, gc=False):
    """A machine of a line; ``id`` is also called lineitem_id and machine_id.

    ``worker_ids`` are logged in at its workplace, ``op`` and ``act`` say which step it does, ``counter0`` is how many operations it has booked.
    """

    id: int
    name: str
    wp_id: int
    counter0: int
    worker_ids: tuple[int, ...]
    op: int | None
    act: int | None


class Line(Record, frozen=True, gc=False):
    """A line with its machines and the order it works on."""

    id: int
    name: str
    order_id: int | None
    machines: tuple[Machine, ...]
