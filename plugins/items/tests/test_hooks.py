"""What plugins are asked and told about units and operations."""

import pytest

from tracepro_hookspecs import Reason, hookimpl


class Watcher:
    """A plugin that hears of everything and can say no."""

    def __init__(self):
        self.asked, self.applied, self.told, self.created = [], [], [], []
        self.answer = []
        self.fails = False

    @hookimpl
    def tracepro_check_operations(self, call, order, items, steps, workplace, workers, draft):
        self.asked.append(
            ([item.barcode for item in items], [step.op for step in steps], draft and draft.result)
        )
        return self.answer

    @hookimpl
    def tracepro_apply_operations(self, call, order, items, operations, draft):
        if self.fails:
            raise RuntimeError("broken")
        self.applied.append([(operation.id, operation.barcode, operation.op) for operation in operations])

    @hookimpl
    def tracepro_operation_added(self, operations):
        self.told.append([operation.id for operation in operations])

    @hookimpl
    def tracepro_item_created(self, items):
        self.created.append([item.barcode for item in items])

    @hookimpl
    def tracepro_op_info(self, steps):
        return {str(step.op): {"_tp": "watch", "_status": "fine"} for step in steps}


@pytest.fixture
def watched(make_floor):
    watcher = Watcher()
    names = ("workplaces", "workers", "orders", "items", "watcher")
    floor = make_floor(names, extra={"watcher": watcher})
    floor.make_order()
    return floor, watcher


def test_plugins_are_asked_once_for_all_units_and_follow_what_was_recorded(watched):
    floor, watcher = watched
    units = [floor.unit(code) for code in ("A", "B")]
    floor.canaddop(units[0], [[20, None], [10, None]], 100, [32])
    floor.checkproc(floor.order, [[20, None]], 100, [32])
    ops = floor.batch_addop(units, 10, 1, 100, [32])["ops"]
    assert watcher.asked == [(["A"], [10, 20], None), ([], [20], None), (["A", "B"], [10], 0)]
    ids = [row["op_id"] for row in ops]
    assert watcher.applied == [[(ids[0], "A", 10), (ids[1], "B", 10)]]
    floor.plant.site.notifier.flush()
    assert watcher.told == [ids] and watcher.created == [["A"], ["B"]]
    assert floor.checkproc(floor.order, [[20, None]], 100, [32])["op_info"] == {
        "20": {"_tp": "watch", "_status": "fine"}
    }


def test_a_plugins_no_is_a_no_beside_the_others(watched):
    floor, watcher = watched
    unit = floor.unit()
    watcher.answer = [Reason("too-hot", "The oven is too hot.", item_id=unit)]
    assert floor.cannot(unit, 20) == floor.can(unit, 20) == ["previous-op-missing", "too-hot"]
    watcher.answer = 5
    assert floor.can(unit, 10) == ["plugin-failed"]


def test_a_plugin_that_fails_to_follow_takes_everything_back(watched):
    floor, watcher = watched
    unit = floor.unit()
    watcher.fails = True
    error = floor.plant.error("addop", unit, 10, 1, 100, [32])
    assert (error["code"], error["data"]["code"]) == (1000, "plugin-failed")
    assert floor.getitemoperations(unit) == [] and floor.counts()[10] == (0, 0)
    assert floor.can(unit, 10) == []


class Shower:
    """A plugin that shows several things about a step."""

    def __init__(self, *entries):
        self.entries = list(entries)

    @hookimpl
    def tracepro_op_info(self, steps):
        return {str(step.op): self.entries for step in steps}


def test_what_several_plugins_show_about_a_step_stands_side_by_side(make_floor):
    one, two, three = ({"_tp": "cart", "_name": name} for name in ("C1", "C2", "C3"))
    names = ("workplaces", "workers", "orders", "items", "first", "watcher")
    floor = make_floor(names, extra={"first": Shower(one, two), "watcher": Watcher()})
    floor.make_order()
    shown = floor.checkproc(floor.order, [[20, None]], 100, [32])["op_info"]
    assert shown == {"20": {**one, "entries": [one, two, {"_tp": "watch", "_status": "fine"}]}}
    floor = make_floor(names[:-1], extra={"first": Shower(three)})
    floor.make_order()
    shown = floor.checkproc(floor.order, [[20, None]], 100, [32])["op_info"]
    assert shown == {"20": {**three, "entries": [three]}}
