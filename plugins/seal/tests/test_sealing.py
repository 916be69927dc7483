"""Sealing: in blocks, each after the other, whoever else does it, and whatever still runs."""

import threading

import psycopg
import pytest
from tracepro_seal import blocks, checker
from tracepro_seal.sealing import Sealer
from tracepro_seal.tree import BlockTree

from tracepro_hookspecs import TryAgain

from .conftest import BASE, record, seal, tamper, verify

SLOW = """INSERT INTO core_audit (tm, caller, method, params, changes, request_id, address)
VALUES (1, 'slow', 'addop', '{}', '[]', 'r', '')"""


def all_blocks(plant):
    return plant.site.store.read(lambda db: blocks.behind(db, 0, 1000))


def test_rows_are_sealed_in_full_blocks_and_the_rest_in_one(plant):
    record(plant, 10)
    last = seal(plant.site)
    found = all_blocks(plant)
    assert [(each.number, each.first_id, each.last_id, each.rows) for each in found] == [
        (1, 1, 4, 4),
        (2, 5, 8, 4),
        (3, 9, 10, 2),
    ]
    assert found[-1] == last
    assert seal(plant.site) is None
    assert verify(plant.site).rows == 10


def test_nothing_is_sealed_before_its_time_unless_a_block_is_full(plant):
    sealer, write = Sealer(3600), plant.site.store.write_inline
    record(plant, 3)
    assert sealer.work(plant.site, write) is None
    record(plant, 3)
    assert sealer.work(plant.site, write).last_id == 4
    assert sealer.work(plant.site, write) is None


def test_every_block_is_proven_by_every_head_behind_it(plant, monkeypatch):
    record(plant, 80)
    seal(plant.site)
    found = all_blocks(plant)
    assert len(found) == 20

    def check(db):
        tree = BlockTree(db)
        for head in found:
            for block in found[: head.number - 1]:
                path = [bytes.fromhex(root) for root in tree.path(block.number, head.number - 1)]
                assert len(path) <= 5
                own = bytes.fromhex(block.hash)
                root = checker.root_by_path(own, block.number - 1, head.number - 1, path)
                assert root.hex() == head.previous

    plant.site.store.read(check)


def test_a_clock_that_is_set_back_is_no_fault(plant):
    record(plant, 4)
    seal(plant.site)
    plant.clock.advance(seconds=-86_400)
    record(plant, 4)
    seal(plant.site)
    first, second = all_blocks(plant)
    assert second.tm < first.tm
    assert verify(plant.site).rows == 8


def test_who_seals_at_the_same_time_adds_each_block_once(plant):
    """Two processes make the same block; the second one finds it there, and leaves sealing alone for a while."""
    record(plant, 8)
    site, others = plant.site, []

    def write(add):
        if not others:
            others.append(seal(site))
        return site.store.write_inline(add)

    slow = Sealer(0)
    assert slow.work(site, write) is None
    assert others[0].last_id == 8
    record(plant, 4)
    assert slow.work(site, write) is None
    seal(site)
    assert verify(site).rows == 12


def test_a_write_that_fails_leaves_nothing_and_is_made_up_for(plant):
    record(plant, 4)

    def killed(add):
        def lost(db):
            add(db)
            raise TryAgain("database-busy", "killed before the commit")

        return plant.site.store.write_inline(lost)

    with pytest.raises(TryAgain):
        Sealer(0).work(plant.site, killed)
    assert all_blocks(plant) == []
    assert seal(plant.site).last_id == 4


@pytest.mark.parametrize("database", ["postgresql"])
def test_a_row_of_a_slow_transaction_is_waited_for(plant):
    record(plant, 2)
    with psycopg.connect(plant.site.store.url, autocommit=True) as slow:
        slow.execute("BEGIN")
        slow.execute(SLOW)
        record(plant, 5)
        sealer, write = Sealer(0), plant.site.store.write_inline
        assert sealer.work(plant.site, write) is None
        slow.execute("COMMIT")
    assert sealer.work(plant.site, write).last_id == 8
    assert (verify(plant.site).rows, verify(plant.site).unsealed) == (8, 0)


def test_ids_that_nobody_got_are_no_missing_rows(plant):
    record(plant, 2)
    tamper(plant.site, "UPDATE core_audit SET id = 5000 WHERE id = 2")
    seal(plant.site)
    assert verify(plant.site).rows == 2


def test_the_background_of_a_server_seals_and_calls_wait_for_nothing(make_plant, few, database):
    plant = make_plant(BASE, queued=True, parameters={"seal": {"seconds": "1"}})
    ready = threading.Event()
    plant.site.watchdog.jobs.append(lambda: plant.site.store.read(blocks.last) and ready.set())
    plant.call("makeorder", "VP-1", "PCB-A", 1, 1)
    assert ready.wait(60)
    assert verify(plant.site).rows >= 1


def test_the_table_refuses_what_is_no_new_block(plant):
    record(plant, 1)
    seal(plant.site)
    for sql in ("UPDATE seal_block SET hash = 'x'", "DELETE FROM seal_block"):
        with pytest.raises(Exception, match="only ever added"):
            plant.write(lambda call, sql=sql: call.db.define(sql))


def test_the_tables_are_those_of_the_models(plant):
    plant.check_tables("seal")


def test_the_head_is_given_over_the_network_too(plant):
    plant.check_examples("seal")
    record(plant, 3)
    last = seal(plant.site)
    assert plant.call("getaudithead") == {"head": last.head}


def test_a_chain_that_lacks_a_block_is_not_gone_on_with_and_the_log_says_which(plant):
    record(plant, 16)
    seal(plant.site)
    tamper(plant.site, "UPDATE seal_block SET number = 5 WHERE number = 4")
    record(plant, 4)
    with pytest.raises(ValueError, match="Block 4 of the seal is missing; run tracepro audit verify"):
        seal(plant.site)
