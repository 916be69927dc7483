"""The station in a browser: scanned, told why not, booked; through a network that is cut, with each booking made once."""

import itertools
import json
from datetime import UTC, datetime, timedelta

import pytest

PROGRAMMING, INSPECTION, REPAIR, LABORATORY = 144, 143, 140, 145
REPEATABLE, REPAIR_STEP = 2, 8
MARKUP = "<img src=x onerror=alert(1)>"
NO_NETWORK = ["net::ERR_INTERNET_DISCONNECTED", "net::ERR_FAILED"]
NUMBERS = itertools.count(1)


STEPS = [
    {"op": 10, "act": 14, "name": "Load firmware"},
    {"op": 20, "act": 13, "name": "Inspect"},
    {"op": 30, "act": 9, "name": "Repair", "flags": REPAIR_STEP},
]
TWICE = [{**STEPS[0], "flags": REPEATABLE}, *STEPS[1:]]
"""What would be recorded twice if it were sent as two bookings."""
TESTS = [{"op": 10, "act": 7, "name": "In-circuit test"}, {"op": 20, "act": 8, "name": "Functional test"}]


class Order:
    """An order of a test's own: load firmware, inspect, and repair what fails."""

    def __init__(self, plant, steps=STEPS, product=None):
        self.plant = plant
        self.number = next(NUMBERS)
        self.ref = f"WEB-{self.number}"
        self.id = plant.rpc("makeorder", self.ref, product or f"WEB-P{self.number}", 1, 1)["id"]
        plant.rpc("updateorder", self.id, {}, steps)

    def unit(self, number=0, code=None):
        """Make a unit and return its code."""
        return self.plant.rpc("getitem", self.id, code or f"W{self.number}-{number}", 1)["barcode"]

    def booked(self, code):
        """What was recorded on the unit with a code: steps with their results."""
        for item in self.plant.rpc("getitembybarcode", code):
            if item["order_id"] == self.id:
                done = self.plant.rpc("getitemoperations", item["id"])
                return [(each["op"], each["result"]) for each in done]
        return []

    def record(self, code, op, wp_id):
        """Record a pass, as another terminal would."""
        (item,) = self.plant.rpc("getitembybarcode", code)
        self.plant.rpc("addop", item["id"], op, None, wp_id, [])


@pytest.fixture
def station(open_page):
    """Return a function that opens the page of a station, to be worked by keyboard alone."""

    def open_station(wp_id, **context):
        return Station(open_page(f"/ui/station/{wp_id}", **context))

    return open_station


class Station:
    def __init__(self, page):
        self.page = page
        self.page.locator("#code:focus").wait_for()

    def type(self, text):
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")

    def told(self, word):
        """Wait for a verdict and return all it says."""
        self.page.locator("#verdict strong").get_by_text(word, exact=True).wait_for()
        return self.page.inner_text("#verdict")

    def scan(self, code, word):
        self.type(code)
        return self.told(word)

    def book(self, code, scanned="Go", booked="Booked: Pass"):
        self.scan(code, scanned)
        self.type("p")
        return self.told(booked)

    def waits(self, count):
        """Wait until so many bookings wait."""
        queue = self.page.locator("#queue")
        if count:
            queue.locator(".count").get_by_text(str(count), exact=True).wait_for()
        else:
            queue.wait_for(state="hidden")

    def cut(self, *methods):
        """Lose calls of these methods, all if none is named, with the server having heard nothing of them."""
        self.page.watched.allowed += NO_NETWORK
        self.page.context.route(
            "**/api/",
            lambda route: route.abort() if _is_of(route.request, methods) else route.continue_(),
        )

    def heal(self):
        self.page.context.unroute("**/api/")
        self.try_again()

    def try_again(self):
        self.page.evaluate("dispatchEvent(new Event('online'))")


def _is_of(request, methods):
    calls = json.loads(request.post_data)
    return not methods or any(
        call["method"] in methods for call in (calls if isinstance(calls, list) else [calls])
    )


