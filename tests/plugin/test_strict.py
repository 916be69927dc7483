"""The development mode: what a plugin does wrong fails the call, with a sentence that names it, and writes nothing."""

import itertools
import warnings

import pytest

from tracepro.calls.execution import Execution
from tracepro.database import Insert
from tracepro.database.core_models import Secret
from tracepro.plugin import strict
from tracepro.plugin.implementation import Implementation
from tracepro.plugin.strict import StrictImplementation, warnings_as_errors
from tracepro.testing.makers import PlantMaker
from tracepro_hookspecs import Method, Reason, Reply, Route, hookimpl

OTHERS = ("workplaces", "workers", "orders", "items", "material")
PLANT = {
    "acts": [{"id": 1, "name": "AOI", "desc": ""}],
    "workplaces": [{"id": 100, "name": "AOI", "erp_ref": "WP100", "esd": False, "acts": [1]}],
    "workers": [{"id": 32, "name": "J. Novak", "code": "JN32", "active": True}],
}
ROW = {
    "type": "object",
    "required": ["rows"],
    "properties": {"rows": {"type": "array", "items": {"type": "integer"}}},
}
FRAGMENT = {
    "methods": [
        {
            "name": "shaky",
            "summary": "Answers what it is told.",
            "description": "",
            "params": [],
            "result": {"name": "rows", "schema": ROW},
            "errors": [],
            "examples": [],
        }
    ],
    "components": {"schemas": {}},
    "x-codes": {},
}
NEW = Insert(Secret)
KEY = "strict-test"


class Shaky:
    """A plugin that answers what it is told, and writes where it is told to."""

    fragment = FRAGMENT

    def __init__(self):
        self.answers = {}
        self.works = {}

    def _do(self, call, what):
        self.works.get(what, lambda call: None)(call)
        return self.answers.get(what)

    def _handler(self, call, *_):
        write(call)
        return self._do(call, "shaky")

    @hookimpl
    def tracepro_register_methods(self):
        return [Method("shaky", lambda call: self._handler(call), "write", plant_wide=True)]

    @hookimpl
    def tracepro_register_routes(self):
        route = Route(
            "POST", "/api/shaky", self._handler, "write", "Shakes.", answer=ROW, body={"type": "object"}
        )
        return [route]

    @hookimpl
    def tracepro_check_operations(self, call):
        return self._do(call, "check")

    @hookimpl
    def tracepro_op_info(self, call):
        return self._do(call, "collect")

    @hookimpl
    def tracepro_parse_material_barcode(self, call):
        return self._do(call, "decide")

    @hookimpl
    def tracepro_apply_operations(self, call):
        return self._do(call, "apply")

    @hookimpl
    def tracepro_operation_added(self):
        return self.answers.get("notify")


def write(call):
    call.db.insert(NEW, name=KEY, value="1")


def written(plant):
    query = Secret.select(Secret.name).where(Secret.name == KEY)
    return bool(plant.read(lambda call: call.db.rows(query)))


class Floor:
    """A plant with the plugin, an order and a unit."""

    def __init__(self, make_plant, *, strict=True):
        self.shaky = Shaky()
        self.plant = make_plant((*OTHERS, "shaky"), PLANT, extra={"shaky": self.shaky}, strict=strict)
        self.order = self.plant.call("makeorder", "VP-1", "PCB-A", 1, 1)["id"]
        self.plant.call("updateorder", self.order, {}, [{"op": 10, "act": 1, "flags": 2}])
        self._numbers = itertools.count(1)
        self.unit = 0
        self.reset()

    def reset(self):
        """Have the plugin do nothing, and take another unit."""
        self.shaky.answers.clear()
        self.shaky.works.clear()
        self.plant.write(lambda call: call.db.run(Secret.delete().where(Secret.name == KEY)))
        self.unit = self.plant.call("getitem", self.order, f"U{next(self._numbers)}", 1)["id"]

    def canaddop(self):
        return self.plant.answer("canaddop", self.unit, [[10, 1]], 100, [32])

    def checkproc(self):
        return self.plant.answer("checkproc", self.order, [[10, 1]], 100, [32])

    def addop(self):
        return self.plant.answer("addop", self.unit, 10, 1, 100, [32])

    def scan(self):
        return self.plant.answer("setwpmatbarcode", 100, "#label", 1)


