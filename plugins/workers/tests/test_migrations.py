"""Who was logged in before several logins were possible is logged in still, and may log in at a line."""

import importlib
import shutil
from pathlib import Path

import pytest
import tracepro_workers
from tracepro_workers import models as m

from tracepro.database import migrating, open_store

old = importlib.import_module("tracepro_workers.migrations.0001_first")
FOLDER = Path(tracepro_workers.__file__).with_name("migrations")


@pytest.fixture(scope="module")
def own_postgresql():
    from tracepro.testing.postgres import OwnDatabase

    own = OwnDatabase("_workers_migrating")
    yield own
    own.drop()


def test_a_login_of_before_stays_and_others_may_join_it(database, tmp_path, request):
    first = tmp_path / "first"
    first.mkdir()
    shutil.copy(FOLDER / "0001_first.py", first)
    url = f"sqlite:///{tmp_path / 'old.db'}"
    store = open_store(url if database == "sqlite" else request.getfixturevalue("own_postgresql").bare())
    migrating.apply(store, {"workers": first})
    store.write_inline(lambda db: db.run(old.Worker.insert(id=32, name="J. Novak", active=True)))
    store.write_inline(lambda db: db.run(old.Login.insert(worker=32, wp_id=100, tm=1)))
    migrating.apply(store, {"workers": FOLDER})
    store.write_inline(lambda db: db.run(m.Login.insert(worker=32, wp_id=101, tm=1)))
    found = store.read(lambda db: db.rows(m.Login.select(m.Login.wp_id, m.Login.tm).order_by(m.Login.id)))
    secrets = store.read(lambda db: db.rows(m.Worker.select(m.Worker.totp_secret, m.Worker.totp_step)))
    store.close()
    assert (found, secrets) == ([(100, 1), (101, 1)], [(None, None)])
