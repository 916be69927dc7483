"""Strict JSON takes exactly what the careful parser takes, whatever the bytes."""

import json

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracepro.rpc import strict_json
from tracepro.rpc.strict_json import BadJson

TEXTS = st.text(st.sampled_from('":,{}[]\\ u0"aé\n\x1d0123e😀'), max_size=6)
NUMBERS = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)
MUTATIONS = st.lists(
    st.tuples(
        st.integers(0, 400),
        st.sampled_from([b'"', b":", b",", b"{", b"}", b"\\", b"0", b"1e999", b"\\u00", b" "]),
    ),
    max_size=3,
)


def generated(few, *strategies):
    """Run a test on a few generated values, and on fifty times as many in the slow run."""

    def decorate(test):
        @pytest.mark.parametrize("examples", [few, pytest.param(50 * few, marks=pytest.mark.slow)])
        def run(examples):
            settings(max_examples=examples, deadline=None, derandomize=True)(given(*strategies)(test))()

        return run

    return decorate


def outcome(read, body):
    try:
        return "value", repr(read(body))
    except BadJson as error:
        return "bad", error.grammar


def quick(body):
    return strict_json.parse(body)[0]


@generated(120, VALUES, st.sampled_from([None, 1]), st.booleans())
def test_whatever_json_writes_is_read_back(value, indent, ascii_only):
    body = json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode()
    assert repr(quick(body)) == repr(value)
    assert repr(quick(orjson.dumps(value))) == repr(value)


@generated(200, VALUES, MUTATIONS)
def test_quick_and_careful_agree_on_damaged_bodies(value, mutations):
    body = json.dumps(value).encode()
    for place, piece in mutations:
        place %= len(body) + 1
        body = body[:place] + piece + body[place:]
    assert outcome(quick, body) == outcome(strict_json.parse_carefully, body)


@generated(120, st.binary(max_size=40))
def test_any_bytes_end_in_a_value_or_a_refusal(body):
    assert outcome(quick, body) == outcome(strict_json.parse_carefully, body)


@generated(
    100, st.lists(st.tuples(TEXTS, VALUES), min_size=1, max_size=5), st.sampled_from([":", ": ", " : "])
)
def test_duplicates_are_found_wherever_they_hide(pairs, colon):
    inside = ",".join(f"{json.dumps(name)}{colon}{json.dumps(value)}" for name, value in pairs)
    duplicates = len({name for name, _ in pairs}) != len(pairs)
    assert outcome(quick, f'[{{"x":{{{inside}}}}}]'.encode())[0] == ("bad" if duplicates else "value")


def test_loads_refuses_nul_and_long_integers_as_well():
    assert strict_json.loads(b'{"a":9223372036854775807}') == {"a": 2**63 - 1}
    for body in (b'["\\u0000"]', b"[9223372036854775808]", b'{"\\u0000":1}'):
        with pytest.raises(BadJson) as refused:
            strict_json.loads(body)
        assert not refused.value.grammar


@pytest.mark.parametrize("one", [b"[]", b"{}", b"0", b'"a,[{\\\\\\","'])
def test_values_are_counted_outside_of_texts_only(one):
    body = b"[" + b",".join([one] * 20) + b"]"
    values = 1 + 20 * (2 if one in (b"[]", b"{}") else 1)
    assert strict_json.parse(body, values + 1)[0] == json.loads(body)
    with pytest.raises(BadJson, match=f"more than {values - 1} values"):
        strict_json.parse(body, values - 1)


@pytest.mark.parametrize(("inner", "levels"), [("[%s]", 1), ('{"a":%s}', 1), ('[{"]":%s}]', 2)])
def test_the_depth_is_exact(inner, levels):
    body = "1"
    for _ in range(64 // levels):
        body = inner % body
    assert quick(body.encode())
    with pytest.raises(BadJson, match="more than 64 deep"):
        quick(f"[{body}]".encode())
