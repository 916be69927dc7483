"""The log: one JSON line a record, or a short line for eyes; nothing in it can repaint a terminal."""

import io
import json
import logging

import pytest

from tracepro.access.caller import Caller
from tracepro.calls.log import JsonLines, Readable, formatter_for, log_call


@pytest.fixture
def written():
    """Gives a function that formats what is logged inside it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logger = logging.getLogger("tracepro.calls.call")
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)

    def lines(formatter, request_id, name, caller, *rest, **more):
        handler.setFormatter(formatter)
        log_call(request_id, name, Caller(caller, None, frozenset(), None, "10.0.0.7"), *rest, **more)
        return stream.getvalue()

    yield lines
    logger.removeHandler(handler)
    logger.setLevel(before)


def test_a_call_is_one_line_of_json(written):
    text = written(JsonLines(), "r1", "addop", "terminal-7", "SMT-1", 0.00123, 1000, "item-bad")
    assert text.count("\n") == 1
    record = json.loads(text)
    assert record.pop("time").endswith("Z")
    assert record == {
        "level": "info",
        "logger": "tracepro.calls.call",
        "message": "call",
        "request_id": "r1",
        "method": "addop",
        "caller": "terminal-7",
        "line": "SMT-1",
        "ms": 1.23,
        "code": "item-bad",
        "number": 1000,
        "address": "10.0.0.7",
    }


@pytest.mark.parametrize("formatter", [JsonLines(), Readable()])
def test_control_characters_are_escaped(written, formatter):
    text = written(formatter, "r1", "x\x1b[31m\x9b\x07\r", "c", None, 0.1, None, None)
    assert text.endswith("\n")
    assert all(char.isprintable() for char in text[:-1])


def test_a_name_with_a_line_end_begins_no_line(written):
    text = written(Readable(), "r1", "x\n12:00:00.000 addop ok", "c\x85", None, 0.1, None, None)
    assert text.count("\n") == 1 and len(text.splitlines()) == 1


def test_whatever_has_several_lines_goes_on_indented(written):
    try:
        raise ValueError("first\n12:00:00.000 second\x1b[2J")
    except ValueError as error:
        record = logging.LogRecord(
            "x", logging.ERROR, "", 0, "a\nb", (), (ValueError, error, error.__traceback__)
        )
    first, *others = Readable().format(record).splitlines()
    assert first.endswith(" error a") and len(others) > 3
    assert all(line.startswith(" " * 13) and line.isprintable() for line in others)


def test_a_line_for_eyes_says_what_happened(written):
    text = written(Readable(), "r1", "addop", "terminal-7", "SMT-1", 0.0012, None, None, replayed=True)
    assert text[13:] == "addop ok 1.2 ms by terminal-7 from 10.0.0.7 on SMT-1 (replayed) r1\n"


def test_a_stack_goes_with_its_record():
    try:
        raise ValueError("broken")
    except ValueError as error:
        record = logging.LogRecord(
            "x", logging.ERROR, "", 0, "failed", (), (ValueError, error, error.__traceback__)
        )
    record.request_id = "r9"
    told = json.loads(JsonLines().format(record))
    assert (told["message"], told["request_id"]) == ("failed", "r9")
    assert "ValueError: broken" in told["stack"]
    assert "ValueError: broken" in Readable().format(record)


def test_a_terminal_gets_lines_for_eyes():
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    assert isinstance(formatter_for(Terminal()), Readable)
    assert isinstance(formatter_for(io.StringIO()), JsonLines)
