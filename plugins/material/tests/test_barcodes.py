"""Barcodes by the site's rule."""

import pytest
from tracepro_material import barcodes, separators

from tracepro_hookspecs import NotFound, hookimpl


def test_reads_article_lot_and_amount():
    rule = barcodes.compile_rule(barcodes.DEFAULT_MATERIAL)
    assert barcodes.parse(rule, "R-10K;L1") == {"mat_item": "R-10K", "mat_lot": "L1"}
    assert barcodes.parse(rule, "R-10K|L1|2.5") == {
        "mat_item": "R-10K",
        "mat_lot": "L1",
        "amount": 2_500_000,
    }
    for other in ("R-10K", "", "R-10K;L1;many", ";L1", "R;L;1.1234567"):
        assert barcodes.parse(rule, other) is None


def test_what_a_rule_reads_as_amount_must_be_one():
    rule = barcodes.compile_rule("(?P<mat_item>.)(?P<mat_lot>.)(?P<amount>.*)")
    with pytest.raises(NotFound, match="amount"):
        barcodes.parse(rule, "RL١٢")


BAD_RULES = [
    ("(?P<mat_item>x", "regular expression"),
    ("(?P<mat_item>x)", "mat_lot"),
    ("x" * 501, "longer"),
    (r"(?P<mat_item>x)(?P<mat_lot>\1)", "regular expression"),
]


@pytest.mark.parametrize(("pattern", "why"), BAD_RULES)
def test_bad_rules_are_explained(pattern, why):
    with pytest.raises(ValueError, match=why):
        barcodes.compile_rule(pattern)


ALTERNATIVES = (
    r"A(?P<mat_item>\w+);(?P<mat_lot>\w+)|(?P<mat_lot>\d+)/(?P<mat_item>\w+)(?:/(?P<amount>\d*))?"
    r"|B(?:(?P<mat_item>\w)|x(?P<mat_item>\w\w))[()|](?P<mat_lot>.+)"
)


@pytest.mark.parametrize(
    ("barcode", "expected"),
    [
        ("AR;L1", {"mat_item": "R", "mat_lot": "L1"}),
        ("12/R", {"mat_item": "R", "mat_lot": "12"}),
        ("12/R/", {"mat_item": "R", "mat_lot": "12"}),
        ("12/R/5", {"mat_item": "R", "mat_lot": "12", "amount": 5_000_000}),
        ("BR|L1", {"mat_item": "R", "mat_lot": "L1"}),
        ("BxRS(L1", {"mat_item": "RS", "mat_lot": "L1"}),
        ("BxR(L1", None),
    ],
)
def test_alternatives_with_the_same_groups_are_all_read(barcode, expected):
    assert barcodes.parse(barcodes.compile_rule(ALTERNATIVES), barcode) == expected


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?P<mat_item>x)(?P<mat_lot>y)|z(?P<mat_lot>y)",
        r"(?:(?P<mat_item>x)|(?P<mat_lot>y))",
        r"(?P<mat_item>x)(?P<mat_lot>y)?",
        r"(?P<mat_item>x)((?P<mat_lot>y)|)",
    ],
)
def test_an_alternative_without_article_or_lot_is_refused(pattern):
    with pytest.raises(ValueError, match="in one of its alternatives no group"):
        barcodes.compile_rule(pattern)


def test_brackets_that_open_no_group_are_not_taken_for_one():
    rule = barcodes.compile_rule(r"\((?P<mat_item>[^)|(]+)\Q|(\E[](|](?P<mat_lot>[[:alnum:]|]+)")
    assert barcodes.parse(rule, "(R|(]L1|") == {"mat_item": "R", "mat_lot": "L1|"}


@pytest.mark.parametrize("separator", ["\x1d", "<GS>", "{FNC1}", "^]", "\u2194", "\u241d", "\uf70b"])
def test_separators_are_read_whatever_the_scanner_sends_for_them(separator):
    rule = barcodes.compile_rule("P(?P<mat_item>[^\x1d]+)\x1d1T(?P<mat_lot>[^\x1d]+)(?:\x1dQ(?P<amount>.+))?")
    expected = {"mat_item": "R", "mat_lot": "L1", "amount": 5_000_000}
    assert barcodes.parse(rule, f"PR{separator}1TL1{separator}Q5") == expected
    assert barcodes.parse(rule, f"]Q1PR{separator}1TL1{separator}Q5") == expected
    assert barcodes.parse(barcodes.compile_rule(barcodes.DEFAULT_MATERIAL), f"R;L1{separator}") is None


def test_a_rule_may_be_written_for_what_the_scanner_sends():
    rule = barcodes.compile_rule("P(?P<mat_item>[^<]+)<GS>1T(?P<mat_lot>[^<]+)")
    assert barcodes.parse(rule, "PR<GS>1TL1") == {"mat_item": "R", "mat_lot": "L1"}


