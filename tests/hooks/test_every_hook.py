"""Every hook at work: one plugin that implements them all, in one plant, asked through the API where there is one."""

from pathlib import Path

import pytest
from tracepro_orders import api as orders_api
from tracepro_orders import pages as orders_pages

from tracepro.app import create_app
from tracepro.database import Integer, Model
from tracepro.findings import Findings
from tracepro.plugin import background
from tracepro.rpc.dispatcher import Dispatcher
from tracepro.startup import check_plugins
from tracepro.testing.asgi import AsgiClient
from tracepro.testing.makers import PlantMaker
from tracepro_hookspecs import (
    Archive,
    BackupProbe,
    BasicData,
    Command,
    Layout,
    Method,
    Option,
    Page,
    Parameter,
    PlantSection,
    Reason,
    Route,
    hookimpl,
)
from tracepro_hookspecs.specs import KINDS

OTHERS = ("workplaces", "workers", "orders", "items", "material")
PLANT = {
    "acts": [{"id": 1, "name": "AOI", "desc": ""}],
    "workplaces": [
        {"id": 100, "name": "AOI", "erp_ref": "WP100", "esd": False, "acts": [1]},
        {"id": 101, "name": "Repair", "erp_ref": "WP101", "esd": False, "acts": [1]},
    ],
    "workers": [{"id": 32, "name": "J. Novak", "code": "JN32", "active": True}],
}
PING = {
    "name": "probeping",
    "summary": "Answers the option of the line.",
    "description": "For the tests of hooks.",
    "params": [{"name": "wp_id", "required": True, "schema": {"$ref": "shared.json#/$defs/Id"}}],
    "result": {"name": "level", "schema": {"type": "integer"}},
    "errors": [],
    "examples": [],
}


class Thing(Model):
    """A table of the probe's."""

    size = Integer()

    class Meta:
        table_name = "probe_thing"


class Probe:
    """Implements every hook; ``seen`` has what each was called with, ``answers`` what it is to say."""

    fragment = {"methods": [PING], "components": {"schemas": {}}, "x-codes": {}}

    def __init__(self):
        self.seen = {}
        self.answers = {
            "tracepro_register_requirements": ["items"],
            "tracepro_register_methods": [Method("probeping", ping, "read", line_from=("wp_id",))],
            "tracepro_register_routes": [Route("GET", "/api/probe", ping, "read", "Pings.")],
            "tracepro_register_models": [Thing],
            "tracepro_register_options": [Option("level", 1, "How loud.", int)],
            "tracepro_register_parameters": [Parameter("probe", "colour", "red", "Its colour.")],
            "tracepro_register_plant_sections": [PlantSection("probes", {"type": "object"}, self.load)],
            "tracepro_register_basic_data": [BasicData("Probe", lambda call: [])],
            "tracepro_register_archives": [Archive(Thing, Thing.size, "Things.")],
            "tracepro_register_commands": [Command("probe", "Probes.", lambda parser: None, lambda *_: 0)],
            "tracepro_register_pages": [
                Page("probe", "/ui/probe", "Probe", "probe/probe.html", lambda call, request: {"subject": 7})
            ],
            "tracepro_register_layouts": [Layout("plain", lambda site, pages, folders: Plain(pages))],
            "tracepro_register_backup_probes": [BackupProbe("probes", lambda *_: [1], lambda *_: {})],
            "tracepro_line_names": ["LOUD"],
        }

    def load(self, call, rows):
        self.seen["load"] = list(rows)


class Plain:
    """A layout that shows what it is told as text."""

    files, headers = {}, {}

    def __init__(self, pages):
        self.pages = pages

    def page(self, call, page, request, values):
        panels = call.hooks.collect("tracepro_page_panels", page=page.name, subject=values["subject"])
        paths = call.hooks.collect("tracepro_pages_of_code", code="P7")
        return f"{[plugin for plugin, shown in self.pages if shown is page]} {panels} {paths}"


def ping(call, wp_id):
    return call.option("probe", "level")


def _implement(name, arguments):
    """Makes a hook implementation that notes its arguments and answers what the test wants."""
    body = f"def {name}(self{''.join(f', {argument}' for argument in arguments)}):\n"
    body += (
        f"    self.seen[{name!r}] = {{{', '.join(f'{argument!r}: {argument}' for argument in arguments)}}}\n"
    )
    body += f"    return self.answers.get({name!r})\n"
    made = {}
    exec(body, made)
    setattr(Probe, name, hookimpl(made[name]))


