"""Codes lose what scanners put around them, and nothing else."""

import pytest
from hypothesis import given, strategies

from tracepro.codes import LONGEST, WHITE, code, trim

SCANNED = strategies.text(strategies.sampled_from("A1] \r\n\t\xa0\u200b\ufeff\x1d-C0f")) | strategies.text()


@given(SCANNED)
def test_trimming_twice_is_trimming_once(text):
    assert trim(trim(text)) == trim(text)


@given(SCANNED)
def test_a_code_is_refused_or_clean(text):
    try:
        found = code(text)
    except ValueError:
        return
    assert found == trim(text) and found.isprintable() and len(found) <= LONGEST
    assert bool(found) == bool(text)


@pytest.mark.parametrize(
    ("scanned", "meant"),
    [
        ("SN001\r\n", "SN001"),
        ("\t SN 001 ", "SN 001"),
        ("\ufeffSN001\u200b\xa0", "SN001"),
        ("]C1SN001", "SN001"),
        ("]C1]d2 ]Q3SN001", "SN001"),
        ("]zFSN001", "SN001"),
        ("]CGSN001", "]CGSN001"),
        ("]1", "]1"),
        ("0017", "0017"),
        ("Dílna-ř", "Dílna-ř"),
        ("", ""),
    ],
)
def test_what_a_scanner_adds_is_taken_off(scanned, meant):
    assert code(scanned) == meant


@pytest.mark.parametrize(
    "sign", [*"\r\n\t\0\x1c\x1d\x7f", *"\xa0\xad\u200b\u200d\u2028\u2029\u3000\ue000\uffff\ud800"]
)
def test_what_is_invisible_inside_is_refused_with_its_place(sign):
    with pytest.raises(ValueError, match=rf"has U\+{ord(sign):04X} at place 3"):
        code(f"SN{sign}1")


@pytest.mark.parametrize("sign", "\x1c\x1d\x1e\x1f")
def test_separators_of_labels_are_not_white_space(sign):
    assert sign not in WHITE
    with pytest.raises(ValueError, match="invisible"):
        code(f"SN1{sign}")


@pytest.mark.parametrize("nothing", [" ", "\r\n", "]C1", "]C1 ]d2\ufeff"])
def test_what_has_nothing_left_is_refused(nothing):
    with pytest.raises(ValueError, match="nothing except white space"):
        code(nothing)


def test_a_length_is_judged_after_trimming():
    assert code(f"]C1{'A' * LONGEST}\r\n") == "A" * LONGEST
    with pytest.raises(ValueError, match="at most 255 characters, not 256"):
        code("A" * 256)


def test_a_long_run_of_prefixes_costs_no_more_than_its_length():
    assert trim("]C1" * 300_000 + "A") == "A"
