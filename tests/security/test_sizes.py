"""Sizes are judged before anything is made of a body: how many values it has, and how many each list may have."""

import pytest

HUGE = {
    "empty lists": b"[" + b"[]," * 1_300_000 + b"[]]",
    "empty objects": b"[" + b"{}," * 1_300_000 + b"{}]",
    "one name again and again": b"{" + b'"a":0,' * 600_000 + b'"a":0}',
    "lists in lists": b"[" + b",".join([b"[[[[[[[]]]]]]]"] * 250_000) + b"]",
    "empty texts": b"[" + b'"",' * 1_300_000 + b'""]',
    "commas without end": b'["",' + b"," * 3_900_000,
}
ANSWERED = 10.0


@pytest.fixture(scope="module")
def client(serve_plant_once):
    server = serve_plant_once(("workplaces", "workers", "orders", "items"))
    made = server.command(
        "token", "create", "T", *["--scope", "read", "--scope", "write", "--scope", "admin"]
    )
    with_deadline = server.client(timeout=ANSWERED, token=made.stdout.split()[-1])
    yield with_deadline
    with_deadline.close()


@pytest.mark.parametrize("what", HUGE)
def test_a_body_of_too_many_values_is_refused_as_a_whole(client, what):
    answer = client.send("POST", "/api/", HUGE[what]).json
    error = answer["error"]
    assert (answer["id"], error["code"], error["data"]["code"]) == (None, -32600, "invalid-request")
    assert "more than 400000 values" in error["message"]


def test_a_plant_file_of_too_many_rows_is_refused_before_they_are_looked_at(client):
    answer = client.send("POST", "/api/plant", b'{"acts":[' + b"1," * 1_000_000 + b"1]}")
    assert (answer.status, answer.json["code"]) == (413, "too-many-rows")
    assert "1000001 rows" in answer.json["detail"]


def test_a_plant_file_of_too_many_values_is_refused(client):
    answer = client.send("POST", "/api/plant", b'{"acts":[' + b"{}," * 750_000 + b"1]}")
    assert (answer.status, answer.json["code"]) == (400, "bad-json")
    assert "more than 1500000 values" in answer.json["detail"]


@pytest.mark.parametrize(
    ("method", "params", "parameter", "most"),
    [
        ("addopdata", {"op_id": 1, "data_list": [[0, "k", 1]] * 20_001}, "data_list", "20000"),
        (
            "updateorder",
            {"order_id": 1, "properties": {}, "operations": [{"op": 1, "act": 1}] * 1001},
            "operations",
            "1000",
        ),
        (
            "canaddop",
            {"item_id": 1, "op_act_list": [[1, 1]] * 1001, "wp_id": 1, "workers": 1},
            "op_act_list",
            "1000",
        ),
        (
            "canaddop",
            {"item_id": 1, "op_act_list": [[1, 1]], "wp_id": 1, "workers": [1] * 250_001},
            "workers",
            "250000",
        ),
    ],
)
def test_a_list_that_is_too_long_is_refused_by_name_and_bound(client, method, params, parameter, most):
    error = client.answer(method, params)["error"]
    assert (error["code"], error["data"]["parameter"]) == (-32602, parameter)
    assert most in error["message"]
