"""The threads that run calls: what is begun goes on, and what nobody could take is told busy."""

import asyncio
import functools
import gc
import threading
from concurrent.futures import Future

import pytest

from tracepro.floor import SharedFloor
from tracepro.http.mailbox import Mailbox
from tracepro.http.pool import CallPool
from tracepro_hookspecs import TryAgain

CALL = b'{"jsonrpc":"2.0","method":"x","id":1}'


def test_a_call_that_arrives_after_the_end_is_busy(fake):
    app = fake()
    app.pool.close()
    answer = app.rpc(CALL)
    assert answer.status == 200 and answer.json["error"]["data"]["code"] == "busy"


def test_a_queued_write_holds_no_thread(fake):
    app = fake()  # two threads
    writes = [Future() for _ in range(10)]
    waiting = list(writes)
    app.steps = [lambda: waiting.pop()]

    async def ten_at_once():
        calls = [
            asyncio.create_task(app.send.send("POST", "/api", [CALL], content_type="application/json"))
            for _ in writes
        ]
        while waiting:
            await asyncio.sleep(0.001)
        for write in writes:
            write.set_result(None)
        return await asyncio.gather(*calls)

    assert [answer.status for answer in asyncio.run(ten_at_once())] == [200] * 10


def test_a_call_whose_client_left_goes_on_to_its_end(fake):
    app, write, ended = fake(), Future(), threading.Event()
    app.steps = [lambda: write, ended.set]

    async def leave():
        call = asyncio.create_task(app.send.send("POST", "/api", [CALL], content_type="application/json"))
        while not app.seen:
            await asyncio.sleep(0.001)
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        assert not app.edge.idle
        write.set_result(None)
        while not app.edge.idle:
            await asyncio.sleep(0.001)

    asyncio.run(leave())
    assert ended.is_set()


@pytest.fixture
def busy(fake, monkeypatch):
    """An app both threads of which are busy until the test ends; callers wait a moment only."""
    monkeypatch.setattr("tracepro.http.pool.WAIT_SECONDS", 0.02)
    monkeypatch.setattr("tracepro.http.pool.SWEEP_SECONDS", 0.01)
    app, gate = fake(), threading.Event()
    app.max_batch = 3
    for _ in range(2):
        app.pool.submit(gate.wait)
    yield app
    gate.set()


def test_a_call_that_no_thread_took_in_time_is_busy_under_its_own_id_while_they_are_busy_still(busy):
    answer = busy.rpc(CALL)
    assert answer.status == 200 and not busy.seen
    assert answer.json["id"] == 1 and answer.json["error"]["data"]["code"] == "busy"
    assert not busy.pool.calls and busy.edge.idle


def test_a_batch_is_told_so_for_each_of_its_calls_unless_it_is_too_long_for_any_time(busy):
    three = busy.rpc(b"[" + b",".join([CALL] * 3) + b"]").json
    assert [answer["error"]["data"]["code"] for answer in three] == ["busy"] * 3
    many = busy.rpc(b"[" + b",".join([CALL] * 4) + b"]").json
    assert many["id"] is None and many["error"]["data"]["code"] == "busy"


def test_what_waits_for_a_thread_holds_no_body_once_it_is_refused(busy):
    async def send():
        with pytest.raises(TryAgain):
            await busy.pool.run(functools.partial(len, Body()))

    asyncio.run(send())
    gc.collect()
    assert Body.alive == 0


class Body(bytes):
    """A body that is counted while anybody has it."""

    alive = 0

    def __new__(cls):
        cls.alive += 1
        return super().__new__(cls, 10)

    def __del__(self):
        Body.alive -= 1


def test_an_answer_does_not_wait_for_the_slow_call_behind_it(fake, exchange_of):
    app, gate = fake(), threading.Event()
    pool = CallPool(2, app.metrics, SharedFloor())
    begun = []

    async def send():
        quick = asyncio.create_task(pool.in_thread(begun.append, "quick"))
        answered = asyncio.create_task(pool.run(functools.partial(exchange_of, [lambda: None], b"")))
        slow = asyncio.create_task(pool.in_thread(gate.wait, 30))
        await asyncio.wait_for(asyncio.gather(quick, answered), 20)
        assert not slow.done()
        gate.set()
        await slow

    asyncio.run(send())
    pool.close()


def test_a_call_that_computes_holds_up_no_other(fake):
    app, stop = fake(), threading.Event()
    pool = CallPool(4, app.metrics, SharedFloor())

    def compute():
        while not stop.is_set():
            sum(range(1000))

    async def send():
        computing = [asyncio.create_task(pool.in_thread(compute)) for _ in range(2)]
        await asyncio.wait_for(asyncio.gather(*(pool.in_thread(len, "") for _ in range(20))), 20)
        assert not any(task.done() for task in computing)
        stop.set()
        await asyncio.gather(*computing)

    asyncio.run(send())
    pool.close()


def test_many_answers_wake_the_loop_once(fake, exchange_of, monkeypatch):
    app = fake()
    app.pool.close()
    pool = CallPool(2, app.metrics, SharedFloor())
    woken = []

    async def send():
        loop = asyncio.get_running_loop()
        wake = loop.call_soon_threadsafe
        monkeypatch.setattr(loop, "call_soon_threadsafe", lambda *words: (woken.append(1), wake(*words)))
        writes = [Future() for _ in range(50)]
        calls = [
            asyncio.create_task(pool.run(functools.partial(exchange_of, [lambda write=write: write], b"")))
            for write in writes
        ]
        while sum(bool(write._done_callbacks) for write in writes) < 50:
            await asyncio.sleep(0.001)
        woken.clear()
        for write in writes:  # as the writer does, while the loop has no turn
            write.set_result(None)
        await asyncio.gather(*calls)

    asyncio.run(send())
    pool.close()
    assert len(woken) < 10


def test_a_word_that_fails_keeps_no_other_from_the_loop(caplog):
    mailbox, heard = Mailbox(), []

    async def listen():
        mailbox.open(asyncio.get_running_loop())
        for word in (lambda: heard.append(1), lambda: 1 / 0, lambda: heard.append(2)):
            mailbox.leave(word)
        mailbox.wake()
        await asyncio.sleep(0.001)

    asyncio.run(listen())
    assert heard == [1, 2] and "ZeroDivisionError" in caplog.text
