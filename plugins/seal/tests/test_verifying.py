"""Whatever an owner of the database changes, the first row or block that is not as it was sealed is named."""

import json

import pytest
from tracepro_seal import blocks, checker, heads
from tracepro_seal.verifying import Broken

from .conftest import BASE, BLANK, record, seal, tamper, verify


def fault(plant, kept=None):
    with pytest.raises(Broken) as found:
        verify(plant.site, kept)
    return str(found.value)


@pytest.fixture
def sealed(plant):
    """Twelve rows in three blocks, and two that wait."""
    record(plant, {"params": '{"item_id":1}'}, 11)
    seal(plant.site)
    record(plant, 2)
    return plant


COLUMNS = [*BLANK, "tm"]
INSERT = """INSERT INTO core_audit (id, tm, caller, method, params, changes, request_id, address)
VALUES ({id}, 1, 'x', 'addop', '{{}}', '[]', 'r', '')"""


def test_what_nobody_touched_is_in_order(sealed):
    found = verify(sealed.site)
    assert (found.last.number, found.rows, found.unsealed) == (3, 12, 2)


@pytest.mark.parametrize("column", COLUMNS)
def test_a_changed_row_is_named_whatever_was_changed(make_plant, few, column):
    plant = make_plant(BASE)
    record(plant, 6)
    seal(plant.site)
    value = "99" if column in ("tm", "wp_id") else "'other'"
    tamper(plant.site, f"UPDATE core_audit SET {column} = {value} WHERE id = 6")
    assert fault(plant).startswith("Row 6 of the audit was changed since it was sealed (block 2, sealed 20")


@pytest.mark.parametrize(
    ("statements", "sentence"),
    [
        (["UPDATE core_audit SET caller = 'x' WHERE id IN (7, 3)"], "Row 3 of the audit was changed"),
        (["DELETE FROM core_audit WHERE id = 8"], "Row 8 of the audit is missing"),
        (["DELETE FROM core_audit WHERE id BETWEEN 5 AND 8"], "Row 5 of the audit is missing"),
        (["DELETE FROM core_audit"], "Row 1 of the audit is missing"),
        ([INSERT.format(id=0)], "Row 0 of the audit was inserted"),
        (["DELETE FROM core_audit WHERE id = 2", INSERT.format(id=2)], "Row 2 of the audit was changed"),
        (["UPDATE core_audit SET id = 100 WHERE id = 6"], "Row 6 of the audit is missing"),
        (["DELETE FROM seal_block WHERE number = 1"], "Block 1 of the seal is missing"),
        (["DELETE FROM seal_block WHERE number = 2"], "Block 2 of the seal is missing"),
        (["UPDATE seal_block SET tm = 5 WHERE number = 2"], "Block 2 of the seal was changed"),
        (["UPDATE seal_block SET number = 7 WHERE number = 3"], "Block 3 of the seal is missing"),
        (["UPDATE seal_block SET rows = 3 WHERE number = 2"], "Block 2 of the seal was changed"),
        (["UPDATE seal_block SET previous = 'no' WHERE number = 2"], "Block 2 of the seal was changed"),
        (
            ["UPDATE seal_block SET subtree = hash WHERE number = 2"],
            "Block 2 of the seal was changed: its subtree",
        ),
        (
            [
                "UPDATE seal_block SET listed = (SELECT b.listed FROM seal_block b WHERE b.number = 1) WHERE number = 2"
            ],
            "The list of rows in block 2 of the seal was changed; its rows lie between 5 and 8.",
        ),
    ],
)
def test_the_first_fault_is_named(sealed, statements, sentence):
    tamper(sealed.site, *statements)
    assert fault(sealed).startswith(sentence)


@pytest.mark.parametrize("database", ["sqlite"])
@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("UPDATE core_audit SET tm = tm + 0.5 WHERE id = 6", "Row 6 of the audit was changed"),
        ("UPDATE core_audit SET caller = x'41' WHERE id = 6", "Row 6 of the audit was changed"),
        (
            "UPDATE core_audit SET caller = CAST(x'ff' AS TEXT) WHERE id IN (6, 7)",
            "Row 6 of the audit, or one put before it, was changed to what is no text",
        ),
        ("UPDATE seal_block SET tm = tm + 0.5 WHERE number = 2", "Block 2 of the seal was changed"),
        ("UPDATE seal_block SET listed = 'abc' WHERE number = 2", "The list of rows in block 2"),
        (
            "UPDATE seal_block SET listed = CAST(x'ff' AS TEXT) WHERE number = 2",
            "The list of rows in block 2",
        ),
    ],
)
def test_a_value_of_a_kind_that_only_sqlite_takes_is_a_change_like_others(sealed, statement, sentence):
    tamper(sealed.site, statement)
    assert fault(sealed).startswith(sentence)


