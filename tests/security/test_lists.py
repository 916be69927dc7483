"""No answer is as long as the history: a list has pages, a cap with a sentence, or a bound in its nature."""

import re
from pathlib import Path

import pytest

from tracepro import app
from tracepro.database import lists
from tracepro.database.session import Session
from tracepro.rpc.fragments import resolve_refs

CAP = 3
ONE_RECORD = "one record, whose own lists the plant file or the routing (1000 steps) bounds"
AS_ASKED = "at most as many as the call names, and those are bounded by the schema"
ONE_LINE = "one line, whose machines the plant file bounds, with who is logged in at them"
PAGED = {"whereused": "next", "erpqueue": "next"}
BOUNDED = {
    "getworkplace": ONE_RECORD,
    "findworkplace": ONE_RECORD,
    "blockworkplace": ONE_RECORD,
    "unblockworkplace": AS_ASKED,
    "getwpblock": AS_ASKED,
    "login": ONE_RECORD,
    "loginwp": ONE_RECORD,
    "getworkerbycard": ONE_RECORD,
    "setworkeresd": ONE_RECORD,
    "setworkercard": ONE_RECORD,
    "findorder": ONE_RECORD,
    "getorder": ONE_RECORD,
    "makeorder": ONE_RECORD,
    "updateorder": ONE_RECORD,
    "getorderitemcounts": "one row a type of units",
    "getreportedwork": "one row a step that a worker did in a shift",
    "getordercounts": "one row a step of the routing, which has at most 1000",
    "getitemextra": "one object a plugin",
    "batch_addop": AS_ASKED,
    "canaddop": "reasons about the steps that are asked for and the boards of one panel (1000)",
    "checkproc": "reasons about the steps that are asked for",
    "checkfirstpiece": "reasons about one step",
    "addncops": AS_ASKED,
    "cancelop": "one operation: a booking is taken back however many rows it has",
    "stopwork": AS_ASKED,
    "setwpbom": AS_ASKED,
    "makebox": "one box, which is empty",
    **dict.fromkeys(
        ("addboxitem", "addboxbox", "delfrombox", "clearbox", "setboxlabel", "setboxparams"),
        "one box: what is written is told however much it holds",
    ),
    "box_addop": "one row a unit of one box: what is written is told",
    "getbasicdata": "what the plant file brings of one kind, and at most list_rows",
    "setbasicdata": ONE_RECORD,
    "getsiteparams": "one member a public parameter",
    "getdefs": "one member a constant",
    "userauth": "one user, in at most 100 groups",
    "getstddocs": "one member a document that parameters.ini names",
    "mkalert": ONE_RECORD,
    "processalert": ONE_RECORD,
    "getalertfields": "at most 100 fields",
    "parsetoolbarcode": "one member a group of the rule",
    "setlineorder": ONE_LINE,
    "setlinelogin": ONE_LINE,
    "linegetinfo": ONE_LINE,
    "linegetenvironment": ONE_LINE,
    "setlslineparam": "one line, which has at most 1000 parameters",
    "lslineoptonextboard": "the boards that wait on one line: what is written is told",
    **dict.fromkeys(
        ("getcartsfororder", "setcartsfororder"),
        "the carts of one step: at most 100, of at most 200 reels each",
    ),
    "linecanaddop": "reasons about one step and the boards of one panel (1000)",
}
BOUNDED_PATHS = {
    "/ui/files/{version}/{name:path}": "a file of a plugin's package",
    "/": "one row a plugin",
    "/api": "the methods above",
    "/api/openapi.json": "one entry a route",
    "/healthz": "one word",
    "/metrics": "one row a method, a code, a plugin and a step of time; codes are bounded",
    "/plugins": "one row a plugin, a line and a hook",
    "/readyz": "one sentence a plugin that is out of service",
}
EDITED = ("tools", "tools/assemblies", "processes", "programs", "inventory/items", "inventory")
BOUNDED_ROUTES = {
    **{f"GET /api/{kind}/": "at most list_rows objects, parts and quantities" for kind in EDITED},
    "POST /ui/login": "the scopes of one caller",
    "GET /api/tools/{tool_id}/life_records": "at most list_rows of one tool",
    "POST /api/inventory/{inventory_point_id}/import": "a text a row of one file, of at most 20 000; 100 warnings",
    "GET /api/tools/replacements/process/{process_id}": "at most list_rows tools, their replacements in pages of 100",
    "GET /api/units/{item_id}/record": "one unit, what is recorded on it and built into it in pages of 50",
    **dict.fromkeys(
        [
            "PUT /api/inventory/items/",
            *(f"{verb} /api/inventory/items/{{inventory_item_id}}" for verb in ("GET", "PATCH")),
        ],
        "one record, with at most 100 suppliers",
    ),
}
FITS, EXCEEDS = 0, 1
CAPPED = {
    "queryorder": ("status_list", lambda floor, n: {"item": floor.products[n], "status_list": [1]}),
    "getorderitems": ("order_id", lambda floor, n: {"order_id": floor.orders[n]}),
    "getitembybarcode": ("barcode", lambda floor, n: {"barcode": floor.codes[n]}),
    "getitemoperations": ("item_id", lambda floor, n: {"item_id": floor.worked[n]}),
    "getitemslots": ("item_id", lambda floor, n: {"item_id": floor.slotted[n]}),
    "getitemdetails": ("item_id", lambda floor, n: {"item_id": floor.panels[n + 1]}),
    "getitemrel": ("item_id", lambda floor, n: {"item_id": floor.panels[n + 1]}),
    "tracetree": ("depth", lambda floor, n: {"item_id": floor.panels[n]}),
    "getwplog": ("seconds_back", lambda floor, n: {"wp_id": floor.workplaces[n], "seconds_back": 3600}),
    "getwpmat": ("wp_id", lambda floor, n: {"wp_id": floor.workplaces[n]}),
    "queryuserdata": ("clazz", lambda floor, n: {"clazz": floor.codes[n]}),
    "getalerts": ("module", lambda floor, n: {"module": floor.codes[n]}),
    "getwpbom": ("wp_id", lambda floor, n: {"wp_id": floor.workplaces[n]}),
    "getlsline": ("line_name", lambda floor, n: {"line_name": floor.lines[n]}),
    "getbox": ("id", lambda floor, n: {"id": floor.boxes[n]}),
    "getboxbylabel": ("label", lambda floor, n: {"label": f"BOX{n}"}),
    "getboxbyitem": ("item_id", lambda floor, n: {"item_id": floor.packed[n]}),
    "box_canaddop": (
        "box_id",
        lambda floor, n: {"box_id": floor.boxes[n], "op_act_list": [[10, 1]], "wp_id": 103, "workers": [32]},
    ),
}
PLANT = {
    "acts": [{"id": 1, "name": "SOLDER"}],
    "workplaces": [{"id": n, "name": f"W{n}", "acts": [1]} for n in range(101, 107)],
    "workers": [{"id": 32, "name": "J. Novak"}],
    "lines": [{"name": f"L{n}", "machines": [{"name": "M", "wp_id": n}]} for n in (105, 106)],
    "lots": [{"mat_item": "R", "mat_lot": f"L{n}", "amount": 1000} for n in range(1, CAP + 2)],
}
REPEATABLE = 2


