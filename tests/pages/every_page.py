"""Every page that the plugins bring, with a path that shows something of a demo plant on which the morning was played."""

from examples.morning import CONTROLLERS, PROBE, REELS
from pages.declared import PLUGINS, Plugin, plugins
from tracepro.testing.page import path_of

LINE, WORKPLACE, UNIT, BOX = "SMT-1", 101, "C7-900001", "CARTON-901"
OVENS = Plugin(PLUGINS.parent / "examples" / "ovens")
PAGES = {page.name: page for plugin in (*plugins(), OVENS) for page in plugin.declared("pages")}
"""Every page by its name."""


def paths(call, mark=""):
    """Return a path of each page by its name; ``call`` makes calls, ``mark`` stands behind every text that was stored."""
    known = fields(call, mark)
    return {name: path_of(page, known) for name, page in PAGES.items()}


def fields(call, mark):
    """Return what a path or query is filled with, by the name of the field."""
    (unit,) = call("getitembybarcode", UNIT + mark)
    mat_item, mat_lot = REELS[1]
    return {
        "wp_id": WORKPLACE,
        "line_name": LINE + mark,
        "code": unit["id"],
        "item_id": unit["id"],
        "order_id": CONTROLLERS,
        "mat_item": mat_item + mark,
        "mat_lot": mat_lot + mark,
        "tool_id": PROBE,
        "box_id": call("getboxbylabel", BOX + mark)["id"],
    }
