"""Options and parameters are typed; a wrong value is told with file, section, key and meaning."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tracepro.config.core_parameters import PARAMETERS, anonymous_scopes
from tracepro.config.options import read_options
from tracepro.config.parameters import read_parameters
from tracepro.config.settings import Settings
from tracepro.config.values import typed
from tracepro.findings import Findings
from tracepro_hookspecs import Option, Parameter

SIZE = Option("size", 10, "How much lies in a box.", int)
SHORT = Option("short", "refuse", "What happens when it is short.", ("refuse", "record"))


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (int, "40", 40),
        (int, 40, 40),
        (float, "255", 255.0),
        (float, 255, 255.0),
        (bool, "Yes", True),
        (bool, "off", False),
        (bool, True, True),
        (str, "a b", "a b"),
        (list, "a, b  c", ["a", "b", "c"]),
        (list, ("a",), ["a"]),
        (("refuse", "record"), "record", "record"),
        (Path, "docs", Path("/plant/docs")),
        (Path, "/docs", Path("/docs")),
        (Path, "../docs", Path("/docs")),
        (
            list[Path],
            "docs, /other\n 'work docs'",
            [Path("/plant/docs"), Path("/other"), Path("/plant/work docs")],
        ),
        (list[Path], ("docs",), [Path("/plant/docs")]),
        (list[Path], "", []),
    ],
)
def test_a_text_becomes_its_kind(kind, text, value):
    assert typed(kind, text, Path("/plant")) == value


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        (int, "4.5", "must be a whole number, not '4.5'"),
        (int, str(2**63), "must be a whole number"),
        (int, True, "must be a whole number"),
        (float, "nan", "must be a number"),
        (bool, "maybe", "must be yes or no, not 'maybe'"),
        (("refuse", "record"), "x", "must be one of refuse, record, not 'x'"),
        (Path, "", "must be a path, not empty"),
        (list[Path], "docs 'work", "No closing quotation"),
    ],
)
def test_a_text_of_another_kind_is_refused(kind, text, said):
    with pytest.raises(ValueError, match=said.replace("'", ".")):
        typed(kind, text, Path("/plant"))


def options(written, enabled=("boxes",)):
    findings = Findings()
    settings = Settings.of(enabled, options=written)
    return read_options(settings, [("boxes", SIZE), ("boxes", SHORT)], findings), findings


def test_an_option_falls_back_from_its_line_to_the_site_to_the_default():
    read, findings = options({"boxes": {"short": "record"}, "boxes@PACK-2": {"size": "60"}})
    assert not findings
    assert read.value("boxes", "size", "PACK-2") == 60
    assert read.value("boxes", "short", "PACK-2") == "record"
    assert read.value("boxes", "size", "PACK-1") == read.value("boxes", "size", None) == 10
    assert read.lines == {"PACK-2"}


def test_an_unknown_option_is_told_with_the_nearest_name():
    _, findings = options({"boxes@PACK-2": {"sise": "60"}})
    assert (
        findings[0].info == "plugins.ini [plugin:boxes@PACK-2] has an unknown option sise; did you mean size?"
    )


def test_an_option_is_parsed_once_and_says_what_it_can_t_be():
    def even(number):
        if number % 2:
            raise ValueError(f"must be even, not {number}")
        return number // 2

    findings = Findings()
    pairs = Option("pairs", 3, "How many go together.", int, even)
    settings = Settings.of(("boxes",), options={"boxes": {"pairs": "8"}, "boxes@PACK-2": {"pairs": "7"}})
    assert read_options(settings, [("boxes", pairs)], findings).value("boxes", "pairs", None) == 4
    (finding,) = findings
    assert "[plugin:boxes@PACK-2] pairs: must be even, not 7. How many go together." in finding.info


def test_a_wrong_value_is_told_with_what_it_means():
    _, findings = options({"boxes": {"size": "big"}})
    assert findings[0].info == (
        "plugins.ini [plugin:boxes] size: must be a whole number, not 'big'. How much lies in a box."
    )


def test_a_section_of_a_plugin_that_is_off_is_a_warning():
    _, findings = options({"carts": {"anything": "1"}})
    assert not findings.errors and "[plugin:carts]" in findings.warnings[0].info


def parameters(written, *more):
    findings = Findings()
    return read_parameters(Settings.of((), parameters=written), [*PARAMETERS, *more], findings), findings


def test_defaults_are_typed_and_parsed_too():
    read, findings = parameters({})
    assert not findings
    assert read["site", "timezone"] == ZoneInfo("UTC")
    assert read["api", "anonymous"] == (True, ())
    assert read["api", "anonymous_scopes"] == {"read", "write"}


@pytest.mark.parametrize(
    ("section", "name", "value", "said"),
    [
        ("site", "timezone", "Mars", "[site] timezone: must be a time zone like Europe/Prague"),
        ("api", "anonymous", "10.20.0.1/16", "[api] anonymous: must be loopback, no, or networks"),
        ("api", "anonymous", "no loopback", "[api] anonymous: must be"),
        ("api", "anonymous", "", "[api] anonymous: must be"),
        ("api", "anonymous_scopes", "read admin", "must not have admin"),
        ("api", "hosts", "http://mes.plant", "must be names like mes.plant, without a port"),
        ("api", "hosts", "mes.plant:8080", "must be names like mes.plant, without a port"),
        ("api", "rpc_max_batch", "0", "must be at least 1"),
        ("api", "rpc_max_bach", "5", "an unknown key rpc_max_bach; did you mean rpc_max_batch?"),
        ("apo", "x", "5", "an unknown section [apo]; the sections are [api]"),
    ],
)
def test_a_wrong_parameter_is_told_with_file_section_and_key(section, name, value, said):
    _, findings = parameters({section: {name: value}})
    assert len(findings) == 1 and said in findings[0].info and "parameters.ini" in findings[0].info


def test_a_parser_that_crashes_is_a_finding():
    bad = Parameter("site", "shifts", "x", "The shifts.", parse=lambda text: text.nothing)
    _, findings = parameters({}, bad)
    assert "[site] shifts: AttributeError" in findings[0].info


def test_a_default_of_none_is_not_parsed():
    read, findings = parameters({}, Parameter("site", "mask", None, "A mask.", parse=len))
    assert read["site", "mask"] is None and not findings


def test_a_path_keeps_its_links(tmp_path):
    (tmp_path / "current.pdf").symlink_to("v3.pdf")
    assert typed(Path, "current.pdf", tmp_path) == tmp_path / "current.pdf"


DOCUMENTS = Parameter("stddocs", "*", {}, "A document.", Path)


def test_the_keys_of_an_open_section_are_the_sites_own():
    read, findings = parameters({"stddocs": {"PI10": "/docs/a.pdf", "il 21": "b.pdf"}}, DOCUMENTS)
    assert not findings
    assert read["stddocs", "*"] == {"PI10": Path("/docs/a.pdf"), "il 21": Path("b.pdf").absolute()}
    assert parameters({}, DOCUMENTS)[0]["stddocs", "*"] == {}


def test_a_wrong_value_in_an_open_section_is_told_with_its_key():
    rights = Parameter("groups", "*", {}, "Scopes of a group.", list, parse=anonymous_scopes)
    read, findings = parameters({"groups": {"office": "read", "it": "read admin"}}, rights)
    (finding,) = findings
    assert "parameters.ini [groups] it: must not have admin" in finding.info
    assert read["groups", "*"]["office"] == {"read"}