class Floor:
    """What the tests ask for: of everything one that has as many rows as a list may have, and one with one more."""

    workplaces = (101, 102)
    lines = ("L105", "L106")
    codes = ("THREE", "FOUR")
    products = ("P3", "P4")

    def __init__(self, call):
        self.call = call
        for product, number in zip(self.products, (CAP, CAP + 1), strict=True):
            made = [self.order(product) for _ in range(number)]
            for n, order in enumerate(made):
                self.unit(order, f"{product}-{n}")
        elsewhere = [self.order(f"Q{n}") for n in range(CAP + 1)]
        for code, number in zip(self.codes, (CAP, CAP + 1), strict=True):
            for k in range(number):
                call("setuserdata", f"n{k}", code, k)
            for order in elsewhere[:number]:
                self.unit(order, code)
            for _ in range(number):
                self.call("mkalert", module=code, src="", target="", wp_id=None, severity=0)
        self.orders = [self.order("R3"), self.order("R4"), self.order("R")]
        for order, number in zip(self.orders, (CAP, CAP + 1), strict=False):
            units = [self.unit(order, f"{order}-{n}") for n in range(number)]
        for wp_id, number in ((105, CAP), (106, CAP + 1)):
            order = self.order(f"LS{wp_id}")
            for n in range(number):
                self.do(self.unit(order, f"LS{wp_id}-{n}"), wp_id)
        self.worked = units[:2]
        self.slotted = units[2:4]
        self.panels = [self.panel(boards) for boards in range(CAP - 1, CAP + 2)]
        for n, number in enumerate((CAP, CAP + 1)):
            self.fill_workplace(n, number)
        lots = [self.lot(n) for n in range(1, CAP + 2)]
        for panel, wp_id in zip(self.panels, (103, 104), strict=False):
            self.do(panel, wp_id, mat=[[lots[0], "R1", 1, 0]])
        self.do(self.panels[2], 103)
        self.fed = [self.unit(self.orders[2], f"FED-{n}") for n in range(2)]
        for unit, number in zip(self.fed, (CAP, CAP + 1), strict=True):
            self.do(unit, 103, mat=[[lot, f"R{n}", 1, 0] for n, lot in enumerate(lots[:number])])

        self.packed = []
        self.boxes = [self.box(n, number) for n, number in enumerate((CAP, CAP + 1))]

    def box(self, n, number):
        """Make a box of so many units."""
        box = self.call("makebox", item="", label=f"BOX{n}")["id"]
        units = [self.unit(self.orders[2], f"PACKED-{n}-{unit}") for unit in range(number)]
        for unit in units:
            self.call("addboxitem", wbox_id=box, item_id=unit)
        self.packed += units[:1]
        return box

    def order(self, product):
        self.number = getattr(self, "number", 0) + 1
        order = self.call("makeorder", erp_ref=f"VP-{self.number}", item=product, status=1, flags=1)["id"]
        self.call(
            "updateorder",
            order_id=order,
            properties={},
            operations=[{"op": 10, "act": 1, "flags": REPEATABLE}],
        )
        return order

    def unit(self, order, code, tp=1):
        return self.call("getitem", order_id=order, barcode=code, tp=tp)["id"]

    def panel(self, boards):
        order = self.order(f"PANEL{boards}")
        self.call("updateorder", order_id=order, properties={"mptp": 1, "mpcount": boards})
        return self.unit(order, f"PANEL{boards}", tp=2)

    def do(self, unit, wp_id, **more):
        wanted = {"item_id": unit, "op": 10, "act": None, "wp_id": wp_id, "workers": [32]}
        return self.call("addopwithmat", **wanted, **more)["op_id"]

    def lot(self, n):
        return self.call("getfloormat", mat_item="R", mat_lot=f"L{n}")["wfloormat_id"]

    def fill_workplace(self, n, number):
        """Load and record so much at a workplace, on one unit; its neighbour gets as many slots."""
        wp_id = self.workplaces[n]
        self.call("setwpbom", wp_id=wp_id, bom=[[hole, "R", 1] for hole in range(1, number + 1)])
        for hole in range(1, number + 1):
            self.call("setwpmat", wp_id=wp_id, mat_item="R", mat_lot=f"L{hole}", amount=10, hole_no=hole)
            self.do(self.worked[n], wp_id)
        self.slots_set_by = self.do(
            self.slotted[n], 103, data=[[10, f"slot {slot}", slot] for slot in range(number)]
        )


