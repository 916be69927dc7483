"""Lots on the floor: found, received, written off."""

import importlib

from tracepro_material import lots
from tracepro_material.lots import LARGEST_AMOUNT

from tracepro.database.schema import Schema


def test_a_new_lot_is_received_and_a_known_one_left_as_it_is(floor):
    lot = floor.getfloormat("R-10K", "L1", 5000)["wfloormat_id"]
    assert floor.on_floor(lot) == 5000
    assert floor.getfloormat("R-10K", "L1", 77) == {"wfloormat_id": lot}
    assert floor.on_floor(lot) == 5000


def test_a_lot_number_belongs_to_its_article(floor):
    assert floor.getfloormat("R-10K", "L1") != floor.getfloormat("R-22K", "L1")


def test_lot_numbers_differ_by_case_and_blanks_inside(floor):
    ids = [floor.getfloormat("R-10K", lot)["wfloormat_id"] for lot in ("L1", "l1", "L 1", "0L1")]
    assert len(set(ids)) == 4


def test_a_lot_is_the_same_whatever_the_scanner_adds(floor):
    lot = floor.receivemat("R-10K", "L1", 10)
    assert floor.getfloormat("]C1R-10K\r\n", "L1\r\n") == {"wfloormat_id": lot["wfloormat_id"]}
    assert floor.receivemat(" R-10K", "\ufeffL1", 5)["amount"] == 15
    assert floor.setwpmatbarcode(100, "\tR-10K ; L1 ;3\r\n", None, 1)["wfloormat_id"] == lot["wfloormat_id"]
    bom = floor.setwpbom(101, [[1, "R-10K\r\n", 2]])
    assert bom == [{"hole_no": 1, "mat_item": "R-10K", "decrement": 2}]
    error = floor.plant.error("setwpbom", 101, [[1, "R-10K", 2], [2, "R\x1d", 2]])
    assert error["code"] == -32602 and "bom[1][1] must be a code" in error["message"]


def test_the_noise_of_binary_fractions_is_rounded_away(floor):
    assert floor.receivemat("PASTE", "P1", 0.1 + 0.2)["amount"] == 0.3
    assert floor.setwpbom(100, [[1, "PASTE", 1.1 * 3]])[0]["decrement"] == 3.3
    for method, args in (
        ("receivemat", ("PASTE", "P1", 0.1234567)),
        ("setwpbom", (100, [[1, "PASTE", 0.1234567]])),
    ):
        assert floor.plant.error(method, *args)["code"] == -32602


def test_another_delivery_adds(floor):
    lot = floor.receivemat("R-10K", "L1", 10, "DN 1")
    assert floor.receivemat("R-10K", "L1", 2.5, "DN 2") == lot | {"amount": 12.5}


def test_a_delivery_counts_once_for_each_lot(floor):
    lot = floor.receivemat("R-10K", "L1", 10, "DN 1")
    error = floor.error("receivemat", "R-10K", "L1", 10, "DN 1")
    assert (error["code"], error["data"]["code"]) == (1002, "receipt-exists")
    assert "DN 1" in error["message"] and "L1" in error["message"]
    assert floor.refusal("receivemat", "R-10K", "L1", 7, "DN 1") == "receipt-exists"
    assert floor.receivemat("R-10K", "L2", 3, "DN 1")["amount"] == 3
    assert floor.receivemat("R-22K", "L1", 4, "DN 1")["amount"] == 4
    assert floor.receivemat("R-10K", "L1", 1, "DN 2")["amount"] == 11
    assert [floor.receivemat("R-10K", "L1", 1)["amount"] for _ in range(2)] == [12, 13]
    floor.check_books([lot["wfloormat_id"]])


def test_deliveries_that_were_booked_before_count_too(floor):
    floor.receivemat("R-10K", "L1", 10, "DN 1")
    floor.receivemat("R-10K", "L1", 10)

    def migrate_again(call):
        schema = Schema(call.db)
        schema.define("DROP TABLE material_receipt")
        importlib.import_module("tracepro_material.migrations.0002_receipts").migrate(schema)

    floor.plant.write(migrate_again)
    assert floor.refusal("receivemat", "R-10K", "L1", 10, "DN 1") == "receipt-exists"


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
