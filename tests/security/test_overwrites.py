"""What a call overwrites stands in the audit: which object, before, after; what stays the same doesn't."""

import hashlib
import json

from tracepro_schemas import defs

PLUGINS = (
    "workplaces",
    "workers",
    "orders",
    "items",
    "material",
    "lines",
    "smdcarts",
    "counters",
    "boxes",
    "alerts",
    "sitedata",
)
PLANT = {
    "acts": [{"id": n, "name": f"ACT {n}", "desc": ""} for n in (1, 2)],
    "workplaces": [{"id": n, "name": f"Place {n}", "acts": [1, 2]} for n in (100, 101)],
    "workers": [{"id": n, "name": f"Worker {n}", "code": f"W{n}", "active": True} for n in (31, 32)],
    "ranged_counters": [{"name": "MAC", "first": 1, "last": 99}],
}
LINE = {"name": "L1", "machines": [{"name": f"M{n}", "wp_id": n, "op": 10} for n in (100, 101)]}
T = "2026-11-20T10:00:00.000Z"
AT = {"wp_id": 100, "workers": [31]}
PITCH = {"line_name": "L1", "name": "pitch"}
STEP = {"op": 10, "act": None, **AT}
CARTS = {"order_id": 1, "op": 10, "program": "P"}
CART = {"machine": "M100", "bank": 1, "item_data": [{"hole_no": 1, "mat_item": "R", "scanned_lot": "L1"}]}
LISTED = {"cart": "C1", "machine": "M100", "bank": 1, "program": "P", "reels": [[1, "R", "L1"]]}
ROUTING = [{"op": op, "act": act, "flags": 0} for op, act in ((10, 1), (20, 2))]
DATA = {"wp_id": 100, "clazz": "program", "key": "now"}
TEXT, SLOT = defs.DATA_TP_TEXT, defs.DATA_TP_SLOT


def routing(flags):
    """A routing as it is stored."""
    return [{**step, "name": "", "desc": "", "flags": flags, "params": {}} for step in ROUTING]


def reel(lot, amount, decrement=None):
    """A reel in a hole; lots L1 and L2 have the ids 1 and 2."""
    return {
        "wfloormat_id": lot,
        "mat_item": "R",
        "mat_lot": f"L{lot}",
        "amount": amount,
        "decrement": decrement,
    }


def floor(lot, before, after):
    return (f"floor-material {lot}", "amount", before, after)


def hole(number, before, after):
    return ("workplace 100", f"hole {number}", before, after)