@pytest.fixture(scope="module", params=("sqlite", "postgresql"))
def floor(request, serve_plant_once):
    server = serve_plant_once(plant=PLANT, parameters={"api": {"list_rows": CAP}}, database=request.param)
    yield Floor(server.client().call)
    server.stop()


def refusal(floor, method, **params):
    """Return the error of a call that must be refused."""
    with pytest.raises(Exception) as refused:
        floor.call(method, **params)
    return refused.value


@pytest.mark.parametrize("method", CAPPED)
def test_a_list_is_answered_whole_or_refused_with_what_to_narrow(floor, method):
    parameter, params = CAPPED[method]
    assert floor.call(method, **params(floor, FITS))
    error = refusal(floor, method, **params(floor, EXCEEDS))
    assert (error.code, error.data["code"]) == (-32602, "invalid-params")
    assert (error.data["parameter"], error.data["rule"], error.data["most"]) == (parameter, "list_rows", CAP)
    assert f"more than {CAP} rows; " in error.data["info"] and "list_rows" in error.data["info"]


def test_workplaces_that_are_asked_for_together_make_one_list(floor):
    for wp_id, number in ((101, CAP), (104, 1)):
        assert len(floor.call("getwplog", wp_id=wp_id, seconds_back=3600)) == number
    assert refusal(floor, "getwplog", wp_id=[101, 104], seconds_back=3600).data["most"] == CAP
    assert floor.call("getwplog", wp_id=[101, 102, 103, 104], seconds_back=0) == []


@pytest.mark.parametrize("units", ["slotted", "fed"])
def test_data_and_material_of_operations_are_lists_too(floor, units):
    fits, exceeds = getattr(floor, units)
    (operation,) = floor.call("getitemoperations", item_id=fits)
    assert len(operation["data"]) + len(operation["mat"]) == CAP
    for method in ("getitemoperations", "getitemdetails"):
        assert refusal(floor, method, item_id=exceeds).data["parameter"] == "item_id"


def test_material_in_a_trace_tree_is_a_list_too(floor):
    assert len(floor.call("tracetree", item_id=floor.fed[FITS])["mat"]) == CAP
    assert refusal(floor, "tracetree", item_id=floor.fed[EXCEEDS]).data["parameter"] == "depth"


def test_a_page_can_be_made_smaller(floor):
    page = floor.call("whereused", mat_item="R", mat_lot="L1", limit=1)
    assert len(page["units"]) == CAP
    asked = {"mat_item": "R", "mat_lot": "L1", "after": page["next"], "limit": 1}
    error = refusal(floor, "whereused", **asked)
    assert (error.data["parameter"], error.data["most"]) == ("limit", CAP)


