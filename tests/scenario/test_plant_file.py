"""The plant file as a whole: what stands in it twice, what exchanges names, and that twice is once."""

import pytest

from tracepro import plant_file
from tracepro.database import statement
from tracepro.database.core_models import Audit
from tracepro.testing.watched import statements_of_sessions
from tracepro_hookspecs import CallError

BASE = {
    "acts": [{"id": 1, "name": "PRINT"}],
    "workplaces": [{"id": 100, "name": "printer"}, {"id": 101, "name": "placer"}],
}
LINE = {"name": "SMT-1", "machines": [{"id": 1, "name": "printer", "wp_id": 100}]}
ORDER = {"erp_ref": "VP-7", "item": "PCB-A", "operations": [{"op": 10, "act": 1}]}
BOM = {"wp_id": 100, "lines": [{"hole_no": 1, "mat_item": "R1"}]}
USER = {"username": "chief", "fullname": "Line Chief", "groups": [], "password": "demo-only"}
PROCESS = {"name": "P", "machine": 100}
TWO_OF_A_NAME = [{"name": "A"}, {"name": "A"}]
TWICE = [
    ("acts", [{"id": 1, "name": "A"}, {"id": 1, "name": "B"}], "the same id (1) twice, in row 1 and row 2;"),
    (
        "acts",
        [{"name": "A"}, {"id": 5, "name": "B"}, {"id": 6, "name": "A"}],
        "the same name (A) twice, in row 1 and row 3;",
    ),
    (
        "workplaces",
        [{"id": 7, "name": "A"}, {"id": 7, "name": "A"}],
        "the same id (7) twice, in row 1 and row 2;",
    ),
    ("workplaces", [{"name": "A"}, {"name": "A"}], "the same name (A) twice, in row 1 and row 2;"),
    (
        "workers",
        [{"id": 5, "name": "A"}, {"id": 5, "name": "B"}],
        "the same id (5) twice, in row 1 and row 2;",
    ),
    ("workers", [{"name": "A"}, {"name": "A"}], "the same name (A) twice, in row 1 and row 2;"),
    (
        "workers",
        [{"name": "A", "card": "X9 "}, {"name": "B", "code": "X9"}],
        "the same code or card twice, in row 1 and row 2;",
    ),
    (
        "workers",
        [{"name": "A", "skills": [{"act": 1, "level": "I"}, {"act": 1, "level": "U"}]}],
        "the same worker and act (A, 1) twice, in row 1 (skills[0]) and row 1 (skills[1]);",
    ),
    (
        "orders",
        [ORDER, ORDER | {"erp_ref": "VP-7\r\n"}],
        "the same erp_ref (VP-7) twice, in row 1 and row 2;",
    ),
    (
        "orders",
        [ORDER | {"id": 3}, ORDER | {"id": 3, "erp_ref": "VP-8"}],
        "the same id (3) twice, in row 1 and row 2;",
    ),
    (
        "orders",
        [ORDER | {"operations": [{"op": 10, "act": 1}, {"op": 10, "act": 1}]}],
        "the same erp_ref and op (VP-7, 10) twice, in row 1 (operations[0]) and row 1 (operations[1]);",
    ),
    ("lines", [LINE, LINE | {"machines": []}], "the same name (SMT-1) twice, in row 1 and row 2;"),
    ("lines", [{"id": 2, "name": "A"}, {"id": 2, "name": "B"}], "the same id (2) twice, in row 1 and row 2;"),
    (
        "lines",
        [LINE, {"name": "SMT-2", "machines": [{"id": 1, "name": "placer", "wp_id": 101}]}],
        "the same machine id (1) twice, in row 1 (machines[0]) and row 2 (machines[0]);",
    ),
    (
        "lines",
        [LINE | {"machines": [{"name": "oven", "wp_id": 100}, {"name": "]C1oven", "wp_id": 101}]}],
        "the same line and machine name (SMT-1, oven) twice, in row 1 (machines[0]) and row 1 (machines[1]);",
    ),
    ("boms", [BOM, BOM], "the same wp_id (100) twice, in row 1 and row 2;"),
    (
        "boms",
        [BOM | {"lines": BOM["lines"] * 2}],
        "the same wp_id, hole_no and mat_item (100, 1, R1) twice, in row 1 (lines[0]) and row 1 (lines[1]);",
    ),
    (
        "lots",
        [
            {"mat_item": "R1", "mat_lot": "L1", "amount": 1},
            {"mat_item": "R1", "mat_lot": "L1\n", "amount": 2},
        ],
        "the same mat_item and mat_lot (R1, L1) twice, in row 1 and row 2;",
    ),
    (
        "ranged_counters",
        [{"name": "MAC", "first": 1, "last": 2}, {"name": "MAC", "first": 1, "last": 3}],
        "the same name (MAC) twice, in row 1 and row 2;",
    ),
    ("inventory_items", TWO_OF_A_NAME, "the same name (A) twice, in row 1 and row 2;"),
    ("inventory_points", TWO_OF_A_NAME, "the same name (A) twice, in row 1 and row 2;"),
    (
        "inventory_points",
        [{"name": "A", "items": [{"item": "I", "quantity": 1}] * 2}],
        "the same name and item (A, I) twice, in row 1 (items[0]) and row 1 (items[1]);",
    ),
    ("processes", [PROCESS, PROCESS], "the same name and machine (P, 100) twice, in row 1 and row 2;"),
    (
        "processes",
        [PROCESS | {"programs": [{"name": "A"}, {"name": "A\n"}]}],
        "the same name, machine and program (P, 100, A) twice, in row 1 (programs[0]) and row 1 (programs[1]);",
    ),
    (
        "processes",
        [PROCESS | {"assemblies": TWO_OF_A_NAME}],
        "the same name, machine and assembly (P, 100, A) twice, in row 1 (assemblies[0]) and row 1 (assemblies[1]);",
    ),
    (
        "processes",
        [PROCESS | {"assemblies": [{"name": "T1", "tools": TWO_OF_A_NAME}]}],
        "the same name, machine, assembly and tool (P, 100, T1, A) twice, in row 1 (assemblies[0].tools[0])"
        " and row 1 (assemblies[0].tools[1]);",
    ),
    ("users", [USER, USER | {"fullname": "Another"}], "the same username (chief) twice, in row 1 and row 2;"),
]


