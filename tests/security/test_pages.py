"""What a browser gets can't be framed, kept, or read as anything else than it is."""

import base64
import hashlib
import re

import pytest

from tracepro.testing.wire import Wire


@pytest.fixture(scope="module")
def server(serve_plant_once):
    return serve_plant_once(("workplaces", "counters"))


@pytest.mark.parametrize("verb", ["GET", "HEAD"])
def test_the_page_runs_nothing_is_in_no_frame_and_is_not_kept(server, verb):
    headers = server.client().send(verb, "/").headers
    rules = dict(rule.strip().split(" ", 1) for rule in headers["content-security-policy"].split(";"))
    assert (
        rules["default-src"]
        == rules["frame-ancestors"]
        == rules["base-uri"]
        == rules["form-action"]
        == "'none'"
    )
    assert "script-src" not in rules and "unsafe" not in headers["content-security-policy"]
    assert (headers["x-frame-options"], headers["cache-control"]) == ("DENY", "no-store")
    assert headers["content-type"].startswith("text/html")


def test_the_style_of_the_page_is_the_one_it_allows(server):
    answer = server.client().send("GET", "/")
    (style,) = re.findall(rb"<style>(.*?)</style>", answer.body, re.DOTALL)
    allowed = base64.b64encode(hashlib.sha256(style).digest()).decode()
    assert f"style-src 'sha256-{allowed}'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1",
        b"GET /healthz HTTP/1.1",
        b"GET /plugins HTTP/1.1",
        b"GET /nowhere HTTP/1.1",
        b"DELETE /api/ HTTP/1.1",
        b"GET /api/openapi.json HTTP/1.1",
        b"GET HTTP/1.1",
        b"GET /" + b"a" * 9000 + b" HTTP/1.1",
        b"GET / HTTP/1.1\r\nX: " + b"a" * 9000,
    ],
    ids=["page", "probe", "plugins", "404", "405", "openapi", "400", "414", "431"],
)
def test_no_answer_is_read_as_another_type(server, sent):
    wire = Wire(server.port).send(sent, b"\r\nHost: localhost\r\n\r\n")
    _, headers, _ = wire.answer()
    wire.close()
    assert headers["x-content-type-options"] == "nosniff"
