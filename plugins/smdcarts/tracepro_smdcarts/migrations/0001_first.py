"""The first tables: carts, and for which order and step they are listed."""

from peewee import ForeignKeyField

from tracepro.database import Integer, Json, Key, Model, ShortText


class Cart(Model):
    id = Key()
    name = ShortText(unique=True)

    class Meta:
        table_name = "smdcarts_cart"


class Listing(Model):
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


def migrate(schema):
    """Creates the tables."""
    for model in (Cart, Listing):
        schema.create(model)