@pytest.fixture
def plant(make_plant):
    return make_plant(plant=BASE)


def test_what_stands_in_a_section_twice_is_refused_naming_both(plant):
    assert {section for section, _, _ in TWICE} == set(plant.site.contributions.plant_sections)
    for section, rows, said in TWICE:
        with pytest.raises(CallError) as refused:
            plant.load({section: rows})
        assert refused.value.info.startswith(f"Section {section} of the plant file has {said}")
        assert refused.value.data["rule"] == "twice"


def test_the_same_row_is_found_however_far_apart_the_two_stand(plant):
    rows = [{"name": f"act {number}"} for number in range(2500)]
    with pytest.raises(CallError, match="twice, in row 2 and row 2501;"):
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


@pytest.fixture
def floor(make_plant, demo, database):
    return make_plant(plant=demo, database=database)


def _import(plant, document):
    """Import a plant file as the command does, and return what the audit notes, and the statements that write."""

    def load(call):
        plant_file.load(call, plant_file.prepare(call, plant_file.checked(plant.site, document)))
        return call.changes

    with statements_of_sessions() as written:
        changes = [tuple(change.values()) for change in plant.write(load)]
    return changes, [sql for sql in written if sql.split()[0] in ("INSERT", "UPDATE", "DELETE")]


def _refused(plant, document):
    with pytest.raises(CallError) as refused:
        plant.load(document)
    return refused.value.info


def test_an_identical_import_writes_nothing(floor, demo):
    assert floor.call("queryorder")
    for section in floor.site.contributions.plant_sections:
        assert _import(floor, {section: demo[section]}) == ([], []), section


