"""Loading, splicing, closing and clearing holes."""


def test_loading_takes_off_the_floor(floor):
    lot = floor.lot(amount=100)
    row = floor.setwpmat(100, "R-10K", "L1", 60, 3)
    assert row == {
        "wp_id": 100,
        "hole_no": 3,
        "wfloormat_id": lot,
        "mat_item": "R-10K",
        "mat_lot": "L1",
        "amount": 60,
        "decrement": 1,
        "queue": 0,
    }
    assert floor.on_floor(lot) == 40
    floor.check_books([lot])


def test_an_unknown_lot_is_received_first(floor):
    floor.setwpmat(100, "R-10K", "NEW", 60)
    assert floor.loaded() == {0: [("NEW", 60)]}
    assert floor.on_floor(floor.getfloormat("R-10K", "NEW")["wfloormat_id"]) == 0


def test_too_little_is_refused_and_nothing_changes(floor):
    lot = floor.lot(amount=10)
    floor.setwpmat(100, "C-1U", "C1", 5, 1)
    assert floor.refusal("setwpmat", 100, "R-10K", "L1", 11, 1) == "material-short"
    assert floor.loaded() == {1: [("C1", 5)]}
    assert floor.on_floor(lot) == 10


def test_replacing_puts_the_former_lot_back(floor):
    first, second = floor.lot(lot="L1"), floor.lot(lot="L2")
    floor.setwpmat(100, "R-10K", "L1", 60, 1)
    floor.setwpmat(100, "R-10K", "L2", 70, 1)
    assert floor.loaded() == {1: [("L2", 70)]}
    assert (floor.on_floor(first), floor.on_floor(second)) == (100, 30)
    floor.check_books([first, second])


def test_shortage_is_judged_after_the_former_lot_went_back(floor):
    lot = floor.lot(amount=100)
    floor.setwpmat(100, "R-10K", "L1", 90, 1)
    floor.setwpmat(100, "R-10K", "L1", 95, 1)
    assert floor.loaded() == {1: [("L1", 95)]}
    assert floor.on_floor(lot) == 5


def test_clamped_loads_what_there_is(floor):
    lot = floor.lot(amount=30)
    assert floor.setwpmatclamped(100, "R-10K", "L1", 50, 1)["amount"] == 30
    assert floor.refusal("setwpmatclamped", 101, "R-10K", "L1", 50, 1) == "material-short"
    assert floor.setwpmatclamped(101, "R-22K", "NEW", 50, 2)["amount"] == 50
    floor.check_books([lot])


def test_an_empty_reel_is_not_loaded(floor):
    floor.setwpmat(100, "C-1U", "C1", 5, 1)
    for method, args in (
        ("setwpmat", ("R-10K", "L1", 0)),
        ("setwpmatclamped", ("R-10K", "L1", 0.0)),
        ("setwpmatbarcode", ("R-10K;L1", 0)),
        ("setwpmatbarcode", ("R-10K;L1;0", None)),
    ):
        error = floor.error(method, 100, *args, hole_no=1)
        assert (error["code"], error["data"]["parameter"]) == (-32602, "amount"), (method, args)
    floor.lot(amount=0)
    assert floor.refusal("setwpmatclamped", 100, "R-10K", "L1", 50, 1) == "material-short"
    assert floor.loaded() == {1: [("C1", 5)]}
    assert floor.refusal("whereused", "R-10K", "L2") == "floor-material-not-found"


def test_an_empty_floor_queues_nothing_behind_a_reel(make_floor):
    floor = make_floor(splice="queue")
    floor.setwpmat(100, "R-10K", "L1", 5, 1)
    for lot in ("L1", "L2"):
        floor.getfloormat("R-10K", lot)
        assert floor.refusal("setwpmatclamped", 100, "R-10K", lot, 50, 1) == "material-short"
    assert floor.loaded() == {1: [("L1", 5)]}


def test_splice_queue(make_floor):
    floor = make_floor(splice="queue")
    lots = [floor.lot(lot=name) for name in ("L1", "L2", "L3")]
    assert [floor.setwpmat(100, "R-10K", name, 10, 1)["queue"] for name in ("L1", "L2", "L3")] == [0, 1, 2]
    assert floor.setwpmat(100, "R-10K", "L2", 5, 1)["amount"] == 15
    assert floor.loaded() == {1: [("L1", 10), ("L2", 15), ("L3", 10)]}
    floor.closewpmat(100, "R-10K", "L1")
    assert floor.loaded() == {1: [("L2", 15), ("L3", 10)]}
    floor.setwpmat(100, "C-1U", "C1", 4, 1)
    assert floor.loaded() == {1: [("C1", 4)]}
    assert [floor.on_floor(lot) for lot in lots] == [100, 100, 100]
    floor.check_books(lots)


