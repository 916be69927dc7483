"""What an older version stored has what this one knows of it."""

import hashlib
import importlib
import shutil
from pathlib import Path

import pytest
import tracepro_tooling
from tracepro_tooling import models as m

from tracepro.database import migrating, open_store

old = importlib.import_module("tracepro_tooling.migrations.0001_first")
FOLDER = Path(tracepro_tooling.__file__).with_name("migrations")
TOOL = {"name": "A", "start_day": 1, "created": 0, "image_type": "image/gif"}


@pytest.fixture(scope="module")
def own_postgresql():
    from tracepro.testing.postgres import OwnDatabase

    own = OwnDatabase("_tooling_migrating")
    yield own
    own.drop()


@pytest.fixture
def old_store(database, tmp_path, request):
    """A database as the first version left it."""
    first = tmp_path / "first"
    first.mkdir()
    shutil.copy(FOLDER / "0001_first.py", first)
    url = f"sqlite:///{tmp_path / 'old.db'}"
    store = open_store(url if database == "sqlite" else request.getfixturevalue("own_postgresql").bare())
    migrating.apply(store, {"tooling": first})
    yield store
    store.close()


def test_a_stored_picture_has_its_digest(old_store):
    def fill(db):
        for id, content in ((1, b"a"), (2, b"b")):
            db.run(old.Tool.insert(id=id, **TOOL))
            db.run(old.Image.insert(kind="tool", owner_id=id, content=content))

    old_store.write_inline(fill)
    migrating.apply(old_store, {"tooling": FOLDER})
    rows = old_store.read(lambda db: db.rows(m.Tool.select(m.Tool.image_sha256).order_by(m.Tool.id)))
    assert rows == [(hashlib.sha256(content).hexdigest(),) for content in (b"a", b"b")]


def test_an_older_replacement_is_undone_as_it_was_then(old_store):
    replaced = {
        "tool_id": 1,
        "substitute_id": 2,
        "day_count": 3,
        "runtime": 0,
        "static_part_count": 0,
        "timestamp": 0,
    }

    def fill(db):
        for id, assembly_id in ((1, 7), (2, None)):
            db.run(old.ToolReplacement.insert(id=id, assembly_id=assembly_id, **replaced))

    old_store.write_inline(fill)
    migrating.apply(old_store, {"tooling": FOLDER})
    r = m.ToolReplacement
    columns = (r.moved_id, r.start_moved, r.counted_to, r.cancelled, r.cancelled_runtime)
    rows = old_store.read(lambda db: db.rows(r.select(*columns).order_by(r.id)))
    assert rows == [(2, 3, 0, None, 0), (None, 3, 0, None, 0)]
