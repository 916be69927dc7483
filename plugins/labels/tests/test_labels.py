"""Real label strings of component makers and distributors, and what must not be taken for one."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tracepro_labels import distributors, format06, gs1, options, reading

from tracepro_hookspecs import NotFound

SCANNERS = [
    ("\x1e", "\x1d", "\x04"),
    ("\u241e", "\u241d", "\u2404"),
    ("\u25b2", "\u2194", "\u2666"),
    ("\uf70c", "\uf70b", "\uf700"),
    ("\uf70b", "\uf70c", ""),
    ("<RS>", "<GS>", "<EOT>"),
    ("{RS}", "{GS}", "{EOT}"),
    ("[rs]", "[gs]", "[eot]"),
    ("(RS)", "(GS)", "(EOT)"),
    ("%1E", "%1D", "%04"),
    ("\\036", "\\035", "\\004"),
    ("<RS>", "<FNC1>", ""),
    ("", "{FNC1}", ""),
    ("^^", "^]", "^D"),
    ("^", "]", "^D"),
    ("\\x1e", "\\x1d", "\\x04"),
    ("", "\x1d", ""),
    ("\x1e", "|", ""),
    ("", "~", ""),
]
ZEROS = "0" * 120
FORMAT06 = {
    "distributor with lot": (
        "[)>\x1e06\x1dPLTC4125EUFD#TRPBF\x1d1PLTC4125EUFD#TRPBF\x1d30PLTC4125EUFD#TRPBF\x1dK\x1d1K89521337\x1d10K10821337"
        f"\x1d9D2332\x1d1TAY10429.10\x1d11K1\x1d4LTH\x1dQ5\x1d11ZPICK\x1d12Z14562581\x1d13Z999999\x1d20Z{ZEROS}\x1e\x04",
        ("LTC4125EUFD#TRPBF", "AY10429.10", 5_000_000),
    ),
    "EIGP 114 example": (
        "[)>\x1e06\x1dP596-777A1-ND\x1d1PXAF4444\x1dQ3\x1d10D1452\x1d1TBF1103\x1d4LUS\x1e\x04",
        ("596-777A1-ND", "BF1103", 3_000_000),
    ),
    "trailer missing": (
        "[)>\x1e06\x1dP596-777A1-ND\x1d1PXAF4444\x1dQ3\x1d10D1452\x1d1TBF1103\x1d4LUS",
        ("596-777A1-ND", "BF1103", 3_000_000),
    ),
    "crystal maker": (
        "[)>\x1e06\x1dPNX3225SA-16M\x1d1T1K2207143\x1dQ3000\x1d1PEXS00A-CS07894\x1e\x04",
        ("NX3225SA-16M", "1K2207143", 3000_000_000),
    ),
    "pictures of control characters": (
        "[)>\u241e06\u241d1PGRM155R61A104KA01D\u241dQ10000\u241d1TID2R7\u241e\u2404",
        ("GRM155R61A104KA01D", "ID2R7", 10_000_000_000),
    ),
    "names of control characters": (
        "[)><RS>06<GS>1PGRM155R61A104KA01D<GS>Q2.5<GS>1TID2R7<RS><EOT>",
        ("GRM155R61A104KA01D", "ID2R7", 2_500_000),
    ),
    "keyboard wedge": (
        "[)>^06]1PMC34063ADR]Q3]1TZ9X]4LMX^^D",
        ("MC34063ADR", "Z9X", 3_000_000),
    ),
    "old header": (
        ">[)>06\x1dK21421337\x1d14K033\x1d1PLDK320ADU33R\x1dQ32\x1d11K060931337\x1d4LCN\x1d1TGK7\x1d1VSTMicro",
        ("LDK320ADU33R", "GK7", 32_000_000),
    ),
    "a scanner's prefix": (
        "]d1[)>\x1e06\x1d1PLM358N\x1d1T2412A\x1dQ7\x1e\x04",
        ("LM358N", "2412A", 7_000_000),
    ),
    "a scanner's prefix, typed": ("]d1[)>^06]1PLM358N]1T2412A]Q7^^D", ("LM358N", "2412A", 7_000_000)),
    "no quantity": ("[)>\x1e06\x1d1PLM358N\x1d1T2412A\x1e\x04", ("LM358N", "2412A", None)),
    "serial for lot": ("[)>\x1e06\x1dP86511\x1dS0042\x1dQ1\x1e\x04", ("86511", "0042", 1_000_000)),
}
GS1 = {
    "DataMatrix": ("]d2010950600013435210ABC123\x1d3725", ("09506000134352", "ABC123", 25_000_000)),
    "GS1-128, customer's article": (
        "]C1010950600013435210LOT-7\x1d241R-10K-0402\x1d304000",
        ("R-10K-0402", "LOT-7", 4000_000_000),
    ),
    "no symbology": ("0109506000134352112611011027A4B", ("09506000134352", "27A4B", None)),
    "brackets": ("(01)09506000134352(17)280200(10)B77", ("09506000134352", "B77", None)),
    "leading FNC1": ("\x1d010950600013435221SN99", ("09506000134352", "SN99", None)),
    "additional article": ("]Q3240CAP-100N\x1d10L9", ("CAP-100N", "L9", None)),
}


DISTRIBUTORS = {
    "Digi-Key's P is its order number": (
        "[)>\x1e06\x1dP296-1395-5-ND\x1d1PLM358N\x1d30P296-1395-5-ND\x1dK\x1d1K89521337\x1d9D2332\x1dQ5\x1d20Z00\x1e\x04",
        ("LM358N", "2332", 5_000_000),
    ),
    "Mouser prints no lot": (
        "[)>\x1e06\x1dKP0-1337\x1d14K011\x1d1PMC34063ADR\x1dQ3\x1d11K073121337\x1d4LMX\x1d1VTI\x1e\x04",
        ("MC34063ADR", "073121337", 3_000_000),
    ),
    "Mouser's P is the plant's number": (
        "[)>\x1e06\x1dKP0-1337\x1d14K011\x1dPR-10K\x1d1PMC34063ADR\x1dQ3\x1d11K073121337\x1d1TL7\x1e\x04",
        ("R-10K", "L7", 3_000_000),
    ),
    "Farnell's number is 3P": (
        "[)>\x1e06\x1dKPO-7\x1d3P9331247\x1dQ100\x1d10D2411\x1e\x04",
        ("9331247", "2411", 100_000_000),
    ),
    "TTI, Arrow, RS: as the standard says": (
        "[)>\x1e06\x1dPR-10K\x1d1PRC0603\x1dQ1000\x1dKPO-7\x1d4K1\x1d4LTW\x1e\x04",
        ("R-10K", "PO-7", 1000_000_000),
    ),
    "LCSC": (
        "]Q1{pbn:PICK2009291337,on:SO2009291337,pc:C312270,pm:ERJ-3EKF1002V,qty:2,mc:,cc:1,pdi:34421807}",
        ("ERJ-3EKF1002V", "PICK2009291337", 2_000_000),
    ),
    "LCSC without the maker's number": (
        "{on:SO2009291337,pc:C312270,qty:2}",
        ("C312270", "SO2009291337", 2_000_000),
    ),
}


class Call:
    """As much of a call as reading a label needs."""

    def __init__(self, **options):
        self.options = options

    def option(self, plugin_name, name):
        return ({option.name: option.default for option in options.OPTIONS} | self.options)[name]


def shown(found):
    return found["mat_item"], found["mat_lot"], found.get("amount")


@pytest.mark.parametrize("label", [*FORMAT06, *GS1])
def test_reads_real_labels(label):
    barcode, expected = (FORMAT06 | GS1)[label]
    assert shown(reading.read(Call(), barcode)) == expected


@pytest.mark.parametrize("label", DISTRIBUTORS)
def test_reads_the_labels_of_distributors_that_the_plant_names(label):
    barcode, expected = DISTRIBUTORS[label]
    assert shown(reading.read(Call(distributors="tti digikey mouser farnell lcsc"), barcode)) == expected


@pytest.mark.parametrize("label", [*FORMAT06, *GS1])
def test_other_labels_read_the_same_beside_distributors(label):
    barcode, expected = (FORMAT06 | GS1)[label]
    assert shown(reading.read(Call(distributors="mouser farnell lcsc"), barcode)) == expected


def test_unknown_distributors_are_told():
    assert distributors.check_names("mouser  lcsc") == "mouser  lcsc"
    with pytest.raises(ValueError, match=r"mousr; the distributors are digikey, mouser"):
        distributors.check_names("digikey mousr")


@pytest.mark.parametrize(("rs", "gs", "eot"), SCANNERS)
def test_what_scanners_send_for_separators_is_read_as_them(rs, gs, eot):
    label = f"[)>{rs}06{gs}1PGRM155{gs}Q10000{gs}1TID2R7{rs}{eot}"
    assert shown(reading.read(Call(), label)) == ("GRM155", "ID2R7", 10_000_000_000)
    if gs not in ("]", "|", "~"):
        gs1_label = f"]d2010950600013435210ABC123{gs}3725"
        assert shown(reading.read(Call(), gs1_label)) == ("09506000134352", "ABC123", 25_000_000)


@pytest.mark.parametrize(
    "barcode",
    [
        "R-10K;L1;5000",
        "PCB-0007",
        "",
        "(",
        "()",
        "(x)y",
        "06\x1dP1",
        "0112345",
        "0109506000134353AB",
        "01095060001343",
        "{pbn:PICK2009291337,pc:C312270,qty:2}",
        "\u0661\u0661" * 9,
    ],
)
def test_leaves_other_barcodes_to_other_rules(barcode):
    assert reading.read(Call(), barcode) is None


@pytest.mark.parametrize(
    ("barcode", "why"),
    [
        (
            "[)>\x1e06\x1dKP0-1337\x1d14K011\x1d1PMC34063ADR\x1dQ3\x1d11K073121337\x1d4LMX\x1d1VTI\x1e\x04",
            "without lot",
        ),
        ("[)>\x1e06\x1d\x1e\x04", "without article"),
        ("[)>06", "without article"),
        ("[)>\x1e06\x1d1PX\x1d1TY\x1dQmany\x1e\x04", "quantity"),
        ("]d2010950600013435310ABC", "damaged"),
        ("]d20109506000134352", "without lot"),
        ("]d2ABC", "damaged"),
        ("(01)09506000134352(10)", "damaged"),
        ("]C110" + "X" * 21, "damaged"),
        ("]C110X\x1d240Y\x1d30many", "damaged"),
        ("]C110X\x1d240Y\x1d30", "quantity"),
        ("]C110" + "X" * 20 + "240Y", "damaged"),
        ("]d2240Y\x1d10X\x1d01" + "\u0660" * 14, "damaged"),
    ],
)
def test_says_what_is_wrong_with_a_damaged_label(barcode, why):
    with pytest.raises(NotFound, match=why) as caught:
        reading.read(Call(), barcode)
    assert caught.value.code == "barcode-unreadable"


@pytest.mark.parametrize(
    "barcode",
    [
        "[)>06PGRM155Q100001TID2R7",
        "[)>\t06\tPGRM155\tQ10000\t1TID2R7",
        "[)> 06 PGRM155 Q10000 1TID2R7",
        "[)>RS06GSPGRM155GSQ10000GS1TID2R7",
        "[)><F9>06<F8>PGRM155<F8>Q10000<F8>1TID2R7",
        "[)>\x1e06PGRM155Q100001TID2R7\x1e\x04",
        "[)>\x1e06\x1d1pgrm155\x1dq10000\x1d1tid2r7\x1e\x04",
        "[)>\x1e06\x1d1PGRM\x02155\x1d1TID2R7\x1e\x04",
        "]d2ABC",
        "(01)09506000134352(10)ABC<GS>(37)25",
    ],
)
def test_a_damaged_label_gives_advice_about_the_scanner(barcode):
    with pytest.raises(NotFound, match="set the scanner up") as caught:
        reading.read(Call(), barcode)
    assert "ecia" not in caught.value.info


@pytest.mark.parametrize(
    ("quantity", "amount"),
    [("999999999.5", 999_999_999_500_000), ("1000000000", 10**15), ("0000000002000", 2 * 10**9)],
)
def test_quantities_up_to_the_largest_amount_are_read(quantity, amount):
    assert reading.read(Call(), f"[)>\x1e06\x1d1PX\x1d1TY\x1dQ{quantity}\x1e\x04")["amount"] == amount


@pytest.mark.parametrize(
    "quantity", ["1000000001", "1000000000.1", "12345678901234567890", "1.1234567", "1,5", "-1"]
)
def test_other_quantities_are_unreadable_and_never_cut(quantity):
    with pytest.raises(NotFound, match="quantity"):
        reading.read(Call(), f"[)>\x1e06\x1d1PX\x1d1TY\x1dQ{quantity}\x1e\x04")


def test_check_digits():
    assert gs1.check_digit_fits("09506000134352")
    assert not gs1.check_digit_fits("09506000134353")
    assert not gs1.check_digit_fits("0950600013435X")


def test_second_record_of_an_envelope_is_not_mixed_in():
    text = "[)>\x1e06\x1d1PA\x1d1TB\x1e12\x1d1PC\x1e\x04"
    assert format06.elements(text) == {"1P": "A", "1T": "B"}


@settings(max_examples=300, deadline=None, database=None)
@given(st.text(st.sampled_from("[)>06\x1d\x1e\x041PTQS()]d2C01\u241dA9"), max_size=40))
def test_no_barcode_breaks_the_reader(barcode):
    with contextlib.suppress(NotFound):
        found = reading.read(Call(), barcode)
        assert found is None or all(shown(found)[:2])
