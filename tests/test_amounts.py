"""Amounts are exact to six decimals."""

import pytest
from hypothesis import given, strategies

from tracepro.amounts import LARGEST, MICRO, to_micros, to_number


@given(strategies.integers(0, LARGEST * MICRO))
def test_an_amount_that_goes_out_comes_back_the_same(micros):
    assert to_micros(to_number(micros)) == micros


@pytest.mark.parametrize(
    ("number", "micros"),
    [
        (0, 0),
        (4, 4_000_000),
        (0.1, 100_000),
        (1.0, MICRO),
        (0.000001, 1),
        (-0.0, 0),
        (999_999_999.999999, 999_999_999_999_999),
    ],
)
def test_six_decimals_are_exact(number, micros):
    assert to_micros(number) == micros


def test_whole_amounts_go_out_as_integers():
    assert [to_number(2_000_000), to_number(2_500_000)] == [2, 2.5]
    assert isinstance(to_number(2_000_000), int)


@pytest.mark.parametrize("wrong", [-1, -0.000001, LARGEST + 1, float("nan"), float("inf"), True])
def test_what_is_no_amount_is_refused(wrong):
    with pytest.raises(ValueError, match="lies between 0 and"):
        to_micros(wrong)


@pytest.mark.parametrize("wrong", [0.0000001, 1.2345678, 1e-9])
def test_a_seventh_decimal_is_refused(wrong):
    with pytest.raises(ValueError, match="more than six decimals"):
        to_micros(wrong)


@given(strategies.lists(strategies.integers(0, 10**7), min_size=1, max_size=100))
def test_the_noise_of_sums_is_rounded_away(micros):
    total = 0.0
    for each in micros:
        total += each / MICRO
    assert to_micros(total) == sum(micros)


@pytest.mark.parametrize(
    ("number", "micros"), [(0.1 + 0.2, 300_000), (1.1 * 3, 3_300_000), (4.35 * 100, 435_000_000)]
)
def test_the_noise_of_a_product_is_rounded_away(number, micros):
    assert to_micros(number) == micros


@pytest.mark.parametrize("wrong", [123_456_789.1234567, 999_999_999.9999995, 0.30000001])
def test_a_real_seventh_decimal_is_not_noise(wrong):
    with pytest.raises(ValueError, match="more than six decimals"):
        to_micros(wrong)
