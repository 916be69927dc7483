"""Lots on the floor: found, received, written off."""

from tracepro_material import lots
from tracepro_material.lots import LARGEST_AMOUNT


def test_a_new_lot_is_received_and_a_known_one_left_as_it_is(floor):
    lot = floor.getfloormat("R-10K", "L1", 5000)["wfloormat_id"]
    assert floor.on_floor(lot) == 5000
    assert floor.getfloormat("R-10K", "L1", 77) == {"wfloormat_id": lot}
    assert floor.on_floor(lot) == 5000


def test_a_lot_number_belongs_to_its_article(floor):
    assert floor.getfloormat("R-10K", "L1") != floor.getfloormat("R-22K", "L1")


def test_lot_numbers_differ_by_case_and_blanks(floor):
    ids = [floor.getfloormat("R-10K", lot)["wfloormat_id"] for lot in ("L1", "l1", "L1 ", " L1")]
    assert len(set(ids)) == 4


def test_another_delivery_adds(floor):
    lot = floor.receivemat("R-10K", "L1", 10, "DN 1")
    assert floor.receivemat("R-10K", "L1", 2.5, "DN 2") == lot | {"amount": 12.5}


def test_thirty_tenths_are_three(floor):
    for _ in range(30):
        paste = floor.receivemat("PASTE", "P1", 0.1)
    assert paste["amount"] == 3


def test_a_loss_leaves_the_floor(floor):
    lot = floor.lot(amount=10)
    assert floor.writeoffmat(lot, 4, "torn")["amount"] == 6
    assert floor.refusal("writeoffmat", lot, 6.000001, "torn") == "material-short"
    assert floor.on_floor(lot) == 6
    floor.check_books([lot])


def test_what_is_refused(floor):
    assert floor.refusal("writeoffmat", 999, 1, "lost") == "floor-material-not-found"
    for amount in (-1, 0.0000001, 1_000_000_001, "5", None):
        assert floor.error("receivemat", "R-10K", "L1", amount)["code"] == -32602
    for item, lot in (("", "L1"), ("R-10K", ""), ("R\0", "L1"), ("R" * 256, "L1"), (5, "L1")):
        assert floor.error("getfloormat", item, lot)["code"] == -32602


def test_a_lot_never_outgrows_its_books(floor):
    lot = floor.lot(amount=1)
    floor.plant.write(lambda call: lots.set_amount(call, lots.lock(call, lot), LARGEST_AMOUNT))
    assert floor.error("receivemat", "R-10K", "L1", 1)["code"] == -32602
    assert floor.on_floor(lot) == LARGEST_AMOUNT // 1_000_000
