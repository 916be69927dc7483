"""Which carts a step of an order needs: looked up, and replaced as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from peewee import Query
from tracepro_lines import api as lines_api
from tracepro_material import api as material_api
from tracepro_orders import api as orders_api

from tracepro.database import Insert, p, statement
from tracepro_hookspecs import Call, Refused
from tracepro_smdcarts import models as m
from tracepro_smdcarts import reasons
from tracepro_smdcarts.records import Listed, Reel

NEW_CART = Insert(m.Cart, ignore=True)
NEW = Insert(m.Listing)


@statement
def carts_of_steps() -> Query:
    """The carts that are listed for steps of an order, by name."""
    listing, cart = m.Listing, m.Cart
    columns = (listing.op, cart.name, listing.machine, listing.bank, listing.program, listing.reels)
    of_steps = (listing.order_id == p("order_id")) & listing.op.in_(p.integers("ops"))
    return listing.select(*columns).join(cart).where(of_steps).order_by(listing.op, cart.name)


@statement
def locked_carts() -> Query:
    """Carts by name, locked in order of name, so that two calls never wait for each other."""
    return (
        m.Cart.select(m.Cart.name, m.Cart.id)
        .where(m.Cart.name.in_(p.texts("names")))
        .order_by(m.Cart.name)
        .for_update()
    )


@statement
def listings_for_orders() -> Query:
    """For which steps of some orders carts are listed."""
    listing = m.Listing
    columns = (listing.cart, listing.order_id, listing.op, listing.reels)
    where = listing.cart.in_(p.integers("carts")) & listing.order_id.in_(p.integers("order_ids"))
    return listing.select(*columns).where(where).order_by(listing.id)


@statement
def delete_listings() -> Query:
    """List no cart for a step any more."""
    return m.Listing.delete().where(m.Listing.order_id == p("order_id"), m.Listing.op == p("op"))


def of_steps(call: Call, order_id: int, ops: Iterable[int]) -> list[Listed]:
    """Return the carts that are listed for steps of an order, by step and name."""
    rows = call.db.rows(carts_of_steps, order_id=order_id, ops=sorted(set(ops)))
    return [Listed._make((*columns, tuple(Reel(*reel) for reel in reels))) for *columns, reels in rows]


def put(call: Call, order_id: int, op: int, listed: Sequence[Listed]) -> None:
    """Replace the carts of a step of an order.

    Raises ``order-not-found``, Refused (``op-not-in-route``), ``machine-not-found`` and Conflict (``cart-in-use``).
    """
    order = orders_api.lock_counts(call, order_id)
    if listed:
        _, unknown = orders_api.resolve_steps(order, [(op, None)])
        if unknown:
            raise Refused(unknown)
    before = of_steps(call, order_id, [op])
    _require_machines(call, order_id, before, listed)
    carts = _lock_carts(call, [each.cart for each in listed])
    _refuse_carts_in_use(call, order_id, listed, carts)
    call.db.run(delete_listings, order_id=order_id, op=op)
    same = {"order_id": order_id, "op": op}
    rows = [same | each._asdict() | {"cart": carts[each.cart]} for each in listed]
    if rows:
        call.db.insert_many(NEW, rows)
    call.changed(f"order {order_id}", f"carts of step {op}", _noted(before), _noted(listed))


def _require_machines(call: Call, order_id: int, before: Sequence[Listed], listed: Sequence[Listed]) -> None:
    """Refuse machines that no line has, and those that the caller's token isn't for, also of carts that are cleared."""
    wanted = {each.machine for each in listed}
    machines = lines_api.machines_named(call, wanted | {each.machine for each in before})
    for name in sorted(wanted - {machine.name for machine in machines}):
        raise lines_api.machine_not_found(name)
    if call.caller.lines is not None:
        _require_own_lines(call, order_id, machines)


def _require_own_lines(call: Call, order_id: int, machines: Sequence[lines_api.StoredMachine]) -> None:
    """Refuse what stands on lines of others to a token for some lines.

    Lines call machines by the same names. A name is the caller's where one of its lines has such a machine, unless
    the order is worked on at another's machine of that name.
    """
    own, orders = call.caller.lines or frozenset(), lines_api.current_orders(call)
    line_of = {machine.id: call.line_of("machine_id", machine.id) or "" for machine in machines}
    owned = {machine.name for machine in machines if line_of[machine.id] in own}
    for machine in machines:
        if machine.name not in owned or orders.get(line_of[machine.id]) == order_id:
            call.require_line_of("machine_id", machine.id)


def _lock_carts(call: Call, names: Sequence[str]) -> dict[str, int]:
    """Return the ids of carts, locked until the call ends; new ones are made."""
    if not names:
        return {}
    for name in sorted(names):
        call.db.insert_or_ignore(NEW_CART, name=name)
    return dict(call.db.rows(locked_carts, names=list(names)))


def _refuse_carts_in_use(
    call: Call, order_id: int, listed: Sequence[Listed], carts: Mapping[str, int]
) -> None:
    others = sorted(set(lines_api.current_orders(call).values()) - {order_id})
    if not carts or not others:
        return
    by_id = {carts[each.cart]: each for each in listed}
    for cart, other_id, op, reels in call.db.rows(listings_for_orders, carts=list(by_id), order_ids=others):
        if sorted(map(_comparable, reels)) != sorted(map(_comparable, by_id[cart].reels)):
            ref = orders_api.references(call, [other_id])[other_id].erp_ref
            raise reasons.cart_in_use(by_id[cart].cart, ref, op)


def _comparable(reel: Sequence[Any]) -> tuple[Any, ...]:
    hole_no, mat_item, mat_lot = reel
    return hole_no, mat_item, mat_lot or ""


def _noted(listed: Sequence[Listed]) -> list[dict[str, Any]]:
    """Return what the audit keeps of the carts of a step."""
    rows = sorted(listed, key=lambda each: each.cart)
    return [
        {key: value for key, value in each._asdict().items() if key != "op"}
        | {"reels": list(map(list, each.reels))}
        for each in rows
    ]


def answer(call: Call, listed: Sequence[Listed]) -> list[dict[str, Any]]:
    """Return carts as the API shows them; the ids of lots that are known are looked up at once."""
    reels = [reel for each in listed for reel in each.reels if reel.mat_lot is not None]
    lots = material_api.lot_ids(call, {(reel.mat_item, reel.mat_lot or "") for reel in reels})
    return [_shown(each, lots) for each in listed]


def _shown(listed: Listed, lots: Mapping[tuple[str, str], int]) -> dict[str, Any]:
    rows = [
        {
            "hole_no": reel.hole_no,
            "mat_item": reel.mat_item,
            "scanned_lot": reel.mat_lot,
            "wfloormat_id": lots.get((reel.mat_item, reel.mat_lot or "")),
        }
        for reel in listed.reels
    ]
    place = {"cart": listed.cart, "machine": listed.machine, "bank": listed.bank, "program": listed.program}
    return place | {"item_data": rows}
