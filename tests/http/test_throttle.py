"""Throttling: one connection or one token can not use up a server process."""

import contextlib

import pytest

from tracepro.access.errors import Throttled
from tracepro.http.throttle import Throttle

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


def test_a_token_is_throttled_over_all_its_connections_and_an_address_over_all_of_those_without(throttled):
    throttle = throttled.edge._throttle
    for bucket in (7, "10.0.0.1"):
        throttle.take(bucket)
        throttle.take(bucket)
        with pytest.raises(Throttled, match="calls a second"):
            throttle.take(bucket)
    throttle.take(8)
    throttle.take("10.0.0.2")


def test_calls_made_together_are_counted_all_and_more_than_fit_at_all_are_paid_off():
    now = [0.0]
    throttle = Throttle(10, clock=lambda: now[0])
    throttle.take("A")
    throttle.take("A", 15)  # a batch of 16
    throttle.refuse_spent("A")
    with pytest.raises(Throttled):
        throttle.take("A", 5)
    throttle.take("A", 4)
    with pytest.raises(Throttled):
        throttle.refuse_spent("A")
    throttle.take("B")
    throttle.take("B", 99)
    for seconds, spent in ((8.0, True), (0.2, False)):
        now[0] += seconds
        if spent:
            with pytest.raises(Throttled):
                throttle.take("B")
        else:
            throttle.take("B")


def test_the_number_of_buckets_is_bounded(monkeypatch):
    monkeypatch.setattr("tracepro.http.throttle.MAX_KEYS", 100)
    throttle = Throttle(1)
    for number in range(1000):
        throttle.refuse_spent(number)
        throttle.take(f"address {number}")
        with contextlib.suppress(Throttled):
            throttle.count_wrong(f"address {number}")
    assert len(throttle._calls._buckets) == len(throttle._wrong._buckets) == 100
    assert all(isinstance(bucket, str) for bucket in throttle._calls._buckets)
