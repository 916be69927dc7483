"""Stores for tests of the database itself, on both kinds, with two tables."""

from types import SimpleNamespace

import pytest
from peewee import ForeignKeyField

from tracepro.database import (
    Flag,
    Insert,
    Instant,
    Integer,
    Json,
    Key,
    Limits,
    LongText,
    Model,
    ShortText,
    open_store,
)
from tracepro.database.schema import Schema


class Unit(Model):
    id = Key()
    barcode = ShortText(unique=True)
    order_id = Integer(default=0)
    ok = Flag(default=False)
    params = Json(default={})
    note = LongText(null=True)
    made = Instant(null=True)

    class Meta:
        table_name = "t_unit"


class Part(Model):
    id = Key()
    unit = ForeignKeyField(Unit)
    n = Integer()

    class Meta:
        table_name = "t_part"


class Pair(Model):
    left = ShortText()
    right = Integer()

    class Meta:
        table_name = "t_pair"
        primary_key = False
        indexes = ((("left",), True),)


TABLES = SimpleNamespace(Unit=Unit, Part=Part, Pair=Pair, NEW=Insert(Unit), NEW_PART=Insert(Part))


@pytest.fixture
def tables():
    return TABLES


@pytest.fixture(scope="session")
def own_postgresql():
    from tracepro.testing.postgres import OwnDatabase

    own = OwnDatabase("_store")
    store = open_store(own.emptied())
    store.write_inline(lambda db: Schema(db).create(Unit, Part, Pair))
    store.close()
    yield own
    own.drop()


@pytest.fixture
def open_here(database, tmp_path, request):
    """Opens stores on this test's database, as often as asked, with the limits given."""
    if database == "postgresql":
        url = request.getfixturevalue("own_postgresql").emptied()
    else:
        url = f"sqlite:///{tmp_path / 'test.db'}"
        store = open_store(url)
        store.write_inline(lambda db: Schema(db).create(Unit, Part, Pair))
        store.close()
    opened = []

    def open_one(**limits):
        opened.append(open_store(url, Limits(**limits)))
        return opened[-1]

    yield open_one
    for store in opened:
        store.close()


@pytest.fixture
def store(open_here):
    return open_here()


@pytest.fixture
def write(store):
    """Runs a function in a transaction of its own."""
    return store.write_inline