def test_separators_that_are_restored_stay():
    for text in ("[)>^06]1PX]1TY^^D", "[)><RS>06<GS>1PX", "A\uf70bB", "[)>\u25b206\u21941PX\u2194"):
        assert separators.restore(separators.restore(text)) == separators.restore(text)


def test_no_rule_reads_nothing():
    assert barcodes.parse(barcodes.compile_rule(""), "R;L") is None


def test_a_rule_takes_linear_time():
    rule = barcodes.compile_rule("(?P<mat_item>(a*)*)(?P<mat_lot>b)")
    assert barcodes.parse(rule, "a" * 4000) is None


def test_loading_by_barcode(floor):
    assert floor.setwpmatbarcode(100, "R-10K;L1;40", None, 1)["amount"] == 40
    assert floor.setwpmatbarcode(100, "R-10K;L1;40", 10, 1, 2)["decrement"] == 2
    assert floor.error("setwpmatbarcode", 100, "R-10K;L1", None)["code"] == -32602
    error = floor.error("setwpmatbarcode", 100, "?", 1)
    assert (error["code"], error["data"]["code"]) == (1001, "barcode-unreadable")
    assert floor.refusal("setwpmatbarcode", 100, "R" * 300 + ";L1", 1) == "barcode-unreadable"
    assert floor.setwpmatbarcode(101, "R-10K;L9;1000000000", None, 1)["amount"] == 1_000_000_000
    for barcode in (
        "R-10K;L1;1000000001",
        "R-10K;L1;12345678901234567890",
        "R-10K;L1<GS>;5",
        "R-10K;L1\uf70b",
    ):
        assert floor.refusal("setwpmatbarcode", 100, barcode, None) == "barcode-unreadable", barcode
    assert "scanner" in floor.error("setwpmatbarcode", 100, "R-10K;L1<GS>", 1)["message"]


def test_tools(floor):
    assert floor.parsetoolbarcode(100, "TOOL;STENCIL;7;Stencil A") == {
        "mat_item": "STENCIL",
        "mat_lot": "7",
        "name": "Stencil A",
    }
    assert floor.parsetoolbarcode(100, "R-10K;L1;2.5") == {
        "mat_item": "R-10K",
        "mat_lot": "L1",
        "name": "R-10K",
        "amount": 2.5,
    }
    assert floor.refusal("parsetoolbarcode", 100, "?") == "barcode-unreadable"


def test_reel_labels_when_their_plugin_is_on(make_floor):
    floor = make_floor(plugins=("workplaces", "workers", "orders", "items", "labels", "material"))
    label = "[)>\x1e06\x1d1PGRM155R61A104KA01D\x1dQ10000\x1d1TID2R7\x1e\x04"
    row = floor.setwpmatbarcode(100, label, None, 1)
    assert (row["mat_item"], row["mat_lot"], row["amount"]) == ("GRM155R61A104KA01D", "ID2R7", 10000)
    assert floor.parsetoolbarcode(100, label)["name"] == "GRM155R61A104KA01D"
    assert floor.refusal("setwpmatbarcode", 100, "[)>\x1e06\x1d1PX\x1e\x04", 1) == "barcode-unreadable"
    assert floor.setwpmatbarcode(100, "R;L", 3, 2)["mat_item"] == "R"


class Backwards:
    """A plugin with a rule of its own: lot first."""

    @hookimpl
    def tracepro_parse_material_barcode(self, barcode):
        lot, found, item = barcode.partition(";")
        return {"mat_item": item, "mat_lot": lot} if found else None


class Careless:
    """A plugin that answers what it finds."""

    @hookimpl
    def tracepro_parse_material_barcode(self, barcode):
        return {"mat_item": "R", "mat_lot": "L<GS>1"} | ({"amount": 10**15 + 1} if barcode == "much" else {})


def test_what_a_plugin_reads_is_checked(make_floor):
    floor = make_floor(extra={"careless": Careless()})
    for barcode in ("much", "stand-in"):
        assert floor.refusal("setwpmatbarcode", 100, barcode, 1) == "barcode-unreadable"
        assert floor.refusal("parsetoolbarcode", 100, barcode) == "barcode-unreadable"


def test_the_rule_of_the_site_is_asked_last(make_floor):
    floor = make_floor(extra={"backwards": Backwards()})
    row = floor.setwpmatbarcode(100, "L1;R-10K", 5, 1)
    assert (row["mat_item"], row["mat_lot"]) == ("R-10K", "L1")
    assert floor.setwpmatbarcode(100, "R-10K|L2", 5, 1)["mat_lot"] == "L2"
