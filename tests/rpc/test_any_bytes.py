"""Any bytes at all end in an answer of the envelope, and never in a failure of ours."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

BODY = b'[{"jsonrpc":"2.0","id":1,"method":"echo","params":{"value":[1,"a:b"]}},{"jsonrpc":"2.0","method":"many"}]'
PIECES = [
    b'"',
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b",",
    b"null",
    b"1e999",
    b"\\ud800",
    b"\\u0000",
    b"\xff",
    b"2.0",
    b"echo",
]
CUTS = st.lists(
    st.tuples(st.integers(0, len(BODY)), st.integers(0, 12), st.sampled_from([b"", *PIECES])), max_size=4
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=10,
)
REQUESTS = st.fixed_dictionaries(
    {},
    optional={
        "jsonrpc": st.just("2.0") | JSON,
        "id": st.integers() | JSON,
        "method": st.sampled_from(["echo", "many", "notes", "rpc.discover", "places"]) | JSON,
        "params": st.lists(JSON, max_size=3)
        | st.dictionaries(st.sampled_from(["value", "one", "wp_ids", "x"]), JSON),
    },
)
some = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def check(client, body):
    answer = client.answer(body)
    for single in answer if isinstance(answer, list) else [answer] if answer else []:
        assert single.get("error", {}).get("code") != -32603, (body, single)


@some
@given(body=st.binary(max_size=60))
def test_any_bytes(shared_client, body):
    check(shared_client, body)


@some
@given(cuts=CUTS)
def test_damaged_requests(shared_client, cuts):
    body = BODY
    for place, length, piece in cuts:
        body = body[:place] + piece + body[place + length :]
    check(shared_client, body)


@some
@given(request=REQUESTS | st.lists(REQUESTS | JSON, max_size=4) | JSON)
def test_odd_requests(shared_client, request):
    check(shared_client, json.dumps(request).encode())
