"""Two who list one cart for two orders at once, and two who set the carts of one step: one order each time."""

import pytest

from tracepro.testing.races import LONG, refusals

pytestmark = pytest.mark.faults("a race")


@pytest.mark.parametrize("rounds", [20, LONG])
def test_of_two_orders_that_lines_work_on_one_gets_a_cart(shop, at_once, rounds):
    shop.run("L1", shop.a)
    shop.run("L2", shop.b)
    for n in range(rounds):
        carts = {f"C{n}": 1, f"D{n}": 2}
        sides = ((shop.a, "P1", "A"), (shop.b, "P2", "B"))
        answers = at_once(
            *(
                lambda order=order, machine=machine, lot=lot, carts=carts: shop.set(
                    order,
                    **{name: (machine, bank, [(bank, "R", f"{lot}{bank}")]) for name, bank in carts.items()},
                )
                for order, machine, lot in sides
            )
        )
        assert refusals(answers) == ["cart-in-use"]
        assert sorted(len(shop.names(order)) for order in (shop.a, shop.b)) == [0, 2]
        shop.set(shop.a), shop.set(shop.b)


@pytest.mark.parametrize("rounds", [20, LONG])
def test_two_who_set_the_carts_of_a_step_never_mix(shop, at_once, rounds):
    maps = [{f"{side}{n}": ("P1", n, []) for n in range(3)} for side in "AB"]
    for _ in range(rounds):
        answers = at_once(*(lambda carts=carts: shop.set(shop.a, **carts) for carts in maps))
        assert not refusals(answers)
        assert shop.names(shop.a) in (["A0", "A1", "A2"], ["B0", "B1", "B2"])