def test_bom_is_replaced_whole_and_read_by_hole(floor):
    floor.setwpbom(100, [[2, "C-1U", 2], [1, "R-10K", 0.5]])
    assert floor.setwpbom(100, [[3, "D-1", 1], [1, "R-10K", 0.5], [1, "R-10K-ALT", 1.0]]) == [
        {"hole_no": 1, "mat_item": "R-10K", "decrement": 0.5},
        {"hole_no": 1, "mat_item": "R-10K-ALT", "decrement": 1},
        {"hole_no": 3, "mat_item": "D-1", "decrement": 1},
    ]
    assert floor.setwpbom(100, []) == floor.getwpbom(100) == []


def test_bad_bom_rows(floor):
    wrong_length = [[1, "R"], [1, "R", 1, 1], 5]
    wrong_value = [[-1, "R", 1], ["x", "R", 1], [1, "", 1], [1, "R", -1], [1, "R", 0.0000001]]
    for row in wrong_length + wrong_value:
        assert floor.error("setwpbom", 100, [row])["code"] == -32602, row


def test_an_article_stands_once_for_a_hole(floor):
    assert floor.error("setwpbom", 100, [[1, "R", 1], [1, "R", 2]])["code"] == -32602


def test_with_a_bom_only_its_holes_and_articles(floor):
    floor.setwpbom(100, [[1, "R-10K", 4], [1, "R-10K-ALT", 2]])
    assert floor.refusal("setwpmat", 100, "R-10K", "L1", 5, 2) == "material-not-in-bom"
    assert floor.refusal("setwpmatclamped", 100, "C-1U", "L1", 5, 1) == "material-not-in-bom"
    assert floor.setwpmat(100, "R-10K-ALT", "L1", 5, 1)["decrement"] == 2
    assert floor.refusal("closewpmat", 100, "C-1U", "L1") == "floor-material-not-found"


def test_decrement_follows_the_bom_unless_given(floor):
    floor.setwpmat(100, "R-10K", "L1", 5, 1)
    floor.setwpmat(100, "R-22K", "L2", 5, 2, 3)
    floor.setwpbom(100, [[1, "R-10K", 4], [2, "R-22K", 4]])
    assert [row["decrement"] for row in floor.getwpmat(100)] == [4, 3]


def test_closing_as_booked_and_as_counted(floor):
    lot = floor.lot(amount=100)
    floor.setwpmat(100, "R-10K", "L1", 60, 1)
    assert floor.closewpmat(100, "R-10K", "L1") == {"returned": 60, "correction": 0}
    floor.setwpmat(100, "R-10K", "L1", 60, 1)
    assert floor.closewpmat(100, "R-10K", "L1", 52.5) == {"returned": 52.5, "correction": -7.5}
    floor.setwpmat(100, "R-10K", "L1", 60, 1)
    assert floor.closewpmat(100, "R-10K", "L1", 61) == {"returned": 61, "correction": 1}
    assert floor.on_floor(lot) == 93.5
    floor.check_books([lot])


def test_a_lot_in_two_holes_needs_the_hole(floor):
    lot = floor.lot(amount=100)
    for hole in (1, 2):
        floor.setwpmat(100, "R-10K", "L1", 10, hole)
    assert floor.refusal("closewpmat", 100, "R-10K", "L1") == "hole-ambiguous"
    assert floor.closewpmat(100, "R-10K", "L1", None, 2)["returned"] == 10
    assert floor.closewpmat(100, "R-10K", "L1", 10)["returned"] == 10
    assert floor.refusal("closewpmat", 100, "R-10K", "L1") == "floor-material-not-found"
    assert floor.on_floor(lot) == 100


def test_clearing(floor):
    lots = [floor.lot(lot=name) for name in ("L1", "L2")]
    for hole, name in enumerate(("L1", "L2", "L1"), 1):
        floor.setwpmat(100, "R-10K", name, 10, hole)
    floor.setwpmat(101, "R-10K", "L2", 10, 1)
    assert floor.clearwpmat(100) == {"cleared": 3}
    assert floor.clearwpmat(100) == {"cleared": 0}
    assert [floor.on_floor(lot) for lot in lots] == [100, 90]
    floor.check_books(lots)


def test_unknown_workplace(floor):
    calls = {
        "getwpmat": (),
        "setwpmat": ("R", "L", 1),
        "setwpmatclamped": ("R", "L", 1),
        "setwpmatbarcode": ("R;L", 1),
        "closewpmat": ("R", "L"),
        "clearwpmat": (),
        "setwpbom": ([],),
        "getwpbom": (),
    }
    for method, args in calls.items():
        assert floor.refusal(method, 999, *args) == "workplace-not-found"
    assert floor.refusal("parsetoolbarcode", 999, "TOOL;A;B") == "workplace-not-found"
