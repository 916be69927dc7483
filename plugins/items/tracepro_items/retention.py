"""Which data rows of operations a site may archive, and what their operations then say.

Units, operations, route states, counts, components and lots stay: genealogy and rules read them. Of the data rows those stay
that set slots or build components in.
"""

from __future__ import annotations

from collections.abc import Iterable

from tracepro import clock
from tracepro.database import archived_before
from tracepro_hookspecs import Archive, Call
from tracepro_items import models as m
from tracepro_schemas import defs

ARCHIVE = Archive(
    m.Data,
    m.Operation.recorded,
    "Texts, numbers, measurements and links that were recorded with operations.",
    only=m.Data.tp.in_([defs.DATA_TP_TEXT, defs.DATA_TP_NUMBER, defs.DATA_TP_MEASUREMENT, defs.DATA_TP_LINK]),
    joins=[(m.Operation, m.Operation.id == m.Data.op_id), (m.Unit, m.Unit.id == m.Operation.item_id)],
    beside={
        "item_id": m.Operation.item_id,
        "barcode": m.Unit.barcode,
        "op": m.Operation.op,
        "recorded": m.Operation.recorded,
    },
)


def data_archived_before(call: Call, recorded: Iterable[int]) -> int:
    """Return the moment up to which data rows of operations, recorded at these times, may be in files; 0 if none can be.

    What was recorded lately can't, and is not worth a question on the way of a scan.
    """
    if min(recorded) > call.now - ARCHIVE.min_days * clock.DAY:
        return 0
    return archived_before(call.db, m.Data) or 0
