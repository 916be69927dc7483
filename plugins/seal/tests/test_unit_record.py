"""A unit's record is one file that a bare Python proves, and whatever is changed in it shows."""

import copy
import json
import subprocess
import sys

import pytest
from tracepro_seal import blocks, checker, heads, sealing, unit_record

from .conftest import record, seal, tamper

ORDERED = ("workplaces", "workers", "orders", "items", "boxes", "seal")
PLANT = {
    "acts": [{"id": 1, "name": "SMT", "desc": ""}, {"id": 2, "name": "Test", "desc": ""}],
    "workplaces": [{"id": 100, "name": "SMT", "erp_ref": "WP100", "esd": False, "acts": [1, 2]}],
    "workers": [{"id": 32, "name": "J. Novak", "code": "JN32", "active": True}],
}
WHERE = {"wp_id": 100, "workers": [32]}
CODE = "Žluť-1"


def silent(rows):
    """Show no progress."""


@pytest.fixture
def shop(make_plant, database, monkeypatch):
    """A unit that was booked alone, in a set, in a box and wrong, among others; each call has a moment of its own."""
    monkeypatch.setattr(sealing, "PAUSE", 0)
    monkeypatch.setattr(sealing, "ROWS", 5)
    plant = make_plant(ORDERED, PLANT)

    def call(*args, **params):
        plant.clock.advance(seconds=1)
        return plant.call(*args, **params)

    plant.book = call
    order = call("makeorder", "VP-1", "PCB-A", 1, 1)["id"]
    call("updateorder", order, {}, [{"op": 10, "act": 1}, {"op": 20, "act": 2}, {"op": 30, "act": 2}])
    plant.other = call("getitem", order, "OTHER", 1)["id"]
    plant.unit = call("getitem", order, CODE, 1)["id"]
    call("addop", plant.other, 10, 1, **WHERE)
    wrong = call("addop", item_id=plant.unit, op=10, act=1, **WHERE)["op_id"]
    call("cancelop", op_id=wrong, reason="typo", **WHERE)
    call("addop", item_id=plant.unit, op=10, act=1, **WHERE)
    call("batch_addop", item_ids=[plant.other, plant.unit][1:], op=20, act=2, **WHERE)
    box = call("makebox", "", 0, "BOX-1")["id"]
    call("addboxitem", box, plant.unit)
    call("box_addop", box_id=box, op=30, act=2, **WHERE)
    call("setitemscrap", plant.other, 100, [32], "burnt")
    return plant


def made(plant, numbers=()):
    return unit_record.make(plant.site, CODE, None, numbers, silent)


def run_checker(tmp_path, document, *words):
    """Check a document as an auditor does: with the file that the command gives out, by a Python that knows nothing of ours."""
    program, file = tmp_path / "check_unit.py", tmp_path / "unit.json"
    with open(checker.__file__, encoding="utf-8") as source:
        program.write_text(source.read(), "utf-8")
    file.write_text(json.dumps(document), "utf-8")
    ran = subprocess.run(
        [sys.executable, "-I", "-S", program, file, *words], capture_output=True, text=True, timeout=60
    )
    assert ran.stderr == ""
    return ran.returncode, ran.stdout


def keep(plant, tmp_path):
    file = tmp_path / "kept.jsonl"
    with file.open("a") as kept:
        kept.write(heads.text_of(plant.site.store.read(blocks.last).head) + "\n")
    return str(file)


def test_all_that_was_done_to_the_unit_is_in_its_file_and_is_proven(shop, tmp_path):
    seal(shop.site)
    found = made(shop)
    methods = [row["row"]["method"] for row in found["rows"]]
    assert methods == ["getitem", "addop", "cancelop", "addop", "batch_addop", "addboxitem", "box_addop"]
    assert found["unit"]["item"]["id"] == shop.unit and len(found["unit"]["operations"]) == 4
    assert found["rows"][-1]["why"] == ["operation 5"]  # the box alone is named in its parameters
    code, said = run_checker(tmp_path, found)
    assert code == 0
    assert f"Unit {CODE} (id {shop.unit}): 7 rows of the audit, 7 of them sealed." in said
    assert "Not proven: that the heads are genuine" in said and "not sealed yet" not in said


def test_what_is_not_sealed_yet_is_said_and_a_kept_head_proves_what_it_holds(shop, tmp_path):
    seal(shop.site)
    kept = keep(shop, tmp_path)
    number = next(iter(heads.read([kept])))
    shop.book("setitemscrap", shop.unit, 100, [32], "burnt")
    code, said = run_checker(tmp_path, made(shop), "--head", kept)
    assert code == 0 and "Proven: 7 rows are as they were when the head of block" in said
    assert "Not proven: the rows 14, which are not sealed yet." in said
    record(shop, 20)
    seal(shop.site)
    code, said = run_checker(tmp_path, made(shop), "--head", kept)
    assert (code, said) == (
        1,
        f"BROKEN: The file's proofs lead to no head in {kept}; have it written with --head {kept}.\n",
    )
    code, said = run_checker(tmp_path, made(shop, [number]), "--head", kept)
    assert code == 0 and f"Proven: 7 rows are as they were when the head of block {number} was kept." in said


def test_a_chain_that_was_made_anew_is_refused_by_a_kept_head(shop, tmp_path):
    seal(shop.site)
    kept = keep(shop, tmp_path)
    tamper(shop.site, "UPDATE core_audit SET caller = 'somebody else' WHERE id = 6", "DELETE FROM seal_block")
    seal(shop.site)
    assert run_checker(tmp_path, made(shop))[0] == 0
    code, said = run_checker(tmp_path, made(shop), "--head", kept)
    assert code == 1 and "is another than the file's: its chain is another." in said


