"""Tools: their counters and lives, what refers to what, and lists of some of them."""

import pytest
from tracepro_tooling import models as m

from tracepro.database import Insert

MILL = 101
DAY = 86_400
OWN = (m.ToolParts, m.ToolLifeRecord, m.ToolReplacement, m.Image)


@pytest.fixture
def mill(rest):
    """Make a process with a program, an assembly in it, an item in stock, and a tool of all three."""
    rest.process = rest.make("processes", name="Housing", machine_id=MILL)["id"]
    rest.program = rest.make("programs", name="O1000", process_id=rest.process, item="HOUSING")["id"]
    rest.assembly = rest.make("tools/assemblies", name="T1", process_id=rest.process)["id"]
    rest.item = rest.make("inventory/items", name="Insert", part_number="]C1CNMG")["id"]
    rest.point = rest.make("inventory", name="Cabinet", items={str(rest.item): 5})["id"]
    rest.tool = rest.make(
        "tools",
        name="Face mill",
        assembly_id=rest.assembly,
        inventory_item_id=str(rest.item),
        part_life=100,
        runtime=12.5,
        parts={str(rest.program): 7},
        part_count=9,
    )
    rest.path = f"tools/{rest.tool['id']}"
    return rest


def test_fields_are_stored_and_shown_as_they_were_sent(mill):
    tool = mill.get(mill.path)
    assert (tool["usage_mode"], tool["warn_percent"], tool["day_count"]) == (0, 90, 0)
    assert (tool["runtime"], tool["parts"], tool["inventory_item_id"]) == (
        12.5,
        {str(mill.program): 7},
        mill.item,
    )
    assert tool["created"] == mill.plant.clock() / 1e6
    assert mill.get(f"inventory/items/{mill.item}")["part_number"] == "CNMG"
    sent = {
        "price": 12.35,
        "lead_time": 86400.5,
        "suppliers": ["A", "B"],
        "durable": 1,
        "nothing": 1,
        "id": 9,
    }
    answer = mill("PATCH", f"inventory/items/{mill.item}", sent)
    assert answer.headers["warning-fields"] == "nothing, id"
    assert {name: answer.json[name] for name in ("price", "lead_time", "suppliers", "durable")} == {
        **{name: sent[name] for name in ("price", "lead_time", "suppliers")},
        "durable": True,
    }


@pytest.mark.parametrize(
    ("path", "field", "value"),
    [
        ("tools", "assembly_id", 99),
        ("tools", "inventory_item_id", 2**63 - 1),
        ("tools", "parts", {"9223372036854775808": 1}),
        ("tools/assemblies", "process_id", 99),
        ("processes", "machine_id", 99),
        ("programs", "process_id", 99),
        ("inventory", "items", {"99": 1}),
    ],
)
def test_what_refers_to_nothing_is_refused_naming_the_field(rest, path, field, value):
    answer = rest("PUT", path, {"name": "A", field: value})
    assert (answer.status, answer.json["member"]) == (424, field)
    assert rest.get(path) == {}


def test_a_value_that_does_not_fit_is_refused_naming_the_field(mill):
    for field, value in (
        ("runtime", "1"),
        ("usage_mode", 3),
        ("part_life", 0),
        ("name", ""),
        ("parts", {"x": 1}),
    ):
        answer = mill("PATCH", mill.path, {field: value})
        assert (answer.status, answer.json["parameter"]) == (400, field)
    assert mill("PATCH", f"inventory/items/{mill.item}", {"price": 0.1234567}).json["parameter"] == "price"


def test_counters_are_corrected_each_by_itself(mill):
    second = mill.make("programs", name="O2000")["id"]
    tool = mill.change(mill.path, part_count=50, runtime=3.25, day_count=12, parts={str(second): 3})
    assert (tool["part_count"], tool["runtime"], tool["day_count"]) == (50, 3.25, 12)
    assert tool["parts"] == {str(mill.program): 7, str(second): 3}
    assert mill.change(mill.path, parts={str(second): None})["parts"] == {str(mill.program): 7}
    mill.plant.clock.advance(hours=24)
    assert mill.get(mill.path)["day_count"] == 13
    in_service = mill.plant.clock() // 1_000_000 - 3 * DAY
    assert mill.change(mill.path, in_service_date=in_service)["day_count"] == 3


def test_each_change_of_the_expected_life_is_kept(mill):
    mill.change(mill.path, part_life=100, notes="the same life")
    mill.plant.clock.advance(seconds=1.5)
    mill.change(mill.path, usage_mode=1, max_runtime=60)
    first, second = mill.get(f"{mill.path}/life_records").values()
    assert (first["part_life"], first["usage_mode"], first["process_id"]) == (100, 0, mill.process)
    assert (second["usage_mode"], second["max_runtime"], second["notes"]) == (1, 60, "the same life")
    assert second["timestamp"] - first["timestamp"] == 1.5
    assert mill("GET", "tools/99/life_records").status == 404


