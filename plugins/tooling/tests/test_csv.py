"""Stock from CSV files: rows find their items, what is doubtful about them is refused, and all is set or nothing."""

import pytest
from tracepro_tooling.csv_import import LARGEST_FILE
from tracepro_tooling.inventory import STOCK

FACE_MILL, DRILL, INSERT = "Face mill 63", 'Drill 5"', "Insert; CNMG, 12"
PLUS = {"name": "Tap M6", "part_number": "00123"}


class Cabinet:
    """A point with two face mills, and items that files name."""

    def __init__(self, rest):
        self.rest = rest
        numbers = {FACE_MILL: "FM-63", DRILL: "", INSERT: "1230000000001"}
        self.items = {
            name: rest.make("inventory/items", name=name, part_number=number)["id"]
            for name, number in numbers.items()
        }
        self.items["Tap M6"] = rest.make("inventory/items", **PLUS)["id"]
        stock = {str(self.items[FACE_MILL]): 2}
        self.path = f"inventory/{rest.make('inventory', name='Cabinet', items=stock)['id']}"

    def send(self, file, query="", content_type="text/csv", **headers):
        body = file if isinstance(file, bytes) else file.encode()
        return self.rest("POST", f"{self.path}/import{query}", body, content_type=content_type, **headers)

    def load(self, file, **how):
        answer = self.send(file, **how)
        assert answer.status == 200, answer.body
        return answer.json

    def refusal(self, file, status=400, **how):
        """Return the problem of a file that must change nothing."""
        before = self.rest.get(self.path)
        answer = self.send(file, **how)
        assert (answer.status, self.rest.get(self.path)) == (status, before), answer.body
        return answer.json

    def stock(self):
        """Return the quantities by name."""
        held = self.rest.get(self.path)["items"]
        return {name: held[str(id)] for name, id in self.items.items() if str(id) in held}


@pytest.fixture
def cabinet(rest):
    return Cabinet(rest)


def test_quantities_are_set_and_absent_rows_stay(cabinet):
    answer = cabinet.load(f"name,quantity\n{FACE_MILL},7\nGhost,1\n")
    assert answer == {"updated": 1, "not_matched": ["Ghost"], "warnings": []}
    assert cabinet.load("part number,quantity\n00123,0\n")["updated"] == 1
    assert cabinet.stock() == {FACE_MILL: 7, "Tap M6": 0}


def test_the_audit_has_what_was_overwritten(cabinet):
    mill, tap = (str(cabinet.items[name]) for name in (FACE_MILL, "Tap M6"))
    cabinet.load(f"name,quantity\n{FACE_MILL},7\nTap M6,1\n")
    what = f"inventory point {cabinet.path.partition('/')[2]}"
    assert cabinet.rest.changes() == [(what, "items", {mill: 2}, {mill: 7, tap: 1})]


def test_a_misspelt_dry_run_sets_nothing(cabinet):
    problem = cabinet.refusal(f"name,quantity\n{FACE_MILL},7\n", query="?dryrun=1")
    assert problem["detail"] == "There is no query parameter dryrun here; it takes dry_run."


def test_a_dry_run_tells_the_same_and_writes_nothing(cabinet):
    file = f"name,quantity\n{FACE_MILL},7\nGhost,1\n"
    tried = cabinet.load(file, query="?dry_run=1")
    assert (cabinet.stock(), cabinet.rest.changes()) == ({FACE_MILL: 2}, [])
    assert cabinet.load(file, query="?dry_run=0") == tried
    assert cabinet.stock() == {FACE_MILL: 7}
    refused = f"name,quantity\n{FACE_MILL},x\n"
    assert cabinet.refusal(refused, query="?dry_run=1") == cabinet.refusal(refused)


def test_who_saw_an_older_state_sets_nothing(cabinet):
    seen = cabinet.rest("GET", cabinet.path).headers["etag"]
    file = f"name,quantity\n{FACE_MILL},7\n"
    assert cabinet.send(file, if_match=seen).status == 200
    for query in ("", "?dry_run=1"):
        assert cabinet.refusal(file, 412, query=query, if_match=seen)["code"] == "etag-mismatch"


