"""The tables: carts, and for which order and step they are listed."""

from __future__ import annotations

from peewee import ForeignKeyField

from tracepro.database import Integer, Json, Key, Model, ShortText


class Cart(Model):
    """A cart; its row is locked while somebody lists it."""

    id = Key()
    name = ShortText(unique=True)

    class Meta:
        table_name = "smdcarts_cart"


class Listing(Model):
    """A cart that a step of an order needs: at which machine and bank, with which program and reels.

    ``bank`` is a number or a name, ``reels`` are (hole_no, mat_item, mat_lot) rows with None for a lot that is
    not scanned yet.
    """

    id = Key()
    order_id = Integer()
    op = Integer()
    cart = ForeignKeyField(Cart, index=False)
    machine = ShortText()
    bank = Json()
    program = ShortText(default="")
    reels = Json()

    class Meta:
        table_name = "smdcarts_listing"
        indexes = ((("order_id", "op", "cart"), True), (("cart", "order_id"), False))


MODELS: list[type[Model]] = [Cart, Listing]