def test_a_scan_tells_what_is_missing_and_once_that_is_done_it_is_booked(station, plant):
    order = Order(plant)
    code = order.unit()
    inspection = station(INSPECTION)
    assert "it has not passed 10 Load firmware; do that first" in inspection.scan(code, "Stop")
    assert inspection.page.locator("#actions .pass").is_hidden()
    station(PROGRAMMING).book(code)
    assert f"order {order.ref} · step 20 Inspect" in inspection.scan(code, "Go")
    inspection.type("p")
    inspection.told("Booked: Pass")
    assert order.booked(code) == [(10, 0), (20, 0)]
    inspection.page.locator("#records").get_by_text(code).wait_for()
    assert "has passed step 20 Inspect already" in inspection.scan(code, "Stop")


def test_a_fail_with_its_fault_is_repaired(station, plant):
    order = Order(plant)
    code = order.unit()
    programming = station(PROGRAMMING)
    programming.scan(code, "Go")
    programming.type("f")
    programming.page.locator("[name=value]:focus").wait_for()
    programming.type("checksum")
    programming.told("Booked: Fail")
    (item,) = plant.rpc("getitembybarcode", code)
    assert plant.rpc("getitemoperations", item["id"])[0]["data"] == [[0, "fault", "checksum"]]
    station(REPAIR).book(code)
    programming.book(code)
    assert order.booked(code) == [(10, 1), (30, 0), (10, 0)]


def test_of_several_steps_that_a_station_does_the_next_is_meant(station, plant):
    order = Order(plant, TESTS)
    code = order.unit()
    page = station(LABORATORY)
    page.book(code)
    assert order.booked(code) == [(10, 0)]
    assert "step 20 Functional test" in page.scan(code, "Go")


def test_a_new_unit_is_made_of_the_order_that_was_scanned(station, plant):
    order = Order(plant)
    page = station(PROGRAMMING)
    assert "scan an order's code first" in page.scan(f"W{order.number}-9", "Stop")
    page.scan(order.ref, f"Order {order.ref}")
    assert "· new ·" in page.scan(f"W{order.number}-9", "Go")
    page.type("p")
    page.told("Booked: Pass")
    assert order.booked(f"W{order.number}-9") == [(10, 0)]
    page.page.reload()
    page.page.get_by_text(f"Works on order {order.ref}").wait_for()
    page.page.get_by_role("button", name="Take it off").press("Enter")
    assert "scan an order's code first" in page.scan(f"W{order.number}-8", "Stop")


def test_what_is_scanned_faster_than_answers_come_is_taken_in_turn(station, plant):
    order = Order(plant)
    codes = [order.unit(number) for number in range(3)]
    page = station(PROGRAMMING)
    for scan in (codes[0], "p", codes[1], codes[2], "]C1P", "p"):
        page.type(scan)
    assert codes[2] in page.told("Booked: Pass")
    assert [order.booked(code) for code in codes] == [[(10, 0)], [], [(10, 0)]]
    assert page.page.locator("#left .codes").inner_text() == codes[1]


def test_a_letter_does_what_its_button_does_where_there_is_one(station, plant):
    order = Order(plant)
    code = order.unit()
    page = station(INSPECTION)
    page.scan(code, "Stop")
    for letter in "pfd":
        page.type(letter)
    page.type("s")
    page.page.locator("#reason:focus").wait_for()
    assert page.page.locator("#rows").is_hidden()
    page.page.keyboard.press("Escape")
    page.page.locator("#code:focus").wait_for()
    assert page.page.locator("#scrap").is_hidden() and page.told("Stop")


def test_a_card_that_nobody_could_tell_from_a_unit_becomes_none(station, plant):
    order = Order(plant)
    page = station(PROGRAMMING)
    page.scan(order.ref, f"Order {order.ref}")
    page.cut()
    assert "A card logs nobody in meanwhile" in page.scan("04A1B2", "Not checked")
    page.type("p")
    page.told("Kept, not sent yet")
    assert "waits already" in page.scan("04A1B2", "Not checked")
    page.heal()
    page.page.locator("#queue").get_by_text("is the card of J. Novak, not a unit").wait_for()
    assert plant.rpc("getitembybarcode", "04A1B2") == []
    page.page.on("dialog", lambda dialog: dialog.accept())
    page.page.get_by_role("button", name="Give 04A1B2 up").press("Enter")
    page.waits(0)


