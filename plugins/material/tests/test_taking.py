"""The rule what is taken, without a database."""

from tracepro_material.backflush import Demand, Taking
from tracepro_material.stock import Pile, Stock

ONE = Demand(1, 7, 1, 1)


def stock(*holes):
    """Holes as (hole, decrement, amount of the first reel, of the next …)."""
    made = Stock(100)
    for hole, decrement, *amounts in holes:
        for number, amount in enumerate(amounts):
            pile = Pile(10 * hole + number, "R-10K", f"L{number}", amount)
            pile.id, pile.hole_no, pile.decrement = pile.lot_id, hole, decrement
            made.holes.setdefault(hole, []).append(pile)
    return made


def takes(taking):
    return [(take.pile.lot_id, take.hole_no, take.amount, take.missing) for take in taking.takes]


def test_order_of_holes_and_reels():
    taking = Taking(stock((2, 3, 10), (1, 4, 1, 2, 9)))
    taking.from_holes([ONE])
    assert takes(taking) == [(10, 1, 1, 0), (11, 1, 2, 0), (12, 1, 1, 0), (20, 2, 3, 0)]
    assert taking.shortages() == []


def test_the_last_reel_of_a_hole_is_the_one_that_is_short():
    taking = Taking(stock((1, 4, 1, 2)))
    taking.from_holes([ONE, ONE])
    assert takes(taking) == [(10, 1, 1, 0), (11, 1, 3, 1), (11, 1, 4, 4)]
    assert [reason.code for reason in taking.shortages()] == ["material-short"]


def test_a_used_up_reel_is_passed_over():
    taking = Taking(stock((1, 4, 0, 9)))
    taking.from_holes([ONE])
    assert takes(taking) == [(11, 1, 4, 0)]


def test_nothing_to_take_names_the_reel_in_use():
    taking = Taking(stock((1, 0, 5, 9)))
    taking.from_holes([ONE])
    assert takes(taking) == [(10, 1, 0, 0)]


def test_rows_and_holes_share_what_there_is():
    within = stock((1, 4, 5))
    taking = Taking(within)
    taking.from_rows([ONE], [(10, "R1", 2, 1)])
    taking.from_holes([ONE])
    assert takes(taking) == [(10, 1, 2, 0), (10, 1, 4, 1)]


def test_multipliers():
    taking = Taking(stock((1, 4, 100)))
    taking.from_rows([Demand(1, 7, 2, 6)], [(10, "R1", 1, 1)])
    taking.from_holes([Demand(1, 7, 2, 6)])
    assert takes(taking) == [(10, 1, 2, 0), (10, 1, 24, 0)]


def test_an_unknown_lot_takes_nothing():
    taking = Taking(stock())
    taking.from_rows([ONE], [(99, "R1", 1, 0)])
    assert takes(taking) == []
