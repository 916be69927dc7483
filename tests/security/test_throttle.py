"""Calls are counted against the token or the address, however the header is written and however many go together."""

import json
from types import SimpleNamespace

import pytest

from tracepro.access import tokens
from tracepro.app import create_app
from tracepro.http.throttle import WRONG_AT_ONCE, WRONG_SECONDS, Throttle
from tracepro.testing.asgi import AsgiClient
from tracepro_hookspecs import Method, hookimpl

RATE = 5
ROOM = 2 * RATE


def call(method="getnext", params=("throttle", "n")):
    return {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}


class Ending:
    """Methods that end the token they are called with."""

    fragment = {
        "methods": [
            {"name": "revoke", "summary": "-", "params": [], "result": {"name": "nothing", "schema": {}}}
        ]
    }

    @staticmethod
    @hookimpl
    def tracepro_register_methods():
        def revoke(call):
            tokens.revoke(call, call.caller.name, call.now)

        return [Method("revoke", revoke, "write")]


@pytest.fixture
def server(make_plant, database, monkeypatch):
    monkeypatch.setattr("tracepro.app.Throttle", lambda rate: Throttle(rate, clock=lambda: 0.0))
    plant = make_plant(
        ("workplaces", "counters", "ending"),
        extra={"ending": Ending()},
        parameters={"api": {"calls_per_second": RATE}},
        queued=True,
    )
    plant.client = AsgiClient(create_app(plant.site))
    return plant


def token(plant, name):
    return plant.write(lambda call: tokens.create(call, name, ["read", "write"], None, None, plant.clock()))


def send(plant, body, authorization=None):
    headers = {} if authorization is None else {"authorization": authorization}
    data = json.dumps(body).encode()
    return plant.client("POST", "/api/", [data], content_type="application/json", **headers)


def test_a_token_has_one_bucket_however_it_is_written(server):
    text = token(server, "T")
    written = [f"Bearer {text}", f"bearer {text}", f"BEARER   {text}", f"Bearer {text}  "]
    statuses = [send(server, call(), written[number % 4]).status for number in range(ROOM + 8)]
    assert statuses == [200] * ROOM + [429] * 8
    number = text.split("_")[1]
    zeros = f"Bearer {text.replace(f'tp_{number}_', f'tp_000{number}_')}"
    assert send(server, call(), zeros).status == 401
    assert send(server, call(), f"Bearer {token(server, 'U')}").status == 200


@pytest.mark.parametrize("with_token", [True, False])
def test_a_batch_counts_as_its_calls(server, with_token):
    bearer = f"Bearer {token(server, 'T')}" if with_token else None
    full = send(server, [call()] * ROOM, bearer)
    assert full.status == 200 and len(full.json) == ROOM
    refused = send(server, [call()] * ROOM, bearer)
    assert refused.status == 429 and refused.json["error"]["code"] == -32003
    other = None if with_token else f"Bearer {token(server, 'T')}"
    assert send(server, call(), other).status == 200


def test_wrong_tokens_are_limited_by_address_and_answered_late_and_lock_out_nobody(server, monkeypatch):
    waited = []

    async def wait(seconds):
        waited.append(seconds)

    monkeypatch.setattr("tracepro.http.errors.asyncio", SimpleNamespace(sleep=wait))
    good = f"Bearer {token(server, 'T')}"
    wrong = [f"Bearer tp_{number}_{'A' * 43}" for number in range(1, round(WRONG_AT_ONCE) + 3)]
    refused = [send(server, call(), bearer) for bearer in wrong]
    assert [answer.status for answer in refused[:50]] == [401] * 50
    assert [answer.status for answer in refused[50:]] == [429] * 2
    assert refused[-1].json["error"]["code"] == -32003 and waited == [WRONG_SECONDS] * 2
    assert send(server, call(), good).status == 200
    assert send(server, call()).status == 200


def test_the_start_page_is_no_place_to_try_tokens_at(server):
    tried = [
        server.client("GET", "/", authorization=f"Bearer tp_{number}_{'A' * 43}").status
        for number in range(1, 60)
    ]
    assert tried[:50] == [200] * 50 and set(tried[50:]) == {429}


def test_what_is_no_token_counts_for_its_address(server):
    tried = [server.client("GET", "/nowhere", authorization="Basic eDp5").status for _ in range(ROOM + 3)]
    assert 429 in tried


def test_a_token_that_is_revoked_in_a_batch_ends_within_it(server):
    bearer = f"Bearer {token(server, 'T')}"
    answers = send(server, [call(), call("revoke", []), call(), call()], bearer).json
    assert [answer.get("error", {}).get("code") for answer in answers] == [None, None, -32001, -32001]
    assert send(server, call(), bearer).status == 401
    assert send(server, call()).json["result"] == 2  # the counter stands where the first call left it


def test_a_token_that_is_revoked_while_the_body_comes_calls_nothing(server, monkeypatch):
    bearer, policy = f"Bearer {token(server, 'T')}", server.site.policy
    authenticate = policy.authenticate

    def authenticate_and_revoke(request):
        caller = authenticate(request)
        server.write(lambda call: tokens.revoke(call, "T", server.clock()))
        return caller

    monkeypatch.setattr(policy, "authenticate", authenticate_and_revoke)
    body = json.dumps(call()).encode()
    headers = {"authorization": bearer, "content-type": "application/json"}
    refused = server.client("POST", "/api/", [body[:9], body[9:]], **headers)
    assert refused.status == 401 and refused.json["error"]["code"] == -32001
    monkeypatch.undo()
    assert send(server, call()).json["result"] == 1
