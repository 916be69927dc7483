"""The codes of this plugin, each built in one place with its sentence."""

from __future__ import annotations

from tracepro_hookspecs import Conflict, InvalidParams, Reason
from tracepro_hookspecs.records import Order, Step
from tracepro_smdcarts.records import Listed, Reel


def cart_missing(order: Order, step: Step, listed: Listed, missing: list[Reel]) -> Reason:
    """Return the reason for a cart that a step needs and that is not docked."""
    reel = missing[0]
    info = (
        f"Cart {listed.cart} for step {step.op} of order {order.erp_ref} is not docked at bank {listed.bank} of "
        f"{listed.machine}: lot {reel.mat_lot} of {reel.mat_item} is not loaded in hole {reel.hole_no}. Dock it and load its reels."
    )
    return Reason("cart-missing", info, op=step.op, act=step.act, plugin="smdcarts")


def cart_in_use(cart: str, order_ref: str, op: int) -> Conflict:
    """Return the error for a cart that holds other reels for an order that a line works on."""
    info = (
        f"Cart {cart} is listed with other reels for step {op} of order {order_ref}, which a line works on; take "
        "another cart, or wait until that order is off the line."
    )
    return Conflict("cart-in-use", info)


def carts_on_one_bank(first: str, second: str, machine: str, bank: int | str) -> InvalidParams:
    """Return the error for two carts of a map at one bank."""
    info = f"Carts {first} and {second} are both at bank {bank} of {machine}; a bank takes one cart."
    return InvalidParams("cart_map", info, rule="unique")


def lot_twice(reel: Reel, first: str, second: str) -> InvalidParams:
    """Return the error for a lot in two places of a map."""
    where = f"on carts {first} and {second}" if first != second else f"twice on cart {first}"
    info = f"Lot {reel.mat_lot} of {reel.mat_item} is {where}; a reel is in one place."
    return InvalidParams("cart_map", info, rule="unique")


def cart_twice(cart: str) -> InvalidParams:
    """Return the error for a cart that a map names twice."""
    return InvalidParams("cart_map", f"Cart {cart} is in the map twice; name it once.", rule="unique")


def bad_cart_name(name: str, error: ValueError) -> InvalidParams:
    """Return the error for a name of a cart that can't be one; ``error`` is the end of the sentence."""
    return InvalidParams("cart_map", f"The name {name!r:.80} of a cart {error}.", rule="value")