def test_one_change_writes_one_row(floor, demo):
    wp, *_ = demo["workplaces"]
    rows = [wp | {"esd": not wp["esd"]}, *demo["workplaces"][1:]]
    changes, written = _import(floor, {"workplaces": rows})
    assert changes == [(f"workplace {wp['id']}", "esd", wp["esd"], not wp["esd"])] and len(written) == 1
    order, *_ = demo["orders"]
    changes, written = _import(floor, {"orders": [order | {"customer": "Hydra"}]})
    assert [change[1:] for change in changes] == [("customer", order.get("customer", ""), "Hydra")] and len(
        written
    ) == 1


def _named(rows, names):
    return [{"id": row["id"], "name": name} for row, name in zip(rows, names, strict=False)]


def test_names_are_exchanged_in_circles_and_chains(floor, demo):
    places = demo["workplaces"]
    one, two, three = (row["id"] for row in places[:3])
    a, b, c, d = (row["name"] for row in places[:4])
    changes, _ = _import(floor, {"workplaces": _named(places, [b, a])})
    assert changes == [(f"workplace {one}", "name", a, b), (f"workplace {two}", "name", b, a)]
    changes, _ = _import(floor, {"workplaces": _named(places, [a, c, b, d])})
    assert changes == [
        (f"workplace {one}", "name", b, a),
        (f"workplace {two}", "name", a, c),
        (f"workplace {three}", "name", c, b),
    ]
    chain = {"workplaces": _named(places, [c, "new", d, b])}
    _import(floor, chain)
    for row in chain["workplaces"]:
        assert floor.call("getworkplace", row["id"])["name"] == row["name"]
    assert _import(floor, chain) == ([], [])


def test_a_name_of_a_row_that_is_not_in_the_file_is_refused_naming_it(floor, demo):
    one, two, three = demo["workplaces"][:3]
    said = _refused(floor, {"workplaces": _named(demo["workplaces"], [two["name"], three["name"]])})
    assert (
        said
        == f"workplace {two['id']} can't be called {three['name']}: workplace {three['id']} is; rename one."
    )
    assert floor.call("getworkplace", one["id"])["name"] == one["name"]


def test_a_name_that_a_row_gives_up_is_free_for_a_new_row_wherever_it_stands(floor, demo):
    old = demo["workplaces"][0]
    rows = [{"name": old["name"], "esd": True}, {"id": old["id"], "name": "moved"}]
    changes, _ = _import(floor, {"workplaces": rows})
    assert (f"workplace {old['id']}", "name", old["name"], "moved") in changes
    new = floor.call("findworkplace", old["name"])["id"]
    assert new != old["id"] and (f"workplace {new}", "name", None, old["name"]) in changes
    assert _import(floor, {"workplaces": rows[::-1]}) == ([], [])


def test_names_are_exchanged_however_far_apart_the_rows_stand(make_plant, database):
    rows = [{"id": number, "name": f"act {number}"} for number in range(1, 2502)]
    plant = make_plant(plugins=("workplaces",), plant={"acts": rows}, database=database)
    exchanged = [rows[0] | {"name": "act 2501"}, *rows[1:-1], rows[-1] | {"name": "act 1"}]
    changes, written = _import(plant, {"acts": exchanged})
    assert changes == [("act 1", "name", "act 1", "act 2501"), ("act 2501", "name", "act 2501", "act 1")]
    assert len(written) == 4


def test_cards_and_codes_are_exchanged_and_noted_once(floor, demo):
    a, b, c = demo["workers"][:3]
    rows = [
        {"id": a["id"], "name": a["name"], "card": b["card"]},
        {"id": b["id"], "name": b["name"], "card": c["code"]},
        {"id": c["id"], "name": c["name"], "card": a["card"], "code": ""},
    ]
    changes, _ = _import(floor, {"workers": rows})
    assert changes == [
        (f"worker {a['id']}", "card", True, True),
        (f"worker {b['id']}", "card", True, True),
        (f"worker {c['id']}", "code", True, None),
        (f"worker {c['id']}", "card", True, True),
    ]
    owners = [floor.call("getworkerbycard", card)["id"] for card in (b["card"], c["code"], a["card"])]
    assert owners == [a["id"], b["id"], c["id"]]
    assert _import(floor, {"workers": rows}) == ([], [])


