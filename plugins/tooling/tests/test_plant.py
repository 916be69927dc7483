"""The sections of the plant file: names tell what is meant, twice is once, and what runs already is not begun again."""

from copy import deepcopy

import pytest

from tracepro import plant_file
from tracepro_hookspecs import CallError

ITEM = {
    "name": "Insert APKT",
    "part_number": "APKT-16",
    "price": 7.25,
    "lead_time": 86400,
    "suppliers": ["A"],
}
POINT = {"name": "Cabinet 1", "items": [{"item": "Insert APKT", "quantity": 40}]}
TOOL = {
    "name": "Face mill 63",
    "usage_mode": 0,
    "part_life": 500,
    "max_runtime": 3600.5,
    "is_critical": True,
    "inventory_item": "Insert APKT",
    "part_count": 480,
    "runtime": 900,
    "day_count": 3,
    "in_service_date": 1_790_000_000,
}
PROCESS = {
    "name": "Housing",
    "machine": 101,
    "description": "First clamping",
    "programs": [{"name": "O1000", "item": "HSG-1", "op": 10}, {"name": "O1001", "item": "HSG-1"}],
    "assemblies": [
        {"name": "T1", "location": "Magazine 1", "tools": [TOOL, {"name": "Drill 8", "durable": True}]},
        {"name": "T2", "shared": True, "tools": [{"name": "Drill 8", "durable": True}]},
    ],
}
FILE = {"inventory_items": [ITEM], "inventory_points": [POINT], "processes": [PROCESS]}


def load(rest, document):
    """Import a plant file and return what the audit notes."""
    plant = rest.plant

    def work(call):
        plant_file.load(call, plant_file.prepare(call, plant_file.checked(plant.site, document)))
        return [tuple(change.values()) for change in call.changes]

    return plant.write(work)


def refusal(rest, document):
    """Return the sentence with which a plant file is refused; nothing of it is there then."""
    before = everything(rest)
    with pytest.raises(CallError) as refused:
        load(rest, document)
    assert everything(rest) == before
    return refused.value.info


def everything(rest):
    paths = ("inventory/items/", "inventory/", "processes/", "programs/", "tools/assemblies/", "tools/")
    return {path: rest.get(path) for path in paths}


def changed(**fields):
    """Return the file with fields of its first tool changed."""
    document = deepcopy(FILE)
    document["processes"][0]["assemblies"][0]["tools"][0] |= fields
    return document


def test_a_file_makes_processes_programs_assemblies_tools_items_and_stock(rest):
    load(rest, FILE)
    assert rest.get("inventory/1") == {"id": 1, "name": "Cabinet 1", "items": {"1": 40}}
    item = rest.get("inventory/items/1")
    assert item == item | ITEM
    process = rest.get("processes/1")
    assert (process["name"], process["machine_id"], process["description"]) == (
        "Housing",
        101,
        "First clamping",
    )
    programs = [(each["name"], each["process_id"], each["op"]) for each in rest.get("programs/").values()]
    assert programs == [("O1000", 1, 10), ("O1001", 1, None)]
    assemblies = rest.get("tools/assemblies/").values()
    assert [(each["name"], each["process_id"], each["shared"]) for each in assemblies] == [
        ("T1", 1, False),
        ("T2", 1, True),
    ]
    tool, *others = rest.get("tools/").values()
    assert tool == tool | {name: value for name, value in TOOL.items() if name != "inventory_item"}
    assert (tool["inventory_item_id"], tool["assembly_id"]) == (1, 1)
    assert [(each["name"], each["assembly_id"]) for each in others] == [("Drill 8", 1), ("Drill 8", 2)]
    assert [each["part_life"] for each in rest.get("tools/1/life_records").values()] == [500]


def test_what_is_made_stands_in_the_audit(rest):
    changes = load(rest, FILE)
    assert ("inventory point 1", "items", {}, {"1": 40}) in changes
    assert ("process 1", "machine_id", None, 101) in changes
    assert ("program 2", "process_id", None, 1) in changes and ("assembly 2", "shared", None, True) in changes
    assert ("tool 1", "part_count", None, 480) in changes and ("tool 3", "assembly_id", None, 2) in changes


def test_twice_is_once(rest):
    load(rest, FILE)
    before = everything(rest)
    assert load(rest, FILE) == [] and everything(rest) == before


