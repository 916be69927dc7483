"""A plant of each released schema is brought along whole: the tables of a new one, its data as they were, and work goes on."""

import json
from importlib.metadata import version

import pytest

from tests.upgrade import questions, story
from tests.upgrade.__main__ import unreleased, with_tables
from tests.upgrade.catalog import catalog
from tests.upgrade.released import all_released, kept_hashes
from tracepro.backup import make_backup, restore
from tracepro.config.settings import Settings
from tracepro.database import open_store
from tracepro.database.migration_files import files
from tracepro.database.tables import highest_ids
from tracepro.findings import Findings
from tracepro.plugin.discovery import migration_folders
from tracepro.rpc.dispatcher import Dispatcher
from tracepro.site import Site, open_site
from tracepro.startup import (
    check_code_clashes,
    check_lines,
    check_migrations,
    check_plugins,
    load_plugins,
    unasked_database,
)
from tracepro.testing.clock import PlantClock
from tracepro.testing.databases import WITHOUT_SYNC
from tracepro.testing.plant import Plant

DAYS = 365
CHANGED = {
    # A bad mark is no good unit of its step: items/0002_scrapped_passes takes it out of the counts.
    "80c61c0": {"getordercounts[2][0].good": (8, 7)},
}
"""What a migration changes on purpose, by version and place in the answers: what was written down, and what is right."""


class Upgraded:
    """The plant of a released schema on one kind of database, migrated."""

    def __init__(self, released, database, url, databases):
        self.written = released.written_down(database)
        self.databases = databases
        store = open_store(url)
        self.before = store.read(highest_ids)
        store.close()
        self.plant = self.open(url, migrate=True)
        self.after = self.plant.site.store.read(highest_ids)

    def open(self, url, *, migrate=False):
        """Open a plant with every plugin that has tables, at the time when the kept one ended."""
        clock = PlantClock(self.written["now"])
        more = {"limits": WITHOUT_SYNC, "before": self.databases.loaded}
        site = open_site(settings(url), migrate=migrate, clock=clock, **more)
        return Plant(site, Dispatcher(site, inline=True), clock, bound_routes=self.databases.bound_routes)

    def unopened(self, url):
        """Return a site whose database need not be there, as the command that restores has it."""
        assembly, methods = load_plugins(settings(url), Findings(), before=self.databases.loaded)
        return Site(assembly, methods, unasked_database(assembly), self.plant.clock)


def settings(url):
    """Return the settings of a plant with every plugin that has tables."""
    names = tuple(with_tables())
    options = {name: values for name, values in story.OPTIONS.items() if name in names}
    return Settings.of(names, database=url, options=options)


@pytest.fixture(scope="module")
def fresh_catalogs(databases, tmp_path_factory):
    """What a fresh database of each kind says of its tables."""
    kept = {}

    def fresh(kind):
        if kind not in kept:
            url = databases.bare(kind, tmp_path_factory.mktemp("fresh"))
            site = open_site(settings(url), migrate=True, limits=WITHOUT_SYNC, before=databases.loaded)
            kept[kind] = site.store.read(catalog)
            site.close()
        return kept[kind]

    return fresh


@pytest.fixture(params=all_released(), ids=lambda released: released.name)
def released(request):
    return request.param


@pytest.fixture
def upgraded(released, database, fresh_catalogs, lay, databases):
    fresh_catalogs(database)
    url = lay(released)
    upgraded = Upgraded(released, database, url, databases)
    yield upgraded
    upgraded.plant.close()


def test_a_released_plant_is_brought_along(released, database, upgraded, fresh_catalogs, tmp_path):
    plant = upgraded.plant
    assert plant.site.store.read(catalog) == fresh_catalogs(database)
    assert differing(upgraded) == CHANGED.get(released.name, {})
    assert findings(plant) == clashes(released)
    answers_of_before_are_given_again(plant)
    work_goes_on(plant, upgraded)
    the_audit_only_grows(plant)
    a_backup_is_the_same_plant(upgraded, database, tmp_path)
    what_is_old_is_archived(plant, tmp_path)


def differing(upgraded):
    """Return what the plant answers otherwise than it was written down, by place."""
    now = [now for _, _, now in questions.answers(upgraded.plant, upgraded.written["answers"])]
    found = {}
    for (method, args, was), answer in zip(upgraded.written["answers"], now, strict=True):
        place = method + json.dumps(args).replace(" ", "")
        found.update(questions.differences(was, answer, place))
    return found


def findings(plant):
    """Return what `tracepro check` finds about the stored rows of an open site; nothing may be wrong with it."""
    found = Findings()
    check_migrations(plant.site.store, plant.site.assembly, found)
    check_lines(plant.site, found)
    check_plugins(plant.site, found)
    check_code_clashes(plant.site.store, found)
    assert not found.errors, found.errors
    return [head for head, clash, _ in (str(one).partition(" would be that of") for one in found) if clash]


