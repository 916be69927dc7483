"""The shipped plugins.ini on the demo plant, through HTTP: four lines whose plugins and rules differ."""

import configparser
from pathlib import Path

import pytest

from tracepro.testing import RpcError

ROOT = Path(__file__).parents[2]
ESD_AND_LOGIN = {"esd-expired", "login-missing"}
REEL = ("R-10K-0603", "L2611-001")
CART = {
    "machine": "placer A",
    "bank": 1,
    "item_data": [{"hole_no": 1, "mat_item": REEL[0], "scanned_lot": REEL[1]}],
}


def shipped():
    """Return plugins, sets of lines and options of the plugins.ini that ``make run`` uses."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(ROOT / "plugins.ini", "utf-8")
    sections = {name: dict(parser[name]) for name in parser.sections()}
    lines = {name[5:]: keys["plugins"].split() for name, keys in sections.items() if name.startswith("line:")}
    options = {name[7:]: keys for name, keys in sections.items() if name.startswith("plugin:")}
    return {"plugins": sections["plugins"]["enabled"].split(), "lines": lines, "options": options}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def server(request, serve_plant_once, demo):
    return serve_plant_once(plant=demo, database=request.param, **shipped())


def codes(answer):
    return {reason["code"] for reason in answer["reasons"]}


def refusal(server, method, *params):
    """Return number, code, plugin and line of a call that is refused."""
    with pytest.raises(RpcError) as error:
        server.rpc(method, *params)
    data = error.value.data
    return error.value.code, data["code"], data.get("plugin"), data.get("line")


def unit(server, order_id, code):
    return server.rpc("getitem", order_id, code, 1)["id"]


def book(server, item_id, op, wp_id, workers):
    return server.rpc("addop", item_id, op, None, wp_id, workers)["op_id"]


def log_in(server, worker_id, wp_id):
    server.rpc("setworkeresd", worker_id, wp_id, True)
    server.rpc("loginwp", worker_id, wp_id)


def test_what_a_strict_line_asks_for_another_line_does_not(server):
    lenient, strict = unit(server, 1, "C7-000001"), unit(server, 5, "L4-00001")
    assert server.rpc("canaddop", lenient, [[10, None]], 100, [31]) == {"ok": True, "reasons": []}
    assert codes(server.rpc("canaddop", strict, [[10, None]], 110, [31])) == ESD_AND_LOGIN
    assert codes(server.rpc("canaddop", strict, [[10, None]], 110, [33])) == ESD_AND_LOGIN | {
        "iluo-insufficient"
    }
    assert refusal(server, "loginwp", 31, 110)[:2] == (1000, "esd-expired")
    log_in(server, 31, 110)
    assert book(server, strict, 10, 110, [31])
    server.rpc("addwlaction", 31, 110, 2)
    assert codes(server.rpc("canaddop", unit(server, 5, "L4-00002"), [[10, None]], 110, [31])) == {
        "login-missing"
    }


def test_the_second_board_waits_until_the_first_piece_was_inspected(server):
    first, second = (unit(server, 5, f"L4-0001{n}") for n in (1, 2))
    log_in(server, 32, 110)
    for board in (first, second):
        book(server, board, 10, 110, [32])
    log_in(server, 32, 111)
    book(server, first, 20, 111, [32])
    assert refusal(server, "addop", second, 20, None, 111, [32])[:2] == (1000, "first-piece-missing")
    log_in(server, 32, 113)
    book(server, first, 30, 113, [32])
    log_in(server, 32, 114)
    book(server, first, 40, 114, [32])
    log_in(server, 32, 111)
    assert book(server, second, 20, 111, [32])


def test_a_box_is_worked_on_where_boxes_are_on_and_refused_elsewhere(server):
    box = server.rpc("makebox", "CTRL-7")["id"]
    board = unit(server, 1, "C7-000011")
    book(server, board, 10, 100, [31])
    server.rpc("addboxitem", box, board)
    log_in(server, 32, 111)
    refused = (1004, "plugin-off", "boxes", "SMT-2")
    assert refusal(server, "box_canaddop", box, [[20, None]], 111, [32]) == refused
    assert refusal(server, "box_addop", box, 20, None, 111, [32]) == refused
    assert codes(server.rpc("box_canaddop", box, [[50, None]], 120, [34])) == {"previous-op-missing"}
    assert [done["item_id"] for done in server.rpc("box_addop", box, 20, None, 101, [32])["ops"]] == [board]


def test_material_is_refused_where_material_is_off_and_never_dropped(server):
    board = unit(server, 3, "SENS-000001")
    refused = (1004, "plugin-off", "material", "ASSY-1")
    assert refusal(server, "setwpmat", 120, *REEL, 100, 1) == refused
    lot = server.rpc("getfloormat", *REEL)["wfloormat_id"]
    for mat_auto, mat in ((True, []), (False, [[lot, "R1", 1, 0]])):
        sent = (board, 10, None, 120, [34], None, None, 0, mat_auto, [], mat)
        assert refusal(server, "addopwithmat", *sent) == refused
    assert server.rpc("getitemoperations", board) == []
    assert book(server, board, 10, 120, [34])


def test_a_check_that_is_off_on_a_line_is_silent_there(server):
    server.rpc("setcartsfororder", 1, 20, "CTRL-7-A", {"CART-1": CART})
    here, there = (unit(server, 1, f"C7-00002{n}") for n in (1, 2))
    log_in(server, 32, 110)
    book(server, here, 10, 100, [32])
    book(server, there, 10, 110, [32])
    log_in(server, 32, 111)
    assert codes(server.rpc("canaddop", here, [[20, None]], 101, [32])) == {"cart-missing"}
    assert server.rpc("canaddop", there, [[20, None]], 111, [32]) == {"ok": True, "reasons": []}
    server.rpc("setwpmat", 101, *REEL, 1000, 1)
    assert server.rpc("canaddop", here, [[20, None]], 101, [32]) == {"ok": True, "reasons": []}


def test_a_machine_has_tools_where_tooling_is_on_only(server):
    client, process = server.client(), {"name": "Drill", "machine_id": 120}
    refused = client.send("PUT", "/api/processes/", process)
    assert (refused.status, refused.json["plugin"], refused.json["line"]) == (409, "tooling", "ASSY-1")
    assert client.send("PUT", "/api/processes/", process | {"machine_id": 105}).status == 201
    client.close()
