"""The line of a call: where it comes from, which plugins are on there, which tokens are for it."""

from dataclasses import replace

import pytest

from tracepro.access.caller import Caller

BOTH = Caller("repair", 3, frozenset(("read", "write")), frozenset("AB"), "10.0.0.3")
LINE_A = Caller("terminal", 2, frozenset(("read", "write")), frozenset(("A",)), "10.0.0.2")


def test_the_line_of_a_call_comes_from_its_workplace(client):
    assert client.result("note", text="a", wp_id=100)["line"] == "A"
    assert client.result("note", text="a", wp_id=200)["line"] == "B"
    assert client.result("note", text="a", wp_id=999)["line"] is None
    assert client.result("note", text="a")["line"] is None


@pytest.mark.parametrize(
    ("wp_ids", "line", "lines"),
    [
        ([100, 101], "A", ["A"]),
        ([100, 200], None, ["A", "B"]),
        ([100, 999], None, ["A"]),
        ([], None, []),
        ("200", "B", ["B"]),
        (999, None, []),
    ],
)
def test_a_call_of_several_workplaces_stands_on_a_line_when_all_do(client, wp_ids, line, lines):
    assert client.result("places", wp_ids=wp_ids) == {"line": line, "lines": lines}


def test_a_plugin_that_is_off_on_the_line_refuses_its_methods_there(client):
    assert client.result("blank", wp_id=100) == {"wp_id": 100}
    assert client.result("blank", wp_id=999) == {"wp_id": 999}
    error = client.error("blank", wp_id=200)
    assert (error["code"], error["data"]["code"]) == (1004, "plugin-off")
    assert (error["data"]["plugin"], error["data"]["line"]) == ("side", "B")


def test_a_token_of_some_lines_works_there_only(client):
    assert client.call("note", text="a", wp_id=100, caller=LINE_A)["result"]["line"] == "A"
    for wp_id in (200, 999):
        error = client.call("note", text="b", wp_id=wp_id, caller=LINE_A)["error"]
        assert (error["code"], error["data"]["code"]) == (-32002, "scope-missing")
    for wp_ids in ([100, 200], [100, 999]):
        assert client.call("places", wp_ids=wp_ids, caller=LINE_A)["error"]["code"] == -32002
    assert client.call("places", wp_ids=[100, 101], caller=LINE_A)["result"]["line"] == "A"
    assert client.result("notes") == ["a"]


def test_a_token_of_some_lines_reads_what_is_on_no_line(client):
    assert client.call("blank", wp_id=999, caller=LINE_A)["result"] == {"wp_id": 999}
    assert client.call("blank", wp_id=200, caller=LINE_A)["error"]["code"] == -32002


def test_a_call_that_names_no_line_stands_on_the_only_one_of_its_token(client):
    assert client.call("note", text="a", caller=LINE_A)["result"]["line"] == "A"
    assert client.call("places", wp_ids=[], caller=LINE_A)["result"] == {"line": "A", "lines": ["A"]}
    assert client.call("note", text="b", caller=BOTH)["result"]["line"] is None
    assert client.call("findnote", text="new", caller=BOTH)["result"]["id"] > 0


def test_a_plugin_that_is_off_on_a_tokens_only_line_refuses_what_names_none(client):
    only_b = replace(LINE_A, lines=frozenset("B"))
    assert client.call("sides", caller=only_b)["error"]["code"] == 1004
    assert client.call("sides", caller=BOTH)["result"] == "here"


def test_what_is_the_whole_plants_is_refused_to_a_token_of_some_lines(client):
    for caller in (LINE_A, BOTH):
        error = client.call("rename", caller=caller)["error"]
        assert (error["code"], error["data"]["code"]) == (-32002, "scope-missing")
        assert "whole plant" in error["message"]
    assert client.result("rename") == "renamed"