def clashes(released):
    """Return the codes that two rows of the plant would have shared, where codes were stored as they were sent."""
    if released.name != "80c61c0":
        return []
    rows = {
        "items, table items_code": {"code": "]C1CLASH-1\r\n", "product": "CTRL-7", "item_id": 7},
        "material, table material_lot": {"id": 3, "mat_item": "R-10K", "mat_lot": "]C1LOT-2\r\n"},
    }
    return [f"warning: Plugin {where}: the code of row {row}" for where, row in rows.items()]


def answers_of_before_are_given_again(plant):
    """A terminal that never got its answer asks again, after the upgrade."""
    rows = plant.read(lambda call: call.db.raw_rows("SELECT count(*) FROM core_idempotency"))
    call = {"jsonrpc": "2.0", "id": 7, "method": "getitem", "params": [1, "KEYED-1", 1]}
    answer = json.loads(plant.request(call, key=story.KEY))
    assert answer["result"]["barcode"] == "KEYED-1"
    assert plant.read(lambda call: call.db.raw_rows("SELECT count(*) FROM core_idempotency")) == rows
    assert "error" in json.loads(plant.request({**call, "params": [1, "OTHER", 1]}, key=story.KEY))


def work_goes_on(plant, upgraded):
    """Old units are worked on and new ones get ids that none had."""
    assert {table: upgraded.after.get(table) for table in upgraded.before} == upgraded.before
    (unit,) = plant.call("getitembybarcode", "C7-3")
    assert plant.call("getitembybarcode", story.CODE.format("C7-3")) == [unit]
    before = plant.call("getordercounts", 1)
    recorded = plant.call("addop", unit["id"], 10, None, 100, [31])
    assert plant.call("getordercounts", 1) == before
    plant.call("cancelop", recorded["op_id"], 100, [31], "only tried")
    new = plant.call("getitem", 1, "NEW-1", 1)
    assert new["id"] > upgraded.before["items_unit"]
    assert recorded["op_id"] > upgraded.before["items_operation"]
    for table in ("items_unit", "items_operation", "core_audit"):
        assert plant.site.store.read(highest_ids)[table] > upgraded.before[table]
    assert plant.call("getnext", "serial", "CTRL-7", 1, 1) == 4
    call = {"jsonrpc": "2.0", "id": 1, "method": "blockworkplace", "params": [101, "tried"]}
    of_its_line, of_another = (
        plant.rest("POST", "/api/", {**call, "params": [wp, "tried"]}, token=upgraded.written["token"]).json
        for wp in (101, 100)
    )
    assert "result" in of_its_line and of_another["error"]["code"] == -32002, (of_its_line, of_another)


def the_audit_only_grows(plant):
    """What was recorded before the upgrade can't be changed after it."""
    for change in (
        "UPDATE core_audit SET method = 'other' WHERE id = 1",
        "DELETE FROM core_audit WHERE id = 1",
    ):
        with pytest.raises(Exception, match="only ever added to"):
            plant.write(lambda call, change=change: call.db.define(change))


def a_backup_is_the_same_plant(upgraded, database, tmp_path):
    """The migrated plant is backed up, and the backup restored into an empty SQLite file answers the same."""
    file, place = tmp_path / "plant.backup", tmp_path / "restored.db"
    make_backup(upgraded.plant.site, file, overwrite=False, progress=lambda word, done, total: None)
    into = upgraded.unopened(f"sqlite:///{place}")
    restore(into, file, replace=False, progress=lambda word, done, total: None)
    into.close()
    restored = upgraded.open(f"sqlite:///{place}")
    try:
        assert restored.call("getitemdetails", 2) == upgraded.plant.call("getitemdetails", 2)
    finally:
        restored.close()


def what_is_old_is_archived(plant, tmp_path):
    """Two years later its rows go into files, those of a plant that was archived before too."""
    plant.clock.advance(hours=2 * DAYS * 24)
    details = plant.call("getitemdetails", 2)
    moved = plant.archive(tmp_path / "archive", DAYS)
    assert moved["items_data"] > 0 and moved["workers_log"] > 0
    after = plant.call("getitemdetails", 2)
    assert [op["id"] for op in after["operations"]] == [op["id"] for op in details["operations"]]


def test_what_is_kept_never_changes():
    assert {released.name: released.hashes() for released in all_released()} == kept_hashes()


def test_a_released_migration_stays_as_it_was(database):
    installed = {f"{file.plugin}/{file.name}": file.checksum for file in files(folders())}
    for released in all_released():
        ran = released.written_down(database)["migrations"]
        assert {name: installed.get(name) for name in ran} == ran, released.name


def test_a_released_version_has_its_plant():
    """As soon as the changelog calls this version released, the plant that is kept of it has all of its migrations."""
    name = version("tracepro")
    kept = {released.name: released for released in all_released()}
    assert name in kept, f"run `make released-schema` and commit what it makes for {name}"
    installed = {f"{file.plugin}/{file.name}" for file in files(folders())}
    missing = installed - kept[name].written_down("sqlite")["migrations"].keys()
    assert unreleased(name) or not missing, (
        f"run `make released-schema` before {name} is released; it lacks {missing}"
    )


def folders():
    """Return where the plugins with tables have their migrations."""
    return migration_folders(with_tables())
