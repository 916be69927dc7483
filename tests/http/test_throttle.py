"""Throttling: one connection or one token can not use up a server process."""

import pytest

CALL = b'{"jsonrpc":"2.0","method":"x","id":1}'


def test_too_many_requests_are_429(throttled, error_of):
    assert [throttled.rpc(CALL).status for _ in range(3)] == [200, 200, 429]
    answer = throttled.rpc(CALL)
    assert error_of(answer) == (-32003, "throttled")
    assert answer.json["error"]["data"]["retryable"] is True
    assert answer.headers["retry-after"] == "1"
    assert throttled.send("GET", "/healthz").status == 200


def test_a_throttled_connection_stays_open(throttled):
    answers = [throttled.rpc(CALL) for _ in range(3)]
    assert answers[-1].status == 429 and "connection" not in answers[-1].headers
    large = throttled.rpc(b"x" * 100_000)
    assert large.status == 429 and large.headers["connection"] == "close"


def test_a_token_is_throttled_over_all_its_connections_and_a_connection_over_all_tokens(throttled):
    throttle = throttled.edge._throttle
    for port in range(2):
        throttle.take(("connection", port), ("token", "T"))
    with pytest.raises(Exception, match="requests a second"):
        throttle.take(("connection", 9), ("token", "T"))
    throttle.take(("connection", 77), ("token", "A"))
    throttle.take(("connection", 77), ("token", "B"))
    with pytest.raises(Exception, match="requests a second"):
        throttle.take(("connection", 77), ("token", "C"))
