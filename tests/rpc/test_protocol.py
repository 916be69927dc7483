"""JSON-RPC 2.0 corner by corner, bytes to bytes."""

import json

import pytest

from .answers import whole_error


@pytest.fixture
def client(shared_client):
    return shared_client


def test_a_call_is_answered_with_result_and_id(client):
    body = client.send({"jsonrpc": "2.0", "id": 1, "method": "many", "params": [1, 2, 3]}).answer
    assert json.loads(body) == {"jsonrpc": "2.0", "result": [1, 2, 3], "id": 1}


def test_parameters_go_by_position_and_by_name(client):
    assert client.result("many", 1, 5) == [1, 5, None]
    assert client.result("many", one=1, three=3) == [1, 2, 3]


def test_params_may_be_left_out(client):
    assert client.answer({"jsonrpc": "2.0", "id": 1, "method": "echo"}) == {
        "jsonrpc": "2.0",
        "result": None,
        "id": 1,
    }


def test_a_null_result_is_there_and_no_error_with_it(client):
    assert client.call("echo") == {"jsonrpc": "2.0", "result": None, "id": 1}


def test_no_answer_has_result_and_error(client):
    assert set(client.call("nosuch")) == {"jsonrpc", "error", "id"}


@pytest.mark.parametrize(
    "body",
    [
        {"jsonrpc": "2.0", "method": "echo", "params": [1]},
        {"jsonrpc": "2.0", "method": "nosuch"},
        {"jsonrpc": "2.0", "method": "many", "params": []},
        [{"jsonrpc": "2.0", "method": "echo"}, {"jsonrpc": "2.0", "method": "nosuch"}],
    ],
)
def test_a_notification_gets_no_answer_whatever_becomes_of_it(client, body):
    assert client.send(body).answer == b""


def test_id_null_is_a_request(client):
    assert client.answer(b'{"jsonrpc":"2.0","id":null,"method":"echo"}') == {
        "jsonrpc": "2.0",
        "result": None,
        "id": None,
    }


@pytest.mark.parametrize(
    "sent",
    [
        "1",
        '"1"',
        "1.5",
        "1.0",
        "-3",
        "9007199254740993",
        "9223372036854775807",
        '""',
        '"\\u00e9"',
        "0",
        "1e2",
    ],
)
def test_ids_are_echoed_as_equal_values_of_the_same_type(client, sent):
    answer = client.send(b'{"jsonrpc":"2.0","id":%b,"method":"echo"}' % sent.encode()).answer
    echoed = json.loads(answer)["id"]
    assert (echoed, type(echoed)) == (json.loads(sent), type(json.loads(sent)))


@pytest.mark.parametrize("sent", ["true", "false", "{}", "[]", "[1]", "9223372036854775808", "1" + "0" * 40])
def test_an_id_of_another_kind_is_an_invalid_request(client, sent):
    whole_error(client.answer(b'{"jsonrpc":"2.0","id":%b,"method":"echo"}' % sent.encode()), -32600)


@pytest.mark.parametrize("version", ["2", 2.0, 2, "2.0 ", None, "1.0", ["2.0"]])
def test_jsonrpc_is_exactly_2_0(client, version):
    answer = client.answer({"jsonrpc": version, "id": 1, "method": "echo"})
    assert (answer["error"]["code"], answer["id"]) == (-32600, 1)


def test_jsonrpc_must_be_there(client):
    assert client.answer({"id": 1, "method": "echo"})["error"]["code"] == -32600


@pytest.mark.parametrize("params", [None, 1, "x", True, 1.5])
def test_params_are_a_list_or_an_object(client, params):
    answer = client.answer({"jsonrpc": "2.0", "id": 1, "method": "echo", "params": params})
    assert (answer["error"]["code"], answer["id"]) == (-32600, 1)


@pytest.mark.parametrize("method", [None, 1, ["echo"], {}, True])
def test_the_method_is_a_text(client, method):
    assert client.answer({"jsonrpc": "2.0", "id": 1, "method": method})["error"]["code"] == -32600


def test_an_invalid_request_without_an_id_is_answered(client):
    whole_error(client.answer({"jsonrpc": "2.0", "method": 1, "params": "bar"}), -32600)


@pytest.mark.parametrize("body", [b"1", b'"text"', b"null", b"true", b"1.5"])
def test_a_body_is_an_object_or_a_list(client, body):
    whole_error(client.answer(body), -32600)


