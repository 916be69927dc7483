"""Codes that were stored untrimmed are trimmed by migrations; where two would become one, both stay and are named."""

import importlib
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from peewee import fn

from tracepro.database import Insert, stored_codes
from tracepro.database.core_models import CodeClash, Token
from tracepro.database.schema import Schema
from tracepro.findings import Findings
from tracepro.startup import check_code_clashes

PLUGINS = ("workplaces", "workers", "orders", "items", "material", "lines", "counters")
PLANT = {
    "acts": [{"id": 1, "name": "PLACE", "desc": ""}],
    "workplaces": [{"id": 100, "name": "Placer", "erp_ref": "WP100", "esd": False, "acts": [1]}],
    "workers": [
        {"id": 32, "name": "J. Novak", "code": "JN32"},
        {"id": 33, "name": "M. Kovacs"},
        {"id": 34, "name": "X"},
    ],
}


@pytest.fixture
def plant(make_plant, database):
    return make_plant(plugins=PLUGINS, plant=PLANT, database=database)


def table(plugin, name):
    package = "tracepro.database.core" if plugin == "core" else f"tracepro_{plugin}."
    return getattr(
        importlib.import_module(f"{package}_models" if plugin == "core" else f"{package}models"), name
    )


def store(plant, model, **values):
    """Write a row as an older version did, past every check."""
    return plant.write(lambda call: call.db.insert(Insert(model), **values))


def stored(plant, model, *columns):
    fields = [model._meta.fields[name] for name in columns]
    return plant.read(lambda call: call.db.rows(model.select(*fields).order_by(*fields)))


SEARCH = "SELECT id, owner, row FROM core_dirty_code WHERE target = $1 ORDER BY id LIMIT $2"


def migrate(plant, *plugins):
    """Run the migrations that trim."""

    def run(call):
        for plugin in plugins:
            package = "tracepro.database" if plugin == "core" else f"tracepro_{plugin}"
            folder = Path(importlib.import_module(package).__file__).parent / "migrations"
            for file in sorted(folder.glob("*_trimmed_*.py")):
                spec = spec_from_file_location("trimming", file)
                module = module_from_spec(spec)
                spec.loader.exec_module(module)
                module.migrate(Schema(call.db))

    plant.write(run)


def warnings(plant):
    findings = Findings()
    check_code_clashes(plant.site.store, findings)
    return [finding.info for finding in findings.warnings]


def unit(plant, order, code, product="PCB-A", **more):
    item_id = store(
        plant,
        table("items", "Unit"),
        order_id=order,
        tp=1,
        barcode=code,
        created=0,
        panel_id=None,
        position=None,
        **more,
    )
    store(plant, table("items", "Code"), code=code, product=product, item_id=item_id)
    return item_id


def test_units_are_found_by_their_trimmed_code_and_two_of_one_code_stay(plant, monkeypatch):
    monkeypatch.setattr(stored_codes, "PAGE", 2)
    order = plant.call("makeorder", "VP-1", "PCB-A", 1, 1)["id"]
    clean, twin = unit(plant, order, "SN1"), unit(plant, order, "SN1\r\n")
    both = [unit(plant, order, "SN2\r"), unit(plant, order, "SN2\n")]
    alone, board = unit(plant, order, "]C1SN3\r\n"), unit(plant, order, "P1\r\n/1")
    own = unit(plant, order, "SN4", barcode2="SN4\r\n")
    store(plant, table("items", "Code"), code="SN4\r\n", product="PCB-A", item_id=own)
    migrate(plant, "items")
    codes = [plant.call("getitembyitem", "PCB-A", code) for code in ("SN1", "SN2", "SN3", "P1/1", "SN4")]
    assert [found and found["id"] for found in codes] == [clean, None, alone, board, own]
    assert [found["barcode"] for found in codes if found] == ["SN1", "SN3", "P1/1", "SN4"]
    left = stored(plant, table("items", "Unit"), "id", "barcode", "barcode2")
    assert left[1] == (twin, "SN1\r\n", "") and left[2:4] == [(both[0], "SN2\r", ""), (both[1], "SN2\n", "")]
    assert left[6] == (own, "SN4", "SN4")
    assert plant.call("canaddop", twin, [[None, 1]], 100, [32])["reasons"]
    said = warnings(plant)
    assert len(said) == 2 and all(info.startswith("Plugin items, table items_code") for info in said)
    assert "'SN1'" in said[0] and r"'SN1\r\n'" in said[0]