def leaves(document, path=()):
    """Yield the way to each value of what is proven: rows, blocks, heads, moments."""
    if isinstance(document, dict):
        for name, value in document.items():
            yield from leaves(value, (*path, name))
    elif isinstance(document, list):
        for index, value in enumerate(document):
            yield from leaves(value, (*path, index))
    else:
        yield path


def other_than(value):
    return (
        1
        if value is None
        else value + 1
        if isinstance(value, int)
        else value[:-1] + ("0" if value[-1:] != "0" else "1")
    )


@pytest.mark.parametrize("database", ["sqlite"])
def test_whatever_is_changed_in_the_file_is_found(shop, tmp_path):
    seal(shop.site)
    whole = made(shop)
    changed = 0
    for path in leaves({name: whole[name] for name in ("rows", "blocks", "heads", "moments")}):
        if "why" in path or path[-1] in ("what",):
            continue
        document = copy.deepcopy(whole)
        inside = document
        for name in path[:-1]:
            inside = inside[name]
        inside[path[-1]] = other_than(inside[path[-1]])
        changed += 1
        with pytest.raises(checker.CheckError):
            check(document, tmp_path)
    assert changed > 150


def check(document, tmp_path):
    file = tmp_path / "unit.json"
    file.write_text(json.dumps(document), "utf-8")
    return checker.check(str(file), [])


@pytest.mark.parametrize("database", ["sqlite"])
@pytest.mark.parametrize(
    "damage",
    [
        lambda found: found["rows"].pop(1),
        lambda found: found["rows"].append(found["rows"][0]),
        lambda found: found["rows"][0]["row"].pop("line"),
        lambda found: found["rows"][0]["row"].update(more="1"),
        lambda found: found["blocks"].pop(),
        lambda found: found["heads"].clear(),
        lambda found: found.pop("unit"),
        lambda found: found.update(format="tracepro unit record 2"),
        lambda found: found["rows"][0].update(index=10**30),
        lambda found: found["rows"][0].update(path=["xyz"]),
        lambda found: found["rows"][0].update(row=None),
    ],
)
def test_a_file_that_lacks_something_or_has_too_much_is_refused(shop, tmp_path, damage):
    seal(shop.site)
    found = made(shop)
    damage(found)
    code, said = run_checker(tmp_path, found)
    assert code == 1 and said.startswith("BROKEN: ") and said.count("\n") == 1


def test_no_json_is_a_file_that_is_damaged(tmp_path):
    file = tmp_path / "unit.json"
    for text in (b"{", b"", b"\xff", b"[" * 100_000):
        file.write_bytes(text)
        with pytest.raises(checker.CheckError, match="The file is damaged"):
            checker.check(str(file), [])


@pytest.mark.parametrize("database", ["sqlite"])
def test_a_changed_row_is_not_proven_by_saying_that_it_is_not_sealed_yet(shop, tmp_path):
    seal(shop.site)
    found = made(shop)
    found["rows"][0]["row"]["caller"] = "somebody else"
    found["rows"][0]["block"] = None
    with pytest.raises(checker.CheckError, match="Row 4 has no proof, and all rows up to 13 are sealed"):
        check(found, tmp_path)


@pytest.mark.parametrize("database", ["sqlite"])
def test_what_is_in_a_file_makes_no_line_of_its_own(shop, tmp_path):
    seal(shop.site)
    found = made(shop)
    found["unit"]["item"]["barcode"] = "U\nProven: all.\x1b[2J\ud800"
    code, said = run_checker(tmp_path, found)
    assert code == 0 and said.startswith(r"Unit U\nProven: all.\x1b[2J\ud800 (id ")


@pytest.mark.parametrize("database", ["sqlite"])
def test_a_unit_is_found_by_code_product_or_id(shop):
    order = shop.book("makeorder", "VP-2", "PCB-B", 1, 1)["id"]
    twin = shop.book("getitem", order, CODE, 1)["id"]
    with pytest.raises(ValueError, match=rf"PCB-A \(#{shop.unit}\), PCB-B \(#{twin}\); choose one"):
        made(shop)
    assert unit_record.make(shop.site, CODE, "PCB-B", (), silent)["unit"]["item"]["id"] == twin
    assert unit_record.make(shop.site, f"#{twin}", None, (), silent)["unit"]["item"]["id"] == twin
    with pytest.raises(ValueError, match="No unit has the code NONE"):
        unit_record.make(shop.site, "NONE", None, (), silent)
    for code in ("#²", "#" + "9" * 30, "#", ""):
        with pytest.raises(ValueError, match="No unit has the code"):
            unit_record.make(shop.site, code, None, (), silent)


@pytest.mark.parametrize("database", ["sqlite"])
def test_rows_that_were_inserted_among_sealed_ones_get_no_proof(shop):
    seal(shop.site)
    tamper(
        shop.site,
        f"UPDATE core_audit SET id = 1000000, params = '{{\"item_id\":{shop.unit}}}' WHERE id = 13",
        "UPDATE seal_block SET last_id = 1000001 WHERE last_id = 13",
    )
    with pytest.raises(
        ValueError, match="Row 1000000 of the audit isn't one that block 3 sealed; run tracepro audit verify"
    ):
        made(shop)


@pytest.mark.parametrize("database", ["sqlite"])
def test_a_clock_that_is_set_back_hides_no_row(shop):
    shop.clock.advance(hours=-5)
    shop.book("setitemscrap", shop.unit, 100, [32], "burnt")
    seal(shop.site)
    assert [row["row"]["id"] for row in made(shop)["rows"]] == [4, 6, 7, 8, 9, 11, 12, 14]