def test_a_call_that_writes_is_never_refused_for_what_it_reads(floor):
    wanted = {"op_id": floor.slots_set_by, "wp_id": 103, "workers": [32], "reason": "typing error"}
    assert len(floor.call("cancelop", **wanted)["data"]) == CAP + 1
    bom = [[hole, "R", 1] for hole in range(CAP + 2)]
    assert len(floor.call("setwpbom", wp_id=104, bom=bom)) == CAP + 2


def grows(schema, definitions, seen=()):
    """Tell whether what a schema describes has a list, or an object with any members."""
    if isinstance(schema, list):
        return any(grows(each, definitions, seen) for each in schema)
    if not isinstance(schema, dict):
        return False
    name = schema.get("$ref", "").rpartition("/")[2]
    if name and name not in seen and grows(definitions[name], definitions, (*seen, name)):
        return True
    is_open = schema.get("type") == "object" and schema.get("additionalProperties") is not False
    parts = (part for key, part in schema.items() if key != "$defs")
    return schema.get("type") == "array" or is_open or any(grows(part, definitions, seen) for part in parts)


def test_of_every_method_that_answers_a_list_it_is_known_what_bounds_it(make_plant):
    plant = make_plant()
    lists = set()
    for name, method in plant.site.methods.items():
        fragment = plant.site.fragments[method.plugin]
        schema = resolve_refs(method.spec["result"]["schema"], method.plugin, fragment)
        lists |= {name} if grows(schema, schema.get("$defs", {})) else set()
    assert lists == CAPPED.keys() | BOUNDED.keys() | PAGED.keys()
    routes = set()
    for registered in plant.site.contributions.routes.values():
        route, fragment = registered.declaration, plant.site.fragments[registered.plugin]
        schema = resolve_refs(route.answer or {}, registered.plugin, fragment)
        routes |= {f"{route.verb} {route.path}"} if grows(schema, schema.get("$defs", {})) else set()
    assert routes == BOUNDED_ROUTES.keys()
    paths = re.findall(r'add_route\("(.*?)"', Path(app.__file__).read_text("utf-8"))
    assert sorted(paths) == sorted(BOUNDED_PATHS)


def test_long_texts_are_not_read_beyond_what_an_answer_may_have(make_plant, database, monkeypatch):
    plant = make_plant(plant=PLANT)
    floor = Floor(plant.call)
    monkeypatch.setattr(lists, "LONG_TEXTS", 3_000_000)
    unit = floor.worked[FITS]
    for n in range(2):
        assert sum(len(row["data"]) for row in plant.call("getitemoperations", unit)) == n
        floor.do(unit, 104, data=[[0, "curve", "x" * 2_000_000]])
    error = plant.error("getitemoperations", unit)
    assert (error["code"], error["data"]["parameter"]) == (-32602, "item_id")
    assert "more than 3 MB of text; ask for the work of its workplaces" in error["message"]
    plant.call("setitembarcode2", unit, "SEEN")
    assert plant.call("getitembybarcode", "SEEN")[0]["id"] == unit


@pytest.fixture
def handed_over(monkeypatch):
    """Return how many rows each statement brought, in order."""
    numbers = []

    def counting(read):
        def counted(self, *args, **values):
            found = read(self, *args, **values)
            numbers.append(len(found))
            return found

        return counted

    for name in ("rows", "rows_within"):
        monkeypatch.setattr(Session, name, counting(getattr(Session, name)))
    return numbers


def test_the_database_hands_over_one_row_too_many_and_no_further(make_plant, database, handed_over):
    plant = make_plant(plant=PLANT, parameters={"api": {"list_rows": CAP}})
    floor = Floor(plant.call)
    for n in range(3 * CAP):
        floor.unit(floor.orders[1], f"MORE-{n}")
        floor.do(floor.fed[0], 102)
    for method in ("getorderitems", "getwplog"):
        _, params = CAPPED[method]
        handed_over.clear()
        assert plant.error(method, **params(floor, EXCEEDS))["data"]["rule"] == "list_rows"
        assert max(handed_over) == CAP + 1


def test_a_long_list_costs_as_many_statements_as_a_short_one(make_plant, handed_over):
    plant = make_plant(plant=PLANT)
    floor = Floor(plant.call)
    costs = {}
    for method, (_, params) in CAPPED.items():
        for n in (FITS, EXCEEDS):
            handed_over.clear()
            plant.call(method, **params(floor, n))
            costs.setdefault(method, []).append(len(handed_over))
    assert {method: cost for method, cost in costs.items() if cost[0] != cost[1]} == {}
