"""What a call touches is found out from what it names: a token for one line reaches nothing that stands on another."""

import re

import pytest

from tracepro.rest.route import BoundRoute
from tracepro.testing.makers import usual_plugins
from tracepro_hookspecs import Request, Route
from tracepro_schemas import defs

L1, L2, NO_LINE = 100, 200, 300
LINES = {L1: "L1", L2: "L2", NO_LINE: None}
PLANT = {
    "acts": [{"id": 1, "name": "AOI"}],
    "workplaces": [{"id": wp_id, "name": f"WP{wp_id}", "acts": [1]} for wp_id in LINES],
    "workers": [{"id": 32, "name": "J. Novak", "code": "JN32", "active": True}],
    "lines": [
        {"name": line, "machines": [{"name": f"M{wp_id}", "wp_id": wp_id}]}
        for wp_id, line in LINES.items()
        if line
    ],
}
NAMING = re.compile(r".*_(id|ids|list)|line_name|wp|line|machine|cart|box")
"""Parameters that name records."""
OF_NO_LINE = {
    "box_id",
    "child_box_id",
    "order_id",
    "item_id",
    "item_ids",
    "worker_id",
    "op_act_list",
    "data_list",
    "mat_list",
    "status_list",
    "wbox_id",
}
"""Those that name what belongs to the plant or travels over lines; anything else must stand in ``line_from``."""
OF_THE_FLOOR = {("writeoffmat", "wfloormat_id")}


@pytest.fixture
def plant(make_plant, database):
    plant = make_plant(usual_plugins(), PLANT)
    plant.order = plant.call("makeorder", "VP-1", "PCB-A", 1, 1)["id"]
    plant.call("updateorder", plant.order, {}, [{"op": 10, "act": 1, "flags": 2}])
    plant.unit = plant.call("getitem", plant.order, "U1", 1)["id"]
    token = plant.token("read", "write", lines=["L1"])

    def error(method, params):
        """Call a method with the token of L1 and return the number of its error, None for none."""
        call = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        answer = plant.rest("POST", "/api/", call, token=token).json
        return answer.get("error", {}).get("code")

    plant.error = error
    return plant


def booking(plant, wp_id):
    return plant.call("addop", plant.unit, 10, 1, wp_id, [32])["op_id"]


def test_every_parameter_that_names_a_record_is_known_to_stand_on_a_line_or_on_none(plant):
    unknown = {
        (bound.method.name, name)
        for bound in plant.site.methods.values()
        for name in bound.names
        if NAMING.fullmatch(name) and name not in OF_NO_LINE and name not in bound.method.line_from
    }
    assert unknown == OF_THE_FLOOR
    assert len(plant.site.methods) >= 59


def test_a_booking_of_another_line_is_out_of_reach_whatever_workplace_is_named_beside_it(plant):
    rest = {"workers": [32], "reason": "x"}
    own, foreign, off = (booking(plant, wp_id) for wp_id in (L1, L2, NO_LINE))
    for op_id in (foreign, off):
        for wp_id in LINES:
            assert plant.error("cancelop", {"op_id": op_id, "wp_id": wp_id, **rest}) == -32002
        assert plant.error("addopdata", [op_id, [[0, "note", "x"]]]) == -32002
        assert plant.error("addopmat", [op_id, []]) == -32002
    for wp_id in (L2, NO_LINE):
        assert plant.error("cancelop", {"op_id": own, "wp_id": wp_id, **rest}) == -32002
    assert plant.error("addopdata", [own, [[0, "note", "x"]]]) is None
    assert plant.error("cancelop", {"op_id": 99999, "wp_id": L1, **rest}) == 1001
    assert [operation["count"] for operation in plant.call("getitemoperations", plant.unit)] == [1, 1, 1]


MARKS = {
    "setitembad": {"bad": 0},
    "setitemrtflags": {"rt_flags": 1},
    "clearitemrtflags": {"rt_flags": 1},
    "setitembadmark": {"reason": "x"},
    "setitemscrap": {"reason": "x"},
}


def test_a_unit_is_marked_at_the_tokens_workplaces_only_wherever_it_was_before(plant):
    booking(plant, L2)
    for method, rest in MARKS.items():
        common = {"item_id": plant.unit, "workers": [32], **rest}
        refused = [plant.error(method, {**common, "wp_id": wp_id}) for wp_id in (L2, NO_LINE)]
        assert refused == [-32002, -32002], method
        assert plant.error(method, {**common, "wp_id": L1}) in (None, 1000), method


