"""The watchdog sees what runs too long, in a notify hook too, and leaves waits for the database out."""

import sys
import threading

import pytest

from tracepro.calls.notifier import Notifier
from tracepro.calls.running import run, threads, watched
from tracepro.plugin.watch import Watch
from tracepro.plugin.watchdog import Watchdog, session_call, stack_of
from tracepro_hookspecs import TryAgain

SECONDS = 30
ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"


class Hanging:
    """A function of a plugin that runs in a thread until ``gate`` opens."""

    def __init__(self, kind="check", inside=None):
        self.gate, self._began = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, args=(kind, inside), daemon=True)
        self._thread.start()
        assert self._began.wait(SECONDS)

    def _run(self, kind, inside):
        run(watched("slow", "tracepro_check_login", kind), self._ask if inside else self._wait, ())

    def _ask(self):
        run(watched("inner", "tracepro_line_of", "decide"), self._wait, ())

    def _wait(self):
        self._began.set()
        while not self.gate.wait(0.01):
            sum(range(100))

    def end(self):
        self.gate.set()
        self._thread.join(SECONDS)


@pytest.fixture
def dog():
    """A watchdog that is ticked by hand; ``ended`` are the hangs it had ended."""
    watch, ended = Watch(), []
    dog = Watchdog(watch, warn=1, limit=10, abandon=lambda hang: None)
    dog.end, dog.ended, dog.watch = ended.append, ended, watch
    return dog


def test_a_hook_that_runs_too_long_is_named_once_while_it_runs_with_its_stack(dog, caplog):
    hanging = Hanging()
    for _ in range(3):
        dog.tick(0.6)
    hanging.end()
    assert caplog.text.count("tracepro_check_login of plugin slow has been running for more than 1 s") == 1
    assert "in _wait" in caplog.text and dog.ended == []
    assert dog.watch.report("slow")["tracepro_check_login"]["overruns"] == 1
    assert dog.watch.report("slow")["tracepro_check_login"]["longest_ms"] == 1800


def test_what_fails_at_every_tick_keeps_it_from_nothing(dog, caplog):
    ticked = []
    dog.jobs[:] = [lambda: 1 / 0, lambda: ticked.append(1)]
    dog.tick(0.25)
    assert ticked and "ZeroDivisionError" in caplog.text


def test_a_hook_beyond_the_limit_is_ended_and_who_waits_for_it_is_not_blamed(dog):
    hanging = Hanging(inside=True)
    for _ in range(11):
        dog.tick(1.0)
    assert [hang.run.plugin for hang in dog.ended] == ["inner"] and dog.ended[0].goes_on
    hanging.end()
    assert not dog.ended[0].goes_on


def test_a_wait_for_the_database_does_not_count(dog, make_plant):
    store, connections = make_plant(("workplaces",)).site.store, []

    def work(db):
        connections.append(db._connection)
        run(watched("slow", "tracepro_check_login", "check"), db.raw_rows, (ENDLESS,))

    thread = threading.Thread(target=lambda: pytest.raises(TryAgain, store.read, work))
    thread.start()
    _until(lambda: threads.get(thread.ident) and session_call(sys._current_frames()[thread.ident]))
    for _ in range(20):
        dog.tick(1.0)
    connections[0].interrupt()
    thread.join(SECONDS)
    assert dog.ended == [] and dog.watch.report("slow") == {}


@pytest.mark.parametrize("kind, limit", [("check", 10), ("write", 60)])
def test_who_asks_the_database_for_ever_is_ended_a_method_later(dog, make_plant, database, kind, limit):
    store, asked, gate = make_plant(("workplaces",)).site.store, [0], threading.Event()
    short = ENDLESS.replace("FROM n)", "FROM n WHERE x < 10000)")

    def ask(db):
        while not gate.is_set():
            db.raw_rows(short)
            asked[0] += 1

    def work(db):
        run(watched("slow", "addop", kind), ask, (db,))

    thread = threading.Thread(target=store.read, args=(work,))
    thread.start()
    for _ in range(200):
        count = asked[0]
        _until(lambda count=count: asked[0] > count)
        dog.tick(1.0)
        if dog.ended:
            break
    gate.set()
    thread.join(SECONDS)
    (hang,) = dog.ended
    assert (hang.limit, hang.run.all_seconds > limit, hang.run.seconds > 10) == (limit, True, kind != "write")


def test_a_notify_hook_that_hangs_costs_its_thread_and_its_plugin_its_hooks(caplog):
    watch, notifier, told, gate = Watch(), Notifier(), [], threading.Event()
    dog = Watchdog(watch, warn=1, limit=2, abandon=lambda hang: notifier.abandon(hang.thread))
    began = threading.Event()

    def hang():
        began.set()
        while not gate.wait(0.01):
            pass

    notifier.put(lambda: run(watched("slow", "tracepro_item_created", "notify"), hang, ()))
    notifier.put(lambda: told.append("others"))
    assert began.wait(SECONDS)
    for _ in range(3):
        dog.tick(1.0)
    assert notifier.flush(SECONDS) and told == ["others"]
    assert set(watch.lost) == {"slow"}
    gate.set()
    _until(lambda: dog.tick(0.0) or not watch.lost)
    notifier.close()


def _until(reached):
    for _ in range(SECONDS * 100):
        if reached():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it did not happen")


def test_a_stop_waits_for_the_last_tick():
    began, may_end, ended = threading.Event(), threading.Event(), threading.Event()

    def job():
        began.set()
        may_end.wait(30)
        ended.set()

    dog = Watchdog(Watch(), 1.0, 10.0, lambda hang: None)
    dog.jobs.append(job)
    dog.start()
    assert began.wait(30)
    threading.Timer(0.05, may_end.set).start()
    dog.stop()
    assert ended.is_set()


class Frame:
    """A frame that a thread was in; a cleared one has no globals, and nobody may ask for its line."""

    f_globals = None

    def __init__(self, back=None, name=None):
        self.f_back = back
        if name:
            self.f_globals, self.f_code, self.f_lineno = {"__name__": name}, _code(name), 1


def _code(name):
    return compile("", f"<{name}>", "exec")


def test_a_frame_that_was_cleared_ends_what_is_looked_at():
    cleared = Frame(back=Frame(name="tracepro.database.session"))
    assert session_call(cleared) is None and stack_of(cleared) == ""
    inside = Frame(back=Frame(back=cleared, name="mine"), name="psycopg.waiting")
    assert session_call(inside) is None
    said = stack_of(inside)
    assert said.index("<mine>") < said.index("<psycopg.waiting>") and "tracepro" not in said


def test_a_stack_says_how_often_a_line_was_repeated_behind_that_line():
    def dive(depth):
        return dive(depth - 1) if depth else stack_of(sys._getframe())

    said = dive(10).splitlines()
    (repeated,) = (number for number, line in enumerate(said) if "Previous line repeated" in line)
    assert "dive(depth - 1)" in said[repeated - 1]