@pytest.mark.parametrize(
    "name",
    ["nosuch", "Echo", "echo ", "", "rpc.nosuch", "rpc.", "__init__", "methods", "echo\x00", "é" * 300],
)
def test_methods_are_looked_up_exactly(client, name):
    error = client.error(name)
    assert (error["code"], error["data"]["code"]) == (-32601, "method-not-found")
    assert len(error["message"]) < 200


def test_missing_parameters_are_named(client):
    error = client.error("many", two=1)
    assert (error["code"], error["data"]["parameters"]) == (-32602, ["one"])
    assert error["data"]["rule"] == "required"
    assert "one" in error["message"]


def test_misspelt_parameters_are_named_with_the_one_that_was_meant(client):
    error = client.error("many", one=1, twoo=1)
    assert error["data"]["parameters"] == ["twoo"]
    assert "did you mean two?" in error["message"]


def test_surplus_parameters_are_refused(client):
    error = client.error("many", 1, 2, 3, 4)
    assert (error["code"], error["data"]["rule"]) == (-32602, "surplus")
    assert "one, two, three" in error["message"]


def test_a_refused_parameter_is_named_with_its_rule(client):
    error = client.error("note", text=5)
    assert error["data"] == {
        "code": "invalid-params",
        "info": error["message"],
        "retryable": False,
        "parameter": "text",
        "rule": "type",
    }
    assert error["message"] == "Parameter text must be a text of at most 255 characters, not this number."


def test_an_empty_batch_is_one_invalid_request(client):
    whole_error(client.answer(b"[]"), -32600)


@pytest.mark.parametrize(
    ("body", "count"), [(b"[1]", 1), (b"[1,2,3]", 3), (b"[[]]", 1), (b'[[1],"x",null]', 3)]
)
def test_a_batch_of_no_requests_is_refused_element_by_element(client, body, count):
    answers = client.answer(body)
    assert len(answers) == count
    for answer in answers:
        whole_error(answer, -32600)


def test_a_batch_is_answered_in_its_order_without_notifications(client):
    calls = [{"jsonrpc": "2.0", "id": n, "method": "echo", "params": [n]} for n in range(5)]
    del calls[2]["id"]
    calls[3]["method"] = "nosuch"
    answers = client.answer([*calls, 1])
    assert [answer["id"] for answer in answers] == [0, 1, 3, 4, None]
    assert [answer.get("result") for answer in answers] == [0, 1, None, 4, None]


def test_a_batch_has_at_most_so_many_calls(client):
    one = {"jsonrpc": "2.0", "id": 1, "method": "echo"}
    assert len(client.answer([one] * 1000)) == 1000
    whole_error(client.answer([one] * 1001), -32600)


def test_integral_floats_and_decimal_texts_are_taken_for_integers(client):
    assert client.result("note", text="a", wp_id=100.0)["line"] == "A"
    assert client.result("note", text="a", wp_id="200")["line"] == "B"


@pytest.mark.parametrize(
    "wp_id", [1.5, True, -1, "", " 1", "1x", 2**63, 1e300, 9223372036854775808.0, "9" * 19, [1], {}]
)
def test_other_things_are_no_ids(client, wp_id):
    error = client.error("note", text="a", wp_id=wp_id)
    assert (error["code"], error["data"]["parameter"]) == (-32602, "wp_id")


def test_members_beyond_the_protocol_are_ignored(client):
    assert client.answer({"jsonrpc": "2.0", "id": 1, "method": "echo", "extra": 1})["result"] is None


def test_a_message_with_quotes_and_control_characters_is_json(client):
    error = client.error('no"such\n\x1b[31m')
    assert error["code"] == -32601


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (["x"] * 300_000, "Parameter wp_ids must be a list of ids"),
        ([*range(200_000), "x", *range(100)], "not a list of 200101."),
        ({str(n): n for n in range(100_000)}, "a large object"),
        (["9" * 19] * 100_000, "must lie within 64 bits"),
    ],
)
def test_a_large_wrong_value_is_refused_as_quickly_as_a_small_one(client, value, sentence):
    error = client.error("places", wp_ids=value)
    assert (error["code"], error["data"]["parameter"]) == (-32602, "wp_ids")
    assert sentence in error["message"]
    assert len(error["message"]) < 300


def test_the_first_bad_row_of_many_is_named(client):
    error = client.error("rows", data=[*[[0, "k", 1]] * 5000, [0, 5, 1], *[[0, "k", 1]] * 5000])
    assert (
        error["message"]
        == "Parameter data[5000][1] must be a text of at most 255 characters, not this number."
    )