def test_orders_workers_and_what_else_has_codes_are_trimmed(plant):
    rows = {
        ("orders", "Order", ("erp_ref", "item")): [("VP-1\r\n", "PCB-A "), ("VP-2", "PCB-A")],
        ("material", "Lot", ("mat_item", "mat_lot")): [("]C1R-10K", "L1\r\n"), ("R-10K", "L2")],
        ("lines", "Line", ("name",)): [("SMT-1\t",)],
        ("counters", "Sequence", ("clazz", "name", "next")): [("serial ", "A\r\n", 7)],
        ("counters", "Range", ("name", "first", "last", "next")): [("MAC ", 1, 9, 1)],
        ("items", "Component", ("parent_id", "ref", "child_id", "op_id")): [(1, "R1\n", 2, 1)],
        ("items", "Slot", ("item_id", "slot", "value")): [(1, "feeder\n", "A ")],
    }
    for (plugin, model, columns), values in rows.items():
        more = {"created": 0, "vd": None} if plugin == "orders" else {}
        for row in values:
            store(plant, table(plugin, model), **dict(zip(columns, row, strict=True)), **more)
    for tp, key, value in ((0, "note ", "B "), (11, "R1\n", "SN1\r\n"), (10, "feeder\n", "A ")):
        store(plant, table("items", "Data"), op_id=1, tp=tp, key=key, value=value)
    store(plant, Token, name="T", secret_hash="", scopes=[], lines=["SMT-1\t"], created=0)
    lot = plant.call("receivemat", "R-22K", "L3", 5)["wfloormat_id"]
    store(plant, table("material", "Receipt"), lot=lot, ref="DN 1\r\n")
    migrate(plant, "core", *PLUGINS)
    assert plant.error("receivemat", "R-22K", "L3", 5, "DN 1")["data"]["code"] == "receipt-exists"
    assert stored(plant, table("orders", "Order"), "erp_ref", "item") == [
        ("VP-1", "PCB-A"),
        ("VP-2", "PCB-A"),
    ]
    assert stored(plant, table("material", "Lot"), "mat_item", "mat_lot") == [
        ("R-10K", "L1"),
        ("R-10K", "L2"),
        ("R-22K", "L3"),
    ]
    assert stored(plant, table("counters", "Sequence"), "clazz", "name") == [("serial ", "A")]
    assert stored(plant, table("counters", "Range"), "name") == [("MAC",)]
    assert stored(plant, table("lines", "Line"), "name") == [("SMT-1",)]
    assert stored(plant, table("items", "Component"), "ref") == [("R1",)]
    assert stored(plant, table("items", "Slot"), "slot", "value") == [("feeder", "A ")]
    kept = stored(plant, table("items", "Data"), "tp", "key", "value")
    assert kept == [(0, "note ", "B "), (10, "feeder", "A "), (11, "R1", "SN1")]
    assert stored(plant, Token, "lines") == [(["SMT-1"],)]
    assert warnings(plant) == []


def test_a_card_that_would_mean_another_worker_stays(plant):
    cards = {32: "33 ", 33: "CARD\r\n", 34: "JN32\n"}
    worker = table("workers", "Worker")
    for worker_id, card in cards.items():
        plant.write(
            lambda call, i=worker_id, c=card: call.db.run(worker.update(card=c).where(worker.id == i))
        )
    migrate(plant, "workers")
    assert stored(plant, worker, "id", "card") == [(32, "33 "), (33, "CARD"), (34, "JN32\n")]
    assert len(warnings(plant)) == 2


def test_a_second_run_changes_nothing(plant):
    plant.call("makeorder", "VP-1", "PCB-A")
    migrate(plant, *PLUGINS)
    migrate(plant, *PLUGINS)
    assert plant.read(lambda call: call.db.value(CodeClash.select(fn.COUNT(CodeClash.id)))) == 0


def test_a_rival_is_found_by_the_index_although_nothing_is_known_of_so_new_a_table(make_plant):
    def plan_of_search(call):
        Schema(call.db).create(stored_codes._Dirty)
        call.db.define(
            "INSERT INTO core_dirty_code (target, row) SELECT 'N-' || n, '{}' FROM generate_series(1, 20000) AS n"
        )
        call.db.define(f"PREPARE search(text, bigint) AS {SEARCH}")
        told = str(call.db.raw_rows("EXPLAIN EXECUTE search('N-19999', 1000)"))
        call.db.define("DEALLOCATE search")
        call.db.define("DROP TABLE core_dirty_code")
        return told

    plan = make_plant(("workplaces",), database="postgresql").write(plan_of_search)
    assert "core_dirty_code_target_id" in plan, plan
