"""The table of errors in docs/operating.md: each code has the HTTP status that it names, over JSON-RPC and over REST."""

import json
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from tracepro.access import errors as access_errors
from tracepro.access import tokens
from tracepro.app import create_app
from tracepro.http.errors import STATUSES, refusal
from tracepro.rpc.dispatcher import Dispatcher
from tracepro.testing.asgi import AsgiClient
from tracepro_hookspecs import CallError, TryAgain

OPERATING = Path(__file__).parents[2] / "docs" / "operating.md"
ROW = re.compile(r"^\| (-?\d+) \|([^|]*)\|([^|]*)\|([^|]*)\|", re.MULTILINE)
PLUGINS = ("workplaces", "workers", "orders", "items", "lines", "alerts", "tooling")
WITHOUT = tuple(name for name in PLUGINS if name not in ("alerts", "tooling"))
PLACES = {"L1": 101, "L2": 102, "L3": 103}


class Row(NamedTuple):
    """A row of the table: a number, its statuses over JSON-RPC and over REST, none where it doesn't occur, its words."""

    number: int
    rpc: set[int]
    rest: set[int]
    words: str


def _statuses(cell):
    return {int(status) for status in re.findall(r"\d+", cell)}


ROWS = [
    Row(int(number), _statuses(rpc), _statuses(rest), words)
    for number, rpc, rest, words in ROW.findall(OPERATING.read_text("utf-8"))
]


def rows_of(number, word):
    """Return the rows of a code: those that name its word, all of its number when none does."""
    rows = [row for row in ROWS if row.number == number]
    return [row for row in rows if f"`{word}`" in row.words] or rows


def _classes(one=CallError):
    return {one, *(each for beneath in one.__subclasses__() for each in _classes(beneath))}


def test_every_number_of_an_error_has_a_row():
    shipped = {each.number for each in _classes() if each.__module__.startswith("tracepro")}
    assert {*STATUSES, *shipped} == {row.number for row in ROWS}


@pytest.mark.parametrize("row", [row for row in ROWS if row.rest and row.number != -32001], ids=str)
def test_rest_answers_with_the_status_of_the_row(row):
    error = CallError("any", "Any.")
    error.number = row.number
    assert {refusal("/api/tools", error).status} == row.rest


@pytest.mark.parametrize(
    "error",
    [
        access_errors.Unauthenticated("No."),
        access_errors.ForbiddenAnonymous("No."),
        access_errors.Throttled("Wait.", 1.0),
        TryAgain("busy", "Wait."),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_ends_before_it_is_a_call_has_one_status_over_both(error):
    (status,) = {refusal(path, error).status for path in ("/api", "/api/tools")}
    assert [row for row in rows_of(error.number, error.code) if status in row.rpc and row.rest == {status}]


@pytest.fixture
def terminal(make_plant):
    """Return a function that sends a request of a terminal of line L1, and one of the office; machines are on each line."""
    lines = [{"name": line, "machines": [{"name": "M", "wp_id": wp_id}]} for line, wp_id in PLACES.items()]
    workplaces = [{"id": wp_id, "name": line} for line, wp_id in PLACES.items()]
    plant = make_plant(PLUGINS, {"workplaces": workplaces, "lines": lines}, lines={"L3": WITHOUT})
    app = create_app(plant.site, threads=2, dispatcher=Dispatcher(plant.site, inline=True))
    client = AsgiClient(app)
    token = plant.write(lambda call: tokens.create(call, "T", ["read", "write"], ["L1"], None, plant.clock()))

    def send(verb, path, body=None, *, office=False):
        given = {} if office else {"authorization": f"Bearer {token}"}
        if body is not None:
            given["content_type"] = "application/json"
            body = [json.dumps(body).encode()]
        return client(verb, path, body or [], **given)

    yield send
    app.pool.close()


def _alert(wp_id):
    params = {"module": "m", "src": "s", "target": "t", "wp_id": wp_id, "severity": 1}
    return {"jsonrpc": "2.0", "id": 1, "method": "mkalert", "params": params}


def _process(line):
    return {"name": f"Milling {line}", "machine_id": PLACES[line]}


def _told(answer):
    """Return status, word and line of an error, over JSON-RPC or REST."""
    body = answer.json["error"]["data"] if "jsonrpc" in answer.json else answer.json
    return {answer.status}, body["code"], body["line"]


def test_a_token_of_another_line_gets_the_statuses_of_its_row(terminal):
    assert "result" in terminal("POST", "/api/", _alert(PLACES["L1"])).json
    process = terminal("PUT", "/api/processes", _process("L2"), office=True).json["id"]
    (row,) = rows_of(-32002, "scope-missing")
    rpc = terminal("POST", "/api/", _alert(PLACES["L2"]))
    rest = terminal("GET", f"/api/tools/replacements/process/{process}")
    assert _told(rpc) == (row.rpc, "scope-missing", "L2") and _told(rest) == (row.rest, "scope-missing", "L2")


def test_a_plugin_that_is_off_on_the_line_gets_the_statuses_of_its_row(terminal):
    (row,) = rows_of(1004, "plugin-off")
    rpc = terminal("POST", "/api/", _alert(PLACES["L3"]), office=True)
    rest = terminal("PUT", "/api/processes", _process("L3"), office=True)
    assert _told(rpc) == (row.rpc, "plugin-off", "L3") and _told(rest) == (row.rest, "plugin-off", "L3")


@pytest.mark.parametrize(
    ("body", "number"),
    [
        ({"jsonrpc": "2.0", "id": 1, "method": "ghost"}, -32601),
        ({"jsonrpc": "2.0", "id": 1, "method": "getorder", "params": ["one"]}, -32602),
        ({"jsonrpc": "2.0", "id": 1, "method": "getordercounts", "params": [7]}, 1001),
        ([], -32600),
    ],
)
def test_what_became_a_call_is_200(terminal, body, number):
    answer = terminal("POST", "/api/", body)
    error = answer.json["error"]
    assert error["code"] == number
    assert {answer.status} == rows_of(number, error["data"]["code"])[0].rpc == {200}
