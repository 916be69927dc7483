"""ESD tests: asked for at ESD workplaces where a line says so, at login and at work."""

import pytest

from tracepro.findings import StartError
from tracepro_schemas import defs


def test_an_esd_test_holds_for_hours_at_esd_workplaces(make_skilled_plant, reasons_against):
    plant = make_skilled_plant(esd_check=True)
    assert plant.error("loginwp", 32, 100)["data"]["code"] == "esd-expired"
    assert plant.call("loginwp", 32, 128)["id"] == 32
    assert plant.call("setworkeresd", 32, 100, True)["esd_tm"] == "2026-11-20T10:00:00.000Z"
    assert [check["check"] for check in plant.call("loginwp", 32, 100)["checks"]] == ["active", "esd"]
    plant.clock.advance(hours=12)
    assert reasons_against(plant, [32]) == []
    plant.clock.advance(seconds=1)
    assert reasons_against(plant, [32]) == [("esd-expired", None)]


@pytest.mark.parametrize("hours", ["0", "-3", "10000"])
def test_an_esd_test_holds_for_hours_somebody_can_mean(make_skilled_plant, hours):
    with pytest.raises(StartError, match=r"\[plugin:workers\] esd_valid_hours: must be from over 0"):
        make_skilled_plant(esd_valid_hours=hours)


def test_a_failed_esd_test_clears_the_last_one_and_both_are_logged(
    make_skilled_plant, reasons_against, log_of
):
    plant = make_skilled_plant(esd_check=True, esd_valid_hours=0.5)
    plant.call("setworkeresd", 32, 100, True)
    assert plant.call("setworkeresd", 32, 100, False)["esd_tm"] is None
    assert reasons_against(plant, [32]) == [("esd-expired", None)]
    assert log_of(plant) == [(32, 100, defs.WWL_ESD_PASS), (32, 100, defs.WWL_ESD_FAIL)]


@pytest.mark.parametrize("before", ["2026-03-28T22:00:00Z", "2026-10-24T22:00:00Z"])
def test_an_esd_test_holds_as_many_hours_when_the_clock_is_changed(
    make_skilled_plant, reasons_against, before
):
    plant = make_skilled_plant(esd_check=True)
    plant.clock.set(before)
    plant.call("setworkeresd", 32, None, True)
    plant.clock.advance(hours=12)
    assert reasons_against(plant, [32]) == []
    plant.clock.advance(seconds=1)
    assert reasons_against(plant, [32]) == [("esd-expired", None)]
