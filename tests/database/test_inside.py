"""A thread that is inside a call may not open another transaction or start another call."""

import pytest

from tracepro.database.inside import enter, leave, refuse_inside


def test_inside_a_call_it_is_refused_by_name_and_outside_not():
    refuse_inside("anything")
    enter("addop")
    try:
        with pytest.raises(RuntimeError, match="addop tried to read again inside its own call"):
            refuse_inside("read again")
    finally:
        leave()
    refuse_inside("anything")
