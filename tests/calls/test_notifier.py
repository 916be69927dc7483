"""Notifications are told in order, in one other thread; a failure stops nobody."""

import logging
import threading

from tracepro.calls.notifier import Notifier


def test_work_is_told_in_order_in_one_thread_of_its_own():
    notifier, told = Notifier(), []
    for number in range(50):
        notifier.put(lambda number=number: told.append((number, threading.current_thread())))
    assert notifier.flush()
    notifier.close()
    assert [number for number, _ in told] == list(range(50))
    assert len({thread for _, thread in told}) == 1
    assert told[0][1] is not threading.current_thread()


def test_a_failure_is_logged_and_the_others_still_run(caplog):
    notifier, told = Notifier(), []
    with caplog.at_level(logging.ERROR, "tracepro.calls.notifier"):
        notifier.put(lambda: 1 / 0, "operation_added of broken")
        notifier.put(lambda: told.append("next"))
        assert notifier.flush()
    notifier.close()
    assert told == ["next"]
    assert "operation_added of broken" in caplog.text
    assert notifier.failed == 1


def test_what_is_waiting_at_close_is_still_told():
    notifier, told = Notifier(), []
    gate = threading.Event()
    notifier.put(lambda: gate.wait(30))
    notifier.put(lambda: told.append("last"))
    gate.set()
    notifier.close()
    assert told == ["last"]


def test_a_plugin_that_hangs_costs_notifications_not_memory(caplog):
    notifier, gate = Notifier(limit=3), threading.Event()
    notifier.put(lambda: gate.wait(30))
    for _ in range(20):
        notifier.put(lambda: None, "late")
    assert notifier.dropped >= 16
    assert "late" in caplog.text
    gate.set()
    notifier.close()


def test_a_notification_after_close_is_dropped_quietly():
    notifier = Notifier()
    notifier.close()
    notifier.put(lambda: None)
    assert notifier.dropped == 1