for _module in KINDS.values():
    for _name, _hook in vars(_module).items():
        if _name.startswith("tracepro_"):
            _implement(_name, _hook.__code__.co_varnames[: _hook.__code__.co_argcount])


@pytest.fixture(scope="module")
def shop(databases, tmp_path_factory):
    """A plant with the probe, an order and a unit."""
    maker = PlantMaker(databases, tmp_path_factory.mktemp("hooks"), "sqlite")
    probe = Probe()
    probe.answers["tracepro_line_of"] = None
    plant = maker(
        (*OTHERS, "probe"),
        PLANT,
        extra={"probe": probe},
        options={"probe@LOUD": {"level": "9"}},
        lines={"LOUD": (*OTHERS, "probe"), "GHOST": OTHERS},
    )
    plant.probe = probe
    plant.order = plant.call("makeorder", "VP-1", "PCB-A", 1, 1)
    plant.call("updateorder", plant.order["id"], {}, [{"op": 10, "act": 1, "flags": 2, "name": "AOI"}])
    plant.unit = plant.call("getitem", plant.order["id"], "U1", 1)
    yield plant
    maker.close()


@pytest.fixture
def probe(shop):
    """The probe, with nothing seen and nothing to say beyond what it registered."""
    usual = dict(shop.probe.answers)
    shop.probe.seen.clear()
    yield shop.probe
    shop.probe.answers = usual


def addop(shop, **more):
    wanted = {"item_id": shop.unit["id"], "op": 10, "act": 1, "wp_id": 100, "workers": [32]}
    return shop.call("addop", **wanted | more)["op_id"]


def test_hook_tracepro_register_requirements(shop):
    assert shop.site.assembly.requires["probe"] == ("items",)


def test_hook_tracepro_register_methods(shop):
    assert shop.call("probeping", 100) == 1


def test_hook_tracepro_register_routes(shop):
    assert shop.site.routes["GET", "/api/probe"].plugin == "probe"


def test_hook_tracepro_register_models(shop):
    assert shop.site.contributions.models["probe_thing"].declaration is Thing


def test_hook_tracepro_register_options(shop):
    assert [shop.site.option("probe", "level", line) for line in (None, "LOUD")] == [1, 9]


def test_hook_tracepro_register_parameters(shop):
    assert shop.site.parameter("probe", "colour") == "red"


def test_hook_tracepro_register_plant_sections(shop, probe):
    shop.load({"probes": [{"id": 1}]})
    assert probe.seen["load"] == [{"id": 1}]


def test_hook_tracepro_register_basic_data(shop):
    assert shop.site.contributions.basic_data["Probe"].plugin == "probe"


def test_hook_tracepro_register_archives(shop):
    assert shop.site.contributions.archives["probe_thing"].declaration.meaning == "Things."


def test_hook_tracepro_register_commands(shop):
    assert shop.site.contributions.commands["probe"].declaration.help == "Probes."


@pytest.fixture(scope="module")
def browser(shop):
    return AsgiClient(create_app(shop.site, threads=1, dispatcher=Dispatcher(shop.site, inline=True)))


def test_hook_tracepro_register_pages(browser):
    answer = browser("GET", "/ui/probe")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")


def test_hook_tracepro_register_layouts(browser):
    assert browser("GET", "/ui/probe").text.endswith("'probe'] {} {}")


def test_hook_tracepro_page_panels(browser, probe):
    probe.answers["tracepro_page_panels"] = {"probe": {"title": "Probe", "template": "probe/panel.html"}}
    assert "'title': 'Probe'" in browser("GET", "/ui/probe").text
    seen = probe.seen["tracepro_page_panels"]
    assert (seen["page"], seen["subject"]) == ("probe", 7)


def test_hook_tracepro_pages_of_code(browser, probe):
    probe.answers["tracepro_pages_of_code"] = {"/ui/probe": "The probe"}
    assert "The probe" in browser("GET", "/ui/probe").text
    assert probe.seen["tracepro_pages_of_code"]["code"] == "P7"


def test_hook_tracepro_register_backup_probes(shop):
    probe = shop.site.contributions.backup_probes["probes"].declaration
    assert (list(probe.pick(None, 100)), probe.read(None, 1)) == ([1], {})


