"""Bodies: their limit, their deadline, and those that end before their time."""

import pytest

CALL = b'{"jsonrpc":"2.0","method":"x","id":1}'


def test_an_announced_body_over_the_limit_is_413_before_it_is_read(fake, error_of):
    app = fake()
    answer = app.rpc(b"x", **{"content-length": "10485760"})
    assert answer.status == 413
    assert error_of(answer) == (-32600, "body-too-large")


def test_a_chunked_body_over_the_limit_is_413_while_reading(fake):
    app = fake()
    answer = app.rpc(*[b"x" * 400] * 5, **{"transfer-encoding": "chunked"})
    assert answer.status == 413 and not app.seen


def test_a_chunked_body_is_served(fake):
    app = fake()
    assert app.rpc(CALL[:10], CALL[10:], **{"transfer-encoding": "chunked"}).status == 200
    assert app.seen[0].body == CALL


@pytest.mark.parametrize("chunks", [(CALL[:10], None), (None,)])
def test_a_body_cut_short_is_400_and_never_executed(fake, chunks, error_of):
    app = fake()
    answer = app.rpc(*chunks, **{"content-length": str(len(CALL))})
    assert answer.status == 400 and not app.seen
    assert error_of(answer) == (-32600, "body-broken")


def test_a_chunked_body_cut_short_is_400(fake):
    app = fake()
    assert app.rpc(CALL, None, **{"transfer-encoding": "chunked"}).status == 400
    assert not app.seen


def test_a_body_that_does_not_arrive_is_408(fake, monkeypatch, error_of):
    monkeypatch.setattr("tracepro.http.body.LINGER_SECONDS", 0.01)
    app = fake(read_seconds=0.05)
    answer = app.rpc(**{"content-length": "50"})
    assert answer.status == 408 and not app.seen
    assert error_of(answer) == (-32600, "body-too-slow")
    assert answer.headers["connection"] == "close"
