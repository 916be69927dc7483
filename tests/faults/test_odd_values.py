"""Whatever stands where a value should, the answer is a result or a refusal, the same on both databases, and never a failure of ours."""

import itertools
from random import Random

import pytest

from . import odd_calls, odd_requests
from .odd_values import ODD
from .walking import PLUGINS, Faults, walk

pytestmark = [pytest.mark.faults("an odd value"), pytest.mark.timeout(600)]

KNOWN = {
    "wp_id": 101,
    "line_name": "SMT-1",
    "mat_item": "R-10K-0603",
    "mat_lot": "L2611-001",
}
"""What pages of the example plant are about; ids not named are 1."""

ONE_OF = 10
"""Of so many pairs one is asked of PostgreSQL too, where each answer takes its time."""


def taken_in_turn(dice):
    """Yield the odd values for ever, in an order that the dice give."""
    return itertools.cycle(dice.sample([*ODD.values()], len(ODD)))


def test_there_are_37_odd_values():
    assert len({repr(value) for value in ODD.values()}) == len(ODD) == 37


def test_some_odd_values_make_no_method_and_no_page_fail(twins, documents, seed, tried):
    faults, dice = Faults(), Random(seed)
    values = taken_in_turn(dice)
    for place in walk(twins, documents):
        for params in odd_calls.some_calls(place, values, dice):
            faults.note(twins.call(place.method, params), place.method, params)
    assert faults.asked > 700
    ask_some(twins, odd_requests.pages(twins.plants[0].site, KNOWN), faults, dice)
    tried(calls=faults.asked)
    faults.check()


def test_some_odd_values_make_no_route_fail(sites, seed, tried):
    faults = Faults()
    ask_some(sites, odd_requests.routes(sites.plants[0].site), faults, Random(seed))
    assert faults.asked > 300
    tried(requests=faults.asked)
    faults.check()


def ask_some(twins, places, faults, dice):
    """Send a few odd requests to each place."""
    values = taken_in_turn(dice)
    for place in places:
        for request in odd_requests.some_requests(place, values, dice):
            faults.note(twins.http(*request), *request)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("plugin", PLUGINS)
def test_no_odd_value_makes_a_method_fail(twins, documents, plugin, tried):
    faults, paired = Faults(), set()
    for place in walk(twins, documents, plugin):
        before = twins.rows()
        for params in itertools.chain.from_iterable(odd_calls.calls(place, odd) for odd in ODD.values()):
            faults.note(twins.call(place.method, params), place.method, params)
        if place.method not in paired and len(place.names) <= odd_calls.FEW:
            paired.add(place.method)
            for number, params in enumerate(odd_calls.in_pairs(place)):
                both = number % ONE_OF == 0
                faults.note(twins.call(place.method, params, both=both), place.method, params)
        assert twins.rows() == before, f"{place.method} left something behind"
    tried(calls=faults.asked)
    faults.check()


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_no_odd_value_makes_a_route_fail(sites, tried):
    ask_all(sites, odd_requests.routes(sites.plants[0].site), tried)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_no_odd_value_makes_a_page_fail(twins, documents, tried):
    for _ in walk(twins, documents):
        pass
    ask_all(twins, odd_requests.pages(twins.plants[0].site, KNOWN), tried)


def ask_all(twins, places, tried):
    """Send every odd request to each place."""
    faults, before = Faults(), twins.rows()
    for place in places:
        for request in itertools.chain.from_iterable(
            odd_requests.requests(place, odd) for odd in ODD.values()
        ):
            faults.note(twins.http(*request), *request)
    assert twins.rows() == before
    tried(requests=faults.asked)
    faults.check()
