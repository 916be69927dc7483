"""The threads that run calls: what is begun goes on, and what nobody could take is told busy."""

import asyncio
import threading
from concurrent.futures import Future

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


def test_a_call_that_no_thread_took_in_time_is_busy_under_its_own_id(fake, monkeypatch):
    monkeypatch.setattr("tracepro.http.pool.WAIT_SECONDS", -1.0)
    app = fake()
    answer = app.rpc(CALL)
    assert answer.status == 200 and not app.seen
    assert answer.json["id"] == 1 and answer.json["error"]["data"]["code"] == "busy"