LAST = "of addopwithmat"
"""The operation that it made; PostgreSQL draws ids that are then not used."""
STEPS = [
    # workplaces
    (
        "blockworkplace",
        {"wp_id": 100, "reason": "a"},
        [("workplace 100", "blocked", None, {"reason": "a", "tm": T})],
    ),
    ("blockworkplace", {"wp_id": 100, "reason": "a"}, []),
    (
        "blockworkplace",
        {"wp_id": 100, "reason": "b"},
        [("workplace 100", "blocked", {"reason": "a", "tm": T}, {"reason": "b", "tm": T})],
    ),
    (
        "unblockworkplace",
        {"wp_id": [100, 101]},
        [("workplace 100", "blocked", {"reason": "b", "tm": T}, None)],
    ),
    ("unblockworkplace", {"wp_id": [100, 101]}, []),
    # workers
    ("login", {"id": 31}, []),
    ("loginwp", {"worker_id": 31, "wp_id": 100}, [("worker 31", "wp_id", None, 100)]),
    ("loginwp", {"worker_id": 31, "wp_id": 100}, []),
    ("loginwp", {"worker_id": 31, "wp_id": 101}, [("worker 31", "wp_id", 100, 101)]),
    ("addwlaction", {"worker_id": 31, "wp_id": None, "action": 2}, [("worker 31", "wp_id", 101, None)]),
    ("addwlaction", {"worker_id": 31, "wp_id": None, "action": 2}, []),
    ("logworkeraction", {"worker_id": 31, "wp_id": 100, "wwl_action": 1}, []),
    ("setworkeresd", {"worker_id": 31, "wp_id": 100, "passed": True}, [("worker 31", "esd_tm", None, T)]),
    ("setworkeresd", {"worker_id": 31, "wp_id": 100, "passed": False}, [("worker 31", "esd_tm", T, None)]),
    ("setworkeresd", {"worker_id": 31, "wp_id": 100, "passed": False}, []),
    ("setworkercard", {"worker_id": 31, "card": "A1"}, [("worker 31", "card", None, True)]),
    ("setworkercard", {"worker_id": 31, "card": "A1"}, []),
    ("setworkercard", {"worker_id": 31, "card": "A2"}, [("worker 31", "card", True, True)]),
    ("setworkercard", {"worker_id": 31, "card": ""}, [("worker 31", "card", True, None)]),
    ("issueotp", {"worker_id": 31}, []),
    # alerts
    ("mkalert", {"module": "m", "src": "s", "target": "t", "wp_id": 100, "severity": 1}, []),
    ("processalert", {"alert_id": 1, "appstruct": {"note": "x"}}, [("alert 1", "processed", None, T)]),
    # site data
    ("setbasicdata", {"name": "Act", "id": 1, "key": "desc", "value": "d"}, [("act 1", "desc", "", "d")]),
    ("setbasicdata", {"name": "Act", "id": 1, "key": "desc", "value": "d"}, []),
    ("setuserdata", {"name": "n", "clazz": "c", "value": {"a": 1}}, []),
    ("setuserdata", {"name": "n", "clazz": "c", "value": {"a": 1}}, []),
    (
        "setuserdata",
        {"name": "n", "clazz": "c", "value": 2, "public": False},
        [("user data 1", "value", {"a": 1}, 2), ("user data 1", "public", True, False)],
    ),
    # counters
    ("getnext", {"clazz": "box", "name": "A", "count": 2}, [("sequence box A", "next", 1, 3)]),
    ("getnext", {"clazz": "box", "name": "A"}, [("sequence box A", "next", 3, 4)]),
    ("getrangednext", {"name": "MAC", "count": 5}, [("counter MAC", "next", 1, 6)]),
    ("setrangednext", {"name": "MAC", "next_value": 3}, [("counter MAC", "next", 6, 3)]),
    ("setrangednext", {"name": "MAC", "next_value": 3}, []),
    # orders
    ("makeorder", {"erp_ref": "VP-1", "item": "PCB-A", "status": 1, "flags": 1}, []),
    (
        "updateorder",
        {"order_id": 1, "properties": {"customer": "X"}, "operations": ROUTING},
        [("order 1", "customer", "", "X"), ("order 1", "operations", [], routing(0))],
    ),
    ("updateorder", {"order_id": 1, "properties": {"customer": "X"}, "operations": ROUTING}, []),
    (
        "updateorder",
        {"order_id": 1, "properties": {}, "operations": [{**step, "flags": 2} for step in ROUTING]},
        [("order 1", "operations", routing(0), routing(2))],
    ),
    # units
    ("getitem", {"order_id": 1, "barcode": "U1", "tp": 1}, []),
    ("getitem", {"order_id": 1, "barcode": "U2", "tp": 1}, []),
    ("setitembarcode2", {"item_id": 1, "barcode2": "B1"}, [("item 1", "barcode2", "", "B1")]),
    ("setitembarcode2", {"item_id": 1, "barcode2": "B1"}, []),
    ("setitembarcode2", {"item_id": 1, "barcode2": "B2"}, [("item 1", "barcode2", "B1", "B2")]),
    ("setitembadmark", {"item_id": 1, **AT, "reason": "r"}, [("item 1", "bad", [0, ""], [2, "r"])]),
    ("setitemscrap", {"item_id": 1, **AT, "reason": "s"}, [("item 1", "bad", [2, "r"], [1, "s"])]),
    ("setitemscrap", {"item_id": 1, **AT, "reason": "s"}, []),
    ("setitembad", {"item_id": 1, **AT, "bad": 0}, [("item 1", "bad", [1, "s"], [0, ""])]),
    ("setitembad", {"item_id": 1, **AT, "bad": 0}, []),
    ("setitemrtflags", {"item_id": 1, **AT, "rt_flags": 5}, [("item 1", "rt_flags", 0, 5)]),
    ("setitemrtflags", {"item_id": 1, **AT, "rt_flags": 4}, []),
    ("clearitemrtflags", {"item_id": 1, **AT, "rt_flags": 1}, [("item 1", "rt_flags", 5, 4)]),
    # operations: slots
    ("addop", {"item_id": 1, **STEP, "data": [[TEXT, "t", "x"], [SLOT, "S", 1]]}, []),
    ("addop", {"item_id": 1, **STEP, "data": [[SLOT, "S", True]]}, [("item 1", "slot S", 1, True)]),
    ("addopdata", {"op_id": 2, "data_list": [[SLOT, "S", {"a": 1}]]}, [("item 1", "slot S", True, {"a": 1})]),
    ("addopdata", {"op_id": 2, "data_list": [[SLOT, "S", {"a": 1}], [SLOT, "Z", 1]]}, []),
    (
        "cancelop",
        {"op_id": 2, **AT, "reason": "wrong"},
        [("operation 2", "count", 1, 0), ("item 1", "slot S", {"a": 1}, 1), ("item 1", "slot Z", 1, None)],
    ),
    (
        "batch_addop",
        {"item_ids": [1, 2], **STEP, "data": [[SLOT, "S", 7]]},
        [("item 1", "slot S", 1, 7)],
    ),
    ("addncops", {"order_id": 1, "op_act_list": [[10, None]], "count": 2, **AT}, []),
    ("stopwork", {"order_id": 1, "op_act_list": [[10, None]], **AT}, []),
    # material
    ("receivemat", {"mat_item": "R", "mat_lot": "L1", "amount": 100}, [floor(1, 0, 100)]),
    ("receivemat", {"mat_item": "R", "mat_lot": "L1", "amount": 10.5}, [floor(1, 100, 110.5)]),
    ("getfloormat", {"mat_item": "R", "mat_lot": "L2", "amount": 50}, [floor(2, 0, 50)]),
    ("writeoffmat", {"wfloormat_id": 1, "amount": 0.5, "reason": "lost"}, [floor(1, 110.5, 110)]),
    (
        "setwpbom",
        {"wp_id": 100, "bom": [[1, "R", 2]]},
        [("workplace 100", "bom", [], [{"hole_no": 1, "mat_item": "R", "decrement": 2}])],
    ),
    ("setwpbom", {"wp_id": 100, "bom": [[1, "R", 2]]}, []),
    (
        "setwpbom",
        {"wp_id": 100, "bom": []},
        [("workplace 100", "bom", [{"hole_no": 1, "mat_item": "R", "decrement": 2}], [])],
    ),
    (
        "setwpmat",
        {"wp_id": 100, "mat_item": "R", "mat_lot": "L1", "amount": 40, "hole_no": 1},
        [floor(1, 110, 70), hole(1, None, reel(1, 40))],
    ),
    (
        "setwpmatclamped",
        {"wp_id": 100, "mat_item": "R", "mat_lot": "L2", "amount": 60, "hole_no": 1, "decrement": 2},
        [floor(1, 70, 110), hole(1, reel(1, 40), None), floor(2, 50, 0), hole(1, None, reel(2, 50, 2))],
    ),
    (
        "setwpmatbarcode",
        {"wp_id": 100, "mat_barcode": "R|L1", "amount": 20, "hole_no": 2},
        [floor(1, 110, 90), hole(2, None, reel(1, 20))],
    ),
    ("addopwithmat", {"item_id": 2, **STEP, "mat": [[1, "R1", 3, 0]]}, []),
    (
        "addopmat",
        {"op_id": LAST, "mat_list": [[1, "R2", 2, 2]]},
        [(f"operation {LAST}", "mat", [[1, "R1", 3, 0]], [[1, "R1", 3, 0], [1, "R2", 2, 2]])],
    ),
    ("addopmat", {"op_id": LAST, "mat_list": []}, []),
    (
        "cancelop",
        {"op_id": LAST, **AT, "reason": "wrong"},
        [(f"operation {LAST}", "count", 1, 0), floor(1, 87, 90), hole(2, reel(1, 18), reel(1, 20))],
    ),
    ("addncopswithmat", {"order_id": 1, "op": 10, "act": None, "count": 1, **AT, "mat": [[1, "", 1, 0]]}, []),
    (
        "closewpmat",
        {"wp_id": 100, "mat_item": "R", "mat_lot": "L2", "hole_no": 1},
        [floor(2, 0, 50), hole(1, reel(2, 50, 2), None)],
    ),
    ("clearwpmat", {"wp_id": 100}, [hole(2, reel(1, 20), None), floor(1, 89, 109)]),
    ("clearwpmat", {"wp_id": 100}, []),
    # boxes
    ("makebox", {"item": "", "box_size": 9, "label": "B1"}, []),
    ("makebox", {"item": ""}, []),
    ("addboxitem", {"wbox_id": 1, "item_id": 1}, [("item 1", "box", None, 1)]),
    ("addboxitem", {"wbox_id": 1, "item_id": 2}, [("item 2", "box", None, 1)]),
    ("addboxbox", {"wbox_id": 2, "child_box_id": 1}, [("box 1", "parent_id", None, 2)]),
    (
        "box_addop",
        {"box_id": 2, **STEP, "data": [[SLOT, "S", 8]]},
        [(f"item {n}", "slot S", 7, 8) for n in (1, 2)],
    ),
    ("delfrombox", {"wbox_id": 1, "item_id": 2}, [("item 2", "box", 1, None)]),
    ("clearbox", {"wbox_id": 2}, [("box 1", "parent_id", 2, None)]),
    ("clearbox", {"wbox_id": 2}, []),
    ("clearbox", {"wbox_id": 1}, [("box 1", "items", [1], [])]),
    ("setboxlabel", {"box_id": 1, "label": "B2"}, [("box 1", "label", "B1", "B2")]),
    ("setboxlabel", {"box_id": 1, "label": "B2"}, []),
    (
        "setboxparams",
        {"box_id": 1, "label": "", "box_size": 5, "status": 1, "item": "PCB-A"},
        [
            ("box 1", "label", "B2", ""),
            ("box 1", "box_size", 9, 5),
            ("box 1", "status", 0, 1),
            ("box 1", "item", "", "PCB-A"),
        ],
    ),
    ("setboxparams", {"box_id": 1, "label": None, "box_size": 5, "status": 1}, []),
    # lines
    ("setlineorder", {"line_name": "L1", "order_id": 1}, [("line 1", "order_id", None, 1)]),
    ("setlineorder", {"line_name": "L1", "order_id": 1}, []),
    ("setlinelogin", {"line_name": "L1", "workers": [31]}, [("worker 31", "wp_id", None, [100, 101])]),
    ("setlinelogin", {"line_name": "L1", "workers": [31]}, []),
    ("lineaddop", {"machine_id": 1, "barcode": "B2"}, []),
    ("storelinedata", {**DATA, "value": 1}, []),
    (
        "storelinedata",
        {**DATA, "value": {"a": 1}},
        [("line data of workplace 100", "program now", 1, {"a": 1})],
    ),
    ("storelinedata", {**DATA, "value": {"a": 1}}, []),
    (
        "storelinedata",
        {**DATA, "value": None},
        [("line data of workplace 100", "program now", {"a": 1}, None)],
    ),
    ("setlineorder", {"line_name": "L1", "order_id": None}, [("line 1", "order_id", 1, None)]),
    # LS line
    ("setlslineparam", {**PITCH, "value": {"mm": 350}}, [("line 1", "param pitch", None, {"mm": 350})]),
    ("setlslineparam", {**PITCH, "value": {"mm": 350}}, []),
    ("setlslineparam", {**PITCH, "value": "far"}, [("line 1", "param pitch", {"mm": 350}, "far")]),
    (
        "lslineoptonextboard",
        {"line_name": "L1", **STEP, "op": 20, "data": [[SLOT, "S", 1]]},
        [("item 1", "slot S", 8, 1)],
    ),
    # SMD carts
    (
        "setcartsfororder",
        {**CARTS, "cart_map": {"C1": CART}},
        [("order 1", "carts of step 10", [], [LISTED])],
    ),
    ("setcartsfororder", {**CARTS, "cart_map": {"C1": CART}}, []),
    ("setcartsfororder", {**CARTS, "cart_map": {}}, [("order 1", "carts of step 10", [LISTED], [])]),
]

