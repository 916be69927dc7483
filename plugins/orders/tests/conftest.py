"""A plant of two acts, without orders."""

import pytest

PLUGINS = ("workplaces", "orders")


@pytest.fixture
def acts():
    return {"acts": [{"id": 1, "name": "SMT", "desc": ""}, {"id": 2, "name": "TEST", "desc": ""}]}


@pytest.fixture
def plant(make_plant, acts, database):
    return make_plant(plugins=PLUGINS, plant=acts, database=database)


@pytest.fixture
def sqlite_plant(make_plant, acts):
    return make_plant(plugins=PLUGINS, plant=acts)
