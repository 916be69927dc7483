"""The pages of orders: who sees which buttons, filters and pages of the list, and that what clients store is shown as text."""

import re

import pytest

EVIL = '<b onload="x">&amp;'
SHOWN = "&lt;b onload=&#34;x&#34;&gt;&amp;amp;"
PLUGINS = ("auth", "workplaces", "orders", "pages")


@pytest.fixture
def plant(make_plant, acts):
    return make_plant(plugins=PLUGINS, plant=acts)


@pytest.fixture
def get(plant):
    """Return a function that gets a page with a token of these scopes and lines, without one as somebody on this machine."""

    def page(path, *scopes, lines=None):
        return plant.rest("GET", path, token=plant.token(*scopes, lines=lines) if scopes else None)

    return page


def make(plant, erp_ref, status=1, item="PCB-A", **properties):
    order_id = plant.call("makeorder", erp_ref, item, status, 1, 100)["id"]
    if properties:
        plant.call("updateorder", order_id, properties)
    return order_id


def listed(answer):
    assert answer.status == 200
    return re.findall(r'<a class="row" href="/ui/order/\d+">([^<]*)</a>', answer.text)


def more(answer):
    return re.search(r'<a class="button" href="(/ui/orders\?[^"]*)">More', answer.text)


def test_the_list_goes_on_by_the_last_order_newest_first_whatever_status_is_asked_for(
    make_plant, acts, database
):
    plant = make_plant(plugins=PLUGINS, plant=acts, database=database)
    for number in range(1, 121):
        make(plant, f"VP-{number:03}", status=number % 2)
    for query, wanted in (
        ("", range(120, 0, -1)),
        ("?status=1", range(119, 0, -2)),
        ("?text=VP-0", range(1, 100)),
        ("?text=VP-0&status=0", range(2, 100, 2)),
    ):
        found, path = [], f"/ui/orders{query}"
        while path:
            answer = plant.rest("GET", path)
            found += listed(answer)
            link = more(answer)
            path = link and link[1].replace("&amp;", "&")
        assert found == [f"VP-{number:03}" for number in wanted], query
    assert len(listed(plant.rest("GET", "/ui/orders"))) == 50
    nothing = plant.rest("GET", "/ui/orders?text=%25")
    assert listed(nothing) == [] and "No order is like that" in nothing.text


def test_what_clients_store_is_shown_as_text(plant, get):
    order_id = make(plant, EVIL, item=EVIL, item_name=EVIL, customer=EVIL, barcode_pcb="<b>")
    steps = [
        {
            "op": 10,
            "act": 1,
            "name": EVIL,
            "desc": EVIL,
            "params": {"back_to": 1, "x": "'><b onload=x>"},
            "flags": 8,
        }
    ]
    plant.call("updateorder", order_id, {}, steps)
    for path in (
        "/ui/orders",
        f"/ui/order/{order_id}",
        f"/ui/order/{order_id}/route",
        "/ui/orders/new?copy=%3Cb+onload",
    ):
        answer = get(path)
        text = answer.text
        assert answer.status == 200
        assert "<b onload" not in text and "<b>" not in text, path
    assert get(f"/ui/order/{order_id}").text.count(SHOWN) >= 5


def test_only_who_may_change_orders_sees_how(plant, get):
    order_id = make(plant, "VP-1")
    for scopes, lines, seen in (
        (("read", "write"), None, True),
        (("read",), None, False),
        (("read", "write"), ["L1"], False),
    ):
        order, all_orders = (
            get(f"/ui/order/{order_id}", *scopes, lines=lines),
            get("/ui/orders", *scopes, lines=lines),
        )
        assert ("data-status" in order.text, "/ui/orders/new" in order.text) == (seen, seen)
        assert ("/ui/orders/new" in all_orders.text) == seen
        for path in ("/ui/orders/new", f"/ui/order/{order_id}/route"):
            answer = get(path, *scopes, lines=lines)
            assert answer.status == (200 if "write" in scopes else 403)
            assert ('<form id="' in answer.text) == seen


@pytest.mark.parametrize(
    ("status", "buttons"),
    [
        (0, [("1", "Release"), ("5", "Cancel")]),
        (1, [("2", "Hold"), ("3", "Finish"), ("4", "Close")]),
        (2, [("1", "Release"), ("3", "Finish"), ("4", "Close"), ("5", "Cancel")]),
        (3, [("1", "Release"), ("4", "Close")]),
        (4, [("1", "Release")]),
        (5, [("0", "Reopen")]),
    ],
)
def test_an_order_shows_what_may_become_of_it(plant, get, status, buttons):
    text = get(f"/ui/order/{make(plant, 'VP-1', status)}").text
    assert re.findall(r'data-status="(\d)">(\w+)<', text) == buttons


def test_an_order_without_a_routing_says_what_to_do_and_one_with_many_steps_is_cut(plant, get):
    order_id = make(plant, "VP-1")
    assert "This order has no routing" in get(f"/ui/order/{order_id}").text
    plant.call("updateorder", order_id, {}, [{"op": op, "act": 1, "flags": 5} for op in range(1, 131)])
    text = get(f"/ui/order/{order_id}").text
    assert "… and 30 more steps." in text and "<td>SMT</td><td>Optional, Any order</td>" in text


def test_what_is_not_there_is_told(get):
    assert get("/ui/order/99").status == 404 and "There is no order 99" in get("/ui/order/99").text
    assert get("/ui/order/x").status == 404
    assert get("/ui/orders?text=V&after=99").status == 404
    assert get("/ui/orders?status=9").status == 400
