"""The first tables: boxes, and the units that lie in them."""

from tracepro.database import Integer, Key, Model, ShortText


class Box(Model):
    id = Key()
    item = ShortText(default="")
    box_size = Integer(default=0)
    label = ShortText(null=True, unique=True)
    status = Integer(default=0)
    parent_id = Integer(null=True, index=True)

    class Meta:
        table_name = "boxes_box"


class Packed(Model):
    id = Key()
    box_id = Integer()
    item_id = Integer(unique=True)

    class Meta:
        table_name = "boxes_packed"
        indexes = ((("box_id", "id"), False),)


def migrate(schema):
    """Creates the tables."""
    for model in (Box, Packed):
        schema.create(model)
