"""An exchange whose thread hangs is given up: what it has answered stays, the rest is busy."""

import json
import threading

from tracepro.database.errors import busy
from tracepro.testing.plant import TESTER

CALL = {"jsonrpc": "2.0", "method": "getworkplace", "params": [1]}


def test_a_batch_keeps_the_answers_it_has(make_plant):
    plant = make_plant(("workplaces",), queued=True)
    body = [{**CALL, "id": 1}, {**CALL, "method": "hang", "id": 2}, CALL, {**CALL, "id": 3}]
    exchange, gate, hangs = (
        plant.dispatcher.exchange(json.dumps(body).encode(), TESTER),
        threading.Event(),
        threading.Event(),
    )
    hanging = plant.dispatcher.methods["getworkplace"]

    class Hanging:
        endpoint = hanging.endpoint

        def by_name(self, params):
            hangs.set()
            gate.wait(30)
            return hanging.by_name(params)

        bind = staticmethod(hanging.bind)

    plant.dispatcher.methods["hang"] = Hanging()
    thread = threading.Thread(target=exchange.finish)
    thread.start()
    assert hangs.wait(30) and exchange.give_up(busy())
    answers = json.loads(exchange.answer)
    gate.set()
    thread.join(30)
    assert [answer["id"] for answer in answers] == [1, 2, 3]
    assert answers[0]["result"] is None
    assert {answer["error"]["data"]["code"] for answer in answers[1:]} == {"busy"}


def test_what_was_not_read_yet_is_answered_too(make_plant):
    plant = make_plant(("workplaces",))
    exchange = plant.dispatcher.exchange(json.dumps({**CALL, "id": 1}).encode(), TESTER)
    assert exchange.give_up(busy())
    assert json.loads(exchange.answer)["error"]["code"] == -32000
