"""Trees of hashes: a path leads to the root from its own hash and from no other."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st
from tracepro_seal import checker, tree

SIZES = st.integers(1, 70)


def hashes(size):
    return [hashlib.sha256(bytes((number,))).digest() for number in range(size)]


def plain_root(leaves):
    """The root as RFC 9162 defines it."""
    if len(leaves) == 1:
        return leaves[0]
    left = 1
    while left * 2 < len(leaves):
        left *= 2
    return hashlib.sha256(b"\x01" + plain_root(leaves[:left]) + plain_root(leaves[left:])).digest()


@given(SIZES)
def test_the_root_is_that_of_the_definition(size):
    assert checker.root_of(hashes(size)) == plain_root(hashes(size))


def test_the_root_of_nothing_is_the_hash_of_nothing():
    assert checker.root_of([]) == hashlib.sha256().digest()


def path_in(leaves, index):
    return tree.path(index, len(leaves), lambda start, size: checker.root_of(leaves[start : start + size]))


@given(SIZES, st.data())
def test_a_path_leads_to_the_root_from_its_own_place_alone(size, data):
    leaves = hashes(size)
    index, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size - 1))
    path, root = path_in(leaves, index), plain_root(leaves)
    assert checker.root_by_path(leaves[index], index, size, path) == root
    if other != index:
        assert checker.root_by_path(leaves[other], index, size, path) != root
        assert checker.root_by_path(leaves[index], other, size, path) != root
    assert checker.root_by_path(leaves[index], index, size, [*path, root]) != root
    if path:
        assert checker.root_by_path(leaves[index], index, size, path[:-1]) != root


@given(SIZES, st.integers(-3, 100), st.integers(-3, 100))
def test_no_place_and_no_size_leads_astray(size, index, claimed):
    leaves = hashes(size)
    path = path_in(leaves, size - 1)
    found = checker.root_by_path(leaves[-1], index, claimed, path)
    if (index, claimed) != (size - 1, size):
        assert found is None or found != plain_root(leaves) or claimed > size


VALUES = (7, 1_000_000, "terminal-1", None, -4, "SMT-1", "addop", '{"a":"ě"}', "[]", None, "r1", "", None)


def test_the_bytes_of_a_row_are_those_that_are_written_down():
    number = lambda value: b"\x01" + value.to_bytes(8, "big", signed=True)  # noqa: E731
    text = lambda value: b"\x02" + len(value.encode()).to_bytes(4, "big") + value.encode()  # noqa: E731
    data = b"\x01" + b"".join(
        b"\x00" if value is None else number(value) if isinstance(value, int) else text(value)
        for value in VALUES
    )
    assert checker.row_hash(VALUES) == hashlib.sha256(b"\x00" + data).digest()
    assert (
        checker.row_hash(VALUES).hex() == "a249847159dd6c2c7a4292216b4079e87761ef04d231ba0680143fd39498b2c9"
    )


def test_null_is_not_an_empty_text_and_no_text_runs_into_the_next():
    found = {
        checker.row_hash((1, one, two)) for one, two in (("", None), (None, ""), ("ab", "c"), ("a", "bc"))
    }
    assert len(found) == 4
