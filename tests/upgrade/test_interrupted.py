"""An upgrade that is killed, or finds no room, leaves the plant as it was, and the next one does it all."""

import subprocess
import sys

import pytest

from tests.upgrade.__main__ import with_tables
from tests.upgrade.catalog import catalog
from tests.upgrade.released import Released
from tracepro.database import Limits, migrating, open_store
from tracepro.plugin.discovery import migration_folders
from tracepro_hookspecs import TryAgain

pytestmark = pytest.mark.faults("a command killed")

FIRST = Released("80c61c0")
KILLED = """
import os, signal, sys
from tests.upgrade.__main__ import with_tables
from tracepro.database import migrating, open_store
from tracepro.plugin.discovery import migration_folders

def kill_at(name, done, total):
    if name == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)

migrating.apply(open_store(sys.argv[1]), migration_folders(with_tables()), kill_at)
"""


def state(url):
    """Return the schema, the migrations that ran and the codes, which one of the last migrations trims."""
    store = open_store(url)
    try:
        parts = store.read(lambda db: (catalog(db), migrating.applied(db)))
        return *parts, store.read(
            lambda db: db.raw_rows("SELECT code, item_id FROM items_code ORDER BY item_id, code")
        )
    finally:
        store.close()


def finish(url):
    """Migrate without being interrupted, and return what was applied."""
    store = open_store(url)
    try:
        return migrating.apply(store, migration_folders(with_tables()))
    finally:
        store.close()


def check_killed(url, name):
    """Kill a migration where it begins with one of its parts, and find all as it was."""
    before = state(url)
    done = subprocess.run([sys.executable, "-c", KILLED, url, name], timeout=100, check=False)
    assert done.returncode == -9
    assert state(url) == before


def test_a_killed_upgrade_leaves_the_plant_as_it_was(lay):
    url = lay(FIRST)
    check_killed(url, "workers/0002_trimmed_codes")
    assert "workers/0002_trimmed_codes" in finish(url)


@pytest.mark.slow
def test_an_upgrade_may_be_killed_at_any_of_its_parts(lay):
    url = lay(FIRST)
    store = open_store(url)
    names = store.read(lambda db: migrating.pending_in(db, migration_folders(with_tables())))
    store.close()
    for name in names:
        check_killed(url, name)
    assert finish(url) == names


def test_an_upgrade_that_finds_no_room_leaves_the_plant_as_it_was(tmp_path):
    file = tmp_path / "plant.db"
    FIRST.lay_into_sqlite(file)
    url = f"sqlite:///{file}"
    before = state(url)
    pages = before_pages(url)
    store = open_store(url, Limits(max_page_count=pages + 20))
    with pytest.raises(TryAgain, match="nothing was written"):
        migrating.apply(store, migration_folders(with_tables()))
    store.close()
    assert state(url) == before
    assert finish(url)


def before_pages(url):
    """Return how many pages a SQLite file has."""
    store = open_store(url)
    try:
        return store.read(lambda db: db.raw_rows("PRAGMA page_count"))[0][0]
    finally:
        store.close()
