"""Each kind of hook has its helper: what an exception does, whose answer counts, in which order."""

from contextlib import contextmanager

import pytest

from tracepro.plugin.loaded import LoadedPlugin
from tracepro.plugin.manager import manager_of
from tracepro.plugin.relay import Relay
from tracepro.plugin.watch import LONGEST, Watch
from tracepro_hookspecs import Forbidden, Reason, Refused, TryAgain, hookimpl


class Db:
    """A session that notes its savepoints."""

    def __init__(self, dialect="sqlite"):
        self.dialect = dialect
        self.log = []

    @contextmanager
    def savepoint(self):
        self.log.append("savepoint")
        try:
            yield
        except Exception:
            self.log.append("rollback")
            raise


class Call:
    def __init__(self, dialect="sqlite"):
        self.db = Db(dialect)


class Says:
    """A plugin whose check, collect, decide, apply and notify answer what it is told."""

    def __init__(self, answer):
        self.answer = answer
        self.asked = []

    def _answer(self, *seen):
        self.asked.append(seen)
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer

    @hookimpl
    def tracepro_check_login(self, call, worker):
        return self._answer(call, worker)

    @hookimpl
    def tracepro_op_info(self, steps):
        return self._answer(steps)

    @hookimpl
    def tracepro_line_of(self, parameter, value):
        return self._answer(parameter, value)

    @hookimpl
    def tracepro_apply_cancellation(self, operation):
        return self._answer(operation)

    @hookimpl
    def tracepro_order_changed(self, order):
        return self._answer(order)


class Silent:
    pass


LATE = Reason("late", "It is late; go home.")


def relay_of(*plugins, watch=None):
    named = [LoadedPlugin(f"p{number}", plugin) for number, plugin in enumerate(plugins)]
    return Relay(manager_of(named), watch or Watch())


def hooks_of(*plugins, dialect="sqlite", watch=None):
    return relay_of(*plugins, watch=watch).of(Call(dialect))


def check(hooks):
    return hooks.check("tracepro_check_login", worker="w", workplace=None)


def test_every_check_is_asked_and_its_reasons_get_their_plugin():
    hooks = hooks_of(Says([LATE]), Says(None), Says([LATE, Reason("own", "It is mine.", plugin="items")]))
    assert [(reason.code, reason.plugin) for reason in check(hooks)] == [
        ("late", "p0"),
        ("late", "p2"),
        ("own", "items"),
    ]


def type_name(value):
    return type(value).__name__


CRASHES = [RuntimeError("boom"), SystemExit(1), KeyboardInterrupt(), GeneratorExit(), RecursionError()]


@pytest.mark.parametrize(
    "answer",
    [*CRASHES, ["no reason"], 5, False, 0, "", {}, [{"code": "a", "info": "b"}], [Reason(5, LATE)]],
    ids=type_name,
)
def test_a_check_that_crashes_is_itself_a_no(answer, caplog):
    watch = Watch()
    reasons = check(hooks_of(Says([LATE]), Says(answer), Says([LATE]), watch=watch))
    assert [(reason.code, reason.plugin) for reason in reasons] == [
        ("late", "p0"),
        ("plugin-failed", "p1"),
        ("late", "p2"),
    ]
    assert "boom" not in reasons[1].info
    assert watch.report("p1")["tracepro_check_login"]["failures"] == 1
    assert "tracepro_check_login of plugin p1 failed" in caplog.text


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (False, "it returned False; return a list of Reason, [] for yes."),
        (True, "it returned True; return a list of Reason, [] for yes."),
        ("no", "it returned str; return a list of Reason, [] for yes."),
        (LATE, "it returned Reason; return a list of Reason, [] for yes."),
        (["no"], "it returned a list with str in it; return a list of Reason, [] for yes."),
        (
            [Reason("late", "Late.", item_id="7")],
            "it returned a Reason with a member of another type: Expected",
        ),
        ([Reason("late", object())], "it returned a Reason with a member of another type: "),
    ],
)
def test_a_wrong_answer_of_a_check_is_told_with_plugin_hook_and_what_to_return(answer, sentence):
    (reason,) = check(hooks_of(Says(answer)))
    assert (reason.code, reason.plugin) == ("plugin-failed", "p0")
    assert reason.info.startswith(f"Plugin p0 failed in tracepro_check_login: {sentence}")
    assert reason.info.endswith("Nothing was written.")


def test_a_check_that_only_waits_to_be_awaited_is_a_no():
    async def check_login():
        return []

    waiting = check_login()
    (reason,) = check(hooks_of(Says(waiting)))
    waiting.close()
    assert "it returned coroutine; return a list of Reason" in reason.info


@pytest.mark.parametrize("answer", [False, True, [LATE], "no", {}], ids=type_name)
def test_an_apply_hook_that_returns_something_means_a_no_and_ends_the_call(answer):
    with pytest.raises(Refused, match="return nothing, and raise Refused to say no") as raised:
        hooks_of(Says(answer)).apply("tracepro_apply_cancellation", operation=1)
    assert raised.value.code == "plugin-failed"


def test_a_check_may_be_a_generator_of_reasons():
    assert [reason.code for reason in check(hooks_of(Says(reason for reason in [LATE])))] == ["late"]