NOW = 1_795_168_800
PNG, WIDE_PNG = (
    bytes.fromhex(f"89504e470d0a1a0a0000000d49484452{rest}0000000049454e44ae426082")
    for rest in (
        "000000010000000108000000003a7e9b550000000a49444154789c636000000002000148afa471",
        "00000002000000010800000000d14920560000000b49444154789c636060000000030001b8ad3a63",
    )
)
CSV = b"name,quantity\nI,8\n"
SHA, WIDE_SHA = (hashlib.sha256(each).hexdigest() for each in (PNG, WIDE_PNG))


def gone(what, id):
    return (f"{what} {id}", "deleted", {"id": id}, None)


def pictured(what, path):
    """A picture that is set, sent again, set anew and taken away."""
    path, digest = f"{path}/1/image", (f"{what} 1", "image")
    return [
        ("POST", path, PNG, [(f"{what} 1", "image_type", None, "image/png"), (*digest, None, SHA)]),
        ("POST", path, PNG, []),
        ("POST", path, WIDE_PNG, [(*digest, SHA, WIDE_SHA)]),
        ("DELETE", path, None, [(f"{what} 1", "image_type", "image/png", None), (*digest, WIDE_SHA, None)]),
    ]


REPLACED = [
    ("tool 1", "part_count", 4, 0),
    ("tool 1", "parts", {"1": 3}, {}),
    ("tool 1", "runtime", 2.5, 0),
    ("tool 1", "day_count", 2, 0),
    ("tool 1", "last_replaced", None, NOW),
    ("inventory point 1", "items", {"1": 8}, {"1": 7}),
]
WITHOUT_PROGRAMS = [each for each in REPLACED if each[0] == "tool 1" and each[1] != "parts"]
REST_STEPS = [
    ("PUT", "processes/", {"name": "A"}, []),
    (
        "PATCH",
        "processes/1",
        {"name": "B", "machine_id": 100, "archived": True},
        [
            ("process 1", "name", "A", "B"),
            ("process 1", "machine_id", None, 100),
            ("process 1", "archived", False, True),
        ],
    ),
    ("PATCH", "processes/1", {"name": "B", "machine_id": 100, "archived": True}, []),
    ("PUT", "programs/", {"name": "O1", "process_id": 1}, []),
    ("PUT", "programs/", {"name": "O2", "process_id": 1}, []),
    (
        "PATCH",
        "programs/1",
        {"item": "X", "op": 10},
        [("program 1", "item", "", "X"), ("program 1", "op", None, 10)],
    ),
    ("PUT", "tools/assemblies/", {"name": "T1", "process_id": 1}, []),
    ("PATCH", "tools/assemblies/1", {"shared": True}, [("assembly 1", "shared", False, True)]),
    ("PUT", "inventory/items/", {"name": "I"}, []),
    (
        "PATCH",
        "inventory/items/1",
        {"price": 1.5, "suppliers": ["S"]},
        [("inventory item 1", "price", None, 1.5), ("inventory item 1", "suppliers", [], ["S"])],
    ),
    ("PUT", "inventory/", {"name": "C", "items": {"1": 5}}, []),
    ("PATCH", "inventory/1", {"items": {"1": 7}}, [("inventory point 1", "items", {"1": 5}, {"1": 7})]),
    ("POST", "inventory/1/import", CSV, [("inventory point 1", "items", {"1": 7}, {"1": 8})]),
    ("POST", "inventory/1/import", CSV, []),
    (
        "PUT",
        "tools/",
        {"name": "A", "assembly_id": 1, "inventory_item_id": 1, "parts": {"1": 2}, "runtime": 2.5},
        [],
    ),
    (
        "PATCH",
        "tools/1",
        {"parts": {"1": 3}, "part_count": 4, "day_count": 2},
        [
            ("tool 1", "parts", {"1": 2}, {"1": 3}),
            ("tool 1", "part_count", 0, 4),
            ("tool 1", "day_count", 0, 2),
        ],
    ),
    ("PATCH", "tools/1", {"parts": {"1": 3}, "part_count": 4, "day_count": 2}, []),
    ("POST", "tools/1/replace", {"inventory_point_id": 1}, REPLACED),
    ("PATCH", "tools/replacements/1", {"notes": "n"}, [("replacement 1", "notes", "", "n")]),
    *pictured("tool", "tools"),
    *pictured("assembly", "tools/assemblies"),
    *pictured("replacement", "tools/replacements"),
    (
        "DELETE",
        "tools/replacements/1?undo=1",
        None,
        [gone("replacement", 1), *((what, field, after, before) for what, field, before, after in REPLACED)],
    ),
    ("DELETE", "programs/1", None, [gone("program", 1), ("tool 1", "parts", {"1": 3}, {})]),
    ("POST", "tools/1/replace", {}, WITHOUT_PROGRAMS),
    (
        "DELETE",
        "inventory/items/1",
        None,
        [
            gone("inventory item", 1),
            ("tool 1", "inventory_item_id", 1, None),
            ("replacement 2", "inventory_item_id", 1, None),
            ("inventory point 1", "items", {"1": 8}, {}),
        ],
    ),
    ("DELETE", "inventory/1", None, [gone("inventory point", 1)]),
    (
        "DELETE",
        "processes/1",
        None,
        [gone("process", 1), ("assembly 1", "process_id", 1, None), ("program 2", "process_id", 1, None)],
    ),
    ("DELETE", "tools/assemblies/1", None, [gone("assembly", 1), ("tool 1", "assembly_id", 1, None)]),
    ("DELETE", "tools/1", None, [gone("tool", 1)]),
]


