"""What is told after commits goes out in the order of the commits, whenever their outcomes are learnt."""

import itertools

import pytest

from tracepro.calls.outbox import Outbox


class Notifier:
    def __init__(self):
        self.told = []

    def put(self, work, name):
        self.told.append(name)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_order_is_that_of_the_places(order):
    notifier = Notifier()
    outbox = Outbox(notifier)
    slots = [outbox.reserve([(f"{n}a", print), (f"{n}b", print)]) for n in range(3)]
    for n in order:
        outbox.settle(slots[n], committed=n != 1)
    assert notifier.told == ["0a", "0b", "2a", "2b"]


def test_what_is_not_settled_holds_back_only_what_comes_after():
    notifier = Notifier()
    outbox = Outbox(notifier)
    first, second, third = (outbox.reserve([(name, print)]) for name in "abc")
    outbox.settle(first, committed=True)
    outbox.settle(third, committed=True)
    assert notifier.told == ["a"]
    outbox.settle(second, committed=True)
    assert notifier.told == ["a", "b", "c"]
