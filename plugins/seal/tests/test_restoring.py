"""A chain goes where the plant goes: into a backup, onto the other kind of database, and on after a pause."""

import pytest
from tracepro_seal import blocks, heads

from tracepro.backup import make_backup, restore

from .conftest import BASE, record, seal, verify
from .test_verifying import fault, keep

OTHER = {"sqlite": "postgresql", "postgresql": "sqlite"}


def silent(word, done, total):
    """Show no progress."""


def back_up(plant, tmp_path):
    file = tmp_path / "plant.backup"
    make_backup(plant.site, file, overwrite=True, progress=silent)
    return file


def put_back(plant, file):
    plant.site.store.close()
    restore(plant.site, file, replace=True, progress=silent)


def test_a_chain_goes_on_on_the_other_kind_of_database(make_plant, few, database, tmp_path):
    plant = make_plant(alone=True)
    record(plant, 6, {"params": '{"ž":"\\u0000"}', "line": "Žluť"})
    seal(plant.site)
    kept = keep(plant, tmp_path)
    record(plant, 2)
    file = back_up(plant, tmp_path)
    moved = make_plant(database=OTHER[database], alone=True)
    put_back(moved, file)
    assert verify(moved.site, heads.read([kept])).unsealed == 3
    record(moved, 5)
    seal(moved.site)
    found = verify(moved.site, heads.read([kept]))
    assert (found.rows, found.unsealed, found.restored) == (15, 0, [10])


def test_an_older_backup_that_was_restored_shows_by_a_head_that_was_kept_since(
    make_plant, few, database, tmp_path
):
    plant = make_plant(BASE, alone=True)
    record(plant, 4)
    seal(plant.site)
    file = back_up(plant, tmp_path)
    record(plant, 4)
    seal(plant.site)
    kept = keep(plant, tmp_path)
    put_back(plant, file)
    assert verify(plant.site).rows == 4
    assert fault(plant, heads.read([kept])).startswith(
        "The chain ends with block 1, and the head of block 2 is kept in"
    )
    record(plant, 4)
    seal(plant.site)
    assert "goes on from an older backup; row " in fault(plant, heads.read([kept]))
    assert verify(plant.site).restored


def test_what_was_recorded_while_the_plugin_was_off_is_sealed_when_it_is_on_again(plant):
    record(plant, 4)
    seal(plant.site)
    record(plant, 30)
    assert (verify(plant.site).rows, verify(plant.site).unsealed) == (4, 30)
    assert seal(plant.site).last_id == 34
    assert verify(plant.site).rows == 34
    assert plant.site.store.read(lambda db: blocks.over(db, 34)).number == 9


def test_check_warns_when_sealing_has_fallen_behind(plant):
    def told():
        return plant.read(lambda call: call.hooks.collect_each("tracepro_site_findings"))

    record(plant, 1)
    assert told() == {}
    plant.clock.advance(minutes=12)
    (sentence,) = told()["seal"].values()
    assert sentence.startswith(
        "nothing is sealed yet, and the audit begins with a row of 2026-11-20T10:00:00.000Z"
    )
    seal(plant.site)
    assert told() == {}
    record(plant, 1)
    plant.clock.advance(minutes=12)
    (sentence,) = told()["seal"].values()
    assert sentence.startswith(
        "a row of 2026-11-20T10:12:00.000Z is not sealed yet, so sealing has fallen behind"
    )


@pytest.mark.parametrize("database", ["sqlite"])
def test_an_empty_plant_has_nothing_to_seal(plant):
    assert seal(plant.site) is None
    assert verify(plant.site).last is None
