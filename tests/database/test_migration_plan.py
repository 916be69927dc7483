"""What migrating would do is told before it is done, and nothing is changed by telling."""

import pytest

from tracepro.database import Insert, Integer, Key, Model, migrating, migration_plan, open_store
from tracepro.database.migration_files import MigrationError
from tracepro.database.migration_plan import Effect, plan

FIRST = """
from tracepro.database import Integer, Key, Model

class Thing(Model):
    id = Key()
    n = Integer()

    class Meta:
        table_name = "things_thing"

def migrate(schema):
    schema.create(Thing)
"""
LATER = {
    "0002_column.py": '''
"""Adds what is more. A second sentence."""

def migrate(schema):
    schema.define("ALTER TABLE things_thing ADD COLUMN more BIGINT NOT NULL DEFAULT 0")
''',
    "0003_index.py": """
def migrate(schema):
    schema.define("CREATE INDEX things_thing_n ON things_thing (n)")
""",
    "0004_rows.py": '''
"""Doubles."""
from tracepro.database import Integer, Key, Model

class Thing(Model):
    id = Key()
    n = Integer()

    class Meta:
        table_name = "things_thing"

class Scratch(Model):
    id = Key()

    class Meta:
        table_name = "things_scratch"

def migrate(schema):
    schema.create(Scratch)
    for (number,) in schema.db.rows(Thing.select(Thing.id)):
        schema.run(Thing.update(n=2 * Thing.n).where(Thing.id == number))
    schema.define("DROP TABLE things_scratch")
''',
    "0005_all.py": """
def migrate(schema):
    schema.define("UPDATE things_thing SET n = n + 1")
""",
}


class Thing(Model):
    id = Key()
    n = Integer()

    class Meta:
        table_name = "things_thing"


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "0001_first.py").write_text(FIRST)
    return folder


@pytest.fixture
def store(database, databases, tmp_path):
    store = open_store(databases.bare(database, tmp_path))
    yield store
    store.close()


def planned(store, folders):
    """Return the plan, looked up on a snapshot."""
    return store.snapshot(lambda db: plan(db, folders))


@pytest.fixture
def behind(store, folder):
    """A database with three things, to which more migrations have come."""
    migrating.apply(store, {"things": folder})
    store.write_inline(lambda db: [db.insert(Insert(Thing), n=n) for n in range(3)])
    for name, text in LATER.items():
        (folder / name).write_text(text)
    return store, {"things": folder}


def test_each_migration_says_what_it_does_to_which_rows(behind):
    store, folders = behind
    before = store.read(migrating.applied)
    column, index, rows, everything = planned(store, folders)
    assert (column.name, column.meaning) == ("things/0002_column", "Adds what is more. A second sentence")
    assert column.effects == (Effect("adds to", "things_thing"),)
    assert index.effects == (Effect("indexes", "things_thing", 3),)
    assert rows.effects == (Effect("goes through", "things_thing", 3),), (
        "what it only makes to work with is left out"
    )
    assert everything.effects == (Effect("rewrites", "things_thing", 3),)
    assert (column.rows, everything.rows) == (0, 3)
    assert store.read(migrating.applied) == before
    assert store.read(lambda db: db.rows(Thing.select(Thing.n).order_by(Thing.n))) == [(0,), (1,), (2,)]


def test_the_plan_of_an_empty_database_is_everything_and_of_one_that_is_up_to_date_nothing(store, folder):
    names = [each.name for each in planned(store, {"things": folder})]
    assert names == migrating.apply(store, {"things": folder})
    assert planned(store, {"things": folder}) == []


def test_what_can_not_be_migrated_can_not_be_planned(behind, database):
    store, folders = behind
    row = {"plugin": "things", "name": "0009_future", "checksum": "", "applied": 1}
    store.write_inline(lambda db: db.insert(migrating.APPLY, **row))
    with pytest.raises(MigrationError, match="things/0009_future, which this version does not know"):
        planned(store, folders)


def test_a_large_table_of_postgresql_is_estimated(behind, database, monkeypatch):
    store, folders = behind
    monkeypatch.setattr(migration_plan, "SMALL_BYTES", 0)
    if database == "postgresql":
        store.write_inline(lambda db: db.define("ANALYZE things_thing"))
    (effect,) = planned(store, folders)[-1].effects
    assert (effect.rows, effect.exact) == (3, database == "sqlite")
