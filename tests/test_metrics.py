"""Counting: what is shown, and that labels never grow with what clients send."""

from random import Random

import pytest

from tracepro import metrics as module
from tracepro.metrics import BUCKETS, MOST_CODES, Metrics


def made(bunching):
    metrics = Metrics(["addop"])
    if bunching:
        metrics.bunch()
    return metrics


@pytest.mark.parametrize("bunching", [False, True])
def test_calls_refusals_and_waits_are_shown(bunching):
    metrics = made(bunching)
    metrics.call("addop", None, None, 0.003)
    metrics.call("addop", 1000, "order-not-active", 0.004)
    metrics.response(200)
    metrics.waited("write", 0.02)
    text = metrics.text().decode()
    assert 'tracepro_calls_total{code="ok",method="addop"} 1.0' in text
    assert 'tracepro_calls_total{code="1000",method="addop"} 1.0' in text
    assert 'tracepro_refusals_total{code="order-not-active"} 1.0' in text
    assert 'tracepro_http_responses_total{status="200"} 1.0' in text
    assert 'tracepro_database_wait_seconds_count{kind="write"} 1.0' in text


@pytest.mark.parametrize("bunching", [False, True])
def test_unknown_methods_and_endless_codes_share_one_label(bunching):
    metrics = made(bunching)
    for number in range(MOST_CODES + 50):
        metrics.call(f"made-up-{number}", -32601, f"code-{number}", 0.001)
    text = metrics.text().decode()
    assert "made-up" not in text
    assert text.count("tracepro_refusals_total{") == MOST_CODES + 1
    assert 'tracepro_refusals_total{code="other"} 50.0' in text


def test_histograms_have_what_observing_each_one_would_give():
    metrics, random = made(bunching=True), Random(1)
    several = [*BUCKETS, 0.0, 60.0, *(random.expovariate(20) for _ in range(200))]
    for seconds in several:
        metrics.waited("bunch", seconds)
    metrics.count()
    for seconds in several:
        metrics._waits.labels("single").observe(seconds)
    lines = [
        line
        for line in metrics.text().decode().splitlines()
        if "wait_seconds" in line and "_created" not in line
    ]
    bunch, single = (
        [line.split() for line in lines if f'kind="{kind}"' in line] for kind in ("bunch", "single")
    )
    assert len(bunch) == len(single) == len(BUCKETS) + 3
    assert [name.replace("bunch", "single") for name, _ in bunch] == [name for name, _ in single]
    assert [round(float(value), 9) for _, value in bunch] == [round(float(value), 9) for _, value in single]


def test_no_more_is_noted_than_there_is_room_for(monkeypatch):
    monkeypatch.setattr(module, "MOST_NOTED", 10)
    metrics = made(bunching=True)
    for _ in range(35):
        metrics.call("addop", None, None, 0.001)
        metrics.response(200)
        metrics.waited("write", 0.001)
        assert max(map(len, (metrics._calls_noted, metrics._statuses_noted, metrics._waits_noted))) <= 10
    text = metrics.text().decode()
    assert 'tracepro_calls_total{code="ok",method="addop"} 35.0' in text
    assert 'tracepro_http_responses_total{status="200"} 35.0' in text
    assert 'tracepro_database_wait_seconds_count{kind="write"} 35.0' in text


@pytest.mark.parametrize("bunching", [False, True])
def test_only_who_counts_alone_leaves_counters_to_be_moved_later(bunching):
    metrics = made(bunching)
    metrics.call("addop", 1000, "order-not-active", 0.001)
    metrics.response(200)
    metrics.waited("write", 0.001)
    noted = [*metrics._calls_noted, *metrics._statuses_noted, *metrics._waits_noted]
    assert len(noted) == (3 if bunching else 0)
