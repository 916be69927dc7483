"""A thread that is inside a call may not open another transaction or start another call."""

import pytest

from tracepro.inside import Inside, refuse_inside


def test_inside_a_call_it_is_refused_by_name_and_outside_not():
    refuse_inside("anything")
    with Inside("addop"), pytest.raises(RuntimeError, match="addop tried to read again inside its own call"):
        refuse_inside("read again")
    refuse_inside("anything")


def test_a_call_that_fails_leaves():
    with pytest.raises(ValueError, match="failed"), Inside("addop"):
        raise ValueError("failed")
    refuse_inside("anything")
