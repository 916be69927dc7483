"""What the API answers about archived things: genealogy, routes, counts and rules as before, and data honestly."""

from tracepro.archive import files
from tracepro_schemas import defs

HERE = {"wp_id": 101, "workers": [1]}
UNRELATED = {
    "getaudithead",
    "getworkplace",
    "findworkplace",
    "getwpblock",
    "getworkerbycard",
    "parsetoolbarcode",
    "getwpbom",
    "getlsline",
    "findlinedata",
    "getcartsfororder",
    "getstddocs",
    "getdocfile",
    "getbasicdata",
    "getsiteparams",
    "getdefs",
    "getuserdata",
    "queryuserdata",
    "userauth",
    "getalertfields",
    "checkfirstpiece",
    "erpqueue",
    "linegetenvironment",
}
"""Methods that read, and read nothing that production leaves behind and anybody may archive."""


def questions(plant):
    """Return what to ask by method: every method that reads about units, orders, lots, boxes and workplaces, of all there are."""
    orders = [plant.saved[f"order{number}"]["id"] for number in range(3)]
    units = [unit for order_id in orders for unit in plant.call("getorderitems", order_id)]
    ids = [{"item_id": unit["id"]} for unit in units]
    by_order = [{"order_id": order_id} for order_id in orders]
    codes = [{"barcode": unit["barcode"]} for unit in units]
    lots = {
        (lot["mat_item"], lot["mat_lot"])
        for asked in ids
        for operation in plant.call("getitemoperations", **asked)
        for lot in operation["mat"]
    }
    by_lot = [{"mat_item": item, "mat_lot": lot} for item, lot in sorted(lots)]
    steps = [step["op"] for step in plant.call("getorder", orders[0])["operations"]][::3]
    judged = [{**asked, **HERE, "op_act_list": [[op, None]]} for asked in ids for op in steps]
    assert len(units) > 8 and by_lot
    return {
        "findorder": [{"erp_ref": plant.saved["order0"]["erp_ref"]}],
        "getorder": by_order,
        "queryorder": [{}],
        "getorderitemcounts": by_order,
        "getordercounts": by_order,
        "getorderitems": by_order,
        "getitembybarcode": codes,
        "getitembyitem": [{"item_type": unit["item"], "barcode": unit["barcode"]} for unit in units],
        "getitem": [{"order_id": unit["order_id"], "barcode": unit["barcode"]} for unit in units],
        "getitemoperations": ids,
        "getitemslots": ids,
        "getitemdetails": ids,
        "getitemrel": ids,
        "getitemextra": [{"item": unit["id"]} for unit in units],
        "tracetree": [{**asked, "direction": way} for asked in ids for way in ("up", "down")],
        "canaddop": judged,
        "checkproc": [{**asked, **HERE, "op_act_list": [[op, None]]} for asked in by_order for op in steps],
        "getwplog": [{"wp_id": [101, 102, 110], "seconds_back": 100_000_000}],
        "getfloormat": by_lot,
        "getwpmat": [{"wp_id": 102}],
        "whereused": by_lot,
        "linegetinfo": [{"line_name": "L1"}],
        "linecanaddop": [{"machine_id": 101, **asked} for asked in codes],
        "getbox": [{"id": plant.box["id"]}],
        "getboxbylabel": [{"label": "B1"}],
        "getboxbyitem": ids,
        "box_canaddop": [{"box_id": plant.box["id"], **HERE, "op_act_list": [[op, None]]} for op in steps],
        "getalerts": [{}],
        "getreportedwork": [{"worker_id": 1}],
    }


def answers(plant, asked):
    """Return every answer, an error as well, by method and parameters."""
    return {
        (method, repr(params)): {key: plant.answer(method, **params).get(key) for key in ("result", "error")}
        for method, each in asked.items()
        for params in each
    }


def without_data(answer):
    """Leave out of an answer the data rows that may be archived, what says so, and the request's number."""
    if isinstance(answer, dict):
        kept = {
            key: without_data(value)
            for key, value in answer.items()
            if key not in ("data_archived", "request_id")
        }
        if "tm0" in kept:
            kept["data"] = [row for row in kept["data"] if row[0] >= defs.DATA_TP_SLOT]
        return kept
    return [without_data(each) for each in answer] if isinstance(answer, list) else answer


def test_every_method_that_reads_is_asked_or_reads_nothing_of_it(archived):
    reading = {name for name, method in archived.site.methods.items() if method.endpoint.access != "write"}
    assert reading == {*questions(archived), *UNRELATED}


def test_genealogy_routes_counts_and_rules_are_answered_as_before(produced, tmp_path, database):
    asked = questions(produced)
    before = answers(produced, asked)
    assert produced.archive(tmp_path, 365).keys() == produced.site.contributions.archives.keys()
    after = answers(produced, asked)
    assert before.keys() == after.keys()
    for key, answer in after.items():
        assert without_data(answer) == without_data(before[key]), key
    assert before != after
    last = produced.call("getitemoperations", produced.unit["id"])[-1]
    cancelled = produced.call("cancelop", last["id"], last["wp_id"], [1], "wrong unit")
    assert (cancelled["count"], cancelled["data_archived"]) == (0, True)
    assert produced.call("getitemslots", produced.unit["id"]) == {}


def test_operations_say_that_their_data_may_be_archived(archived):
    before = archived.before[archived.unit["id"]]
    after = archived.call("getitemoperations", archived.unit["id"])
    assert not any("data_archived" in operation for operation in before)
    assert all(operation["data_archived"] is True for operation in after)
    assert {row[0] for operation in before for row in operation["data"]} == {0, 1, 2, 3, 10}
    assert [row for operation in after for row in operation["data"]] == [[10, "mac", "00:11:22"]]


def test_data_that_is_added_after_the_archive_is_shown_beside_the_hint(archived):
    operation = archived.call("getitemoperations", archived.saved["unit0.1"]["id"])[0]
    archived.call("addopdata", operation["id"], [[0, "remark", "found again"]])
    shown = archived.call("getitemoperations", archived.saved["unit0.1"]["id"])[0]
    assert (shown["data"], shown["data_archived"]) == ([[0, "remark", "found again"]], True)


def test_what_is_recorded_after_the_archive_says_nothing_of_it(archived):
    unit = archived.call("getitem", archived.saved["order0"]["id"], "LATE-1", 1)
    archived.call("addop", unit["id"], 10, None, 101, [1])
    (shown,) = archived.call("getitemoperations", unit["id"])
    archived.clock.advance(hours=72)
    assert archived.call("getitemoperations", unit["id"]) == [shown]
    assert "data_archived" not in shown


def test_an_open_alert_stays_and_a_processed_one_is_told_as_archived(archived):
    assert [alert["id"] for alert in archived.call("getalerts")] == archived.alerts[1:]
    error = archived.error("getalertfields", archived.alerts[0])
    assert error["data"]["code"] == "alert-not-found"
    assert "archived" in error["message"]


def test_archived_data_is_found_by_the_code_of_its_unit(archived):
    found = list(files.find(archived.folder, "barcode", archived.unit["barcode"]))
    before = archived.before[archived.unit["id"]]
    rows = [
        (operation["id"], row)
        for operation in before
        for row in operation["data"]
        if row[0] != defs.DATA_TP_SLOT
    ]
    assert [(row["op_id"], [row["tp"], row["key"], row["value"]]) for row in found] == sorted(rows)
    assert {row["item_id"] for row in found} == {archived.unit["id"]}
    assert {row["recorded"][:10] for row in found} == {"2026-03-02"}
