"""The tables: boxes, and the units that lie in them."""

from __future__ import annotations

from tracepro.database import Integer, Key, Model, ShortText


class Box(Model):
    """A box; ``item`` is the product it takes, empty for any, ``box_size`` how much lies in it at most, 0 for no limit.

    ``label`` is null when there is none, so that it is unique where it is set; ``parent_id`` is the box it lies in.
    """

    id = Key()
    item = ShortText(default="")
    box_size = Integer(default=0)
    label = ShortText(null=True, unique=True)
    status = Integer(default=0)
    parent_id = Integer(null=True, index=True)

    class Meta:
        table_name = "boxes_box"


class Packed(Model):
    """A unit that lies in a box, in one only; ids follow the order of packing."""

    id = Key()
    box_id = Integer()
    item_id = Integer(unique=True)

    class Meta:
        table_name = "boxes_packed"
        indexes = ((("box_id", "id"), False),)


MODELS: list[type[Model]] = [Box, Packed]
