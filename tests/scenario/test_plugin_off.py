"""A plugin that is off on one line: its methods answer 1004 there, its data is refused, its hooks stay silent."""

import pytest

from tracepro.database.core_models import Audit
from tracepro.testing import RpcError
from tracepro.testing.makers import usual_plugins
from tracepro_hookspecs import Reason, hookimpl

REELS = [("R-10K-0603", "L2611-001", 1), ("C-100N-0603", "K7-5521", 2), ("IC-STM32G0", "ST-26W40-A", 3)]
PLUGINS = (*usual_plugins(), "spy")
MATERIAL = {"material", "labels", "smdcarts"}
"""Material, and the plugins that require it."""


@pytest.fixture
def server(serve_plant, demo, plugins):
    without = [name for name in plugins if name not in MATERIAL]
    return serve_plant(plugins=plugins, plant=demo, lines={"SMT-2": without})


def test_a_plugin_off_on_a_line_answers_1004_there_and_works_elsewhere(server, database):
    for item, lot, hole in REELS:
        server.rpc("setwpmat", 101, item, lot, 1000, hole)
    with pytest.raises(RpcError) as off:
        server.rpc("setwpmat", 111, *REELS[0][:2], 1000, 1)
    assert (off.value.code, off.value.data["plugin"], off.value.data["line"]) == (1004, "material", "SMT-2")
    here, there = (_printed(server, code, wp_id) for code, wp_id in (("C7-000001", 100), ("C7-000002", 110)))
    server.rpc("addop", here, 20, None, 101, [32], None, None, 0, True)
    assert len(server.rpc("getitemoperations", here)[1]["mat"]) == 3
    with pytest.raises(RpcError) as refused:
        server.rpc("addop", there, 20, None, 111, [32], None, None, 0, True)
    assert (refused.value.code, refused.value.data["plugin"]) == (1004, "material")
    server.rpc("addop", there, 20, None, 111, [32])
    assert server.rpc("getitemoperations", there)[1]["mat"] == []


def test_what_is_added_to_an_operation_stands_on_the_line_of_its_workplace(make_plant, demo, database):
    on = PLUGINS[:-1]
    plant = make_plant(on, demo, lines={"SMT-2": [name for name in on if name not in MATERIAL]})
    lot = plant.call("getfloormat", "R-10K-0603", "L9", 10)["wfloormat_id"]
    here, there = (
        plant.call("addop", plant.call("getitem", 1, code, 1)["id"], 10, None, wp_id, [31])["op_id"]
        for code, wp_id in (("C7-000001", 100), ("C7-000002", 110))
    )
    plant.call("addopmat", here, [[lot, "R1", 1, 0]])
    error = plant.error("addopmat", there, [[lot, "R1", 1, 0]])["data"]
    assert (error["code"], error["plugin"], error["line"]) == ("plugin-off", "material", "SMT-2")
    plant.call("addopdata", there, [[0, "note", "x"]])
    plant.call("cancelop", there, 110, [31], "wrong unit")
    plant.call("cancelop", here, 110, [31], "wrong unit too")
    query = Audit.select(Audit.method, Audit.line).order_by(Audit.id)
    lines = plant.read(lambda call: call.db.rows(query))
    assert lines[-4:] == [
        ("addopmat", "SMT-1"),
        ("addopdata", "SMT-2"),
        ("cancelop", "SMT-2"),
        ("cancelop", None),
    ]


def test_an_operation_that_is_not_there_is_on_no_line_and_not_found(make_plant, demo, database):
    plant = make_plant(PLUGINS[:-1], demo)
    for method, params in (
        ("addopdata", [99, []]),
        ("addopmat", [99, []]),
        ("cancelop", [99, 100, [31], "wrong"]),
    ):
        error = plant.error(method, *params)
        assert (error["code"], error["data"]["code"]) == (1001, "operation-not-found")


def test_a_tool_s_barcode_is_read_by_the_rules_of_its_workplace_s_line(server, database):
    assert server.rpc("parsetoolbarcode", 101, "TOOL;STENCIL;7")["mat_item"] == "STENCIL"
    with pytest.raises(RpcError) as off:
        server.rpc("parsetoolbarcode", 111, "TOOL;STENCIL;7")
    assert (off.value.code, off.value.data["plugin"], off.value.data["line"]) == (1004, "material", "SMT-2")


def _printed(server, code, wp_id):
    unit = server.rpc("getitem", 1, code, 1)["id"]
    server.rpc("addop", unit, 10, None, wp_id, [31])
    return unit


class Spy:
    """Notes which of its hooks are asked, and for which workplace."""

    def __init__(self):
        self.asked = []

    @hookimpl
    def tracepro_check_operations(self, workplace, draft):
        self.asked.append(("check", workplace.id))
        return [Reason("spied", "The spy says no.")] if draft and draft.result == 9 else []

    @hookimpl
    def tracepro_op_info(self, workplace):
        self.asked.append(("info", workplace.id))
        return {}

    @hookimpl
    def tracepro_apply_operations(self, operations):
        self.asked.append(("apply", operations[0].wp_id))

    @hookimpl
    def tracepro_check_login(self, workplace):
        self.asked.append(("login", workplace.id))
        return []

    @hookimpl
    def tracepro_workplace_blocked(self, workplace):
        self.asked.append(("block", workplace.id))


def test_hooks_of_a_plugin_that_is_off_on_a_line_stay_silent_there(make_plant, demo, database):
    spy = Spy()
    plant = make_plant(plugins=PLUGINS, extra={"spy": spy}, plant=demo, lines={"SMT-2": PLUGINS[:-1]})
    for code, wp_id in (("C7-000001", 110), ("C7-000002", 100)):
        unit = plant.call("getitem", 1, code, 1)["id"]
        plant.call("loginwp", 31, wp_id)
        plant.call("checkproc", 1, [[10, None]], wp_id, [31])
        plant.call("addop", unit, 10, None, wp_id, [31])
        plant.call("blockworkplace", wp_id, "")
    assert {wp_id for _, wp_id in spy.asked} == {100}
    assert {what for what, _ in spy.asked} == {"check", "info", "apply", "login", "block"}
