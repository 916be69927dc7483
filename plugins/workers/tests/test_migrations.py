"""Who was logged in before several logins were possible is logged in still, and may log in at a line."""

import importlib
from pathlib import Path

import tracepro_workers
from tracepro_workers import models as m

from tracepro.database import migrating

old = importlib.import_module("tracepro_workers.migrations.0001_first")
FOLDER = Path(tracepro_workers.__file__).with_name("migrations")


def test_a_login_of_before_stays_and_others_may_join_it(old_store):
    store = old_store("workers", FOLDER)
    store.write_inline(lambda db: db.run(old.Worker.insert(id=32, name="J. Novak", active=True)))
    store.write_inline(lambda db: db.run(old.Login.insert(worker=32, wp_id=100, tm=1)))
    migrating.apply(store, {"workers": FOLDER})
    store.write_inline(lambda db: db.run(m.Login.insert(worker=32, wp_id=101, tm=1)))
    found = store.read(lambda db: db.rows(m.Login.select(m.Login.wp_id, m.Login.tm).order_by(m.Login.id)))
    secrets = store.read(lambda db: db.rows(m.Worker.select(m.Worker.totp_secret, m.Worker.totp_step)))
    assert (found, secrets) == ([(100, 1), (101, 1)], [(None, None)])
