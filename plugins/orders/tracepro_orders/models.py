"""The table of production orders."""

from __future__ import annotations

from tracepro.database import Amount, Instant, Integer, Json, Key, LongText, Model, ShortText


class Order(Model):
    """A production order; ``operations`` is its routing as JSON, in order of ``op``.

    The routing is in the order's own row, so that a scan reads both at once.
    """

    id = Key()
    erp_ref = ShortText(unique=True)
    item = ShortText()
    item_name = ShortText(default="")
    status = Integer(default=0)
    flags = Integer(default=0)
    amount = Amount(default=0)
    params = Json(default=dict)
    mptp = Integer(default=0)
    mpcount = Integer(default=0)
    barcode_mp = ShortText(default="")
    barcode_pcb = ShortText(default="")
    customer = ShortText(default="")
    cat1 = ShortText(default="")
    cat2 = ShortText(default="")
    cat3 = ShortText(default="")
    vd = Json(null=True)
    created = Instant()
    operations = LongText(default="[]")

    class Meta:
        table_name = "orders_order"
        indexes = (
            (("item", "status"), False),
            (("status", "id"), False),
            (("status", "erp_ref"), False),
        )


MODELS: list[type[Model]] = [Order]
