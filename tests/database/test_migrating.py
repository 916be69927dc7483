"""Migrations run once, all or nothing, and a database that doesn't fit is refused with a sentence."""

import threading
from contextlib import nullcontext

import pytest
from peewee import fn

from tracepro.database import Insert, Integer, Key, Model, migrating, open_store
from tracepro.database.comparing import differences
from tracepro.database.core_models import Audit
from tracepro.database.migration_files import MigrationError, files
from tracepro.database.newer_schema import NewerSchema
from tracepro_hookspecs import TryAgain

FIRST = """
from tracepro.database import Insert, Integer, Key, Model

class Thing(Model):
    id = Key()
    n = Integer()

    class Meta:
        table_name = "things_thing"

def migrate(schema):
    schema.create(Thing)
    schema.db.insert(Insert(Thing), n=1)
"""
SECOND = """
def migrate(schema):
    schema.define("ALTER TABLE things_thing ADD COLUMN more BIGINT NOT NULL DEFAULT 0")
"""
BROKEN = """
def migrate(schema):
    schema.define("CREATE TABLE things_half (n BIGINT)")
    raise RuntimeError("no further")
"""


class Thing(Model):
    id = Key()
    n = Integer()

    class Meta:
        table_name = "things_thing"


@pytest.fixture
def url(database, databases, tmp_path):
    """A database without any table."""
    return databases.bare(database, tmp_path)


@pytest.fixture
def store(url):
    store = open_store(url)
    yield store
    store.close()


@pytest.fixture
def folders(tmp_path):
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "0001_first.py").write_text(FIRST)
    return {"things": folder}


def things(store):
    return store.read(lambda db: db.value(Thing.select(fn.COUNT(Thing.id))))


def test_migrations_run_once_in_order(store, folders):
    names = [file.name for file in files({})]
    core = [f"core/{name}" for name in names]
    assert store.read(lambda db: migrating.pending_in(db, folders)) == [*core, "things/0001_first"]
    assert migrating.apply(store, folders) == [*core, "things/0001_first"]
    assert migrating.apply(store, folders) == []
    (folders["things"] / "0002_more.py").write_text(SECOND)
    assert migrating.apply(store, folders) == ["things/0002_more"]
    assert things(store) == 1
    migrating.check(store, folders)


