"""Counting: what is shown, and that labels never grow with what clients send."""

from random import Random

import pytest
from prometheus_client.parser import text_string_to_metric_families

import tracepro.metrics as module
from tracepro.metrics import MOST_UNDECLARED, Metrics
from tracepro.metrics.declared import METRICS, NOTIFICATIONS, THREAD_WAIT, WRITE, WRITE_RETRIES


def samples(metrics):
    families = text_string_to_metric_families(metrics.text().decode())
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


def test_calls_refusals_and_waits_are_shown():
    metrics = Metrics(["addop"], ["order-not-active"])
    metrics.call("addop", None, None, 0.003)
    metrics.call("addop", 1000, "order-not-active", 0.004)
    metrics.response(200)
    metrics.thread_waited(0.02)
    metrics.refused("busy")
    text = metrics.text().decode()
    assert 'tracepro_calls_total{code="ok",method="addop"} 1.0' in text
    assert 'tracepro_calls_total{code="1000",method="addop"} 1.0' in text
    assert 'tracepro_refusals_total{code="order-not-active"} 1.0' in text
    assert 'tracepro_refusals_total{code="busy"} 1.0' in text
    assert 'tracepro_http_responses_total{status="200"} 1.0' in text
    assert "tracepro_thread_wait_seconds_count 1.0" in text


def test_what_is_known_from_the_start_is_shown_from_the_start():
    shown = samples(Metrics(["addop"], ["order-not-active"]))
    assert shown["tracepro_refusals_total", ("code", "order-not-active")] == 0
    for metric in METRICS.values():
        if metric.kind != "gauge" and not metric.labels:
            series = metric.name if metric.kind == "counter" else f"{metric.name}_count"
            assert shown[series,] == 0, (
                f"{series} must be 0 before anything happens, for its first step to be seen"
            )


def test_odd_methods_codes_and_numbers_share_one_label():
    metrics = Metrics(["addop"], ["order-not-active"])
    for number in range(5000):
        metrics.call(f"made-up-{number}", -number, f"code-{number}", 0.001)
        metrics.refused(f"early-{number}")
    metrics.call("addop", 1000, "order-not-active", 0.001)
    shown = samples(metrics)
    assert not any("made-up" in str(key) for key in shown)
    refusals = {key: value for key, value in shown.items() if key[0] == "tracepro_refusals_total"}
    assert len(refusals) == MOST_UNDECLARED + 2
    assert refusals["tracepro_refusals_total", ("code", "order-not-active")] == 1
    assert sum(refusals.values()) == 10_001
    calls = [key for key in shown if key[0] == "tracepro_calls_total"]
    assert len(calls) <= MOST_UNDECLARED + 2


def test_histograms_have_what_observing_each_one_would_give():
    metrics, random = Metrics(), Random(1)
    several = [*WRITE.buckets, 0.0, 60.0, *(random.expovariate(20) for _ in range(200))]
    metrics.observe(WRITE, several)
    for seconds in several:
        metrics._family(THREAD_WAIT).observe(seconds)
    shown = samples(metrics)
    single, bunch = (
        {
            (key[0].removeprefix(metric.name), *key[1:]): round(value, 9)
            for key, value in shown.items()
            if key[0].startswith(metric.name)
        }
        for metric in (THREAD_WAIT, WRITE)
    )
    assert len(bunch) == len(WRITE.buckets) + 3
    assert bunch == single


def test_a_counter_reaches_what_was_counted_and_never_goes_back():
    metrics = Metrics()
    for counted, shown in ((3, 3), (5, 5), (4, 5), (6, 6)):
        metrics.reach(WRITE_RETRIES, counted)
        assert samples(metrics)["tracepro_write_retries_total",] == shown


def test_no_more_is_noted_than_there_is_room_for(monkeypatch):
    monkeypatch.setattr(module, "MOST_NOTED", 10)
    metrics = Metrics(["addop"])
    for _ in range(35):
        metrics.call("addop", None, None, 0.001)
        metrics.response(200)
        metrics.thread_waited(0.001)
        assert max(map(len, (metrics._calls_noted, metrics._statuses_noted, metrics._waits_noted))) <= 10
    text = metrics.text().decode()
    assert 'tracepro_calls_total{code="ok",method="addop"} 35.0' in text
    assert 'tracepro_http_responses_total{status="200"} 35.0' in text
    assert "tracepro_thread_wait_seconds_count 35.0" in text


def test_a_source_that_fails_keeps_nobody_from_the_rest(caplog):
    metrics = Metrics()
    metrics.sources = [lambda metrics: 1 / 0, lambda metrics: metrics.set(NOTIFICATIONS, 7)]
    assert samples(metrics)["tracepro_notifications_waiting",] == 7
    assert "Some metrics could not be told." in caplog.text


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
def test_names_follow_the_conventions_of_prometheus(metric):
    prefix = metric.name.partition("_")[0]
    assert prefix in ("tracepro", "process")
    assert (metric.kind == "counter") == metric.name.endswith("_total")
    assert "le" not in metric.labels and "pid" not in metric.labels
    assert metric.info.endswith(".")
    unit = metric.name.removesuffix("_total").rpartition("_")[2]
    assert unit not in ("ms", "milliseconds", "kb", "mb", "minutes")