def test_hook_tracepro_order_progress(shop, probe):
    probe.answers["tracepro_order_progress"] = {shop.order["id"]: 5}
    shown = shop.read(lambda call: orders_pages.progress(call, [orders_api.order(call, shop.order["id"])]))
    assert shown == {shop.order["id"]: 5}
    assert [order.erp_ref for order in probe.seen["tracepro_order_progress"]["orders"]] == ["VP-1"]


def test_hook_tracepro_check_operations(shop, probe):
    probe.answers["tracepro_check_operations"] = [Reason("too-loud", "Too loud here.", op=10)]
    answer = shop.call("canaddop", shop.unit["id"], [[10, 1]], 100, [32])
    assert answer["reasons"] == [{"code": "too-loud", "info": "Too loud here.", "op": 10, "plugin": "probe"}]
    seen = probe.seen["tracepro_check_operations"]
    assert (seen["order"].id, seen["items"][0].id, seen["steps"][0].op) == (
        shop.order["id"],
        shop.unit["id"],
        10,
    )
    assert (seen["workplace"].id, seen["workers"][0].id, seen["draft"]) == (100, 32, None)


def test_hook_tracepro_check_added_data(shop, probe):
    op_id = addop(shop, data=[[0, "first", 1]])
    probe.answers["tracepro_check_added_data"] = [Reason("too-much", "It has data.")]
    assert shop.error("addopdata", op_id, [[0, "second", 2]])["data"]["code"] == "too-much"
    seen = probe.seen["tracepro_check_added_data"]
    assert (seen["order"].id, seen["item"].id, seen["data"]) == (
        shop.order["id"],
        shop.unit["id"],
        ((0, "second", 2),),
    )
    assert (seen["operation"].id, seen["operation"].data) == (op_id, ((0, "first", 1),))
    assert "tracepro_apply_added_data" not in probe.seen


def test_hook_tracepro_check_login(shop, probe):
    probe.answers["tracepro_check_login"] = [Reason("too-tired", "Go home.")]
    assert shop.error("loginwp", 32, 100)["data"]["code"] == "too-tired"
    assert probe.seen["tracepro_check_login"]["workplace"].id == 100


def test_hook_tracepro_check_routing(shop, probe):
    probe.answers["tracepro_check_routing"] = [Reason("no-new-route", "Leave it.")]
    steps = [{"op": 10, "act": 1}, {"op": 20, "act": 1}]
    assert shop.error("updateorder", shop.order["id"], {}, steps)["data"]["code"] == "no-new-route"
    assert [step.op for step in probe.seen["tracepro_check_routing"]["steps"]] == [10, 20]


def test_hook_tracepro_op_info(shop, probe):
    probe.answers["tracepro_op_info"] = {"10": {"_tp": "probe"}}
    assert shop.call("checkproc", shop.order["id"], [[10, 1]], 100, [32])["op_info"] == {
        "10": {"_tp": "probe"}
    }


def test_hook_tracepro_site_findings(shop, probe):
    probe.answers["tracepro_site_findings"] = {"[probe] colour": "Red is taken; choose another."}
    findings = Findings()
    check_plugins(shop.site, findings)
    assert [str(finding) for finding in findings] == [
        "warning: Plugin probe: [probe] colour: Red is taken; choose another."
    ]


def test_hook_tracepro_item_extra(shop, probe):
    probe.answers["tracepro_item_extra"] = {"loud": True}
    assert shop.call("getitemextra", shop.unit["id"]) == {"probe": {"loud": True}}


def test_hook_tracepro_item_whereabouts(shop, probe):
    lot = shop.call("getfloormat", "R-10K", "L1", 10)["wfloormat_id"]
    shop.call("addopwithmat", shop.unit["id"], 10, 1, 100, [32], mat=[[lot, "R1", 1, 0]])
    probe.answers["tracepro_item_whereabouts"] = {shop.unit["id"]: {"box": 7}}
    assert [row["box"] for row in shop.call("whereused", "R-10K", "L1")["units"]] == [7]


def test_hook_tracepro_operation_material(shop, probe):
    op_id = addop(shop)
    mat = {"wfloormat_id": 1, "mat_item": "X", "mat_lot": "Y", "ref": "", "amount": 1, "hole_no": 0}
    probe.answers["tracepro_operation_material"] = {op_id: [mat]}
    assert shop.call("getitemoperations", shop.unit["id"])[-1]["mat"] == [mat]


def test_hook_tracepro_line_of(shop, probe):
    probe.answers["tracepro_line_of"] = "LOUD"
    assert shop.call("probeping", 100) == 9
    assert (probe.seen["tracepro_line_of"]["parameter"], probe.seen["tracepro_line_of"]["value"]) == (
        "wp_id",
        100,
    )


