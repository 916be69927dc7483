"""The server and a plant in plain Python never disagree, whatever is done in whatever sequence."""

import pytest
from floor_machine import Floor
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

PLANT = {
    "acts": [{"id": n, "name": f"ACT {n}", "desc": ""} for n in range(1, 6)],
    "workplaces": [{"id": 100, "name": "Bench", "erp_ref": "WP100", "esd": False, "acts": [1]}],
    "workers": [{"id": 32, "name": "J. Novak", "code": "JN32", "active": True}],
}
SHORT = settings(max_examples=24, stateful_step_count=50, derandomize=True)
LONG = settings(max_examples=1000, stateful_step_count=60, print_blob=True)


@pytest.mark.parametrize("effort", [SHORT, pytest.param(LONG, marks=pytest.mark.slow)], ids=["short", "long"])
def test_the_server_says_what_the_oracle_says(make_plant, database, effort):
    plant = make_plant(plugins=("workplaces", "workers", "orders", "items"), plant=PLANT, database=database)
    machine = type("FloorOf", (Floor,), {"plant": plant})
    common = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}
    run_state_machine_as_test(machine, settings=settings(effort, **common))
