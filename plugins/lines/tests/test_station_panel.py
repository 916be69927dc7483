"""What the page of a station shows of its line."""

from tracepro_lines import station_panel
from tracepro_workplaces import api as workplaces_api


def panels(plant, wp_id):
    return plant.read(lambda call: station_panel.panels(call, workplaces_api.workplace(call, wp_id)))


def test_the_line_tells_its_order_and_the_step_of_the_station(watched):
    assert panels(watched.plant, 100)["line"]["order"] is None
    order = watched.make_order()
    watched.setlineorder("SMT-1", order)
    shown = panels(watched.plant, 100)["line"]
    assert (shown["line"], shown["order"].id, shown["steps"]) == ("SMT-1", order, ["10"])


def test_a_station_on_no_line_has_no_such_panel(watched):
    assert panels(watched.plant, 140) == {}