@pytest.fixture(scope="module")
def shared_floor(databases, tmp_path_factory):
    maker = PlantMaker(databases, tmp_path_factory.mktemp("strict"), "sqlite")
    floor = Floor(maker)
    floor.plant.site.notifier.start()
    yield floor
    maker.close()


@pytest.fixture
def floor(shared_floor):
    shared_floor.reset()
    return shared_floor


def broken(answer):
    """The sentence of a call that failed because a plugin broke its contract."""
    error = answer["error"]
    assert (error["code"], error["data"]["code"]) == (-32603, "contract-broken"), error
    return error["message"]


def test_a_result_that_its_schema_does_not_promise_fails_the_call_and_is_not_written(
    make_plant, database, caplog
):
    floor = Floor(make_plant)
    floor.shaky.answers["shaky"] = {"rows": [1, "secret"]}
    said = broken(floor.plant.answer("shaky"))
    assert "method shaky of plugin shaky broke its contract" in said
    assert 'result.rows[1]: it is not of type "integer"' in said and "secret" not in said
    assert said in caplog.text and not written(floor.plant)
    floor.shaky.answers["shaky"] = {"rows": [1]}
    assert floor.plant.answer("shaky")["result"] == {"rows": [1]}
    assert written(floor.plant)


def test_without_the_mode_the_same_is_answered_and_nothing_is_in_its_way(make_plant):
    floor = Floor(make_plant, strict=False)
    floor.shaky.answers["shaky"] = {"rows": ["x"]}
    assert floor.plant.answer("shaky")["result"] == {"rows": ["x"]}
    assert type(floor.plant.dispatcher.execution) is Execution
    asked = floor.plant.site.relay(None).implementations["tracepro_check_operations"]
    assert {type(each) for each in asked} == {Implementation}


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ({"rows": ["x"]}, "result.rows[0]: it is not of type"),
        (Reply({"rows": []}, 207), "the status 207, which neither status nor statuses of the route names"),
        (None, "it answers nothing, though the route has a schema"),
    ],
)
def test_an_answer_of_a_route_is_what_the_openapi_document_promises(floor, reply, words):
    rest = floor.plant.rest
    floor.shaky.answers["shaky"] = reply
    answer = rest("POST", "/api/shaky", {})
    assert (answer.status, answer.json["code"]) == (500, "contract-broken")
    assert "route POST /api/shaky of plugin shaky" in answer.json["detail"] and words in answer.json["detail"]
    assert not written(floor.plant)
    floor.shaky.answers["shaky"] = {"rows": [1]}
    assert rest("POST", "/api/shaky", {}).status == 200


@pytest.mark.parametrize(
    ("hook", "ask", "answer", "words"),
    [
        ("check", "canaddop", False, "it returned False; return a list of Reason"),
        ("check", "addop", [Reason("hot", "Hot.", op="10")], "a Reason with a member of another type"),
        ("collect", "checkproc", {10: {}}, "it returned dict; return dict[str, dict[str, Any]"),
        ("collect", "checkproc", {"10": "warm"}, "Expected `object | array`, got `str`"),
        ("collect", "checkproc", [], "return a dict"),
        (
            "decide",
            "scan",
            {"mat_item": "R1", "mat_lot": "L1", "amuont": 1},
            "it returned amuont, which nobody reads",
        ),
        ("decide", "scan", {"mat_item": 5}, "Expected `str | null`, got `int`"),
        ("apply", "addop", [Reason("hot", "Hot.")], "return nothing, and raise Refused to say no"),
    ],
)
def test_what_a_hook_returns_is_what_its_specification_says(floor, hook, ask, answer, words):
    floor.shaky.answers[hook] = answer
    said = broken(getattr(floor, ask)())
    assert "hook tracepro_" in said and "of plugin shaky" in said and words in said
    assert floor.plant.call("getitemoperations", floor.unit) == []
    failures = [tally["last_failure"] for tally in floor.plant.site.watch.report("shaky").values()]
    assert any(words in failure for failure in failures)
    floor.shaky.answers.clear()
    assert "error" not in floor.addop()