def test_every_overwrite_is_in_the_audit_and_what_stays_the_same_is_not(make_audited):
    plant = make_audited(*PLUGINS, plant={**PLANT, "lines": [LINE]})
    last = 0
    for method, params, _ in STEPS:
        sent = {**params, "op_id": last} if params.get("op_id") == LAST else params
        answer = plant.rpc(method, sent).json
        assert "result" in answer, (method, sent, answer)
        if method == "addopwithmat":
            last = answer["result"]["op_id"]
    rows = plant.audit()
    assert [row["method"] for row in rows] == [method for method, _, _ in STEPS]
    for (method, params, expected), row in zip(STEPS, rows, strict=True):
        named = [(what.replace(LAST, str(last)), *change) for what, *change in expected]
        assert changes_of(row) == in_json(named), (method, params)


def test_a_used_up_reel_that_makes_room_for_the_next_is_noted(make_audited):
    plugins = ("workplaces", "workers", "orders", "items", "material", "counters")
    plant = make_audited(*plugins, plant=PLANT, options={"material": {"splice": "queue"}})
    load = {"wp_id": 100, "mat_item": "R", "hole_no": 1}
    for method, params in (
        ("makeorder", {"erp_ref": "VP-1", "item": "PCB-A", "status": 1, "flags": 1}),
        ("updateorder", {"order_id": 1, "properties": {}, "operations": ROUTING}),
        ("getitem", {"order_id": 1, "barcode": "U1", "tp": 1}),
        ("setwpmat", {**load, "mat_lot": "L1", "amount": 1}),
        ("setwpmat", {**load, "mat_lot": "L2", "amount": 9}),
        ("addop", {"item_id": 1, **STEP, "mat_auto": True}),
    ):
        assert "result" in plant.rpc(method, params).json, method
    assert changes_of(plant.audit()[-1]) == in_json([hole(1, reel(1, 1), None)])


