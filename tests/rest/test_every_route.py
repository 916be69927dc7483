"""What holds for every route of the whole site, whoever wrote it: references, types, unknown members, ETags."""

import gc
import json
import tracemalloc

import pytest
from tracepro_tooling.tools import TOOLS
from whole_site import KEPT, RAW, SEEDED, WholeSite

from tracepro.app import bound_routes

TOOL = {"start_day": 739_000, "created": 1_795_168_800_000_000}
NOBODY = 99_999
REFERENCES = {"process", "assembly", "inventory_item"}
"""Query parameters that are ids without ending in ``_id``."""
JSON = "application/json"
BODIES = {"PUT": {"name": "N"}, "PATCH": {}, "POST": {}}


@pytest.fixture
def site(make_plant):
    made = WholeSite(make_plant)
    yield made
    made.app.pool.close()


def routes(site):
    """Return the routes of plugins."""
    found = [each.route for each in bound_routes(site.site) if each.plugin != "core"]
    return [route for route in found if route.path.startswith("/api/")]


def path_of(route, id=1):
    """Return a path of a route below /api/, with one id for all of its fields."""
    parts = route.path.removeprefix("/api/").split("/")
    return "/".join(str(id) if part.startswith("{") else part for part in parts)


def with_object(site):
    """Return the routes that take a JSON object."""
    found = [route for route in routes(site) if route.body is not None and route.raw_limit is None]
    assert len(found) >= 14
    return found


def refusal(answer):
    """Return the status of an answer and the member that it names."""
    body = json.loads(answer.body) if answer.body else {}
    return answer.status, body.get("member") or body.get("parameter", "").partition(".")[0]


def test_every_body_is_told_which_of_its_members_are_not_known(site):
    for route in with_object(site):
        body = {**BODIES[route.verb], "colour": 1, "no such": None}
        answer = site.right(route.verb, path_of(route), body)
        assert answer.headers.get("warning-fields") == "colour, no such", route


def test_every_member_of_every_body_has_a_type_and_what_has_another_is_named(site):
    asked = 0
    for route in with_object(site):
        for name, schema in route.body["properties"].items():
            wrong = [] if schema.get("type") == "object" else {"a": 1}
            answer = site.send(route.verb, path_of(route), {**BODIES[route.verb], name: wrong})
            assert refusal(answer) == (400, name), (route, name, answer.body)
            asked += 1
    assert asked > 80


def test_every_query_parameter_has_a_type_and_what_has_another_is_named(site):
    asked = 0
    for route in routes(site):
        for name in route.query:
            body, kind = right_body(route)
            answer = site.send(route.verb, f"{path_of(route)}?{name}=x%20y", body, content_type=kind)
            assert refusal(answer) == (400, name), (route, name, answer.body)
            asked += 1
    assert asked >= 9


def test_an_id_of_nobody_is_424_wherever_it_is_sent_and_404_in_a_path(site, database):
    asked = 0
    for route in with_object(site):
        for name, schema in route.body["properties"].items():
            by_id = schema.get("type") == "object"
            if not by_id and not name.endswith("_id"):
                continue
            sent = {str(NOBODY): 1} if by_id else NOBODY
            answer = site.send(route.verb, path_of(route), {**BODIES[route.verb], name: sent})
            assert refusal(answer) == (424, name), (route, name, answer.body)
            asked += 1
    for route in routes(site):
        for name in REFERENCES & route.query.keys():
            answer = site.send(route.verb, f"{path_of(route)}?{name}={NOBODY}")
            assert refusal(answer) == (424, name), (route, name, answer.body)
            asked += 1
        if "{" in route.path:
            body, kind = right_body(route)
            answer = site.send(route.verb, path_of(route, NOBODY), body, content_type=kind)
            assert answer.status == 404 and answer.json["code"].endswith("-not-found"), (route, answer.body)
    assert asked >= 20


