"""Counting: what is shown, and that labels never grow with what clients send."""

from tracepro.metrics import MOST_CODES, Metrics


def test_calls_refusals_and_waits_are_shown():
    metrics = Metrics(["addop"])
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


def test_unknown_methods_and_endless_codes_share_one_label():
    metrics = Metrics(["addop"])
    for number in range(MOST_CODES + 50):
        metrics.call(f"made-up-{number}", -32601, f"code-{number}", 0.001)
    text = metrics.text().decode()
    assert "made-up" not in text
    assert text.count("tracepro_refusals_total{") == MOST_CODES + 1
    assert 'tracepro_refusals_total{code="other"} 50.0' in text