def test_a_list_has_the_tools_of_a_process_an_assembly_or_an_item(mill):
    other = mill.make("processes", name="Cover", machine_id=MILL)["id"]
    held = mill.make("tools/assemblies", name="Probe", process_id=other, shared=True)["id"]
    probe = mill.make("tools", name="Probe", assembly_id=held, part_life=10, part_count=9)["id"]
    own = mill.tool["id"]
    for query, tools in (
        (f"process={mill.process}", [own, probe]),
        (f"process={other}", [probe]),
        (f"assembly={mill.assembly}", [own]),
        (f"inventory_item={mill.item}", [own]),
        ("warn_life=1", [probe]),
        ("warn_life=0", [own, probe]),
    ):
        assert list(mill.get(f"tools/?{query}")) == [str(tool) for tool in tools], query
    assert mill("GET", "tools/?process=99").status == 424
    assert mill("GET", f"tools?process={other}&assembly={held}").status == 400
    assert {tool["average_tool_life"] for tool in mill.get("tools?life=1").values()} == {None}


def test_what_refers_to_a_deleted_object_refers_to_nothing(mill):
    assert mill("DELETE", f"programs/{mill.program}").status == 204
    assert (mill.get(mill.path)["parts"], mill.get(mill.path)["part_count"]) == ({}, 9)
    assert mill("DELETE", f"inventory/items/{mill.item}").status == 204
    assert mill.get(f"inventory/{mill.point}")["items"] == {}
    assert mill("DELETE", f"processes/{mill.process}").status == 204
    assert mill.get(f"tools/assemblies/{mill.assembly}")["process_id"] is None
    assert mill("DELETE", f"tools/assemblies/{mill.assembly}").status == 204
    assert ("tool 1", "assembly_id", mill.assembly, None) in mill.changes()
    tool = mill.get(mill.path)
    assert (tool["assembly_id"], tool["inventory_item_id"]) == (None, None)
    assert mill("DELETE", mill.path).status == 204


def test_words_in_paths_come_before_ids_and_unknown_verbs_are_told(rest):
    assert rest.get("tools/assemblies") == {}
    assert (rest("GET", "tools/abc").status, rest("GET", "tools/assemblies/abc").status) == (404, 404)
    wrong = [rest("PUT", "tools/1", {"name": "A"}), rest("DELETE", "tools/assemblies")]
    assert [answer.status for answer in wrong] == [405, 405]


def test_average_life_leaves_out_preemptive_and_indexed_replacements(mill):
    for parts, more in ((100, {}), (51, {}), (7, {"reason": 2}), (8, {"indexed": True})):
        replace(mill, parts, **more)
    tools, items = mill.get("tools?life=1"), mill.get("inventory/items?life=1")
    assert tools[str(mill.tool["id"])]["average_tool_life"] == 75.5
    assert items[str(mill.item)]["average_tool_life"] == 75.5


def test_a_deleted_tool_takes_all_that_is_its_own_along(mill):
    replacement = replace(mill, 5)
    for kind, owner in (("tool", mill.tool["id"]), ("replacement", replacement), ("tool", 99)):
        insert(mill, m.Image, kind=kind, owner_id=owner, content=b"x")
    assert mill("DELETE", mill.path).status == 204
    left = {
        model: mill.plant.read(lambda call, model=model: call.db.rows(model.select(model.id)))
        for model in OWN
    }
    assert [len(rows) for rows in left.values()] == [0, 0, 0, 1]


def insert(mill, model, **columns):
    return mill.plant.write(lambda call: call.db.insert(Insert(model), **columns))


def replace(mill, parts, **more):
    """Keep a replacement of the tool, as if it had been replaced."""
    counts = {"day_count": 0, "runtime": 0, "static_part_count": parts, "timestamp": mill.plant.clock()}
    of = {"tool_id": mill.tool["id"], "inventory_item_id": mill.item}
    return insert(mill, m.ToolReplacement, **of, **counts, **more)


@pytest.mark.parametrize("kind", ["tools", "inventory"])
def test_a_number_by_something_that_is_no_id_is_refused_by_its_name(rest, kind):
    member = {"tools": "parts", "inventory": "items"}[kind]
    refused = rest("PUT", kind, {"name": "A", member: {"7": 1, "seven": 1}})
    assert (refused.status, refused.json["parameter"]) == (400, member)
    assert refused.json["detail"].endswith("by id; null takes one away, but has seven.")