def changes_of(row):
    changes = json.loads(row["changes"])
    return in_json([(one["what"], one["field"], one["before"], one["after"]) for one in changes])


def in_json(changes):
    """Changes in no order, with values as JSON, in which 1 is not true."""
    return sorted(json.dumps(change, sort_keys=True) for change in changes)


def test_every_method_that_writes_has_been_asked_what_it_overwrites(make_audited):
    plant = make_audited(*PLUGINS, "labels")
    writing = {name for name, bound in plant.site.methods.items() if bound.endpoint.access != "read"}
    assert writing == {method for method, _, _ in STEPS}


def test_what_a_route_overwrites_is_in_the_audit_too(make_audited):
    plant = make_audited(*PLUGINS, "tooling", plant=PLANT)
    for verb, path, body, _ in REST_STEPS:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        kind = {PNG: "image/png", WIDE_PNG: "image/png", CSV: "text/csv"}.get(content, "application/json")
        chunks = [] if body is None else [content]
        answer = plant.send(verb, f"/api/{path}", chunks, content_type=kind)
        assert answer.status < 300, (verb, path, answer.body)
    rows = plant.audit()
    for (verb, path, _, expected), row in zip(REST_STEPS, rows, strict=True):
        assert without_contents(changes_of(row)) == in_json(expected), (verb, path)
    writing = {name for name, each in routes_of(plant.site) if each.access != "read"}
    assert writing == {row["method"] for row in rows}


def without_contents(changes):
    """Changes of which a deletion tells the id only."""
    read = [json.loads(change) for change in changes]
    return in_json(
        [
            (what, field, {"id": before["id"]} if field == "deleted" else before, after)
            for what, field, before, after in read
        ]
    )


def routes_of(site):
    """Yield the routes of plugins by the names that the audit has for them."""
    yield from (
        (f"{each.declaration.verb} {each.declaration.path}", each.declaration)
        for each in site.routes.values()
    )
