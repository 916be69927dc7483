"""Replacing tools, and undoing it, through HTTP."""

import pytest
from tracepro_tooling import models as m

SECOND, DAY = 1_000_000, 86_400


@pytest.fixture
def mill(equipped):
    return equipped


def stock(mill):
    return mill.get(f"inventory/{mill.point}")["items"][str(mill.item)]


def test_a_replaced_tool_begins_again_and_undone_is_what_it_was(mill):
    before = mill.get(mill.path)
    answer = mill("POST", mill.path + "/replace", {"reason": 1, "inventory_point_id": mill.point})
    assert answer.status == 201, answer.body
    made = answer.json
    assert (made["process_id"], made["parts"], made["static_part_count"]) == (
        mill.process,
        {mill.program: 7},
        9,
    )
    assert (made["runtime"], made["day_count"], made["inventory_item_id"]) == (12.5, 3, mill.item)
    after = mill.get(mill.path)
    assert (after["part_count"], after["parts"], after["runtime"], after["day_count"]) == (0, {}, 0, 0)
    assert stock(mill) == 0 and after["last_replaced"] == made["timestamp"]
    empty = mill("POST", mill.path + "/replace", {"inventory_point_id": mill.point})
    assert (empty.status, empty.json["code"]) == (409, "stock-empty")
    indexed = mill("POST", mill.path + "/replace", {"indexed": True, "inventory_point_id": mill.point}).json
    one = f"tools/replacements/{made['id']}"
    assert mill("DELETE", one + "?undo=1").json["code"] == "replacement-not-latest"
    for each in (indexed, made):
        assert mill("DELETE", f"tools/replacements/{each['id']}?undo=1").status == 204
    assert mill.get(mill.path) == before and stock(mill) == 1
    assert mill("DELETE", one).status == 404


def test_a_substitute_takes_the_place_and_gives_it_back(mill):
    other = mill.make("tools", name="Spare", durable=True)["id"]
    send = {"substitute_id": other}
    assert mill("POST", mill.path + "/replace", {"substitute_id": mill.tool}).status == 400
    assert mill("POST", mill.path + "/replace", {"substitute_id": 999}).status == 424
    made = mill("POST", mill.path + "/replace", send).json
    places = lambda: [mill.get(f"tools/{id}")["assembly_id"] for id in (mill.tool, other)]  # noqa: E731
    assert places() == [None, mill.assembly]
    assert mill("DELETE", f"tools/replacements/{made['id']}?undo=1").status == 204
    assert places() == [mill.assembly, None]


def test_a_substitute_is_moved_back_by_the_record_as_it_then_is(mill):
    home = mill.make("tools/assemblies", name="T2", process_id=mill.process)["id"]
    moved, named = (mill.make("tools", name="S", durable=True, assembly_id=home)["id"] for _ in range(2))
    places = lambda: [mill.get(f"tools/{id}")["assembly_id"] for id in (mill.tool, moved, named)]  # noqa: E731

    def replace_and_undo(substitute, **corrected):
        made = mill("POST", mill.path + "/replace", {"substitute_id": substitute}).json
        mill.change(f"tools/replacements/{made['id']}", **corrected)
        assert mill("DELETE", f"tools/replacements/{made['id']}?undo=1").status == 204
        return places()

    assert replace_and_undo(moved) == [mill.assembly, home, home]
    assert replace_and_undo(moved, substitute_id=named) == [mill.assembly, mill.assembly, home]
    mill.change(f"tools/{moved}", assembly_id=home)
    assert replace_and_undo(moved, substitute_id=None) == [mill.assembly, mill.assembly, home]
    mill.change(f"tools/{moved}", assembly_id=home)
    assert replace_and_undo(None, substitute_id=named) == [mill.assembly, home, home]


