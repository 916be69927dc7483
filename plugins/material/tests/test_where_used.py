"""Where a lot went."""

from tracepro_hookspecs import hookimpl


def codes(page):
    return [unit["item"]["barcode"] for unit in page["units"]]


def test_nothing_took_it(floor):
    floor.lot()
    assert floor.whereused("R-10K", "L1") == {"units": [], "noncharged": [], "next": None}
    assert floor.refusal("whereused", "R-10K", "L2") == "floor-material-not-found"


def test_units_in_pages(floor):
    floor.setwpmat(100, "R-10K", "L1", 100, 1)
    units = [floor.unit(f"U{n}") for n in range(5)]
    for unit in units:
        floor.record(unit, mat_auto=True)
        floor.record(unit, mat_auto=True)
    first = floor.whereused("R-10K", "L1", 0, 2)
    second = floor.whereused("R-10K", "L1", first["next"], 2)
    third = floor.whereused("R-10K", "L1", second["next"], 2)
    assert [codes(page) for page in (first, second, third)] == [["U0", "U1"], ["U2", "U3"], ["U4"]]
    assert third["next"] is None
    assert floor.whereused("R-10K", "L1", 0, 5)["next"] is None
    unit = first["units"][0]
    assert unit["order"] == {"id": floor.order, "erp_ref": "VP-1", "item": "PCB-A"}
    assert (unit["via"], unit["box"]) == ([], None)


def test_up_through_components(floor):
    lot = floor.lot()
    for code in ("BOARD", "MODULE", "DEVICE"):
        floor.unit(code)
    unit = {code: floor.getitembyitem("PCB-A", code)["id"] for code in ("BOARD", "MODULE", "DEVICE")}
    floor.record(unit["BOARD"], mat=[[lot, "R1", 1, 0]])
    floor.record(unit["MODULE"], data=[[11, "X1", "BOARD"]])
    floor.record(unit["DEVICE"], data=[[11, "M1", "MODULE"]])
    page = floor.whereused("R-10K", "L1")
    assert codes(page) == ["BOARD"]
    assert page["units"][0]["via"] == [[unit["MODULE"], "X1"], [unit["DEVICE"], "M1"]]


def test_what_a_panel_took_is_in_its_boards(floor):
    lot = floor.lot()
    order = floor.make_order("VP-2", "PANEL", mptp=1, mpcount=3)
    panel = floor.unit("P1", 2, order)
    floor.setitembadmark(floor.unit("P1/3", 0, order), 100, [32])
    floor.record(panel, mat=[[lot, "R1", 1, 0]])
    floor.record(floor.unit("P1/2", 0, order), mat=[[lot, "R2", 1, 0]])
    floor.record(floor.unit("DEVICE"), data=[[11, "A1", "P1/1"]])
    page = floor.whereused("R-10K", "L1")
    assert codes(page) == ["P1", "P1/1", "P1/2"]
    assert page["units"][0]["via"] == []
    assert page["units"][2]["via"] == [[panel, "2"]]
    device = floor.getitembyitem("PCB-A", "DEVICE")["id"]
    assert [device, "A1"] in page["units"][1]["via"]
    assert codes(floor.whereused("R-10K", "L1", 0, 1)) == ["P1", "P1/1", "P1/2"]


def test_a_board_that_was_bad_when_its_panel_took_the_lot_is_left_out(floor):
    lot = floor.lot()
    order = floor.make_order("VP-2", "PANEL", mptp=1, mpcount=6)
    panel = floor.unit("P1", 2, order)
    board = {n: floor.unit(f"P1/{n}", 0, order) for n in range(1, 7)}
    floor.record(board[1], mat=[[lot, "R1", 1, 0]])
    floor.setitemscrap(board[1], 100, [32])
    floor.setitemscrap(board[2], 100, [32])
    floor.record(board[3], result=1)
    taken = floor.record(panel, mat=[[lot, "R1", 1, 0]])
    floor.setitembad(board[2], 100, [32], 0)
    floor.setitemscrap(board[4], 100, [32])
    floor.setitembadmark(board[5], 100, [32])
    used = floor.whereused("R-10K", "L1")
    assert codes(used) == ["P1", "P1/1", "P1/3", "P1/4", "P1/6"]
    assert used["units"][1]["item"]["bad"] == 1
    assert codes(floor.whereused("R-10K", "L1", 0, 1)) == codes(used)
    floor.record(panel, mat=[[lot, "R2", 1, 0]])
    assert codes(floor.whereused("R-10K", "L1")) == ["P1", "P1/1", "P1/2", "P1/3", "P1/4", "P1/6"]
    floor.cancelop(floor.getitemoperations(panel)[-1]["id"], 100, [32], "wrong panel")
    assert codes(floor.whereused("R-10K", "L1")) == codes(used)
    floor.cancelop(taken, 100, [32], "wrong panel")
    assert codes(floor.whereused("R-10K", "L1")) == ["P1/1"]


def test_a_board_marked_after_it_took_the_lot_itself_stays(floor):
    lot = floor.lot()
    order = floor.make_order("VP-2", "PANEL", mptp=1, mpcount=2)
    panel, board = floor.unit("P1", 2, order), floor.unit("P1/1", 0, order)
    floor.record(board, mat=[[lot, "R1", 1, 0]])
    floor.setitembadmark(board, 100, [32])
    floor.record(panel, mat=[[lot, "R1", 1, 0]])
    assert codes(floor.whereused("R-10K", "L1")) == ["P1", "P1/1", "P1/2"]


def test_a_cancelled_operation_does_not_use_the_lot(floor):
    lot = floor.lot()
    first, second = floor.unit("U1"), floor.unit("U2")
    operations = [floor.record(unit, mat=[[lot, "R1", 1, 0]]) for unit in (first, second)]
    floor.cancelop(operations[0], 100, [32], "wrong unit")
    assert codes(floor.whereused("R-10K", "L1")) == ["U2"]


def test_non_charged_orders_are_named(floor):
    lot = floor.lot()
    floor.addncopswithmat(floor.order, 10, 1, 5, 100, [32], mat=[[lot, "", 1, 0]])
    page = floor.whereused("R-10K", "L1")
    assert page["units"] == []
    assert page["noncharged"] == [{"id": floor.order, "erp_ref": "VP-1", "item": "PCB-A"}]


class Boxed:
    """A plugin that knows the boxes of units."""

    def __init__(self):
        self.boxes = {}

    @hookimpl
    def tracepro_item_whereabouts(self, item_ids):
        return {item_id: {"box": self.boxes[item_id]} for item_id in item_ids if item_id in self.boxes}


def test_the_box_of_the_outermost(make_floor):
    boxed = Boxed()
    floor = make_floor(extra={"boxed": boxed})
    lot = floor.lot()
    board, device, other = floor.unit("BOARD"), floor.unit("DEVICE"), floor.unit("OTHER")
    floor.record(board, mat=[[lot, "R1", 1, 0]])
    floor.record(other, mat=[[lot, "R1", 1, 0]])
    floor.record(device, data=[[11, "A1", "BOARD"]])
    boxed.boxes = {board: "tray", device: "carton"}
    assert [unit["box"] for unit in floor.whereused("R-10K", "L1")["units"]] == ["carton", None]
