"""So many wrong guesses for one account within a few minutes, and no more; others are not held up."""

import pytest

from tracepro.access import guesses
from tracepro.access.errors import Throttled


@pytest.fixture
def plant(make_plant, database):
    return make_plant(("workplaces",), parameters={"api": {"guesses": 3, "guess_minutes": 5}})


def guess_wrong(plant, account="user:chief"):
    """Is what the way of a call does with a refused call: the count has its own transaction."""
    refused = []

    def guess(call):
        guesses.refuse_more(call, guesses.recent(call, account))
        guesses.count_wrong(call, account)
        refused.extend(call.refusals)

    plant.read(guess)
    for function in refused:
        plant.write(function)


def test_after_so_many_wrong_guesses_the_account_waits(plant):
    for _ in range(3):
        plant.clock.advance(seconds=10)
        guess_wrong(plant)
    with pytest.raises(Throttled) as throttled:
        guess_wrong(plant)
    assert (throttled.value.number, throttled.value.code) == (-32003, "throttled")
    assert throttled.value.retry_after == 280
    guess_wrong(plant, "user:other")


def test_the_first_guess_is_forgotten_first(plant):
    for _ in range(3):
        plant.clock.advance(seconds=100)
        guess_wrong(plant)
    plant.clock.advance(seconds=99)
    with pytest.raises(Throttled):
        guess_wrong(plant)
    plant.clock.advance(seconds=1)
    guess_wrong(plant)
    with pytest.raises(Throttled):
        guess_wrong(plant)