def test_a_login_on_another_line_is_not_ended_by_naming_no_workplace(plant):
    logout = {"worker_id": 32, "wp_id": None, "action": defs.WWL_LOGOUT}
    for wp_id, number in ((L2, -32002), (NO_LINE, -32002), (L1, None)):
        plant.call("loginwp", 32, wp_id)
        assert plant.error("addwlaction", logout) == number, wp_id


LISTS = {
    "getwplog": ("wp_id", {"seconds_back": 60}),
    "getwpblock": ("wp_list", {}),
    "unblockworkplace": ("wp_id", {}),
}
FOREIGN = [L2, [L2], [L1, L2], f"{L1}, {L2}", f"{L2}", f"{L2},{L1}", float(L2), f" {L2} ", [f"{L2}"]]


def test_no_list_of_workplaces_hides_one_of_another_line(plant):
    for method, (parameter, rest) in LISTS.items():
        for workplaces in FOREIGN:
            assert plant.error(method, {parameter: workplaces, **rest}) in (-32002, -32602), (
                method,
                workplaces,
            )
        for workplaces in ([L1], f"{L1}, {L1}", L1):
            assert plant.error(method, {parameter: workplaces, **rest}) is None, (method, workplaces)


def test_another_line_is_out_of_reach_by_its_name_its_machines_and_its_workplaces(plant):
    machine = {line: plant.call("linegetinfo", line)["line"]["machines"][0]["id"] for line in ("L1", "L2")}
    for method, params in (
        ("setlineorder", lambda line, wp_id: [line, plant.order]),
        ("setlinelogin", lambda line, wp_id: [line]),
        ("setlinelogin", lambda line, wp_id: ["L1", [L1, wp_id], [32]]),
        ("linegetinfo", lambda line, wp_id: [line]),
        ("linegetenvironment", lambda line, wp_id: [line, f"M{wp_id}"]),
        ("linecanaddop", lambda line, wp_id: [machine[line], "U1", 10]),
        ("lineaddop", lambda line, wp_id: [machine[line], "U1", 10]),
        ("getlsline", lambda line, wp_id: [line]),
        ("setlslineparam", lambda line, wp_id: [line, "a", 1]),
        ("storelinedata", lambda line, wp_id: [wp_id, "a", "b", 1]),
        ("findlinedata", lambda line, wp_id: [wp_id, "a", "b"]),
    ):
        asked = [plant.error(method, params(line, wp_id)) for line, wp_id in (("L1", L1), ("L2", L2))]
        assert asked == [None, -32002], method
    assert plant.call("linegetinfo", "L2")["line"]["order_id"] is None
    booking(plant, L1)
    for line, wp_id in (("L2", L2), ("L2", L1), ("L1", L2)):
        assert plant.error("lslineoptonextboard", [line, 10, 1, wp_id, [32]]) == -32002
    assert plant.error("lslineoptonextboard", ["L1", 10, 1, L1, [32]]) == 1000


def test_what_stands_in_rows_names_no_workplace(plant):
    """Rows of data, steps and material have no member for a workplace, and more members are refused."""
    step = {"item_id": plant.unit, "op": 10, "act": 1, "wp_id": L1, "workers": [32]}
    assert plant.error("addop", {**step, "data": [[10, "at", {"wp_id": L2}]]}) is None
    assert plant.error("addop", {**step, "data": [[0, "note", "x", L2]]}) == -32602
    assert plant.error("addopwithmat", {**step, "mat": [[1, "R1", 1, 0, L2]]}) == -32602
    question = {"item_id": plant.unit, "op_act_list": [[10, 1, L2]], "wp_id": L1, "workers": [32]}
    assert plant.error("canaddop", question) == -32602
    assert [operation["wp_id"] for operation in plant.call("getitemoperations", plant.unit)] == [L1]


def test_a_route_touches_what_stands_in_its_path_its_query_and_its_body():
    route = Route(
        "POST", "/api/probes/{wp_id}", lambda call, request: None, "write", "-", line_from=("wp_id",)
    )
    endpoint = BoundRoute(route, "probe", {}).endpoint
    request = Request({"wp_id": L1}, {"wp_id": L2}, {"wp_id": [NO_LINE, L1]})
    asked = endpoint.line_values({"request": request}, endpoint.line_from)
    assert [value for _, value in asked] == [L1, L2, NO_LINE, L1]
