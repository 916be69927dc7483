"""Terminals at one machine, and a tool that is replaced beside them: every part is on one side of the replacement."""

from functools import partial

import pytest

from tracepro.testing.races import LONG, refusals

pytestmark = pytest.mark.faults("a race")


@pytest.fixture
def mill(make_mill):
    """Return a plant whose writes are queued as in a server: on PostgreSQL several run at once."""
    return make_mill(queued=True)


@pytest.mark.parametrize("rounds", [10, LONG])
def test_every_part_is_in_the_counters_or_in_a_replacement(mill, at_once, rounds):
    process, program, assembly = mill.process()
    first, second = mill.tool(assembly), mill.tool(assembly)
    replaced = cancelled = 0
    for _ in range(rounds):
        wrong = mill.mill()
        units = [mill.unit(), mill.unit()]
        *_, taken = answers = at_once(
            *(partial(mill.mill, unit) for unit in units),
            partial(mill.cancel, wrong),
            partial(mill.replace, first),
        )
        assert not refusals(answers)
        replaced, cancelled = replaced + taken["static_part_count"], cancelled + 1
    made = 2 * rounds
    assert mill.counters(second) == (made, 10 * made, {program: made})
    assert made <= replaced + mill.counters(first)[0] <= made + cancelled