def test_data_material_and_scrap_are_booked(station, plant):
    order = Order(plant)
    code, other = order.unit(1), order.unit(2)
    page = station(PROGRAMMING)
    page.scan(code, "Go")
    page.type("d")
    rows = page.page.locator("#rows")
    rows.get_by_label("Name").fill("volt")
    rows.get_by_label("Kind").select_option("Number")
    rows.get_by_label("Value").fill("3,3")
    rows.get_by_role("button", name="Add material").click()
    rows.get_by_label("Article").fill("R-10K-0603")
    rows.get_by_role("button", name="Book pass").click()
    rows.locator("[name=mat_lot]:focus:invalid").wait_for()
    for label, value in {"Article": "R-10K-0603", "Lot": "L2611-002", "Amount": "2", "Place": "R1"}.items():
        rows.get_by_label(label).fill(value)
    rows.get_by_role("button", name="Book pass").click()
    page.told("Booked: Pass")
    (item,) = plant.rpc("getitembybarcode", code)
    (done,) = plant.rpc("getitemoperations", item["id"])
    assert done["data"] == [[1, "volt", 3.3]]
    assert [(row["mat_lot"], row["amount"], row["ref"]) for row in done["mat"]] == [("L2611-002", 2, "R1")]
    page.scan(other, "Go")
    page.type("s")
    page.type("dropped")
    page.told("Booked: Scrap")
    assert plant.rpc("getitembybarcode", other)[0]["bad_reason"] == "dropped"


def test_what_was_scanned_and_not_booked_is_listed_through_a_reload(station, plant):
    order = Order(plant)
    page = station(PROGRAMMING)
    first, second = order.unit(1), order.unit(2)
    page.scan(first, "Go")
    page.book(second)
    assert page.page.locator("#left .codes").inner_text() == first
    page.page.reload()
    page.page.locator("#left .codes").get_by_text(first).wait_for()
    page.book(first)
    assert page.page.locator("#left").is_hidden() and order.booked(first) == [(10, 0)]


def test_a_worker_logs_in_by_card_and_out(station, plant):
    page = station(INSPECTION)
    page.scan("04A1B2", "Logged in: J. Novak")
    page.page.locator("#state").get_by_text("J. Novak").wait_for()
    order = Order(plant)
    code = order.unit()
    order.record(code, 10, PROGRAMMING)
    page.book(code)
    (item,) = plant.rpc("getitembybarcode", code)
    assert plant.rpc("getitemoperations", item["id"])[-1]["workers"] == [32]
    page.page.get_by_role("button", name="Log out").press("Enter")
    page.told("Logged out: J. Novak")
    page.page.get_by_text("Nobody is logged in here. Scan your card.").wait_for()


def test_ten_units_are_booked_once_each_through_a_network_that_is_cut_and_heals(station, plant):
    order = Order(plant, TWICE)
    codes = [order.unit(number) for number in range(10)]
    page = station(PROGRAMMING)
    page.page.watched.allowed += NO_NETWORK
    for number, code in enumerate(codes):
        if number == 3:
            page.page.context.set_offline(True)
        offline = 3 <= number < 8
        page.book(code, *(("Not checked", "Kept, not sent yet") if offline else ()))
        if number == 7:
            page.waits(5)
            page.page.context.set_offline(False)
            page.waits(0)
    page.waits(0)
    assert [order.booked(code) for code in codes] == [[(10, 0)]] * 10


def test_a_booking_whose_answer_was_lost_is_booked_once(station, plant):
    order = Order(plant, TWICE)
    codes = [order.unit(number) for number in range(3)]
    page = station(PROGRAMMING)
    page.page.watched.allowed += NO_NETWORK
    lost = []

    def lose(route):
        if not _is_of(route.request, ["addop"]) or len(lost) == 2:
            return route.continue_()
        lost.append(route.fetch().json()["result"]["op_id"])
        return route.abort()

    page.page.route("**/api/", lose)
    page.book(codes[0], booked="Kept, not sent yet")
    page.try_again()
    for code in codes[1:]:
        page.scan(code, "Go")
        page.type("p")
    page.told("Booked: Pass")
    page.waits(0)
    assert len(set(lost)) == 1 and [order.booked(code) for code in codes] == [[(10, 0)]] * 3


