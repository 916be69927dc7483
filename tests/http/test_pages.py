"""What a site serves beside its two APIs: probes, pages, metrics, and the plant file over HTTP."""

import json

import pytest

from tracepro.access import tokens
from tracepro.app import create_app
from tracepro.rpc.dispatcher import Dispatcher
from tracepro.testing.asgi import AsgiClient
from tracepro_hookspecs import TryAgain, hookimpl

PLANT = {"acts": [{"id": 1, "name": "SMT"}], "workplaces": [{"id": 100, "name": "Printer", "acts": [1]}]}
JSON = {"content_type": "application/json"}


class Failing:
    """A plugin that knows a line and whose notify hook fails."""

    @staticmethod
    @hookimpl
    def tracepro_line_names(call):
        return ["L1"]

    @staticmethod
    @hookimpl
    def tracepro_item_created(items):
        raise RuntimeError("broken")


@pytest.fixture
def plant(make_plant):
    return make_plant(
        ("workplaces", "failing"),
        extra={"failing": Failing},
        lines={"L1": ("workplaces",)},
        parameters={"api": {"max_body_bytes": 1000}},
    )


@pytest.fixture
def app(plant):
    made = create_app(plant.site, threads=2, dispatcher=Dispatcher(plant.site, inline=True))
    yield made
    made.pool.close()


@pytest.fixture
def send(app):
    return AsgiClient(app)


def token(plant, *scopes):
    made = plant.write(
        lambda call: tokens.create(call, "-".join(scopes), scopes, None, None, plant.site.clock())
    )
    return {"authorization": f"Bearer {made}"}


def test_alive_and_ready(send):
    assert send("GET", "/healthz").json == {"status": "ok"}
    assert send("GET", "/readyz").json == {"status": "ready"}
    assert send("HEAD", "/healthz").status == 200


def test_a_database_away_is_not_ready_and_still_alive(plant, monkeypatch):
    def away():
        raise TryAgain("database-unavailable", "The database is away.", outcome="none")

    monkeypatch.setattr(plant.site.store, "ping", away)
    app = create_app(plant.site, dispatcher=Dispatcher(plant.site, inline=True))
    answer = AsgiClient(app)("GET", "/readyz")
    assert answer.status == 503 and answer.json["code"] == "database-unavailable"
    assert AsgiClient(app)("GET", "/healthz").status == 200


def test_the_page_shows_what_runs_to_who_may_look(plant, send):
    page = send("GET", "/", host="localhost:8080")
    assert page.headers["content-type"].startswith("text/html")
    assert b"workplaces" in page.body and b"http://localhost:8080/api/" in page.body
    assert b"<tr><td>workplaces<td>1.0<td>5<td>0" in page.body
    send.address = "10.0.0.9"
    page = send("GET", "/", host="<script>alert(1)</script>")
    assert page.status == 200
    assert b"<h2>What runs" not in page.body and b"<script>" not in page.body
    assert b"<h2>What runs" in send("GET", "/", **token(plant, "admin")).body


def test_plugins_tells_of_each_where_it_runs_and_what_failed(plant, send):
    plant.site.relay(None).notify("tracepro_item_created", {"items": []})
    first, second = send("GET", "/plugins").json["plugins"]
    assert (first["name"], first["distribution"], first["state"]) == (
        "workplaces",
        "tracepro-workplaces",
        "running",
    )
    assert first["version"] and first["lines"] == {"site": True, "L1": True}
    assert (second["name"], second["state"], second["lines"]["L1"]) == ("failing", "failing", False)
    assert second["failures"]["tracepro_item_created"]["failures"] == 1


@pytest.mark.parametrize("path", ["/plugins", "/metrics", "/api/openapi.json"])
def test_what_tells_of_the_server_needs_the_scope_read_or_admin(plant, send, path):
    assert send("GET", path).status == 200
    refused = send("GET", path, **token(plant, "write"))
    assert (
        refused.status == 403
        and "needs the scope read or admin, and write has neither" in refused.json["error"]
    )
    send.address = "10.0.0.9"
    assert send("GET", path).status == 403
    assert send("GET", path, authorization="Bearer tp_1_no").status == 401
    assert send("GET", path, **token(plant, "read")).status == 200
    assert send("GET", path, **token(plant, "admin")).status == 200


def test_calls_are_counted_by_method_and_code(send):
    for params in ([100], [], ["x"]):
        call = {"jsonrpc": "2.0", "method": "getworkplace", "params": params, "id": 1}
        send("POST", "/api/", [json.dumps(call).encode()], **JSON)
    text = send("GET", "/metrics").body.decode()
    assert 'tracepro_calls_total{code="ok",method="getworkplace"} 1.0' in text
    assert 'tracepro_calls_total{code="-32602",method="getworkplace"} 2.0' in text
    assert 'tracepro_refusals_total{code="invalid-params"} 2.0' in text
    assert 'tracepro_call_seconds_count{method="getworkplace"} 3.0' in text


def test_a_plant_file_is_loaded_by_an_admin(plant, send, database):
    body = json.dumps(PLANT).encode()
    answer = send("POST", "/api/plant", [body], **JSON, **token(plant, "admin"))
    assert answer.status == 200, answer.body
    assert answer.json == {"sections": {"acts": 1, "workplaces": 1}}
    assert plant.call("getworkplace", 100)["name"] == "Printer"


def test_nobody_is_admin_without_a_token_for_it(plant, send):
    body = json.dumps(PLANT).encode()
    assert send("POST", "/api/plant", [body], **JSON).json["scope"] == "admin"
    assert send("POST", "/api/plant", [body], **JSON, **token(plant, "read", "write")).status == 403
    assert plant.call("getworkplace", 100) is None


def test_a_wrong_plant_file_changes_nothing(plant, send):
    admin = token(plant, "admin")
    wrong = {"acts": [{"id": 1, "name": "SMT"}], "workplaces": [{"id": 100, "name": 7}]}
    answer = send("POST", "/api/plant", [json.dumps(wrong).encode()], **JSON, **admin)
    assert answer.status == 400 and "workplaces" in answer.json["error"]
    answer = send("POST", "/api/plant", [b'{"dragons": []}'], **JSON, **admin)
    assert answer.status == 400 and "dragons" in answer.json["error"]
    for nonsense in (
        b"[]",
        b"{",
        b'{"acts": 5}',
        b'{"acts": [], "acts": []}',
        b'{"acts": [{"id": 1, "name": "a\\u0000"}]}',
    ):
        assert send("POST", "/api/plant", [nonsense], **JSON, **admin).status == 400, nonsense
    assert plant.call("getworkplace", 100) is None


def test_ten_thousand_rows_and_more_want_the_server_stopped_on_sqlite(plant, send):
    rows = {"acts": [{"id": number, "name": f"act {number}"} for number in range(1, 10_002)]}
    answer = send("POST", "/api/plant", [json.dumps(rows).encode()], **JSON, **token(plant, "admin"))
    assert answer.status == 413 and "tracepro import" in answer.json["error"]


def test_the_limit_on_bodies_is_the_parameter(send):
    assert send("POST", "/api/", [b" " * 1001], **JSON).status == 413
    assert send("POST", "/api/", [b" " * 1000], **JSON).status == 200