def test_hook_tracepro_line_names(shop):
    assert any("GHOST" in str(warning) for warning in shop.site.warnings)
    assert not any("LOUD" in str(warning) for warning in shop.site.warnings)


def test_hook_tracepro_order_exists(shop, probe):
    shop.call("addwlaction", 32, 100, 3, "", shop.order["id"], 10)
    shop.call("addwlaction", 32, 100, 3)
    assert "tracepro_order_exists" not in probe.seen
    probe.answers["tracepro_order_exists"] = True
    shop.call("addwlaction", 32, 100, 3, "", 999)
    assert probe.seen["tracepro_order_exists"]["order_id"] == 999
    probe.answers["tracepro_order_exists"] = None
    assert shop.error("addwlaction", 32, 100, 3, "", 999)["data"]["code"] == "order-not-found"


def test_hook_tracepro_parse_material_barcode(shop, probe):
    probe.answers["tracepro_parse_material_barcode"] = {"mat_item": "C-1", "mat_lot": "L7"}
    loaded = shop.call("setwpmatbarcode", 101, "#label", 1)
    assert (loaded["mat_item"], loaded["mat_lot"]) == ("C-1", "L7")
    assert probe.seen["tracepro_parse_material_barcode"]["barcode"] == "#label"


def test_hook_tracepro_parse_tool_barcode(shop, probe):
    probe.answers["tracepro_parse_tool_barcode"] = {
        "mat_item": "STENCIL",
        "mat_lot": "S1",
        "name": "Stencil 1",
    }
    assert shop.call("parsetoolbarcode", 100, "#tool")["name"] == "Stencil 1"


def test_hook_tracepro_apply_operations(shop, probe):
    op_id = addop(shop)
    seen = probe.seen["tracepro_apply_operations"]
    assert [operation.id for operation in seen["operations"]] == [op_id] and seen["draft"].count == 1
    assert (seen["items"][0].id, seen["order"].id) == (shop.unit["id"], shop.order["id"])
    assert (seen["counted"], seen["batch"]) == ((1,), op_id)


def test_hook_tracepro_apply_added_data(shop, probe):
    op_id = addop(shop)
    shop.call("addopdata", op_id, [[0, "note", "late"]])
    seen = probe.seen["tracepro_apply_added_data"]
    assert (seen["operation"].id, seen["data"]) == (op_id, ((0, "note", "late"),))
    assert (seen["order"].id, seen["item"].id) == (shop.order["id"], shop.unit["id"])


def test_hook_tracepro_apply_cancellation(shop, probe):
    op_id = addop(shop)
    shop.call("cancelop", op_id, 100, [32], "wrong")
    cancelled = probe.seen["tracepro_apply_cancellation"]["operation"]
    assert (cancelled.id, cancelled.count) == (op_id, 1)


def test_hook_tracepro_apply_marks(shop, probe):
    unit = shop.unit["id"]
    shop.call("setitemscrap", unit, 100, [32], "cracked")
    seen = probe.seen["tracepro_apply_marks"]
    assert [(item.id, item.bad, item.bad_reason) for item in seen["items"]] == [(unit, 1, "cracked")]
    assert (seen["before"], seen["wp_id"], seen["workers"]) == ({unit: 0}, 100, (32,))
    shop.call("setitembad", unit, 100, [32], 0)
    assert probe.seen["tracepro_apply_marks"]["before"] == {unit: 1}


def test_hook_tracepro_apply_overrun(shop, probe):
    order = shop.call("makeorder", "VP-OVER", "PCB-B", 1, 3, 1)
    shop.call("updateorder", order["id"], {}, [{"op": 10, "act": 1, "flags": 0}])
    addop(shop, item_id=shop.call("getitem", order["id"], "O1", 1)["id"])
    assert "tracepro_apply_overrun" not in probe.seen
    addop(shop, item_id=shop.call("getitem", order["id"], "O2", 1)["id"])
    seen = probe.seen["tracepro_apply_overrun"]
    assert (seen["order"].id, seen["step"].op, seen["made"]) == (order["id"], 10, 2)


