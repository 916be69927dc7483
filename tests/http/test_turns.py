"""Threads that take turns: one at a time while steps are short, and a slow one holds up nobody."""

import threading
import time

import pytest

from tracepro.http.turns import TurnThreads

SECONDS = 30


@pytest.fixture
def turns():
    """Make threads that are ended with the test."""
    made = []

    def make(most=4, at_once=1, end_of_turn=lambda: None):
        made.append(TurnThreads(most, at_once, end_of_turn))
        return made[-1]

    yield make
    for each in made:
        each.close()


def look_until(turns, reached):
    """Look as the loop does until something is reached."""
    deadline = time.monotonic() + SECONDS
    while not reached():
        assert time.monotonic() < deadline
        turns.look()
        time.sleep(0.001)


def test_short_steps_are_done_by_one_thread_in_their_order(turns):
    threads, done, ended = turns(), [], threading.Event()
    for number in range(100):
        threads.put(lambda number=number: done.append((number, threading.get_ident())))
    threads.put(ended.set)
    threads.wake()
    assert ended.wait(SECONDS)
    assert [number for number, _ in done] == list(range(100))
    assert len({thread for _, thread in done}) == 1 == len(threads.numbers)


@pytest.mark.parametrize("slow", [1, 3])
def test_a_slow_step_holds_its_thread_and_nobody_else(turns, slow):
    threads, gate, done = turns(), threading.Event(), []
    for _ in range(slow):
        threads.put(lambda: gate.wait(SECONDS))
    for number in range(5):
        threads.put(lambda number=number: done.append(number))
    assert threads.wake()
    look_until(threads, lambda: len(done) == 5)
    assert len(threads.numbers) == slow + 1
    gate.set()


def test_who_was_slow_has_turns_again_and_there_are_no_more_of_them_than_before(turns):
    threads, gate, done = turns(), threading.Event(), []
    for _ in range(4):
        threads.put(lambda: gate.wait(SECONDS))
    threads.put(lambda: done.append(0))
    threads.wake()
    look_until(threads, lambda: len(threads.numbers) == 4)
    for _ in range(20):  # every thread is slow: nobody can take the last step yet
        assert threads.look() and not done
    gate.set()
    look_until(threads, lambda: done and not threads.look())
    at_work, most = [], []

    def step():
        at_work.append(1)
        most.append(len(at_work))
        at_work.pop()

    for _ in range(200):
        threads.put(step)
    threads.wake()
    look_until(threads, lambda: len(most) == 200)
    assert set(most) == {1}


def test_nobody_looks_for_what_is_over(turns):
    threads, ended = turns(), threading.Event()
    assert not threads.wake() and not threads.look()
    threads.put(ended.set)
    threads.wake()
    assert ended.wait(SECONDS)
    look_until(threads, lambda: not threads.look())


def test_a_step_that_was_taken_back_is_not_done(turns):
    threads, gate, done = turns(), threading.Event(), []

    def step():
        done.append(1)

    threads.put(lambda: gate.wait(SECONDS))
    threads.put(step)
    threads.wake()
    assert threads.take_back(step) and not threads.take_back(step)
    gate.set()
    threads.close()
    assert not done


@pytest.mark.parametrize("begun", [False, True])
def test_what_waits_at_the_end_is_done_even_if_nobody_was_woken(turns, begun):
    threads, done = turns(), []
    if begun:
        threads.put(lambda: None)
        threads.wake()
    for number in range(10):
        threads.put(lambda number=number: done.append(number))
    threads.close()
    assert sorted(done) == list(range(10))


def test_every_step_is_done_once_whoever_puts_wakes_and_is_slow(turns):
    rounds = []
    threads, done, lock = turns(most=3, end_of_turn=lambda: rounds.append(1)), [], threading.Lock()

    def step(number):
        if number % 50 == 0:
            time.sleep(0.008)
        with lock:
            done.append(number)

    def put(first):
        for number in range(first, 600, 3):
            threads.put(lambda number=number: step(number))
            threads.wake()

    putting = [threading.Thread(target=put, args=(first,)) for first in range(3)]
    for each in putting:
        each.start()
    look_until(threads, lambda: len(done) == 600)
    for each in putting:
        each.join()
    look_until(threads, lambda: not threads.look())
    assert sorted(done) == list(range(600)) and rounds
