"""Routings as they are stored."""

from tracepro_orders.routing import decode, encode, from_rows


def test_a_routing_reads_back_as_it_was_written():
    steps = from_rows([{"op": 20, "act": 2}, {"op": 10, "act": 1, "name": "Ř", "params": {"a": [1, None]}}])
    assert [step.op for step in steps] == [10, 20]
    assert decode(encode(steps)) == steps