READ = {
    "semicolons": f"name;quantity\n{FACE_MILL};7",
    "tabs": f"name\tquantity\n{FACE_MILL}\t7",
    "a mark": f"\ufeffname,quantity\n{FACE_MILL},7",
    "a mark and quotes": f'\ufeff"name";"quantity"\n"{FACE_MILL}";"7"',
    "utf-16": f"name\tquantity\n{FACE_MILL}\t7".encode("utf-16"),
    "utf-16 the other way": b"\xfe\xff" + f"name;quantity\n{FACE_MILL};7".encode("utf-16-be"),
    "crlf": f"name,quantity\r\n{FACE_MILL},7\r\n",
    "cr": f"name,quantity\r{FACE_MILL},7\r",
    "empty lines and rows": f"name,quantity\n\n,\n{FACE_MILL},7\n , \n,,,,\n\n\n",
    "empty columns": f"name,quantity,,,\n{FACE_MILL},7,,,,,",
    "white space": f" Name , Qty \n {FACE_MILL}\u00a0,\t7 ",
    "other words": f"ITEM,Qty\n{FACE_MILL},7",
    "a number": "part_number;QUANTITY\nFM-63;7",
    "a barcode": "Barcode,quantity\n]C1FM-63,7",
    "both": f"qty,Part Number,name\n7,FM-63,{FACE_MILL}",
    "no number for it": f"qty,part number,name\n7,,{FACE_MILL}",
    "a row that ends early": f"name,quantity,part number\n{FACE_MILL},7",
    "line breaks": f'"name","quantity"\r\n"{FACE_MILL}","7\r\n"\r\n',
}


def test_what_spreadsheets_write_is_read(cabinet):
    for name, file in READ.items():
        cabinet.load(f"name,quantity\n{FACE_MILL},2\n")
        assert cabinet.load(file) == {"updated": 1, "not_matched": [], "warnings": []}, name
        assert cabinet.stock() == {FACE_MILL: 7}, name


def test_quoted_cells_have_separators_quotation_marks_and_line_breaks(cabinet):
    file = f'name;quantity\n"{INSERT}";3\n"Drill 5""";4\n"=1+1";5\n"two\nlines";6\n'
    assert cabinet.load(file)["not_matched"] == ["=1+1", "two\nlines"]
    assert cabinet.stock() == {FACE_MILL: 2, INSERT: 3, DRILL: 4}


def test_a_separator_within_a_quoted_column_name_decides_nothing(cabinet):
    file = f'name,"a;b;c;d;e",quantity\n{FACE_MILL},x,7'
    assert (cabinet.load(file)["updated"], cabinet.stock()) == (1, {FACE_MILL: 7})


def test_names_are_those_of_the_items_with_and_without_white_space(cabinet):
    spaced = cabinet.rest.make("inventory/items", name=" Reamer ")["id"]
    assert cabinet.load("name,quantity\n Reamer ,1\nreamer,2\nReamer,3\n")["not_matched"] == [
        "reamer",
        "Reamer",
    ]
    assert cabinet.rest.get(cabinet.path)["items"][str(spaced)] == 1


DOUBTFUL = [
    ("name;quantity\nTap M6;1\nDrill;13,75\n", 3, "quantity"),
    ("name,quantity\nTap M6,1\n\nTap M6,1\n", 4, "name"),
    ("part number,name,quantity\n,Tap M6,1\n00123,Ghost,1\n", 3, "name"),
    ("part number,quantity\n00123,1\n00123,2\n", 3, "part number"),
    ("part number,name,quantity\nFM-63,Tap M6,1\n", 2, "part number"),
]


def test_what_is_doubtful_about_items_is_refused_by_row_and_column_and_nothing_changes(cabinet):
    for file, *where in DOUBTFUL:
        problem = cabinet.refusal(file)
        assert (problem["code"], problem["rule"]) == ("invalid-params", "csv"), file
        assert [problem["row"], problem["column"]] == where, file


def test_an_item_is_told_by_its_name_and_its_number_together(cabinet):
    for number in ("T-1", "T-2"):
        cabinet.items[number] = cabinet.rest.make("inventory/items", name="Twin", part_number=number)["id"]
    cabinet.rest.make("inventory/items", name="Other", part_number="T-2")
    assert cabinet.refusal("name,quantity\nTwin,1\n")["column"] == "name"
    assert cabinet.refusal("part number,quantity\nT-2,1\n")["column"] == "part number"
    assert cabinet.refusal("name,part number,quantity\nTwin,T-3,1\n")["column"] == "name"
    assert cabinet.load("name,part number,quantity\nTwin,T-1,1\nTwin,T-2,5\n")["updated"] == 2
    assert cabinet.stock() == {FACE_MILL: 2, "T-1": 1, "T-2": 5}


