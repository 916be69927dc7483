"""CSV files as such: what in them is doubtful is refused by row and column, whatever items there are."""

import re

import pytest
from tracepro_tooling.csv_rows import MOST_ROWS, read_sheet

from tracepro.rest import HttpProblem
from tracepro_hookspecs import InvalidParams

DOUBTFUL = [
    "13,75",
    "13.75",
    "12,0",
    "12.0",
    "1.000",
    "1,000",
    "1 000",
    "1\u00a0000",
    "1'000",
    "+5",
    "-3",
    "1e3",
    "0x10",
    "1_000",
    "007",
    "\u0663",
    "\uff15",
    "5\u00b2",
    "5 pcs",
    "five",
    "=5",
    "10000000000000",
    "9" * 5000,
]


@pytest.mark.parametrize("quantity", DOUBTFUL)
def test_a_quantity_that_is_no_plain_whole_number_is_a_named_row_and_column(quantity):
    for delimiter in ",;\t":
        file = f'name{delimiter}Qty\nA{delimiter}1\n\nB{delimiter}"{quantity}"\n'
        with pytest.raises(InvalidParams) as refused:
            read_sheet(file.encode(), "")
        assert (refused.value.data["row"], refused.value.data["column"]) == (4, "Qty")
        assert refused.value.info.startswith("Row 4, column Qty: ")


REFUSED = {
    "decimals": ("name;quantity\nTap M6;1\nDrill;13,75\n", 3, "quantity"),
    "an unquoted comma": ("name,quantity\nTap M6,13,75\n", 2, "3"),
    "a comma under no name": ("name,quantity,\nTap M6,13,75\n", 2, "3"),
    "too large": ("name,quantity\nTap M6,1000000000001\n", 2, "quantity"),
    "no quantity": ("name,quantity\nTap M6,\n", 2, "quantity"),
    "a row that ends early": ("name,quantity\nTap M6\n", 2, "quantity"),
    "no name": ("name,quantity\nTap M6,1\n,5\n", 3, "name"),
    "no name but a number": ("part number,Item,quantity\n00123,,5\n", 2, "Item"),
    "no number": ("Barcode,quantity\n,5\n", 2, "Barcode"),
    "a note in an empty row": ("name,quantity,note\n,,total 7\n", 2, "name"),
    "columns that mean the same": ("name,quantity,QTY\nTap M6,1,1\n", 1, "QTY"),
    "a second name": ("name,quantity,Item\nTap M6,1,Tap M6\n", 1, "Item"),
    "no column of quantities": ("name,amount\nTap M6,1\n", 1, None),
    "no column of names": ("description;quantity\nTap M6;1\n", 1, None),
    "no header": ("Tap M6,1\n", 1, None),
    "a header in row 2": ("\nname,quantity\nTap M6,1\n", 1, None),
    "nothing": (b"\xef\xbb\xbf", 1, None),
    "a lone quotation mark": ('name,quantity\nTap M6,1\n"', 3, None),
    "a cell that nothing closes": ('name,quantity\nTap M6,1\n"Drill,1\nReamer,2\n', 3, None),
    "a quotation mark inside": ('name,quantity\n"a\nb",1\n"Drill 5" long",1\n', 3, None),
    "a cell too long": (f"name,quantity\n{'x' * 131_073},1\n", 2, None),
    "NUL": ("name,quantity\nTap M6,1\nDr\0ill,1\n", 3, None),
    "utf-16 without a mark": ("name,quantity\nTap M6,1\n".encode("utf-16-le"), 1, None),
    "not utf-8": (b"name,quantity\nTap M6,1\nFr\xe9sa,1\n", None, None),
    "a utf-8 surrogate": (b"name,quantity\n\xed\xa0\x80,1\n", None, None),
    "half a character": ("name,quantity\nTap M6,1".encode("utf-16")[:-1], None, None),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_doubtful_in_a_file_is_refused_by_row_and_column(name):
    file, row, column = REFUSED[name]
    with pytest.raises(InvalidParams) as refused:
        read_sheet(file if isinstance(file, bytes) else file.encode(), "")
    assert (refused.value.data.get("row"), refused.value.data.get("column")) == (row, column)
    where = f"Row {row}, column {column}: " if column else f"Row {row}: " if row else "The file is not UTF-"
    assert refused.value.info.startswith(where)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("Name;Menge\nTap M6;1\n", "none of its columns (Name, Menge) is called quantity or qty"),
        (
            "sep=;\nname;quantity\n",
            "(sep=;) is called quantity or qty; rename one, let nothing stand above",
        ),
        (
            "text,qty\nTap M6,1\n",
            "(text, qty) is called name, item, part number or barcode",
        ),
        ("", "(it has none) is called"),
    ],
)
def test_a_header_that_lacks_a_column_is_shown_with_what_it_lacks(file, said):
    with pytest.raises(InvalidParams, match=re.escape(said)):
        read_sheet(file.encode(), "")


def test_a_file_is_bounded_in_rows_that_say_anything():
    file = b"name,quantity\n" + b"i,1\n,\n" * MOST_ROWS
    assert len(read_sheet(file, "").rows) == MOST_ROWS
    with pytest.raises(HttpProblem) as refused:
        read_sheet(file + b"i,1\n", "")
    assert (refused.value.status, refused.value.data) == (413, {"most": MOST_ROWS})