@pytest.mark.parametrize(
    "work",
    [
        write,
        lambda call: call.db.defer_insert(NEW, name=KEY, value="1"),
        lambda call: call.db.insert_or_ignore(NEW, name=KEY, value="1"),
        lambda call: call.db.run(Secret.delete()),
        lambda call: call.db.value(NEW.plain, name=KEY, value="1"),
    ],
)
def test_a_hook_that_checks_or_collects_may_not_write(floor, work):
    floor.shaky.works = {"check": work, "collect": work}
    for asked, hook in ((floor.addop, "check_operations"), (floor.checkproc, "op_info")):
        said = broken(asked())
        assert f"hook tracepro_{hook} of plugin shaky" in said and "it writes with call.db." in said
        floor.shaky.works.pop("check", None)
    assert not written(floor.plant)


def test_a_hook_that_applies_writes_after_one_that_only_read(make_plant, database):
    floor = Floor(make_plant)
    floor.shaky.works = {"check": lambda call: call.db.rows(Secret.select(Secret.name)), "apply": write}
    assert "error" not in floor.addop()
    assert written(floor.plant)


def test_a_hook_that_takes_too_long_fails_the_call(floor, monkeypatch):
    seconds = [0.0]
    monkeypatch.setattr(strict, "perf_counter", lambda: seconds[0])
    floor.shaky.works["check"] = lambda call: seconds.append(seconds.pop() + 5)
    said = broken(floor.addop())
    assert "hook tracepro_check_operations of plugin shaky" in said
    assert "it took 5.00 s, more than [api] hook_warn_seconds (1)" in said
    assert floor.plant.call("getitemoperations", floor.unit) == []


def test_a_hook_that_collects_and_crashes_is_not_left_out_in_silence(floor):
    def crash(call):
        raise KeyError("secret")

    floor.shaky.works["collect"] = crash
    said = broken(floor.checkproc())
    assert "it raised KeyError" in said and "secret" not in said


def test_what_a_notify_hook_returns_is_logged(floor, caplog):
    floor.shaky.answers["notify"] = 5
    assert "error" not in floor.addop()
    assert floor.plant.site.notifier.flush()
    assert (
        "tracepro_operation_added of plugin shaky" in caplog.text
        and "it returned int; return None" in caplog.text
    )


@pytest.mark.parametrize(
    ("file", "where", "raised"),
    [
        ("/x/tracepro_torque/plugin.py", {"module": "tracepro_torque.plugin"}, True),
        ("/x/tracepro_torque/plugin.py", {}, True),
        ("/x/falcon/app.py", {"module": "falcon.app"}, False),
        ("/x/tracepro/clock.py", {}, False),
    ],
)
def test_a_warning_in_a_plugins_code_is_an_error(file, where, raised):
    with warnings.catch_warnings(record=True) as told:
        warnings_as_errors()
        try:
            warnings.warn_explicit("use another", DeprecationWarning, file, 1, **where)
        except DeprecationWarning:
            assert raised
        else:
            assert not raised
    assert told == [] or not raised


def test_every_hook_has_a_form_that_can_be_judged(floor):
    asked = floor.plant.site.relay(None).implementations.values()
    found = [each for implementations in asked for each in implementations]
    assert {type(each) for each in found} == {StrictImplementation}
