"""What the page of a station shows of tools."""

from tracepro_tooling.pages import station_panel
from tracepro_workplaces import api as workplaces_api


def tools(plant, wp_id=100):
    found = plant.read(lambda call: station_panel.panel(call, workplaces_api.workplace(call, wp_id)))
    return [(tool["bar"]["used"], tool["bar"]["word"]) for tool in found["tools"]] if found else None


def test_tools_to_replace_are_told_the_most_used_first(mill):
    _, _, assembly = mill.process()
    for used in (10, 95, 100):
        mill.tool(assembly, part_life=100, part_count=used, warn_percent=90)
    assert tools(mill.plant) == [(100, "Replace now"), (95, "Replace soon")]
    assert tools(mill.plant, 101) is None