def test_hook_tracepro_apply_consumption(shop, probe):
    lot = shop.call("receivemat", "R1", "L1", 10)["wfloormat_id"]
    op_id = shop.call("addopwithmat", shop.unit["id"], 10, 1, 100, [32], data=[], mat=[[lot, "R7", 2.5, 0]])[
        "op_id"
    ]
    (operation,) = probe.seen["tracepro_apply_consumption"]["operations"]
    assert (operation.id, [(mat.mat_lot, mat.amount) for mat in operation.mat]) == (op_id, [("L1", 2.5)])
    shop.call("addopmat", op_id, [[lot, "R8", 1, 0]])
    (operation,) = probe.seen["tracepro_apply_consumption"]["operations"]
    assert (operation.id, [(mat.ref, mat.amount) for mat in operation.mat]) == (op_id, [("R8", 1)])


def test_hook_tracepro_apply_receipt(shop, probe):
    lot = shop.call("receivemat", "R2", "L9", 1.5, "DN-7")
    seen = probe.seen["tracepro_apply_receipt"]
    assert (seen["wfloormat_id"], seen["mat_lot"], seen["amount"], seen["ref"]) == (
        lot["wfloormat_id"],
        "L9",
        1_500_000,
        "DN-7",
    )


def test_hook_tracepro_workplace_blocked(shop, probe):
    shop.call("blockworkplace", 101, "cleaning")
    assert probe.seen["tracepro_workplace_blocked"]["block"].reason == "cleaning"
    shop.call("unblockworkplace", 101)
    assert probe.seen["tracepro_workplace_blocked"]["block"] is None


def _alert(call, name, helper):
    return getattr(call.hooks, helper)(
        name,
        module="probe",
        src="p",
        target="chief",
        wp_id=None,
        severity=1,
        params={},
        info="Look.",
        key="p",
    )


def test_hook_tracepro_apply_alert(shop, probe):
    probe.answers["tracepro_apply_alert"] = 5
    assert shop.write(lambda call: _alert(call, "tracepro_apply_alert", "apply")) == [5]
    seen = probe.seen["tracepro_apply_alert"]
    assert (seen["info"], seen["key"]) == ("Look.", "p")


def test_hook_tracepro_authenticate_user(shop, probe):
    user = probe.answers["tracepro_authenticate_user"] = {"username": "chief", "fullname": "", "groups": []}
    hook = "tracepro_authenticate_user"
    assert shop.read(lambda call: call.hooks.decide(hook, username="chief", password="x")) == user


def test_hook_tracepro_alert_form(shop, probe):
    form = probe.answers["tracepro_alert_form"] = {"type": "object", "properties": {}}
    assert shop.read(lambda call: call.hooks.decide("tracepro_alert_form", alert={"id": 1})) == form


def told(shop, probe, hook):
    """What a notify hook was told; the notifier's thread is waited for."""
    assert shop.site.notifier.flush()
    return probe.seen[hook]


def test_hook_tracepro_operation_added(shop, probe):
    op_id = addop(shop)
    assert [operation.id for operation in told(shop, probe, "tracepro_operation_added")["operations"]] == [
        op_id
    ]


def test_hook_tracepro_item_created(shop, probe):
    unit = shop.call("getitem", shop.order["id"], "U2", 1)
    assert [item.id for item in told(shop, probe, "tracepro_item_created")["items"]] == [unit["id"]]


def test_hook_tracepro_order_changed(shop, probe):
    shop.call("updateorder", shop.order["id"], {"customer": "Thermia"})
    assert told(shop, probe, "tracepro_order_changed")["order"].customer == "Thermia"


def test_hook_tracepro_worker_logged_in(shop, probe):
    shop.call("loginwp", 32, 100)
    seen = told(shop, probe, "tracepro_worker_logged_in")
    assert (seen["worker"].id, seen["workplace"].id) == (32, 100)


def test_hook_tracepro_alert_raised(shop, probe):
    shop.site.notifier.put(
        lambda: shop.site.relay(None).notify("tracepro_alert_raised", {"alert": {"id": 1}})
    )
    assert told(shop, probe, "tracepro_alert_raised")["alert"] == {"id": 1}


def test_hook_tracepro_background(shop, probe, monkeypatch):
    monkeypatch.setattr(background, "PAUSE_SECONDS", 0.0)
    shop.site.background.tick()
    assert shop.site.background._notifier.flush()
    assert probe.seen["tracepro_background"] == {"site": shop.site}


def test_every_hook_has_its_test():
    hooks = {name for module in KINDS.values() for name in vars(module) if name.startswith("tracepro_")}
    text = Path(__file__).read_text("utf-8")
    assert [hook for hook in sorted(hooks) if f"def test_hook_{hook}(" not in text] == []
