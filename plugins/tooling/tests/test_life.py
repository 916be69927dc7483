"""The life of a tool: what counts as used of it, when it warns and when it is over."""

import pytest
from tracepro_tooling.life import ToolLife, is_past_life, is_past_warning, site_day

from tracepro.testing.clock import PlantClock

TODAY = 739_000
LIFE = ToolLife(0, 100, 3_600_000_000, 30, 90, 0, 0, TODAY)


@pytest.mark.parametrize(
    ("mode", "field", "warns", "over"),
    [
        (0, "part_count", 90, 100),
        (1, "runtime", 3_240_000_000, 3_600_000_000),
        (2, "start_day", TODAY - 27, TODAY - 30),
    ],
)
def test_each_way_of_use_has_a_life_of_its_own(mode, field, warns, over):
    tool, less = LIFE._replace(usage_mode=mode), 1 if field == "start_day" else -1
    for limit, is_past in ((warns, is_past_warning), (over, is_past_life)):
        assert not is_past(tool._replace(**{field: limit + less}), TODAY)
        assert is_past(tool._replace(**{field: limit}), TODAY)


@pytest.mark.parametrize("life", [None, 0])
def test_a_tool_without_an_expected_life_never_ends(life):
    tool = LIFE._replace(part_life=life, part_count=10**9)
    assert not is_past_warning(tool, TODAY) and not is_past_life(tool, TODAY)


def test_days_are_those_of_the_site_and_none_before_the_first(make_plant):
    late = PlantClock("2026-11-20T22:30:00Z")
    plant = make_plant(("workplaces",), parameters={"site": {"timezone": "Europe/Prague"}}, clock=late)
    prague = plant.read(site_day)
    plant.clock.advance(hours=1)
    assert plant.read(site_day) == prague + 1
    assert not is_past_life(LIFE._replace(usage_mode=2, day_life=1, start_day=prague + 5), prague)
