"""The six endpoints of tool replacements: every status that is promised stands in the document, and is answered."""

import re

import pytest
from tracepro_tooling import models as m

GIF = b"GIF89a\x01\x00\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
ONE = "/api/tools/replacements/{replacement_id}"
PROMISED = {
    ("get", "/api/tools/replacements/process/{process_id}"): {200, 404},
    ("patch", ONE): {200, 403, 404},
    ("delete", ONE): {202, 204, 404, 409},
    ("get", ONE + "/image"): {200, 404, 412},
    ("post", ONE + "/image"): {200, 404, 413, 415},
    ("delete", ONE + "/image"): {200, 404},
}


@pytest.fixture
def mill(rest):
    rest.process = rest.make("processes", name="Housing", machine_id=101)["id"]
    rest.assembly = rest.make("tools/assemblies", name="T1", process_id=rest.process)["id"]
    return rest


def replaced(mill):
    """Return a tool and the path of a replacement of it."""
    tool = mill.make("tools", name="Mill", assembly_id=mill.assembly)["id"]
    return tool, f"tools/replacements/{mill('POST', f'tools/{tool}/replace', {}).json['id']}"


def test_the_document_has_every_status_of_the_six_endpoints(rest):
    paths = rest.get("openapi.json")["paths"]
    said = {
        (verb, path): {int(status) for status in paths[path][verb]["responses"] if status != "default"}
        for verb, path in PROMISED
    }
    assert said == PROMISED


def test_every_promised_status_is_answered(mill):
    tool, path = replaced(mill)
    none, image = "tools/replacements/999", path + "/image"
    history = "tools/replacements/process/"
    steps = [
        ("get", history + str(mill.process), None, 200),
        ("get", history + "999", None, 404),
        ("patch", path, {"notes": "n"}, 200),
        ("patch", path, {"testing": True}, 403),
        ("patch", none, {"notes": "n"}, 404),
        ("get", image, None, 412),
        ("post", image, GIF, 200),
        ("get", image, None, 200),
        ("post", image, b"x" * 5_000_001, 413),
        ("post", image, GIF[:-1], 415),
        ("delete", image, None, 200),
        *(
            (verb, none + "/image", GIF if verb == "post" else None, 404)
            for verb in ("get", "post", "delete")
        ),
        ("post", f"tools/{tool}/replace", {}, 201),
        ("delete", path + "?undo=1", None, 409),
        ("delete", path, None, 204),
        ("delete", path, None, 404),
    ]
    seen = {}
    for verb, where, body, status in steps:
        headers = {"content_type": "image/gif"} if isinstance(body, bytes) else {}
        assert mill(verb.upper(), where, body, **headers).status == status, (verb, where)
        seen.setdefault(_endpoint(verb, where), set()).add(status)
    _, path = replaced(mill)
    mill.plant.write(lambda call: call.db.run(m.Tool.delete()))
    assert mill("DELETE", path + "?undo=1").status == 202
    seen["delete", ONE].add(202)
    assert {endpoint: seen[endpoint] for endpoint in PROMISED} == PROMISED


def _endpoint(verb, path):
    """Return the endpoint of a request as the document names it."""
    field = "{process_id}" if "process" in path else "{replacement_id}"
    return verb, "/api/" + re.sub(r"[0-9]+", field, path.partition("?")[0])
