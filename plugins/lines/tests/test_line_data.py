"""What terminals keep for a workplace."""

import pytest
from tracepro_lines import line_data

VALUES = [True, 0, -1.5, 2**53, "", "ž", [], {}, {"a": [1, {"b": None}]}, [[None]]]


def test_any_json_value_comes_back_as_it_was(watched):
    for value in VALUES:
        assert watched.storelinedata(100, "program", "current", value) is True
        found = watched.findlinedata(100, "program", "current")
        assert found == value and type(found) is type(value)


def test_what_is_not_there_is_null(watched):
    watched.storelinedata(100, "program", "current", 1)
    for asked in (
        (101, "program", "current"),
        (100, "other", "current"),
        (100, "program", "next"),
        (999, "a", "b"),
    ):
        assert watched.findlinedata(*asked) is None
    watched.storelinedata(100, "program", "current", None)
    assert watched.findlinedata(100, "program", "current") is None


def test_an_unknown_workplace_and_a_long_value_are_refused(watched):
    assert watched.refusal("storelinedata", 999, "a", "b", 1) == (1001, "workplace-not-found")
    watched.storelinedata(100, "a", "b", "x" * 65_533)
    assert watched.refusal("storelinedata", 100, "a", "b", "x" * 65_534) == (-32602, "invalid-params")
    assert len(watched.findlinedata(100, "a", "b")) == 65_533


@pytest.mark.parametrize(("value", "after"), [(2, 2), (None, None)])
def test_what_is_overwritten_stands_in_the_audit(watched, value, after):
    watched.storelinedata(100, "a", "b", 1)

    def store(call):
        line_data.store(call, 100, "a", "b", value)
        line_data.store(call, 100, "a", "new", 1)
        return [
            (change["what"], change["field"], change["before"], change["after"]) for change in call.changes
        ]

    assert watched.plant.write(store) == [("line data of workplace 100", "a b", 1, after)]
