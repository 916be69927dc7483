"""The plant file as a whole: what stands in it twice, what exchanges names, and that twice is once."""

import pytest

from tracepro_hookspecs import CallError

BASE = {
    "acts": [{"id": 1, "name": "PRINT"}],
    "workplaces": [{"id": 100, "name": "printer"}, {"id": 101, "name": "placer"}],
}
LINE = {"name": "SMT-1", "machines": [{"id": 1, "name": "printer", "wp_id": 100}]}
ORDER = {"erp_ref": "VP-7", "item": "PCB-A", "operations": [{"op": 10, "act": 1}]}
BOM = {"wp_id": 100, "lines": [{"hole_no": 1, "mat_item": "R1"}]}
TWICE = [
    ("acts", [{"id": 1, "name": "A"}, {"id": 1, "name": "B"}], "row 1 and row 2 have the same id (1)"),
    (
        "acts",
        [{"name": "A"}, {"id": 5, "name": "B"}, {"id": 6, "name": "A"}],
        "row 1 and row 3 have the same name (A)",
    ),
    ("workplaces", [{"id": 7, "name": "A"}, {"id": 7, "name": "A"}], "row 1 and row 2 have the same id (7)"),
    ("workplaces", [{"name": "A"}, {"name": "A"}], "row 1 and row 2 have the same name (A)"),
    ("workers", [{"id": 5, "name": "A"}, {"id": 5, "name": "B"}], "row 1 and row 2 have the same id (5)"),
    ("workers", [{"name": "A"}, {"name": "A"}], "row 1 and row 2 have the same name (A)"),
    (
        "workers",
        [{"name": "A", "card": "X9 "}, {"name": "B", "code": "X9"}],
        "row 1 and row 2 have the same code or card;",
    ),
    (
        "workers",
        [{"name": "A", "skills": [{"act": 1, "level": "I"}, {"act": 1, "level": "U"}]}],
        "row 1 (skills[0]) and row 1 (skills[1]) have the same worker and act (A, 1)",
    ),
    ("orders", [ORDER, ORDER | {"erp_ref": "VP-7\r\n"}], "row 1 and row 2 have the same erp_ref (VP-7)"),
    (
        "orders",
        [ORDER | {"id": 3}, ORDER | {"id": 3, "erp_ref": "VP-8"}],
        "row 1 and row 2 have the same id (3)",
    ),
    (
        "orders",
        [ORDER | {"operations": [{"op": 10, "act": 1}, {"op": 10, "act": 1}]}],
        "row 1 (operations[0]) and row 1 (operations[1]) have the same erp_ref and op (VP-7, 10)",
    ),
    ("lines", [LINE, LINE | {"machines": []}], "row 1 and row 2 have the same name (SMT-1)"),
    ("lines", [{"id": 2, "name": "A"}, {"id": 2, "name": "B"}], "row 1 and row 2 have the same id (2)"),
    (
        "lines",
        [LINE, {"name": "SMT-2", "machines": [{"id": 1, "name": "placer", "wp_id": 101}]}],
        "row 1 (machines[0]) and row 2 (machines[0]) have the same machine id (1)",
    ),
    (
        "lines",
        [LINE | {"machines": [{"name": "oven", "wp_id": 100}, {"name": "]C1oven", "wp_id": 101}]}],
        "row 1 (machines[0]) and row 1 (machines[1]) have the same line and machine name (SMT-1, oven)",
    ),
    ("boms", [BOM, BOM], "row 1 and row 2 have the same wp_id (100)"),
    (
        "boms",
        [BOM | {"lines": BOM["lines"] * 2}],
        "row 1 (lines[0]) and row 1 (lines[1]) have the same wp_id, hole_no and mat_item (100, 1, R1)",
    ),
    (
        "lots",
        [
            {"mat_item": "R1", "mat_lot": "L1", "amount": 1},
            {"mat_item": "R1", "mat_lot": "L1\n", "amount": 2},
        ],
        "row 1 and row 2 have the same mat_item and mat_lot (R1, L1)",
    ),
    (
        "ranged_counters",
        [{"name": "MAC", "first": 1, "last": 2}, {"name": "MAC", "first": 1, "last": 3}],
        "row 1 and row 2 have the same name (MAC)",
    ),
]


@pytest.fixture
def plant(make_plant):
    return make_plant(plant=BASE)


def test_what_stands_in_a_section_twice_is_refused_naming_both(plant):
    assert {section for section, _, _ in TWICE} == set(plant.site.contributions.plant_sections)
    for section, rows, said in TWICE:
        with pytest.raises(CallError) as refused:
            plant.load({section: rows})
        assert refused.value.info.startswith(f"{section} of the plant file: {said}")
        assert refused.value.data["rule"] == "twice"


def test_the_same_row_is_found_however_far_apart_the_two_stand(plant):
    rows = [{"name": f"act {number}"} for number in range(2500)]
    with pytest.raises(CallError, match="row 2 and row 2501 have the same name"):
        plant.load({"acts": [*rows, {"name": "act 1"}]})


def test_two_workers_may_have_one_name(plant):
    plant.load(
        {
            "workers": [
                {"id": 50, "name": "J. Novak"},
                {"id": 51, "name": "J. Novak", "card": "N1", "code": "N1"},
            ]
        }
    )
    assert plant.call("getworkerbycard", "N1")["id"] == 51
