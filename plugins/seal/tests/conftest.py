"""A plant whose audit is sealed by hand, rows of the audit to seal, and somebody who owns the database and changes it."""

import sqlite3
from contextlib import closing

import psycopg
import pytest
from tracepro_seal import sealing
from tracepro_seal.sealing import Sealer
from tracepro_seal.verifying import Verifier

from tracepro.database import Insert
from tracepro.database.core_models import Audit

BASE = ("workplaces", "workers", "orders", "items", "seal")
BLANK = {
    "caller": "tester",
    "method": "addop",
    "params": "{}",
    "changes": "[]",
    "request_id": "r",
    "address": "",
}
BLANK |= dict.fromkeys(("worker", "wp_id", "line", "idempotency_key", "client_request_id"))
TRIGGERS = """
SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('core_audit', 'seal_block')
"""
NEW = Insert(Audit)


@pytest.fixture
def few(monkeypatch):
    """Let a block have four rows at most, read two at a time."""
    monkeypatch.setattr(sealing, "ROWS", 4)
    monkeypatch.setattr(sealing, "SLICE_ROWS", 2)
    monkeypatch.setattr(sealing, "PAUSE", 0)


@pytest.fixture
def plant(make_plant, few, database):
    return make_plant(BASE)


def record(plant, *rows):
    """Write rows of the audit; a number stands for so many that say nothing."""
    for each in rows:
        many = [each] if isinstance(each, dict) else [{}] * each
        whole = [{**BLANK, "tm": plant.clock(), **row} for row in many]
        plant.write(lambda call, whole=whole: call.db.insert_many(NEW, whole) and None)


def seal(site, write=None):
    """Seal what is there, and return the last block that was added."""
    sealer = Sealer(0)
    last = None
    while added := sealer.work(site, write or site.store.write_inline):
        last = added
    return last


def verify(site, kept=None):
    """Verify everything; return what was found in order."""
    return Verifier(site.store, kept or {}).verify()


def tamper(site, *statements):
    """Run statements as the owner of the database, who takes the triggers away first."""
    if site.store.dialect == "sqlite":
        with closing(sqlite3.connect(site.store.path)) as connection:
            for (name,) in connection.execute(TRIGGERS).fetchall():
                connection.execute(f"DROP TRIGGER {name}")
            for sql in statements:
                connection.execute(sql)
            connection.commit()
        return
    with psycopg.connect(site.store.url) as connection:
        connection.execute("SET session_replication_role = replica")
        for sql in statements:
            connection.execute(sql)
