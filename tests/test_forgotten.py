"""What a check finds that a server could run with: each mistake is told in one sentence with its fix, and none on a sound plant."""

from types import SimpleNamespace

import pytest

from tracepro import clock, forgotten
from tracepro.access import tokens
from tracepro.database import Insert
from tracepro.database.core_models import Audit
from tracepro.findings import Findings
from tracepro.forgotten import warn_of_forgotten

PLUGINS = ("workplaces", "workers", "orders", "items", "lines")
ZONE = {"timezone": "Europe/Prague"}
LINES = {
    "lines": [{"name": "SMT-1", "machines": [{"name": "M", "wp_id": 100}]}],
    "workplaces": [{"id": 100, "name": "P"}],
}


def told(plant):
    """Return what is found, as sentences."""
    findings = Findings()
    warn_of_forgotten(plant.site, findings)
    assert not findings.errors
    return [finding.info for finding in findings]


def make_token(plant, name, *, scopes=("read",), lines=None, days=None):
    plant.write(lambda call: tokens.create(call, name, scopes, lines, days, plant.clock()))


@pytest.fixture
def room(monkeypatch):
    """The room that is left on the disk and the mounts that the machine has, for a test to change."""
    left = SimpleNamespace(free=forgotten.FREE_BYTES)
    monkeypatch.setattr(forgotten.shutil, "disk_usage", lambda folder: left)
    return left


def test_nothing_is_found_where_nothing_is_wrong(make_plant, database, room):
    plant = make_plant(PLUGINS, LINES, database=database, parameters={"site": ZONE}, lines={"SMT-1": PLUGINS})
    make_token(plant, "T", lines=["SMT-1"], days=15)
    assert told(plant) == []


def test_options_for_a_line_where_the_plugin_is_off_are_told(make_plant, room):
    lines, options = (
        {"SMT-1": PLUGINS[:1]},
        {"workers@SMT-1": {"esd_check": "yes"}, "workers": {"esd_check": "no"}},
    )
    (sentence,) = told(make_plant(PLUGINS, LINES, lines=lines, options=options, parameters={"site": ZONE}))
    assert (
        "[plugin:workers@SMT-1] does nothing, for workers is off on line SMT-1; add it to the plugins of"
        in sentence
    )


def test_a_time_zone_that_is_not_set_is_told_and_utc_that_is_meant_is_not(make_plant, room):
    (sentence,) = told(make_plant(("workplaces",)))
    assert "[site] timezone isn't set" in sentence and "Europe/Prague" in sentence
    assert told(make_plant(("workplaces",), parameters={"site": {"timezone": "UTC"}})) == []


def test_tokens_that_end_soon_or_are_for_what_is_not_there_are_told(make_plant, room):
    plant = make_plant(PLUGINS, LINES, parameters={"site": ZONE})
    make_token(plant, "OLD", lines=["SMT-9"], days=1)
    plant.clock.advance(hours=48)
    make_token(plant, "SOON", days=13)
    make_token(plant, "LINE", lines=["SMT-1", "SMT-2"])
    make_token(plant, "SCOPE", scopes=["read", "ovens"])
    soon, line, scope = told(plant)
    assert "Token SOON expires on 2026-12-05T" in soon and "tracepro token renew SOON --days N" in soon
    assert "Token LINE is for line SMT-2, which the database doesn't know" in line
    assert "Token SCOPE has the scope ovens, and nothing asks for it" in scope


def test_a_plant_that_nobody_may_call_is_told(make_plant, room):
    plant = make_plant(("workplaces",), parameters={"site": ZONE, "api": {"anonymous": "no"}})
    (sentence,) = told(plant)
    assert "so nobody may call" in sentence and "tracepro token create NAME" in sentence
    make_token(plant, "T")
    assert told(plant) == []


def test_a_clock_that_was_set_back_is_told(make_plant, database, room):
    plant = make_plant(("workplaces",), database=database, parameters={"site": ZONE})
    row = {
        "caller": "T",
        "method": "m",
        "params": "{}",
        "changes": "[]",
        "request_id": "r",
        "worker": None,
        "wp_id": None,
    }
    row |= {"line": None, "idempotency_key": None, "address": "", "client_request_id": None}
    plant.write(lambda call: call.db.insert(Insert(Audit), tm=call.now + clock.HOUR, **row))
    (sentence,) = told(plant)
    assert (
        "clock says 2026-11-20T10:00:00.000Z, and the last call was recorded at 2026-11-20T11:00:00.000Z"
        in sentence
    )
    plant.clock.advance(hours=1)
    assert told(plant) == []


def test_a_disk_that_is_nearly_full_is_told(make_plant, room):
    plant = make_plant(("workplaces",), parameters={"site": ZONE})
    room.free = 250_000_000
    (sentence,) = told(plant)
    assert "has 250 MB left" in sentence and sentence.endswith("make room.")


@pytest.mark.parametrize(("kind", "count"), [("nfs4", 1), ("ext4", 0)])
def test_a_database_file_on_a_network_is_told(make_plant, room, tmp_path, monkeypatch, kind, count):
    mounts = tmp_path / "mounts"
    mounts.write_text(
        f"/dev/sda1 / ext4 rw 0 0\nserver:/plant {tmp_path.parent} {kind} rw 0 0\nproc /proc proc rw 0 0\n"
    )
    monkeypatch.setattr(forgotten, "MOUNTS", mounts)
    plant = make_plant(("workplaces",), parameters={"site": ZONE})
    monkeypatch.setattr(forgotten, "database_url", lambda settings, url: f"sqlite:///{tmp_path}/tracepro.db")
    found = told(plant)
    assert len(found) == count and all("lies on a network (nfs4)" in sentence for sentence in found)


def test_too_few_connections_of_postgresql_are_told(make_plant):
    def found(connections):
        parameters = {"site": ZONE, "database": {"connections": str(connections)}}
        return told(make_plant(("workplaces",), database="postgresql", parameters=parameters))

    (sentence,) = found(100)
    assert "takes 300 connections (max_connections), and each process of a server opens about 200" in sentence
    assert found(8) == []