def test_changed_values_are_changed_and_the_rest_is_left_alone(rest):
    load(rest, FILE)
    document = changed(part_life=450, inventory_item=None)
    document["inventory_items"][0] |= {"price": 8, "suppliers": []}
    document["processes"][0] |= {"description": "Second clamping"}
    document["processes"][0]["programs"] = [{"name": "]C1O1000 ", "item": "HSG-2"}]
    assert load(rest, document) == [
        ("inventory item 1", "price", 7.25, 8),
        ("inventory item 1", "suppliers", ["A"], []),
        ("process 1", "description", "First clamping", "Second clamping"),
        ("program 1", "item", "HSG-1", "HSG-2"),
        ("tool 1", "inventory_item_id", 1, None),
        ("tool 1", "part_life", 500, 450),
    ]
    assert [each["part_life"] for each in rest.get("tools/1/life_records").values()] == [500, 450]
    assert len(rest.get("programs/")) == 2 and rest.get("programs/1")["op"] == 10


def test_counters_replacements_and_stock_are_not_begun_again(rest):
    load(rest, FILE)
    rest.change("tools/2", part_count=7)
    assert rest("POST", "tools/1/replace", {"inventory_point_id": 1}).status == 201
    before = everything(rest)
    assert before["inventory/"]["1"]["items"] == {"1": 39} and before["tools/"]["1"]["part_count"] == 0
    document = changed(day_count=9, notes="resharpened")
    document["inventory_items"].append({"name": "Drill HSS 8"})
    document["inventory_points"][0]["items"].append({"item": "Drill HSS 8", "quantity": 5})
    changes = load(rest, document)
    assert ("inventory point 1", "items", {}, {"2": 5}) in changes
    assert [change for change in changes if change[0].startswith("tool")] == [
        ("tool 1", "notes", "", "resharpened")
    ]
    after = everything(rest)["tools/"]
    assert after == before["tools/"] | {"1": before["tools/"]["1"] | {"notes": "resharpened"}}


def test_an_item_that_ran_out_is_not_filled_up_again(rest):
    load(rest, FILE)
    rest.change("inventory/1", items={"1": 0})
    assert load(rest, FILE) == [] and rest.get("inventory/1")["items"] == {"1": 0}


def test_tools_stay_where_a_substitute_put_them(rest):
    load(rest, FILE)
    assert rest("POST", "tools/2/replace", {"substitute_id": 3}).status == 201
    moved = {id: tool["assembly_id"] for id, tool in rest.get("tools/").items()}
    assert moved == {"1": 1, "2": None, "3": 1}
    document = deepcopy(FILE)
    document["processes"][0]["assemblies"][1]["tools"][0]["notes"] = "the substitute"
    assert load(rest, document) == [("tool 3", "notes", "", "the substitute")]
    assert {id: tool["assembly_id"] for id, tool in rest.get("tools/").items()} == moved
    rest("DELETE", "tools/replacements/1?undo=1")
    assert load(rest, document) == []


def test_a_name_is_another_on_another_machine_and_an_archived_one_gives_way(rest):
    load(rest, FILE)
    load(rest, {"processes": [{"name": "Housing", "machine": 102}]})
    assert [each["machine_id"] for each in rest.get("processes/").values()] == [101, 102]
    rest.change("programs/1", archived=True)
    again = rest.make("programs/", name="O1000", process_id=1)
    changes = load(rest, FILE)
    assert {change[0] for change in changes} == {f"program {again['id']}"}
    rest.change("programs/1", archived=False)
    assert refusal(rest, FILE) == (
        f"Row 1 of processes, programs[0] (O1000): program 1 and {again['id']} have that name; rename one of them."
    )


REFUSED = [
    ({"processes": [PROCESS | {"tools": []}]}, "tools"),
    ({"processes": [{"name": "Housing"}]}, "machine"),
    (
        {"processes": [{"name": "Housing", "machine": 101}, {"name": "Cover", "machine": 999}]},
        "Row 2 of processes (Cover): there is no workplace 999; add it to the file, or correct the machine.",
    ),
    ({"inventory_items": [{"name": "A", "price": 1.23456789}]}, "Row 1 of inventory_items (A)"),
    (
        {"inventory_points": [POINT]},
        "Row 1 of inventory_points (Insert APKT): there is no inventory item of that name; add it to the file, "
        "or correct the name.",
    ),
    (
        {"processes": [PROCESS]},
        "Row 1 of processes, assemblies[0].tools[0] (Insert APKT): there is no inventory item of that name;",
    ),
    (changed(warn_percent=101), "warn_percent"),
    (changed(parts={"1": 5}), "parts"),
    (changed(image_type="image/png"), "image_type"),
]


def test_what_is_wrong_is_named_and_nothing_is_loaded(rest):
    for document, said in REFUSED:
        assert said in refusal(rest, document)
