"""Barcode masks: whole codes, in linear time."""

import pytest
from tracepro_orders import masks

from tracepro_hookspecs import InvalidParams
from tracepro_hookspecs.records import Order


def order(**values):
    row = dict.fromkeys(("erp_ref", "item", "item_name", "barcode_mp", "barcode_pcb"), "")
    row |= dict.fromkeys(("customer", "cat1", "cat2", "cat3", "created"), "")
    row |= {"id": 1, "status": 1, "flags": 0, "amount": 0, "params": {}, "mptp": 0, "mpcount": 0, "vd": None}
    return Order(**row | {"operations": ()} | values)


def test_a_code_must_match_whole():
    masked = order(barcode_pcb="A[0-9]{3}|B")
    codes = {"A123": True, "B": True, "A1234": False, "xB": False, "": False}
    assert {code: masks.matches_mask(masked, 1, code) for code in codes} == codes


def test_panels_have_their_own_mask_and_an_empty_one_allows_everything():
    masked = order(barcode_mp="P.*")
    assert masks.matches_mask(masked, 2, "P1") and not masks.matches_mask(masked, 2, "X1")
    assert masks.matches_mask(masked, 1, "anything") and masks.matches_mask(masked, 3, "")


def test_a_mask_that_makes_other_matchers_hang_takes_no_time():
    masked = order(barcode_pcb="(a*)*b" * 10)
    assert not masks.matches_mask(masked, 1, "a" * 255)


@pytest.mark.parametrize("mask", ["(", "[", "x" * 201, "(?=a)b", "(a{1000}){1000}", r"\pL{200}"])
def test_a_bad_mask_is_refused_by_name(mask):
    with pytest.raises(InvalidParams, match="barcode_pcb"):
        masks.check_mask("barcode_pcb", mask)


def test_no_code_matches_a_mask_that_an_older_version_took():
    assert not masks.matches_mask(order(barcode_pcb=r"\pL{200}"), 1, "a" * 200)
