"""The password of a user stands nowhere: not in log, audit, answers or database, whatever is done with it."""

import json

import pytest

PASSWORD = "kZ8correct-horse"
SENT = [PASSWORD, f"{PASSWORD}-wrong", [PASSWORD], {"p": PASSWORD}, PASSWORD * 100]


@pytest.fixture
def server(serve_plant, database):
    return serve_plant(("auth",))


def test_a_password_stands_nowhere(server):
    made = server.command("token", "create", "T", "--scope", "read", "--scope", "write", "--scope", "admin")
    client = server.client(token=made.stdout.split()[-1])
    rows = [
        {"users": [{"username": "planner", "password": PASSWORD}]},
        {"users": [{"username": "planner", "password": f"{PASSWORD}-new"}]},
        {"users": [{"username": "planner", "password": PASSWORD}]},
        *({"users": [{"username": "x", "password": sent}]} for sent in SENT[2:]),
        {"users": [{"username": "x", "pass": PASSWORD}, {"username": "y", "password": PASSWORD}]},
    ]
    loads = [
        client.send("POST", "/api/plant", body, {"Idempotency-Key": f"plant-file-{number}"})
        for number, body in enumerate(rows)
    ]
    assert [answer.status for answer in loads] == [200, 200, 200, 400, 400, 400, 400]
    calls = [
        {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        for method in ("userauth", "nothing")
        for sent in SENT
        for params in (["planner", sent], {"username": "planner", "password": sent}, {"password": sent})
    ]
    headers = {"Idempotency-Key": "calls-0001"}
    answers = [client.send("POST", "/api/", call, headers) for call in calls]
    assert b"fullname" in answers[0].body
    client.close()
    exported = server.command("audit", "export").stdout
    server.stop()
    assert "userauth" in server.log() and "password_hash" in exported
    shown = [*loads, *answers, exported, server.log()]
    stored = b"".join(file.read_bytes() for file in server.folder.iterdir() if file.is_file())
    for place in [
        *(one.body.decode() if hasattr(one, "body") else one for one in shown),
        stored.decode("latin-1"),
    ]:
        assert PASSWORD not in place
    assert json.loads(answers[0].body)["result"]["username"] == "planner"


def test_guesses_from_one_address_stop_nobody_but_the_account_that_is_guessed_at(server):
    made = server.command("token", "create", "T", "--scope", "write", "--scope", "admin")
    client = server.client(token=made.stdout.split()[-1])
    users = [{"username": name, "password": PASSWORD} for name in ("planner", "chief")]
    assert client.send("POST", "/api/plant", {"users": users}).status == 200
    for who in ("planner", "nobody"):
        codes = [client.answer("userauth", [who, "wrong"])["error"]["code"] for _ in range(11)]
        assert codes == [1003] * 10 + [-32003]
    assert client.answer("userauth", ["planner", PASSWORD])["error"]["code"] == -32003
    assert client.answer("userauth", ["chief", PASSWORD])["result"]["username"] == "chief"
    client.close()
