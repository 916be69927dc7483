"""Corners of HTTP/1.1 that real clients and proxies use: absolute targets, 1.0, a missing Host, encoded bodies."""

import gzip
import json

import pytest

BODY = b'{"jsonrpc":"2.0","method":"getnext","params":["corner","n"],"id":1}'


@pytest.fixture(scope="module")
def server(serve_plant_once):
    return serve_plant_once(("workplaces", "counters"))


def request(target, *headers, version="1.1", body=BODY, host="localhost"):
    lines = [f"POST {target} HTTP/{version}", *([f"Host: {host}"] if host is not None else [])]
    lines += ["Content-Type: application/json", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


@pytest.mark.parametrize(
    "target", ["http://localhost/api/", "HTTP://localhost:8080/api", "http://127.0.0.1/api/?a=1"]
)
def test_an_absolute_target_is_served_by_its_path(wire, target):
    status, _, body = wire().send(request(target, host="elsewhere")).answer()
    assert status == 200 and json.loads(body)["result"] > 0


def test_the_host_of_an_absolute_target_is_the_one_that_counts(wire):
    assert wire().send(request("http://elsewhere/api/", host="localhost")).answer()[0] == 403


def test_an_absolute_target_without_a_path_is_the_first_page(wire):
    raw = b"GET http://localhost HTTP/1.1\r\nHost: localhost\r\n\r\n"
    assert wire().send(raw).answer()[0] == 200


@pytest.fixture(scope="module")
def token(server):
    made = server.command("token", "create", "T", "--scope", "write")
    return f"Authorization: Bearer {made.stdout.split()[-1]}"


@pytest.mark.parametrize("asked", [(), ("Connection: keep-alive",)])
def test_a_client_of_http_1_0_is_told_that_its_connection_ends_and_sees_the_end(wire, token, asked):
    got = wire().send(request("/api/", token, *asked, version="1.0")).all()
    head, _, body = got.partition(b"\r\n\r\n")
    assert head.split()[1] == b"200" and b"connection: close" in head.lower()
    assert json.loads(body)["result"] > 0


@pytest.mark.parametrize("path", ["/api/", "/healthz", "/"])
def test_http_1_1_without_a_host_is_400(wire, path):
    assert wire().send(request(path, host=None)).answer()[0] == 400


def test_two_hosts_are_400(wire):
    assert wire().send(request("/api/", "Host: elsewhere")).answer()[0] == 400


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "x-made-up", "identity, gzip"])
def test_an_encoded_body_is_415_and_says_so(wire, encoding):
    packed = gzip.compress(BODY)
    status, _, body = wire().send(request("/api/", f"Content-Encoding: {encoding}", body=packed)).answer()
    assert status == 415
    assert "Content-Encoding" in json.loads(body)["error"]["message"]


@pytest.mark.parametrize("path", ["/api/plant"])
def test_an_encoded_body_of_rest_is_415_too(wire, path):
    status, headers, _ = (
        wire().send(request(path, "Content-Encoding: gzip", body=gzip.compress(b"{}"))).answer()
    )
    assert (status, headers["content-type"]) == (415, "application/problem+json")


def test_a_body_encoded_as_itself_is_taken(wire):
    assert wire().send(request("/api/", "Content-Encoding: identity")).answer()[0] == 200