@pytest.mark.faults("a race")
def test_of_two_who_start_at_once_one_migrates(url, folders):
    stores = [open_store(url), open_store(url)]
    together, results = threading.Barrier(2), []

    def start(store):
        together.wait(30)
        results.append(migrating.apply(store, folders))

    threads = [threading.Thread(target=start, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(map(bool, results)) == [False, True]
    assert things(stores[0]) == 1
    for store in stores:
        store.close()


def test_a_migration_that_fails_leaves_nothing(store, folders):
    (folders["things"] / "0002_broken.py").write_text(BROKEN)
    with pytest.raises(RuntimeError, match="no further"):
        migrating.apply(store, folders)
    assert "things/0001_first" in store.read(lambda db: migrating.pending_in(db, folders))


def test_a_database_that_is_behind_is_refused(store, folders):
    with pytest.raises(MigrationError, match=r"lacks .*things/0001_first; run `tracepro migrate`"):
        migrating.check(store, folders)


def test_a_database_that_is_ahead_is_refused(store, folders):
    (folders["things"] / "0002_more.py").write_text(SECOND)
    migrating.apply(store, folders)
    (folders["things"] / "0002_more.py").unlink()
    note(store, "things", "0003_last")
    told = r"^The database has the migrations things/0003_last, which this version does not know \(tracepro .*Install the"
    with pytest.raises(MigrationError, match=told):
        migrating.check(store, folders)


def test_a_plugin_that_is_off_now_does_not_matter(store, folders):
    migrating.apply(store, folders)
    migrating.check(store, {})


def test_a_changed_migration_is_refused(store, folders):
    migrating.apply(store, folders)
    (folders["things"] / "0001_first.py").write_text(FIRST.replace("n=1", "n=2"))
    with pytest.raises(MigrationError, match=r"things/0001_first was changed after it had run"):
        migrating.apply(store, folders)


def silent(name, done, total):
    """Show no progress."""


def test_tables_of_a_running_server_are_left_alone(store, url, folders, monkeypatch):
    monkeypatch.setattr("tracepro.database.alone.LEAVING_SECONDS", 0.1)
    migrating.apply(store, folders)
    server = open_store(url)
    server.start()
    server.write(lambda db: None).result(30)
    (folders["things"] / "0002_more.py").write_text(SECOND)
    with pytest.raises(MigrationError, match=r"rows of the old kind; stop it first. Nothing was changed"):
        migrating.apply_alone(store, folders, silent)
    server.close()
    assert migrating.apply_alone(store, folders, silent) == ["things/0002_more"]


def test_tables_that_are_new_are_made_beside_a_running_server(store, url, folders):
    migrating.apply(store, {})
    server = open_store(url)
    server.start()
    server.write(lambda db: None).result(30)
    assert migrating.apply_alone(store, folders, silent) == ["things/0001_first"]
    server.close()


def test_a_server_whose_database_was_migrated_writes_no_more(store, folders):
    migrating.apply(store, folders)
    store.start()
    newer = NewerSchema(store, folders)
    note(store, "others", "0001_first")
    newer.look()
    assert store.write(lambda db: "written").result(30) == "written", (
        "a plugin that is new there is no newer schema"
    )
    note(store, "things", "0002_more")
    newer.look()
    refused = store.write(lambda db: "written").exception(30)
    assert refused.code == "database-unavailable" and "has the migrations things/0002_more" in refused.info
    assert store.trouble() == refused.info
    store.write_inline(lambda db: db.define("DELETE FROM core_migration WHERE name = '0002_more'"))
    newer.look()
    assert store.write(lambda db: "written").result(30) == "written" and store.trouble() is None


def note(store, plugin, name):
    """Note that a migration ran."""
    row = {"plugin": plugin, "name": name, "checksum": "", "applied": 1}
    store.write_inline(lambda db: db.insert(migrating.APPLY, **row))


def test_a_start_while_somebody_migrates_is_put_off(store, url, folders, database):
    migrating.apply(store, folders)
    other = open_store(url)
    with (
        pytest.raises(TryAgain, match="A migration is under way")
        if database == "postgresql"
        else nullcontext()
    ):
        store.write_inline(lambda db: (migrating.lock(db), migrating.check(other, folders)))
    migrating.check(other, folders)
    other.close()


ROW = {"tm": 1, "caller": "c", "method": "m", "params": "{}", "changes": "[]", "request_id": "r"}
CHANGES = {
    "both": {
        "update": "UPDATE core_audit SET method = 'other'",
        "delete": "DELETE FROM core_audit",
        "upsert": "INSERT INTO core_audit (id, tm, caller, method, params, changes, request_id) "
        "VALUES (1, 1, 'c', 'other', '{}', '[]', 'r') ON CONFLICT (id) DO UPDATE SET method = 'other'",
    },
    "sqlite": {
        "replace": "REPLACE INTO core_audit (id, tm, caller, method, params, changes, request_id) "
        "VALUES (1, 1, 'c', 'other', '{}', '[]', 'r')",
        "an id that hides": "INSERT INTO core_audit (id, tm, caller, method, params, changes, request_id) "
        "VALUES (-1, 1, 'c', 'other', '{}', '[]', 'r')",
        "update or replace": "UPDATE OR REPLACE core_audit SET id = 1 WHERE id = 2",
    },
    "postgresql": {
        "truncate": "TRUNCATE core_audit",
        "truncate with others": "TRUNCATE core_token, core_audit CASCADE",
    },
}


def test_the_audit_only_grows(store, database):
    migrating.apply(store, {})
    for _ in range(2):
        store.write_inline(lambda db: db.insert(Insert(Audit), **ROW))
    for sql in (CHANGES["both"] | CHANGES[database]).values():
        with pytest.raises(Exception, match="only ever added to"):
            store.write_inline(lambda db, sql=sql: db.define(sql))
    assert store.read(lambda db: db.rows(Audit.select(Audit.id, Audit.method))) == [(1, "m"), (2, "m")]


def test_the_core_s_migrations_make_its_models():
    assert differences({}, []) == []


def test_what_migrations_and_models_disagree_on_is_told(folders):
    class Other(Model):
        id = Key()
        n = Integer(index=True)
        m = Integer(null=True)

        class Meta:
            table_name = "things_thing"

    assert differences(folders, [Thing]) == []
    assert differences(folders, []) == [
        "A migration makes table things_thing, which no model describes; add the model or drop the table."
    ]
    assert differences({}, [Thing]) == [
        "No migration makes table things_thing, which a model describes; add one."
    ]
    assert differences(folders, [Other]) == [
        "No migration gives table things_thing its column m INTEGER; add one.",
        "No migration gives table things_thing its index on n; add one.",
    ]
