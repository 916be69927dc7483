"""The picture of a tree: where its boxes and lines stand, without a plant."""

import re

from tracepro_items.pages import tree
from tracepro_items.pages.tree import Node


def node(title, *behind, **values):
    return Node("unit", title, f"/{title}", next=behind, **values)


def titles(boxes):
    return [box.node.title for box in boxes]


FAMILY = tree.picture(
    node("M"),
    [node("panel"), node("host", node("outer"))],
    [node("A", node("A1"), node("A2")), node("B")],
)


def test_hosts_stand_above_what_they_hold_and_parts_below():
    assert titles(FAMILY.boxes) == ["outer", "host", "panel", "M", "A", "A1", "A2", "B"]


def test_boxes_stand_one_below_the_other_and_are_indented_by_level():
    tops = [box.y for box in FAMILY.boxes]
    assert tops == [tree.MARGIN + tree.ROW * number for number in range(8)]
    assert tree.ROW > tree.BOX_HEIGHT >= 48
    lefts = {box.node.title: box.x for box in FAMILY.boxes}
    assert lefts["M"] < lefts["A"] == lefts["B"] == lefts["host"] < lefts["A1"] == lefts["outer"]


def test_everything_is_inside_of_the_picture():
    for box in FAMILY.boxes:
        assert box.x >= 0 and box.x + tree.BOX_WIDTH < FAMILY.width
        assert box.y >= 0 and box.y + tree.BOX_HEIGHT < FAMILY.height


def test_each_line_leads_from_the_edge_of_a_box_to_the_side_of_its_next():
    boxes = {box.node.title: box for box in FAMILY.boxes}
    leads = {"outer": "host", "host": "M", "panel": "M", "A": "M", "A1": "A", "A2": "A", "B": "M"}
    assert boxes["M"].line == ""
    for title, start in leads.items():
        x, edge, middle, side = map(
            int, re.fullmatch(r"M(\d+) (\d+)V(\d+)H(\d+)", boxes[title].line).groups()
        )
        box, origin = boxes[title], boxes[start]
        assert origin.x < x < origin.x + tree.BOX_WIDTH and x < side == box.x
        assert edge == origin.y + (tree.BOX_HEIGHT if box.y > origin.y else 0)
        assert middle == box.y + tree.BOX_HEIGHT // 2


def test_one_that_is_alone_is_a_picture_too():
    alone = tree.picture(node("M"), [], [])
    assert titles(alone.boxes) == ["M"] and alone.width > tree.BOX_WIDTH


def test_a_deep_tree_is_no_trouble():
    deep = node("0")
    for number in range(1, 3000):
        deep = node(str(number), deep)
    picture = tree.picture(node("M"), [], [deep])
    assert [box.x for box in picture.boxes] == [tree.MARGIN + tree.INDENT * level for level in range(3001)]


def test_long_texts_are_cut():
    long = node("x" * 300, ref="R" * 300, note="n" * 300)
    assert len(long.short) <= tree.LONGEST and len(long.caption) == tree.LONGEST
    assert long.short.endswith("…") and long.caption.endswith("…")
    assert node("short", ref="A1", note="PCB").caption == "A1 · PCB"


def test_the_outline_has_every_box_with_its_level():
    rows = tree.outline([node("A", node("A1")), node("B")])
    assert [(level, each.title) for level, each in rows] == [(1, "A"), (2, "A1"), (1, "B")]