def test_a_card_of_a_worker_who_is_not_in_the_file_is_refused_naming_the_owner(floor, demo):
    a, b = demo["workers"][:2]
    for row in ({"id": a["id"], "name": a["name"], "card": b["card"]}, {"name": "New", "code": b["card"]}):
        assert f"belongs to {b['name']} (worker {b['id']})" in _refused(floor, {"workers": [row]})
    assert floor.call("getworkerbycard", b["card"])["id"] == b["id"]


def test_a_name_of_two_workers_needs_both_ids(floor, demo):
    rows = [{"id": 900, "name": "Twin"}, {"id": 901, "name": "Twin"}]
    _import(floor, {"workers": rows})
    said = _refused(floor, {"workers": [*rows, {"name": "Twin"}]})
    assert said == "worker Twin is named in row 1 and row 3; give both rows an id."


def test_creations_stand_in_the_audit_without_cards(floor):
    document = {
        "acts": [{"id": 900, "name": "GLUE"}],
        "workplaces": [{"id": 900, "name": "gluer", "acts": [900]}],
        "workers": [{"id": 900, "name": "New", "card": "N900"}],
        "lines": [{"id": 900, "name": "SMT-9", "machines": [{"id": 900, "name": "gluer", "wp_id": 900}]}],
        "orders": [{"id": 900, "erp_ref": "VP-900", "item": "PCB-Z"}],
        "ranged_counters": [{"name": "Z", "first": 1, "last": 9}],
    }
    changes, _ = _import(floor, document)
    assert changes == [
        ("act 900", "name", None, "GLUE"),
        ("workplace 900", "name", None, "gluer"),
        ("workplace 900", "acts", [], [900]),
        ("worker 900", "name", None, "New"),
        ("worker 900", "card", None, True),
        ("order 900", "erp_ref", None, "VP-900"),
        ("order 900", "item", None, "PCB-Z"),
        ("line 900", "name", None, "SMT-9"),
        ("machine 900", "name", None, "gluer"),
        ("machine 900", "wp_id", None, 900),
        ("machine 900", "line", None, 900),
        ("counter Z", "first", None, 1),
        ("counter Z", "last", None, 9),
    ]


def test_rows_without_an_id_never_take_one_that_the_file_gives(make_plant, database):
    plant = make_plant(
        plugins=("workplaces",),
        plant={"workplaces": [{"name": "A"}, {"id": 1, "name": "B"}]},
        database=database,
    )
    assert [plant.call("findworkplace", name)["id"] for name in ("A", "B")] == [2, 1]


def _by_route(plant, document):
    """Send a plant file as an administrator; return the sections loaded, or the sentence of the refusal."""
    answer = plant.rest("POST", "/api/plant", document, token=plant.token("admin"))
    return answer.json["sections"] if answer.status == 200 else answer.json["error"]


def _by_command(plant, document):
    try:
        return plant_file.import_parts(plant.site, plant_file.checked(plant.site, document))
    except CallError as error:
        return error.info


@statement
def all_changes():
    """What each audit row notes, the last one first."""
    return Audit.select(Audit.changes).order_by(Audit.id.desc())


def test_the_command_and_the_route_do_the_same(make_plant, database):
    documents = (
        {"acts": [{"id": 1, "name": "A"}, {"id": 1, "name": "A"}]},
        {"acts": [{"id": 1, "name": "GLUE"}], "workplaces": [{"id": 100, "name": "placer"}]},
        {"workplaces": [{"name": "new", "acts": [99]}]},
        {"workplaces": [{"id": 100, "name": "placer"}, {"id": 101, "name": "printer"}, {"name": "new"}]},
    )

    def outcomes(load):
        plant = make_plant(plant=BASE, database=database)
        done = [load(plant, document) for document in documents]
        return done, plant.read(lambda call: call.db.rows(all_changes))

    done, noted = outcomes(_by_route)
    assert [type(outcome) for outcome in done] == [str, str, str, dict]
    assert len(noted) == 1 and len(noted[0][0]) > 2
    assert outcomes(_by_command) == (done, noted)
