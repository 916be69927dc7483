"""What the page of a station shows of material."""

from tracepro_material.pages import station_panel
from tracepro_workplaces import api as workplaces_api


def feeders(plant, wp_id=100):
    found = plant.read(lambda call: station_panel.panels(call, workplaces_api.workplace(call, wp_id)))
    return (
        [(feeder["hole_no"], feeder["units"]) for feeder in found["material"]["feeders"]] if found else None
    )


def test_feeders_tell_for_how_many_units_they_last_the_emptiest_first(floor):
    assert feeders(floor.plant) is None
    floor.setwpbom(100, [[1, "R-10K", 3], [2, "C-1", 1], [3, "X", 1]])
    floor.setwpmat(100, "R-10K", "L1", 100, 1)
    floor.setwpmat(100, "C-1", "L2", 5, 2)
    assert feeders(floor.plant) == [(3, 0), (2, 5), (1, 33)]


def test_what_no_unit_takes_lasts_for_ever(floor):
    floor.setwpmat(100, "R-10K", "L1", 100, 1, 0)
    floor.setwpmat(100, "C-1", "L2", 50, 2)
    assert feeders(floor.plant) == [(2, 50), (1, None)]