def test_what_says_nothing_of_a_booking_is_no_refusal(station, plant):
    order = Order(plant, TWICE)
    code = order.unit()
    page = station(PROGRAMMING)
    page.page.watched.allowed.append("503 (Service Unavailable)")
    busy = {
        "jsonrpc": "2.0",
        "id": 1,
        "error": {"code": -32000, "message": "Busy.", "data": {"retryable": True}},
    }
    answers = [{"status": 503, "body": "<h1>Restarting</h1>"}, {"json": busy}]

    def disturb(route):
        if _is_of(route.request, ["addop"]) and answers:
            route.fulfill(**answers.pop(0))
        else:
            route.continue_()

    page.page.route("**/api/", disturb)
    page.book(code, booked="Kept, not sent yet")
    page.try_again()
    page.page.get_by_text("Busy. It is tried again.").wait_for()
    page.try_again()
    page.told("Booked: Pass")
    assert order.booked(code) == [(10, 0)]


PLAIN = """
  Object.defineProperty(navigator, "locks", { value: undefined });
  Object.defineProperty(crypto, "randomUUID", { value: undefined });
"""
"""What a browser lacks on a page that isn't sent over TLS."""


@pytest.mark.parametrize("script", ["", PLAIN], ids=["TLS", "plain"])
def test_bookings_outlive_the_page_and_two_pages_send_each_once(station, plant, script):
    order = Order(plant, TWICE)
    codes = [order.unit(number) for number in range(3)]
    page = station(PROGRAMMING)
    page.page.context.add_init_script(script)
    page.page.reload()
    page.cut("addop")
    for code in codes:
        page.book(code, booked="Kept, not sent yet")
    page.page.reload()
    page.waits(3)
    other = page.page.context.new_page()
    other.goto(page.page.url)
    other.locator("#queue .count").get_by_text("3", exact=True).wait_for()
    page.heal()
    page.waits(0)
    other.locator("#queue").wait_for(state="hidden")
    assert [order.booked(code) for code in codes] == [[(10, 0)]] * 3


def test_a_refused_booking_stays_with_its_reasons_and_holds_back_its_unit_only(station, plant):
    order = Order(plant)
    stuck, free = order.unit(1), order.unit(2)
    order.record(free, 10, PROGRAMMING)
    page = station(INSPECTION)
    page.cut()
    for code in (stuck, stuck, free):
        page.book(code, "Not checked", "Kept, not sent yet")
    page.heal()
    page.waits(2)
    assert order.booked(free) == [(10, 0), (20, 0)]
    first, second = page.page.locator("#queue .booking").all()
    assert "it has not passed 10 Load firmware" in first.inner_text()
    assert "Waits for the booking of this unit before it" in second.inner_text()
    order.record(stuck, 10, PROGRAMMING)
    first.get_by_role("button", name=f"Send {stuck} again").press("Enter")
    page.waits(1)
    assert order.booked(stuck) == [(10, 0), (20, 0)]
    page.page.on("dialog", lambda dialog: dialog.accept())
    page.page.get_by_role("button", name=f"Give {stuck} up").press("Enter")
    page.waits(0)


def test_what_is_too_old_for_its_key_is_shown_and_not_sent(station, plant):
    order = Order(plant)
    code = order.unit()
    page = station(PROGRAMMING)
    page.cut("addop")
    page.book(code, booked="Kept, not sent yet")
    page.page.evaluate(AGE, 13 * 24 * 3600 * 1000 + 1)
    page.page.reload()
    page.page.get_by_text("Too old to be sent").wait_for()
    page.heal()
    page.waits(1)
    assert order.booked(code) == []


AGE = """milliseconds => new Promise((done) => {
  indexedDB.open("tracepro").onsuccess = ({ target }) => {
    const transaction = target.result.transaction("bookings", "readwrite");
    const bookings = transaction.objectStore("bookings");
    bookings.getAll().onsuccess = ({ target }) =>
      target.result.forEach((each) => bookings.put({ ...each, made: each.made - milliseconds }));
    transaction.oncomplete = done;
  };
})"""


