"""Every method and route of every plugin needs a scope, and exactly that one: who lacks it gets nowhere."""

import json
import re

import pytest

from tracepro.access import tokens
from tracepro.access.caller import Caller
from tracepro.app import create_app
from tracepro.testing.asgi import AsgiClient

FOR_ANYBODY = {("POST", "/ui/login")}
"""What lets people in."""
FOR_ANY_CALLER = {("POST", "/ui/logout")}
"""What ends the caller's own session."""


@pytest.fixture
def plant(make_plant):
    return make_plant()


def refused_for_scope(plant, method, scopes):
    body = json.dumps(
        {"jsonrpc": "2.0", "id": 1, "method": method, "params": {"no_such_parameter": 1}}
    ).encode()
    caller = Caller("walker", 1, frozenset(scopes), None, "10.1.2.3")
    error = json.loads(plant.request(body, caller=caller))["error"]
    return error["code"] == -32002


def test_every_method_needs_its_scope_and_no_other(plant):
    methods = plant.dispatcher.methods
    assert len(methods) > 40
    for name, bound in methods.items():
        needed = bound.method.needed_scope
        assert needed, f"{name} declares no scope"
        assert refused_for_scope(plant, name, ()), name
        assert refused_for_scope(plant, name, plant.site.scopes - {needed}), name
        for scope in plant.site.scopes:
            assert refused_for_scope(plant, name, [scope]) == (scope != needed), (name, scope)


def test_writing_is_never_open_to_those_who_may_only_read(plant):
    for name, bound in plant.dispatcher.methods.items():
        if bound.method.access != "read":
            assert bound.method.needed_scope != "read", name


def test_every_path_needs_its_scope(make_plant):
    plant = make_plant(parameters={"api": {"anonymous": "no"}})
    plant.site.start()
    client = AsgiClient(create_app(plant.site))
    headers = {}
    for scope in ("read", "write", "admin"):
        text = plant.write(lambda call, s=scope: tokens.create(call, s, [s], None, None, 1))
        headers[scope] = {"authorization": f"Bearer {text}"}
    assert client("POST", "/ui/logout", [b"{}"], content_type="application/json").status == 401
    for verb, path, *enough in walked(plant):
        assert client(verb, path, [b"{}"], content_type="application/json").status == 401, path
        for scope, header in headers.items():
            answer = client(verb, path, [b"{}"], content_type="application/json", **header)
            assert (answer.status == 403) == (scope not in enough), (verb, path, scope, answer)


def walked(plant):
    """Yields verb, path and the scopes that are enough for it, of everything beside JSON-RPC that is not for everybody."""
    for path in ("/plugins", "/metrics", "/api/openapi.json"):
        yield "GET", path, "read", "admin"
    yield "POST", "/api/plant", "admin"
    for registered in plant.site.routes.values():
        route = registered.declaration
        if (route.verb, route.path) not in {*FOR_ANYBODY, *FOR_ANY_CALLER}:
            yield route.verb, route.path.replace("{id}", "1"), route.needed_scope


def test_what_is_open_is_open_on_purpose(plant):
    routes = [registered.declaration for registered in plant.site.routes.values()]
    assert {(route.verb, route.path) for route in routes if route.public} == FOR_ANYBODY
    assert {(route.verb, route.path) for route in routes if not route.needed_scope} == {
        *FOR_ANYBODY,
        *FOR_ANY_CALLER,
    }
    pages = [registered.declaration for registered in plant.site.contributions.pages.values()]
    assert {page.name for page in pages if page.public or not page.scope} == {"login"}


def test_every_page_leads_strangers_to_log_in_and_needs_its_scope(make_plant):
    plant = make_plant(parameters={"api": {"anonymous": "no"}})
    plant.site.start()
    client = AsgiClient(create_app(plant.site))
    token = plant.write(lambda call: tokens.create(call, "nothing", ["other"], None, None, 1))
    pages = [registered.declaration for registered in plant.site.contributions.pages.values()]
    for page in (page for page in pages if not page.public):
        path = re.sub(r"\{.*?\}", "1", page.path)
        assert client("GET", path).headers["location"].startswith("/ui/login?back="), path
        refused = client("GET", path, authorization=f"Bearer {token}")
        assert refused.status == 403 and f"needs the scope {page.scope}" in refused.text, path


def test_probes_and_the_page_are_for_everybody(make_plant):
    plant = make_plant(("workplaces",), parameters={"api": {"anonymous": "no"}})
    client = AsgiClient(create_app(plant.site), address="10.9.9.9")
    assert [client("GET", path).status for path in ("/healthz", "/readyz", "/")] == [200, 200, 200]


@pytest.mark.parametrize(("anonymous", "status"), [("no", 401), ("loopback", 403), ("10.20.0.0/16", 403)])
def test_json_rpc_tells_those_from_elsewhere_in_its_own_form(make_plant, anonymous, status):
    plant = make_plant(("workplaces",), parameters={"api": {"anonymous": anonymous}})
    client = AsgiClient(create_app(plant.site), address="10.9.9.9")
    answer = client("POST", "/api/", [b"no json at all"], content_type="application/json")
    assert answer.status == status
    body = json.loads(answer.body)
    assert (body["id"], body["error"]["code"], body["error"]["data"]["code"]) == (
        None,
        -32001,
        "unauthenticated",
    )
