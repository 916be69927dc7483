"""Replacing tools, undoing it, its history and its picture, through HTTP."""

import hashlib

import pytest
from tracepro_tooling import models as m
from tracepro_tooling.replacements import REPLACEMENTS

MILL = 101
GIF = b"GIF89a\x01\x00\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"


@pytest.fixture
def mill(rest):
    rest.process = rest.make("processes", name="Housing", machine_id=MILL)["id"]
    rest.program = str(rest.make("programs", name="O1", process_id=rest.process, item="H")["id"])
    rest.assembly = rest.make("tools/assemblies", name="T1", process_id=rest.process)["id"]
    rest.item = rest.make("inventory/items", name="Insert")["id"]
    rest.point = rest.make("inventory", name="Cabinet", items={str(rest.item): 1})["id"]
    rest.tool = rest.make(
        "tools", name="Mill", assembly_id=rest.assembly, inventory_item_id=rest.item, durable=True,
        part_count=9, runtime=12.5, parts={rest.program: 7}, day_count=3,
    )["id"]  # fmt: skip
    rest.path = f"tools/{rest.tool}"
    return rest


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


def test_the_history_is_told_in_pages_and_within_its_bounds(mill):
    path = f"tools/replacements/process/{mill.process}"
    made = mill("POST", mill.path + "/replace", {"timestamp": 1_700_000_000}).json

    def repeat(call):
        row = REPLACEMENTS.get(call, made["id"])
        del row["id"]
        times = (row["timestamp"] + (n % 203) * 1_000_000 for n in range(1, 205))
        call.db.insert_many(REPLACEMENTS.new, [{**row, "timestamp": time} for time in times])

    mill.plant.write(repeat)
    told = mill.get(path)[str(mill.tool)]
    assert len(told["replacements"]) == 205 and told["name"] == "Mill"
    some = mill.get(path + "?start=1700000001&end=1700000002")[str(mill.tool)]["replacements"]
    assert sorted(each["timestamp"] - 1_700_000_000 for each in some.values()) == [1, 1, 2]
    assert mill("GET", "tools/replacements/process/999").status == 404


def test_a_picture_is_shown_as_it_was_sent(mill):
    made = mill("POST", mill.path + "/replace", {}).json
    for path in (f"tools/replacements/{made['id']}/image", mill.path + "/image"):
        assert mill("GET", path).json["code"] == "no-image" and mill("GET", path).status == 412
        assert mill("POST", path, GIF, content_type="image/gif").json["image_type"] == "image/gif"
        shown = mill("GET", path)
        assert (shown.body, shown.headers["content-type"]) == (GIF, "image/gif")
        assert shown.headers["x-content-type-options"] == "nosniff"
        assert mill("POST", path, GIF, content_type="image/png").status == 415
        assert mill("POST", path, b"x" * 5_000_001, content_type="image/gif").status == 413
        assert mill("DELETE", path).json["image_type"] is None
    assert mill("GET", "tools/replacements/999/image").status == 404


def test_another_picture_is_another_state_and_an_overwrite(mill):
    made = mill("POST", mill.path + "/replace", {}).json
    other = GIF[:6] + b"\x02" + GIF[7:]
    first, second = (hashlib.sha256(each).hexdigest() for each in (GIF, other))
    for what, path in (
        (f"replacement {made['id']}", f"tools/replacements/{made['id']}"),
        (f"tool {mill.tool}", mill.path),
        (f"assembly {mill.assembly}", f"tools/assemblies/{mill.assembly}"),
    ):
        put = [mill("POST", path + "/image", each, content_type="image/gif") for each in (GIF, other)]
        assert mill.changes() == [(what, "image", first, second)]
        seen, now = (answer.headers["etag"] for answer in put)
        assert seen != now
        late = mill("POST", path + "/image", GIF, content_type="image/gif", if_match=seen)
        assert (late.status, late.json["code"]) == (412, "etag-mismatch")
        assert mill("DELETE", path + "/image", if_match=seen).status == 412
        assert mill("GET", path + "/image").headers["etag"] != seen
        assert mill("DELETE", path + "/image", if_match=now).status == 200
        assert mill.changes() == [(what, "image_type", "image/gif", None), (what, "image", second, None)]
        assert mill("POST", path + "/image", GIF, content_type="image/gif").status == 200
        assert mill("DELETE", path).status == 204
        ((_, field, before, _), *_) = reversed(mill.changes())
        assert (field, before["image"]) == ("deleted", first)