def test_the_tool_follows_a_corrected_time_and_undone_it_is_what_it_was(mill):
    before = mill.get(mill.path)
    now = mill.plant.clock() // SECOND
    paths = [f"tools/replacements/{mill('POST', mill.path + '/replace', {}).json['id']}"]
    days = lambda: [mill.get(mill.path)[name] for name in ("last_replaced", "day_count")]  # noqa: E731
    mill.change(paths[0], timestamp=now - 2 * DAY)
    assert days() == [now - 2 * DAY, 2] and mill.get(mill.path)["part_count"] == 0
    mill.plant.clock.advance(hours=24)
    paths.append(f"tools/replacements/{mill('POST', mill.path + '/replace', {}).json['id']}")
    assert mill.changes()[0][0] == f"tool {mill.tool}" and days() == [now + DAY, 0]
    mill.change(paths[1], timestamp=now - 3 * DAY)
    assert days() == [now - 2 * DAY, 3]
    assert mill("DELETE", paths[1] + "?undo=1").json["code"] == "replacement-not-latest"
    mill.change(paths[0], timestamp=now - 3 * DAY)
    assert days() == [now - 3 * DAY, 4]
    assert mill("DELETE", paths[0] + "?undo=1").json["code"] == "replacement-not-latest"
    for path in reversed(paths):
        assert mill("DELETE", path + "?undo=1").status == 204
    assert mill.get(mill.path) == {**before, "day_count": before["day_count"] + 1}


def test_a_replacement_that_is_told_late_leaves_the_tools_day_and_is_undone_out_of_turn(mill):
    before = mill.get(mill.path)
    now = mill.plant.clock() // SECOND
    latest, late = (
        mill("POST", mill.path + "/replace", {"timestamp": now - ago}).json["id"] for ago in (0, DAY)
    )
    assert mill.get(mill.path)["last_replaced"] == now
    assert mill("DELETE", f"tools/replacements/{late}?undo=1").json["code"] == "replacement-not-latest"
    for id in (latest, late):
        assert mill("DELETE", f"tools/replacements/{id}?undo=1").status == 204
    assert mill.get(mill.path) == before


def test_testing_needs_its_scope_and_what_does_not_exist_is_said(mill):
    made = mill("POST", mill.path + "/replace", {}, idempotency_key="terminal-1-1").json
    assert mill("POST", mill.path + "/replace", {}, idempotency_key="terminal-1-1").json == made
    one = f"tools/replacements/{made['id']}"
    assert mill("POST", mill.path + "/replace", {"testing": True}).status == 403
    assert mill("PATCH", one, {"testing": True}).status == 403
    assert mill("PATCH", one, {"testing": False, "condition": 65535}).json["condition"] == 65535
    assert mill("PATCH", one, {"inventory_item_id": 999}).status == 424
    assert mill("PATCH", "tools/replacements/999", {}).status == 404
    mill.plant.write(lambda call: call.db.run(m.Tool.delete()))
    assert mill("DELETE", one + "?undo=1").status == 202


def test_an_archived_process_is_still_the_one_that_the_tool_worked_for(mill):
    before = mill("POST", mill.path + "/replace", {}).json
    mill.change(f"processes/{mill.process}", archived=True)
    while_archived = mill("POST", mill.path + "/replace", {}).json
    assert before["process_id"] == while_archived["process_id"] == mill.process
    told = mill.get(f"tools/replacements/process/{mill.process}")[str(mill.tool)]["replacements"]
    assert told == {str(each["id"]): each for each in (before, while_archived)}
    mill.change(f"tools/assemblies/{mill.assembly}", process_id=None)
    assert mill("POST", mill.path + "/replace", {}).json["process_id"] is None
    assert mill.get(f"tools/replacements/process/{mill.process}") == {}


def test_a_replacement_is_shown_as_it_was_answered_with_the_etag_that_a_correction_needs(equipped):
    made = equipped("POST", f"{equipped.path}/replace", {"notes": "worn"})
    path = f"tools/replacements/{made.json['id']}"
    shown = equipped("GET", path)
    assert (shown.json, shown.headers["etag"]) == (made.json, made.headers["etag"])
    assert equipped("PATCH", path, {"notes": "snapped"}, if_match=shown.headers["etag"]).status == 200
    late = equipped("PATCH", path, {"notes": "late"}, if_match=shown.headers["etag"])
    assert (late.status, late.json["code"], equipped.get(path)["notes"]) == (412, "etag-mismatch", "snapped")
    assert [equipped("GET", f"tools/replacements/{id}").status for id in ("999", "process", "")] == [404] * 3
