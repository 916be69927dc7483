"""Whatever stands where a parameter should, the answer is a result or a refusal, never a failure of ours."""

import json

import pytest

AT_ONCE = 500
ODD = [
    None,
    True,
    False,
    0,
    1,
    -1,
    2,
    1.0,
    0.1,
    -0.5,
    1e-7,
    1e308,
    2**31,
    2**53 + 1,
    2**63 - 1,
    -(2**63),
    2**63,
    10**30,
    "",
    " ",
    "0",
    "17",
    "-1",
    "1, 2",
    "x" * 256,
    "x" * 70_000,
    "a\0b",
    "\x1d\x1e\x04",
    "Ω😀",
    "'; DROP TABLE x; --%_",
    "2026-11-20T10:00:00Z",
    "0001-01-01",
    [],
    [None],
    [[1, 2, 3]],
    {},
    {"": {"a": [1]}},
]
# What a parameter gets while another one is odd, where no example says it.
PLAIN = {
    "Id": 1,
    "IdOrNull": 10,
    "Ids": [1],
    "Integer": 1,
    "IntegerOrNull": 1,
    "Count": 1,
    "Amount": 1,
    "AmountOrNull": 1,
    "Boolean": False,
    "OpActList": [[10, None]],
    "DataRows": [[0, "k", "v"]],
    "MatRows": [[1, "R1", 1, 0]],
    "InstantIn": None,
    "Object": {},
}


def test_there_are_37_odd_values():
    assert len({repr(value) for value in ODD}) == len(ODD) == 37


@pytest.fixture(scope="module")
def plant(example_plant, examples):
    """The example plant with some history, so that what odd calls name is there: orders, units, lots."""
    for _, method, example in examples:
        params = {param["name"]: param["value"] for param in example["params"]}
        example_plant.request({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
    return example_plant


def plain(param):
    name = param["schema"].get("$ref", "").rpartition("/")[2]
    return PLAIN.get(name, param["schema"].get("default", "x"))


def usual(spec):
    """Returns parameters that a client might send: those of the first example, if there is one."""
    known = {
        param["name"]: param["value"]
        for example in spec.get("examples", ())[:1]
        for param in example["params"]
    }
    return {param["name"]: known.get(param["name"], plain(param)) for param in spec["params"]}


def replaced(value, odd):
    """Yields copies of a value with one part of it, however deep, made odd; at last it is odd itself."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from ({**value, name: member} for member in replaced(inner, odd))
    elif isinstance(value, list):
        for index, inner in enumerate(value[:4]):
            yield from ([*value[:index], member, *value[index + 1 :]] for member in replaced(inner, odd))
    yield odd


def odd_calls(spec):
    """Yields the parameters of every call with one odd value in it, and one call that is odd all over."""
    whole = usual(spec)
    for odd in ODD:
        for name in whole:
            yield {**whole, name: odd}
        yield dict.fromkeys(whole, odd)
    for odd in ODD[::3]:
        yield from (params for params in replaced(whole, odd) if params is not odd)


def calls_of(plant, plugin):
    """Returns every odd call of a plugin as a JSON-RPC request."""
    specs = [bound.spec for bound in plant.site.methods.values() if bound.plugin == plugin]
    odd = [(spec["name"], params) for spec in specs for params in odd_calls(spec)]
    return [
        {"jsonrpc": "2.0", "id": n, "method": name, "params": params} for n, (name, params) in enumerate(odd)
    ]


def test_no_odd_value_makes_a_method_fail(plant, plugin):
    calls = calls_of(plant, plugin)
    for start in range(0, len(calls), AT_ONCE):
        batch = calls[start : start + AT_ONCE]
        answers = json.loads(plant.request(batch))
        assert [answer["id"] for answer in answers] == [call["id"] for call in batch]
        for call, answer in zip(batch, answers, strict=True):
            check(plant, call, answer)


def check(plant, call, answer):
    """Asserts that an answer is a promised result, or a refusal with a code and a sentence."""
    if "result" in answer:
        plant.check_result(call["method"], answer["result"])
        return
    error = answer["error"]
    assert error["code"] not in (-32603, -32601, -32600, -32700), told(call, error)
    assert error["data"]["code"] != "plugin-failed", told(call, error)
    assert all(reason["code"] != "plugin-failed" for reason in error["data"].get("reasons", ())), told(
        call, error
    )
    assert error["message"] and len(error["message"]) < 2000, told(call, error)


def told(call, error):
    return f"{call['method']} {json.dumps(call['params'])[:300]}: {error}"
