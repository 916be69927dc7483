"""Plugins work in the background: asked again and again in a thread of their own, and none stops another."""

import threading

import pytest

from tracepro.plugin import background
from tracepro.plugin.background import HOOK, Background
from tracepro.plugin.loaded import LoadedPlugin
from tracepro.plugin.manager import manager_of
from tracepro.plugin.relay import Relay
from tracepro.plugin.watch import Watch
from tracepro_hookspecs import TryAgain, hookimpl

SECONDS = 30


class Worker:
    """A plugin that notes with what and in which thread it was asked, and then raises what the test wants."""

    def __init__(self, error=None):
        self.error = error
        self.asked = []
        self.hold = threading.Event()
        self.hold.set()

    @hookimpl
    def tracepro_background(self, site):
        self.asked.append((site, threading.current_thread()))
        assert self.hold.wait(SECONDS)
        if self.error:
            raise self.error


@pytest.fixture
def begin(monkeypatch):
    """Begin the background of some workers, who are due at every tick."""
    monkeypatch.setattr(background, "PAUSE_SECONDS", 0.0)
    begun = []

    def begin(**workers):
        plugins = [LoadedPlugin.from_object(name, worker) for name, worker in workers.items()]
        watch = Watch()
        begun.append(Background("the site", Relay(manager_of(plugins), watch), watch))
        return begun[-1], watch

    yield begin
    for each in begun:
        each.close()


def tick(some):
    """Tick and wait for the end of what was queued."""
    some.tick()
    assert some._notifier.flush(SECONDS)


def test_each_is_asked_at_every_tick_in_a_thread_of_its_own(begin):
    one, two = Worker(), Worker()
    some, _ = begin(one=one, two=two)
    tick(some)
    tick(some)
    assert len(one.asked) == len(two.asked) == 2
    assert one.asked[0][0] == "the site" and one.asked[0][1] is not threading.current_thread()


def test_one_that_is_due_later_is_not_asked(begin, monkeypatch):
    one = Worker()
    some, _ = begin(one=one)
    monkeypatch.setattr(background, "PAUSE_SECONDS", 3600.0)
    tick(some)
    assert one.asked == []


def test_a_failure_is_counted_once_and_the_others_go_on(begin):
    broken, whole = Worker(ValueError("no")), Worker()
    some, watch = begin(broken=broken, whole=whole)
    for _ in range(3):
        tick(some)
    assert (len(broken.asked), len(whole.asked)) == (1, 3)
    assert watch.report("broken")[HOOK]["failures"] == 1


def test_a_database_that_is_away_is_no_failure(begin):
    one = Worker(TryAgain("database-busy", "busy"))
    some, watch = begin(one=one)
    tick(some)
    tick(some)
    assert len(one.asked) == 2 and watch.report("one") == {}


def test_who_is_at_work_is_not_asked_again_and_others_go_on_in_another_thread(begin):
    slow, quick = Worker(), Worker()
    slow.hold.clear()
    some, _ = begin(slow=slow, quick=quick)
    some.tick()
    while not slow.asked:
        pass
    some.tick()
    assert quick.asked == []
    some.abandon(slow.asked[0][1].ident)
    tick(some)
    slow.hold.set()
    assert len(slow.asked) == 1 and quick.asked


def test_nobody_is_asked_after_the_end(begin):
    one = Worker()
    some, _ = begin(one=one)
    some.close()
    some.tick()
    assert one.asked == []
