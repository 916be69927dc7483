"""Calls of methods with odd values in them: each is one that works, but for what is odd."""

import itertools
from itertools import combinations, product
from typing import NamedTuple

from .odd_values import LARGE, ODD

FEW = 3
"""How many parameters a method may have for two of them to be odd at once in every way."""


class Place(NamedTuple):
    """A call that the plants take as they are now; ``names`` are all parameters of the method."""

    method: str
    params: dict
    names: list


def place_of(twins, method, example):
    """Return the place of an example."""
    spec = twins.plants[0].dispatcher.methods[method].spec
    params = {param["name"]: param["value"] for param in example["params"]}
    return Place(method, params, [param["name"] for param in spec["params"]])


def calls(place, odd):
    """Yield the parameters of every call with this odd value somewhere in it, by name and by position."""
    yield from by_name(place, odd)
    yield from by_position(place, odd)
    yield from inside(place, odd)


def by_name(place, odd):
    """Yield each parameter odd in turn, all of them odd, and one more that is not known."""
    yield from ({**place.params, name: odd} for name in place.names)
    yield dict.fromkeys(place.names, odd)
    yield {**place.params, "no such": odd}


def by_position(place, odd):
    """Yield parameters in their order, as far as the example has them, with each one odd in turn, and one too many."""
    given = list(itertools.takewhile(place.params.__contains__, place.names))
    given = [place.params[name] for name in given]
    yield from ([*given[:index], odd, *given[index + 1 :]] for index in range(len(given)))
    yield [*given, *[None] * (len(place.names) - len(given)), odd]


def inside(place, odd):
    """Yield a part of a parameter odd, however deep it lies."""
    for name, value in place.params.items():
        yield from ({**place.params, name: part} for part in replaced(value, odd) if part is not odd)


def in_pairs(place):
    """Yield two of few parameters odd, each in every way."""
    values = [value for name, value in ODD.items() if name not in LARGE]
    for one, other in combinations(place.names[:FEW], 2):
        yield from ({**place.params, one: left, other: right} for left, right in product(values, values))


def replaced(value, odd):
    """Yield copies of a value with one part of it odd; at last it is odd itself."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from ({**value, name: member} for member in replaced(inner, odd))
        yield {**value, "no such": odd}
    elif isinstance(value, list):
        for index, inner in enumerate(value[:4]):
            yield from ([*value[:index], member, *value[index + 1 :]] for member in replaced(inner, odd))
        yield [*value, odd]
    yield odd


def some_calls(place, values, dice):
    """Yield few of the calls: each parameter is odd once, ``values`` are taken in turn, and one call of every other kind."""
    yield from ({**place.params, name: next(values)} for name in place.names)
    for kind in (by_name, by_position, inside):
        made = list(kind(place, next(values)))
        if made:
            yield dice.choice(made)
    if len(place.names) > 1:
        one, other = dice.sample(place.names, 2)
        yield {**place.params, one: next(values), other: next(values)}