@pytest.mark.parametrize(
    "answer", [*CRASHES, {"10": object()}, {(1, 2): 3}, {"10": "\ud800"}, [], 5], ids=type_name
)
def test_what_is_collected_is_json_or_left_out(answer):
    watch = Watch()
    hooks = hooks_of(Says(answer), Says({"10": 1}), watch=watch)
    assert hooks.collect("tracepro_op_info", order=None, steps=(), workplace=None, workers=()) == {"10": 1}
    assert watch.report("p0")["tracepro_op_info"]["failures"] == 1


def test_a_long_text_of_an_exception_is_told_in_part():
    watch = Watch()
    hooks_of(Says(RuntimeError("x" * 100_000)), watch=watch).collect(
        "tracepro_op_info", order=None, steps=(), workplace=None, workers=()
    )
    told = watch.report("p0")["tracepro_op_info"]["last_failure"]
    assert told.startswith("RuntimeError: xxx") and len(told) == LONGEST


def test_a_database_that_is_away_is_not_the_checks_fault():
    with pytest.raises(TryAgain):
        check(hooks_of(Says(TryAgain("busy", "The server is busy."))))


@pytest.mark.parametrize(
    ("dialect", "log"), [("sqlite", []), ("postgresql", ["savepoint", "rollback", "savepoint"])]
)
def test_a_savepoint_stands_before_a_hook_where_the_transaction_goes_on(dialect, log):
    hooks = hooks_of(Says(RuntimeError("boom")), Says(None), dialect=dialect)
    call = hooks._call
    check(hooks)
    assert call.db.log == log


def test_dicts_are_merged_and_who_crashes_is_left_out():
    first = {"10": {"_tp": "oven"}, "20": {"_tp": "oven"}}
    hooks = hooks_of(
        Says(first), Says(RuntimeError("boom")), Says({"20": {"_status": "warm"}, "30": {}}), Says(None)
    )
    asked = {"order": None, "steps": (), "workplace": None, "workers": ()}
    assert hooks.collect("tracepro_op_info", **asked) == {
        "10": {"_tp": "oven"},
        "20": {"_tp": "oven", "_status": "warm"},
        "30": {},
    }
    assert first == {"10": {"_tp": "oven"}, "20": {"_tp": "oven"}}
    assert list(hooks.collect_each("tracepro_op_info", **asked)) == ["p0", "p2"]


def test_lists_under_one_key_are_joined():
    hooks = hooks_of(Says({1: ["a"]}), Says({1: ["b"]}))
    assert hooks.collect("tracepro_op_info", order=None, steps=(), workplace=None, workers=()) == {
        1: ["a", "b"]
    }


def test_the_first_answer_decides():
    second, third = Says("SMT-1"), Says("SMT-2")
    hooks = hooks_of(Says(None), second, third)
    assert hooks.decide("tracepro_line_of", parameter="wp_id", value=4) == "SMT-1"
    assert second.asked == [("wp_id", 4)] and third.asked == []
    assert hooks_of(Silent()).decide("tracepro_line_of", parameter="wp_id", value=4) is None


@pytest.mark.parametrize("error", [*CRASHES, Forbidden("no", "No.", value=object())], ids=type_name)
@pytest.mark.parametrize(
    ("kind", "hook"), [("decide", "tracepro_line_of"), ("apply", "tracepro_apply_cancellation")]
)
def test_an_exception_in_decide_or_apply_ends_the_call_and_names_the_plugin(kind, hook, error):
    watch = Watch()
    hooks = hooks_of(Says(error), watch=watch)
    with pytest.raises(Refused) as raised:
        getattr(hooks, kind)(hook, parameter=None, value=None, operation=None)
    assert (raised.value.code, raised.value.reasons[0].plugin) == ("plugin-failed", "p0")
    assert watch.report("p0")[hook]["failures"] == 1


def test_an_error_of_the_api_raised_by_a_hook_is_the_calls():
    watch = Watch()
    with pytest.raises(Forbidden):
        hooks_of(Says(Forbidden("no", "No.")), watch=watch).apply("tracepro_apply_cancellation", operation=1)
    assert watch.report("p0") == {}


@pytest.mark.parametrize("answer", [5, False, b"SMT", {}, object()], ids=type_name)
def test_a_decision_of_another_form_is_the_plugins_failure(answer):
    with pytest.raises(Refused, match=r"p0 failed in tracepro_line_of: .*return str \| None"):
        hooks_of(Says(answer)).decide("tracepro_line_of", parameter="wp_id", value=4)


def test_every_apply_is_run():
    plugins = [Says(None), Says(None)]
    assert hooks_of(*plugins).apply("tracepro_apply_cancellation", operation="op") == []
    assert all(plugin.asked == [("op",)] for plugin in plugins)


@pytest.mark.parametrize("error", CRASHES, ids=type_name)
def test_a_failed_notification_leaves_the_others_told(error):
    last = Says(None)
    relay_of(Says(error), last).notify("tracepro_order_changed", {"order": 1})
    assert last.asked == [(1,)]


def test_whether_anybody_listens_is_known_without_asking():
    hooks = hooks_of(Silent(), Says(None))
    assert hooks.has("tracepro_check_login") and not hooks.has("tracepro_check_operations")
    with pytest.raises(KeyError):
        hooks.has("tracepro_chek_login")
