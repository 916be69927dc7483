"""The log: one JSON line a record, or a short line for eyes; nothing in it can repaint a terminal."""

import io
import json
import logging
import time
from types import SimpleNamespace

import pytest

from tracepro.access.caller import Caller
from tracepro.calls.log import MOST_GATHERED, JsonLines, Readable, log_call, log_handler


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


class Written(io.StringIO):
    """A stream that knows what was written at once."""

    def __init__(self):
        super().__init__()
        self.pieces = []

    def write(self, text):
        self.pieces += [text] if text else []
        return super().write(text)


@pytest.fixture
def bunching(monkeypatch):
    """A handler that was told to write in bunches, whose thread doesn't run, and its stream."""
    monkeypatch.setattr("threading.Thread", lambda **_: SimpleNamespace(start=lambda: None))
    stream = Written()
    handler = log_handler(stream)
    handler.bunch()
    return handler, stream


def a_record(name="tracepro.calls.call", level=logging.INFO, text="call"):
    return logging.LogRecord(name, level, "", 0, text, (), None)


def test_records_of_calls_are_written_together_and_in_pieces_that_a_pipe_takes_whole(bunching):
    handler, stream = bunching
    for number in range(100):
        handler.handle(a_record(text=str(number)))
    assert stream.pieces == []
    handler.flush()
    assert [json.loads(line)["message"] for line in stream.getvalue().splitlines()] == list(
        map(str, range(100))
    )
    assert 1 < len(stream.pieces) < 10
    assert all(len(piece) <= 4096 and piece.endswith("\n") for piece in stream.pieces)


def test_whatever_is_no_record_of_a_call_is_written_at_once_behind_those_that_wait(bunching):
    handler, stream = bunching
    handler.handle(a_record(text="a call"))
    handler.handle(a_record("tracepro.calls", logging.ERROR, "a bug"))
    assert [json.loads(line)["message"] for line in stream.getvalue().splitlines()] == ["a call", "a bug"]


def test_records_that_nobody_writes_are_bounded(bunching):
    handler, stream = bunching
    for _ in range(MOST_GATHERED + 1):
        handler.handle(a_record())
    assert stream.getvalue().count("\n") == MOST_GATHERED + 1


def test_a_bunch_is_written_a_moment_later_by_itself():
    stream = Written()
    handler = log_handler(stream)
    handler.bunch()
    handler.handle(a_record())
    deadline = time.monotonic() + 30
    while not stream.pieces and time.monotonic() < deadline:
        time.sleep(0.005)
    assert json.loads(stream.getvalue())["message"] == "call"


def test_a_process_that_was_not_told_to_gather_writes_at_once():
    stream = Written()
    log_handler(stream).handle(a_record())
    assert json.loads(stream.getvalue())["message"] == "call"


def test_a_name_that_is_no_text_is_written_all_the_same(written):
    assert json.loads(written(JsonLines(), "r1", "\ud800", "c", None, 0.1, None, None))["method"] == "\ud800"


def test_a_terminal_gets_lines_for_eyes():
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    assert isinstance(log_handler(Terminal()).formatter, Readable)
    assert isinstance(log_handler(io.StringIO()).formatter, JsonLines)