def test_logging_in_is_not_kept_for_later(station, plant):
    page = station(INSPECTION)
    page.cut("loginwp")
    assert "Logging in doesn't wait" in page.scan("04A1B2", "Not logged in")
    page.heal()
    page.waits(0)
    assert "Nobody is logged in here" in page.page.inner_text("#state")


def test_bookings_carry_the_time_of_the_server_though_the_terminal_s_clock_is_wrong(
    station, plant, open_page
):
    order = Order(plant)
    code = order.unit()
    page = station(PROGRAMMING)
    page.page.add_init_script("Date.now = ((real) => () => real() - 5 * 3600e3)(Date.now)")
    page.page.reload()
    page.book(code)
    put_back = order.unit(1)
    page.cut("addop")
    page.page.evaluate("Date.now = () => 0")
    page.book(put_back, booked="Kept, not sent yet")
    page.heal()
    page.waits(0)
    for unit in (code, put_back):
        (item,) = plant.rpc("getitembybarcode", unit)
        (done,) = plant.rpc("getitemoperations", item["id"])
        for time in (done["tm0"], done["tm1"]):
            assert abs(datetime.now(UTC) - datetime.fromisoformat(time)) < timedelta(minutes=5)


def test_a_strict_line_says_what_it_wants(station, plant):
    plant.rpc("setlineorder", "SMT-2", 5)
    plant.rpc("setworkeresd", 31, 110, False)
    code = f"L4-{70000 + next(NUMBERS)}"
    page = station(110)
    assert "No worker is named for this work" in page.scan(code, "Stop")
    assert "take the test first" in page.scan("04A1B1", "Not logged in")
    plant.rpc("setworkeresd", 31, 110, True)
    page.scan("04A1B1", "Logged in: A. Svoboda")
    page.page.locator(".panels").get_by_text("Sufficient").wait_for()
    page.book(code)
    assert page.page.locator(".panels").get_by_text("VP-12401").is_visible()


def test_tools_that_are_nearly_worn_are_told_with_the_scan(station, plant):
    page = station(150)
    code = plant.rpc("getitem", 6, f"H7-{800_000 + next(NUMBERS)}", 1)["barcode"]
    page.type(code)
    page.page.locator("#verdict .reasons").get_by_text("Face mill 63 in T01: ").wait_for()
    assert page.page.locator(".panels").get_by_text("Tools to replace").is_visible()


def test_texts_of_clients_are_shown_as_texts(station, plant):
    order = Order(plant, product=f"P{MARKUP}")
    code = order.unit(code=f"{MARKUP}{order.number}")
    plant.rpc("blockworkplace", PROGRAMMING, MARKUP)
    page = station(PROGRAMMING)
    try:
        assert MARKUP in page.page.inner_text("#state") and code in page.scan(code, "Stop")
        assert MARKUP in page.page.inner_text("#verdict .reasons")
    finally:
        plant.rpc("unblockworkplace", PROGRAMMING)
    page.cut("addop")
    page.book(code, booked="Kept, not sent yet")
    assert code in page.page.inner_text("#queue")
    page.heal()
    page.waits(0)
    page.page.locator("#records").get_by_text(code).wait_for()
    assert page.page.locator("main img, .panels img").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_it(station, plant, accessible, scheme):
    order = Order(plant)
    page = station(PROGRAMMING, color_scheme=scheme)
    page.cut("addop")
    page.book(order.unit(1), booked="Kept, not sent yet")
    page.scan(order.unit(2), "Go")
    assert "No unit has the code NO-SUCH" in page.scan("NO-SUCH", "Stop")
    accessible(page.page)
    page.scan(order.unit(3), "Go")
    page.type("d")
    accessible(page.page)


def test_a_station_is_found_by_its_code(page):
    page.get_by_role("link", name="Stations").first.click()
    page.locator("#q:focus").wait_for()
    page.keyboard.type("WP143")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Final inspection").wait_for()
    page.goto("/ui/stations")
    page.locator("#q:focus").wait_for()
    page.keyboard.type("placer")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="SMT-1 placer A").wait_for()
    assert page.get_by_role("link", name="SMT-1 printer").count() == 0