def test_a_byte_behind_the_list_of_a_block_is_a_change_too(sealed):
    more = "x'00'" if sealed.site.store.dialect == "sqlite" else r"'\x00'::bytea"
    listed = f"CAST(listed || {more} AS BLOB)" if more[0] == "x" else f"listed || {more}"
    tamper(sealed.site, f"UPDATE seal_block SET listed = {listed} WHERE number = 2")
    assert fault(sealed).startswith("The list of rows in block 2 of the seal was changed")


def test_a_row_between_two_others_is_named(plant):
    record(plant, 2)
    tamper(plant.site, "UPDATE core_audit SET id = 5000 WHERE id = 2")
    seal(plant.site)
    tamper(plant.site, INSERT.format(id=77))
    assert fault(plant).startswith("Row 77 of the audit was inserted among rows that were sealed without it")


def made_anew(plant):
    """Change a row and make the whole chain anew, as who owns the database can."""
    tamper(plant.site, "UPDATE core_audit SET caller = 'x' WHERE id = 3", "DELETE FROM seal_block")
    seal(plant.site)


def keep(plant, tmp_path):
    file = tmp_path / "kept.jsonl"
    with file.open("a") as kept:
        kept.write(heads.text_of(plant.site.store.read(blocks.last).head) + "\n")
    return str(file)


def test_a_chain_made_anew_shows_by_a_head_that_was_kept_alone(sealed, tmp_path):
    kept = keep(sealed, tmp_path)
    assert verify(sealed.site, heads.read([kept])).rows == 12
    made_anew(sealed)
    assert verify(sealed.site).rows == 14
    assert fault(sealed, heads.read([kept])).startswith(
        f"Block 3 of the seal is another than the one whose head is kept in {kept}: the chain was made anew"
    )


def test_a_block_that_was_changed_with_its_hash_shows_in_the_next_one(sealed):
    first, second = sealed.site.store.read(lambda db: blocks.behind(db, 0, 2))
    own = checker.block_hash(second._replace(tm=5).header)
    subtree = checker.node(bytes.fromhex(first.hash), own)
    tamper(
        sealed.site,
        f"UPDATE seal_block SET tm = 5, hash = '{own.hex()}', subtree = '{subtree.hex()}' WHERE number = 2",
    )
    assert fault(sealed).startswith("Block 3 of the seal holds to other blocks than those before it")


def test_an_end_that_was_taken_away_shows_by_a_kept_head(sealed, tmp_path):
    kept = keep(sealed, tmp_path)
    tamper(sealed.site, "DELETE FROM seal_block WHERE number > 2", "DELETE FROM core_audit WHERE id > 8")
    assert verify(sealed.site).rows == 8
    assert fault(sealed, heads.read([kept])).startswith(
        f"The chain ends with block 2, and the head of block 3 is kept in {kept}"
    )


def test_a_head_that_is_not_as_it_was_written_is_refused(sealed, tmp_path):
    kept = tmp_path / "kept.jsonl"
    head = sealed.site.store.read(blocks.last).head
    kept.write_text(json.dumps({**head, "tm": 1}))
    with pytest.raises(ValueError, match=r"Line 1 of .* is a head that is not as it was written"):
        heads.read([str(kept)])
    kept.write_bytes(b"")
    with pytest.raises(ValueError, match="has no heads"):
        heads.read([str(kept)])
    good = heads.text_of(head).encode()
    for other in (b"a letter", b"[" * 100_000, b"\xff\xfe", good[:-1]):
        kept.write_bytes(good + b"\n\n" + other)
        with pytest.raises(ValueError, match=r"Line 3 of .* is no head"):
            heads.read([str(kept)])
    kept.write_bytes(b"\xef\xbb\xbf" + good + b"\r\n")
    assert list(heads.read([str(kept)])) == [head["number"]]
