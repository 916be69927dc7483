"""What an older version stored has what this one knows of it."""

import hashlib
import importlib
from pathlib import Path

import pytest
import tracepro_tooling
from tracepro_tooling import models as m

from tracepro.database import migrating

old = importlib.import_module("tracepro_tooling.migrations.0001_first")
FOLDER = Path(tracepro_tooling.__file__).with_name("migrations")
TOOL = {"name": "A", "start_day": 1, "created": 0, "image_type": "image/gif"}


@pytest.fixture
def store(old_store):
    """A database as the first version left it."""
    return old_store("tooling", FOLDER)


def test_a_stored_picture_has_its_digest(store):
    def fill(db):
        for id, content in ((1, b"a"), (2, b"b")):
            db.run(old.Tool.insert(id=id, **TOOL))
            db.run(old.Image.insert(kind="tool", owner_id=id, content=content))

    store.write_inline(fill)
    migrating.apply(store, {"tooling": FOLDER})
    rows = store.read(lambda db: db.rows(m.Tool.select(m.Tool.image_sha256).order_by(m.Tool.id)))
    assert rows == [(hashlib.sha256(content).hexdigest(),) for content in (b"a", b"b")]


def test_an_older_replacement_is_undone_as_it_was_then(store):
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

    store.write_inline(fill)
    migrating.apply(store, {"tooling": FOLDER})
    r = m.ToolReplacement
    columns = (r.moved_id, r.start_moved, r.counted_to, r.cancelled, r.cancelled_runtime)
    rows = store.read(lambda db: db.rows(r.select(*columns).order_by(r.id)))
    assert rows == [(2, 3, 0, None, 0), (None, 3, 0, None, 0)]
