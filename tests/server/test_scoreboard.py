"""What a worker runs can be read from outside, also when its interpreter stands still."""

import threading
from collections import deque

import pytest

from tracepro.calls import running
from tracepro.server.scoreboard import Scoreboard


@pytest.fixture
def scoreboard(monkeypatch):
    """A scoreboard that this process shows what it runs on, for the time of a test."""
    scoreboard = Scoreboard()
    for name in ("_scoreboards", "_threads", "_slots", "_here", "_next_slot"):
        monkeypatch.setattr(running, name, getattr(running, name))
    monkeypatch.setattr(running, "_scoreboards", [])
    monkeypatch.setattr(
        running, "_threads", deque()
    )  # real threads would keep slots of a scoreboard that is gone
    monkeypatch.setattr(running, "_here", running._Here())
    running.show_on(scoreboard)
    return scoreboard


def run(plugin, hook, kind, function):
    """Run a function as one of a plugin is run."""
    return running.run(running.watched(plugin, hook, kind), function, ())


def test_the_function_entered_last_is_named_and_after_its_end_the_one_around_it(scoreboard):
    assert scoreboard.suspect() is None

    def inner():
        assert str(scoreboard.suspect()) == "hook tracepro_line_of of plugin inner"

    def outer():
        run("inner", "tracepro_line_of", "decide", inner)
        assert str(scoreboard.suspect()) == "hook tracepro_apply_operations of plugin outer"

    run("outer", "tracepro_apply_operations", "apply", outer)
    assert scoreboard.suspect() is None


@pytest.mark.parametrize(
    ("kind", "blamed"), [("apply", "hook addop of plugin later"), ("write", None), ("read", None)]
)
def test_of_two_threads_the_hook_that_entered_later_is_named_and_a_handler_only_when_alone(
    scoreboard, kind, blamed
):
    gate, entered = threading.Event(), threading.Event()
    hook = "hook tracepro_line_of of plugin earlier"

    def later():
        entered.set()
        gate.wait(30)

    def earlier():
        thread.start()
        assert entered.wait(30)
        assert str(scoreboard.suspect()) == (blamed or hook)
        gate.set()
        thread.join(30)
        assert str(scoreboard.suspect()) == hook

    def alone():
        assert str(scoreboard.suspect()) == "method addop of plugin alone"

    thread = threading.Thread(target=run, args=("later", "addop", kind, later))
    run("earlier", "tracepro_line_of", "decide", earlier)
    run("alone", "addop", "write", alone)


def test_it_beats_and_knows_the_limit(scoreboard):
    assert scoreboard.beats == 0
    scoreboard.beat()
    scoreboard.limit = 2.5
    assert (scoreboard.beats, scoreboard.limit) == (1, 2.5)