def test_columns_that_mean_nothing_here_are_ignored_and_told(cabinet):
    answer = cabinet.load(f"Shelf,name,colour,quantity\n4,{FACE_MILL},red,7\n")
    assert answer["updated"] == 1
    assert answer["warnings"] == ["Row 1: what other columns say is ignored: Shelf, colour."]


DAMAGED = {
    "1.23E+12": "cut off",
    "1,23E+12": "cut off",
    "5E10": "cut off",
    "1-Mar": "a date",
    "Mar-01": "a date",
    "01.Mrz": "a date",
    "1.III": "a date",
    "01.03.2026": "a date",
    "2026-03-01": "a date",
    "123": "'00123' is: spreadsheets take zeros in front away",
}


def test_damage_of_a_spreadsheet_to_part_numbers_is_told(cabinet):
    for number, what in DAMAGED.items():
        by_number = f'part number,quantity\n"{number}",1\n'
        answer = cabinet.load(by_number)
        (warning,) = answer.pop("warnings")
        assert answer == {"updated": 0, "not_matched": [number]}
        assert warning.startswith(f"Row 2: part number '{number}' is of no item") and what in warning
        named = cabinet.load(f'name,part number,quantity\nTap M6,"{number}",1\n')
        assert named == {"updated": 1, "not_matched": [], "warnings": [warning]}
        cabinet.rest.make("inventory/items", name="X", part_number=number)
        assert cabinet.load(by_number)["warnings"] == []


def test_what_was_found_by_one_of_both_only_is_told(cabinet):
    file = f"name,part number,quantity\n{FACE_MILL},FM-7,1\nTapper,00123,2\nGhost,G-1,3\n"
    answer = cabinet.load(file)
    assert (answer["updated"], answer["not_matched"]) == (2, ["Ghost, G-1"])
    assert answer["warnings"] == [
        "Row 2: part number 'FM-7' is of no item; the item was found by its name.",
        "Row 3: no item is called 'Tapper'; the item was found by its part number.",
    ]


def test_very_many_warnings_are_counted(cabinet):
    rows = "".join(f"{number}E+12,1\n" for number in range(1, 10)) * 12
    answer = cabinet.load(f"barcode,quantity\n{rows}")
    assert len(answer["not_matched"]) == 108
    assert (len(answer["warnings"]), answer["warnings"][-1]) == (101, "8 more rows are like these.")


def test_the_charset_is_utf_8_or_utf_16(cabinet):
    file = f"name,quantity\n{FACE_MILL},7\n"
    for charset in ("utf-8", '"UTF-8"', "utf8; header=present", "us-ascii"):
        assert cabinet.load(file, content_type=f"Text/CSV; charset={charset}")["updated"] == 1
    assert cabinet.load(file.encode("utf-16"), content_type="text/csv;charset=utf-16")["updated"] == 1
    assert "byte order mark" in cabinet.refusal(file, content_type="text/csv;charset=utf-16le")["error"]
    for charset in ("windows-1250", "utf-7", "iso-8859-1"):
        problem = cabinet.refusal(file, 415, content_type=f"text/csv; charset={charset}")
        assert problem["code"] == "charset" and charset in problem["error"]
    assert cabinet.refusal(file, 415, content_type="application/json")["code"] == "media-type"


def test_an_unknown_point_is_not_found_whatever_is_sent(cabinet):
    cabinet.path = "inventory/999"
    for file in ("name,quantity\nTap M6,1\n", "x"):
        answer = cabinet.send(file)
        assert (answer.status, answer.json["code"]) == (404, "inventory-point-not-found")


def test_a_file_is_bounded_in_bytes(cabinet):
    assert cabinet.refusal(b"name,quantity\n" + b"\n" * LARGEST_FILE, 413)


def test_a_long_file_costs_as_many_statements_as_a_short_one(cabinet, statements, monkeypatch):
    costs, written = [], []
    monkeypatch.setattr(type(STOCK), "set_all", lambda *args: written.append(len(args[-1])))
    for number in (2, 40):
        for n in range(number):
            cabinet.rest.make("inventory/items", name=f"I{number}-{n}", part_number=f"0{number}{n}")
        rows = "".join(f"I{number}-{n},{number}{n},{n}\n" for n in range(number))
        with statements() as sent:
            answer = cabinet.load(f"name,part number,quantity\n{rows}")
        assert answer["updated"] == len(answer["warnings"]) == number
        costs.append(len(sent))
    assert (costs[0], written) == (costs[1], [2, 40])
    assert costs[0] <= 8
