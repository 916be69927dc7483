"""A server of the old version that is still there when its database was migrated stops writing, and says why."""

import time

import pytest

from tracepro.database import migrating
from tracepro.readiness import readiness
from tracepro_hookspecs import TryAgain

NEWER = {"plugin": "core", "name": "9999_newer", "checksum": "", "applied": 1}
PLANT = {"workplaces": [{"id": 100, "name": "Tester", "erp_ref": "", "esd": False, "acts": []}]}
SECONDS = 30


@pytest.fixture
def plant(make_plant):
    plant = make_plant(("workplaces", "workers"), PLANT, queued=True)
    yield plant
    plant.write(lambda call: call.db.define("DELETE FROM core_migration WHERE name = '9999_newer'"))


def wait_for(condition):
    """Wait until something is so."""
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_it_writes_no_more_and_is_not_ready_but_goes_on_reading(plant):
    plant.call("blockworkplace", 100, "dust")
    plant.write(lambda call: call.db.insert(migrating.APPLY, **NEWER))
    wait_for(plant.site.store.trouble)
    error = plant.error("unblockworkplace", 100)
    assert (error["code"], error["data"]["code"]) == (-32000, "database-unavailable")
    assert "has the migrations core/9999_newer, which this version does not know" in error["message"]
    with pytest.raises(TryAgain, match="Install the version that migrated it"):
        readiness(plant.site, lambda: None)
    assert plant.call("getwpblock", [100])
