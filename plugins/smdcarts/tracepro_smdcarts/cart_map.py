"""The map of setcartsfororder: read into carts, and refused where it can't be what stands on a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tracepro.codes import code
from tracepro_smdcarts import reasons
from tracepro_smdcarts.records import Listed, Reel


def read(op: int, program: str, cart_map: Mapping[str, Mapping[str, Any]]) -> list[Listed]:
    """Return the carts of a map in order of name.

    Raises InvalidParams for a cart that is named twice, two carts on one bank and one lot in two places.
    """
    listed = [_cart(op, program, name, row) for name, row in cart_map.items()]
    listed.sort(key=lambda each: each.cart)
    _refuse_carts_twice(listed)
    _refuse_shared_banks(listed)
    _refuse_lots_twice(listed)
    return listed


def _cart(op: int, program: str, name: str, row: Mapping[str, Any]) -> Listed:
    try:
        cart = code(name)
        if not cart:
            raise ValueError("must not be empty")
    except ValueError as error:
        raise reasons.bad_cart_name(name, error) from None
    reels = tuple(
        Reel(item["hole_no"], item["mat_item"], item.get("scanned_lot") or None) for item in row["item_data"]
    )
    return Listed(op, cart, row["machine"], row["bank"], program, reels)


def _refuse_carts_twice(listed: Sequence[Listed]) -> None:
    seen: set[str] = set()
    for each in listed:
        if each.cart in seen:
            raise reasons.cart_twice(each.cart)
        seen.add(each.cart)


def _refuse_shared_banks(listed: Sequence[Listed]) -> None:
    """A bank is the same whether it comes as a number or as its digits."""
    by_bank: dict[tuple[str, str], str] = {}
    for each in listed:
        first = by_bank.setdefault((each.machine, str(each.bank)), each.cart)
        if first != each.cart:
            raise reasons.carts_on_one_bank(first, each.cart, each.machine, each.bank)


def _refuse_lots_twice(listed: Sequence[Listed]) -> None:
    by_lot: dict[tuple[str, str], str] = {}
    for each in listed:
        for reel in each.reels:
            if reel.mat_lot is None:
                continue
            key = (reel.mat_item, reel.mat_lot)
            if key in by_lot:
                raise reasons.lot_twice(reel, by_lot[key], each.cart)
            by_lot[key] = each.cart
