"""The rule what is taken, without a database."""

from tracepro_material.backflush import Backflush, Demand
from tracepro_material.stock import Stock, StockLot

ONE_UNIT = Demand(1, 7, 1, 1)


def stock(*holes):
    """Return a stock of holes given as (hole, decrement, amount of the first reel, of the next …)."""
    made = Stock(100)
    for hole, decrement, *amounts in holes:
        for number, amount in enumerate(amounts):
            lot_id = 10 * hole + number
            lot = StockLot(lot_id, "R-10K", f"L{number}", amount, None, hole, decrement)
            made.holes.setdefault(hole, []).append(lot)
    return made


def taken(backflush):
    return [
        (taken.lot.lot_id, taken.hole_no, taken.amount, taken.shortage) for taken in backflush.withdrawals
    ]


def test_order_of_holes_and_reels():
    backflush = Backflush(stock((2, 3, 10), (1, 4, 1, 2, 9)))
    backflush.take_from_holes([ONE_UNIT])
    assert taken(backflush) == [(10, 1, 1, 0), (11, 1, 2, 0), (12, 1, 1, 0), (20, 2, 3, 0)]
    assert backflush.shortages() == []


def test_the_last_reel_of_a_hole_is_the_one_that_is_short():
    backflush = Backflush(stock((1, 4, 1, 2)))
    backflush.take_from_holes([ONE_UNIT, ONE_UNIT])
    assert taken(backflush) == [(10, 1, 1, 0), (11, 1, 3, 1), (11, 1, 4, 4)]
    assert [shortage.reason.code for shortage in backflush.shortages()] == ["material-short"]


def test_a_used_up_reel_is_passed_over():
    backflush = Backflush(stock((1, 4, 0, 9)))
    backflush.take_from_holes([ONE_UNIT])
    assert taken(backflush) == [(11, 1, 4, 0)]


def test_nothing_to_take_names_the_reel_in_use():
    backflush = Backflush(stock((1, 0, 5, 9)))
    backflush.take_from_holes([ONE_UNIT])
    assert taken(backflush) == [(10, 1, 0, 0)]


def test_rows_and_holes_share_what_there_is():
    backflush = Backflush(stock((1, 4, 5)))
    backflush.take_rows([ONE_UNIT], [(10, "R1", 2, 1)])
    backflush.take_from_holes([ONE_UNIT])
    assert taken(backflush) == [(10, 1, 2, 0), (10, 1, 4, 1)]


def test_factors():
    backflush = Backflush(stock((1, 4, 100)))
    backflush.take_rows([Demand(1, 7, 2, 6)], [(10, "R1", 1, 1)])
    backflush.take_from_holes([Demand(1, 7, 2, 6)])
    assert taken(backflush) == [(10, 1, 2, 0), (10, 1, 24, 0)]


def test_an_unknown_lot_takes_nothing():
    backflush = Backflush(stock())
    backflush.take_rows([ONE_UNIT], [(99, "R1", 1, 0)])
    assert taken(backflush) == []
