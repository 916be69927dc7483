"""A plant of three workplaces."""

import pytest


@pytest.fixture
def plant_file():
    return {
        "acts": [
            {"id": 1, "name": "PRINT", "desc": "Solder paste printing"},
            {"id": 2, "name": "PLACE"},
        ],
        "workplaces": [
            {"id": 100, "name": "SMT-1 printer", "erp_ref": "WP100", "esd": True, "acts": [1]},
            {"id": 101, "name": "SMT-1 placer", "erp_ref": "SMT", "acts": [1, 2]},
            {"id": 102, "name": "SMT-1 spare", "erp_ref": "SMT"},
        ],
    }


@pytest.fixture
def plant(make_plant, plant_file, database):
    return make_plant(plugins=("workplaces",), plant=plant_file, database=database)