def right_body(route):
    """Return a body that a route takes, and its type."""
    return RAW[route.path.rpartition("/")[2]] if route.raw_limit else (BODIES.get(route.verb), JSON)


def object_of(route, id=1):
    """Return the path of the object that a route is about, or about a part of which it is."""
    path = path_of(route, id)
    return path if route.path.endswith("}") else path.rpartition("/")[0]


def test_whoever_changes_an_object_may_say_which_state_was_seen(site, database):
    taking = [route for route in routes(site) if route.if_match]
    assert {(route.verb, route.path) for route in taking} == {
        (route.verb, route.path)
        for route in routes(site)
        if route.verb in ("PATCH", "DELETE") or (route.verb == "POST" and route.raw_limit)
    }
    taking.sort(key=lambda route: -route.path.count("/"))  # what belongs to an object before the object
    for route in taking:
        for n, wrap in enumerate(("{}", '"other", {} ,"more"', "*")):
            id = KEPT + 1 + n if route.verb == "DELETE" else 1

            def change(if_match, id=id, route=route):
                body, kind = right_body(route)
                return site.send(route.verb, path_of(route, id), body, content_type=kind, if_match=if_match)

            seen = site.right("PATCH", object_of(route, id), {}).headers["etag"]
            for stale in ('"0123456789abcdef0123456789abcdef"', f"W/{seen}", seen.strip('"'), ""):
                refused = change(stale)
                assert (refused.status, refused.json["code"]) == (412, "etag-mismatch"), (route, stale)
            assert change(wrap.format(seen)).status in (200, 204), (route, wrap)


def test_the_etag_of_an_answer_is_that_of_the_object_as_it_is_then(site, database):
    for route in routes(site):
        if not route.etag or route.verb == "POST" or (route.verb == "GET" and route.path.endswith("/image")):
            continue
        answer = site.right(route.verb, path_of(route), BODIES.get(route.verb))
        if route.verb == "PUT":
            path = f"{path_of(route)}{answer.json['id']}"
        else:
            path = object_of(route)
        assert site.right("PATCH", path, {}, if_match=answer.headers["etag"]).json == answer.json, route


LISTS = ("tools", "tools/assemblies", "processes", "programs", "inventory/items", "inventory")


def test_a_list_of_every_kind_is_answered_whole_or_refused(make_plant, database):
    site = WholeSite(make_plant, list_rows=SEEDED)
    assert {f"{path_of(route)}" for route in routes(site) if route.verb == "PUT"} == {
        f"{kind}/" for kind in LISTS
    }
    for kind in LISTS:
        assert len(site.right("GET", f"{kind}/").json) == SEEDED
        site.right("PUT", f"{kind}/", {"name": "one too many"})
        refused = site.send("GET", f"{kind}/")
        assert (refused.status, refused.json["rule"], refused.json["most"]) == (400, "list_rows", SEEDED)
    for narrowed in ("process=1", "assembly=1", "inventory_item=1"):
        assert len(site.right("GET", f"tools/?{narrowed}").json) == 1
        refused = site.send(
            "GET", f"tools/?{narrowed}&{'process' if 'process' not in narrowed else 'assembly'}=1"
        )
        assert (refused.status, refused.json["rule"]) == (400, "one-filter")
    site.app.pool.close()


MANY = 100_000


@pytest.mark.slow
def test_many_tools_are_no_more_in_memory_than_a_list_may_have(make_plant, database):
    site = WholeSite(make_plant)
    rows = [{**TOOL, "name": f"T{n}", "assembly_id": 100 + n} for n in range(MANY)]
    site.plant.write(lambda call: call.db.insert_many(TOOLS.new, rows))
    peaks = []
    for path, status in (("tools/", 400), ("tools/?warn_life=1", 400), ("tools/?assembly=1&life=1", 200)):
        gc.collect()
        tracemalloc.start()
        assert site.send("GET", path).status == status
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert max(peaks[:2]) < 60_000_000 and peaks[2] < 2_000_000, peaks
    site.app.pool.close()
