"""Who may call without a token: ``[api] anonymous`` word for word."""

from functools import lru_cache
from types import SimpleNamespace

import pytest

from tracepro.access import anonymous
from tracepro.access.anonymous import Anonymous
from tracepro.access.errors import ForbiddenAnonymous, Unauthenticated
from tracepro.config.core_parameters import anonymous_policy

MADE = lru_cache(lambda words, scopes, hosts: Anonymous(anonymous_policy(words.split()), scopes, hosts))
"""All tests of one policy ask the same object, so that whom it knows from one of them is nobody else in another."""
READ_WRITE = frozenset(("read", "write"))
LOCAL = {"host": "127.0.0.1:8080"}


def judge(
    words,
    peer,
    headers=LOCAL,
    scopes=READ_WRITE,
    *,
    local="127.0.0.1",
    verb="POST",
    version="1.1",
    hosts=frozenset(("mes.plant",)),
):
    sent = {name.lower(): value for name, value in headers.items()}
    request = SimpleNamespace(headers=sent, peer=peer, local=local, verb=verb, version=version)
    return MADE(words, scopes, hosts).caller(request)


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8080", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:8080", "::1"]
)
def test_loopback_is_anonymous_and_never_admin(peer, host):
    caller = judge("loopback", peer, {"Host": host}, frozenset(("read", "write", "admin")))
    assert (caller.name, caller.token_id, caller.lines) == ("anonymous", None, None)
    assert caller.scopes == READ_WRITE


@pytest.mark.parametrize("peer", ["127.0.0.2", "10.20.0.4", "::2", "", None, "testclient"])
def test_nobody_else_is_loopback(peer):
    with pytest.raises(ForbiddenAnonymous):
        judge("loopback", peer)


@pytest.mark.parametrize(
    "name", ["Forwarded", "forwarded", "X-Forwarded-For", "x-forwarded-host", "X-Forwarded-Anything", "Via"]
)
def test_a_proxy_on_this_machine_makes_nobody_local(name):
    with pytest.raises(ForbiddenAnonymous):
        judge("loopback", "127.0.0.1", {**LOCAL, name: "1.2.3.4"})


@pytest.mark.parametrize(
    "host",
    [
        "mes.example",
        "127.0.0.1.example",
        "localhost.example:80",
        "",
        "localhost:x",
        "::1:80:80",
        "localhost, a",
    ],
)
def test_another_host_name_makes_nobody_local(host):
    with pytest.raises(ForbiddenAnonymous):
        judge("loopback", "127.0.0.1", {"host": host})


def test_a_request_without_host_is_not_local():
    with pytest.raises(ForbiddenAnonymous):
        judge("loopback", "127.0.0.1", {})


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "10.20.0.4"])
def test_no_means_nobody(peer):
    with pytest.raises(Unauthenticated) as refused:
        judge("no", peer)
    assert (refused.value.status, refused.value.number, refused.value.code) == (
        401,
        -32001,
        "unauthenticated",
    )


@pytest.mark.parametrize(
    ("peer", "allowed"),
    [
        ("10.20.0.4", True),
        ("::ffff:10.20.0.4", True),
        ("10.21.0.4", False),
        ("fd00::7", True),
        ("127.0.0.1", False),
    ],
)
def test_networks_are_judged_by_the_peers_own_address(peer, allowed):
    headers = {"host": "mes.plant", "x-forwarded-for": "10.20.0.9"}
    if allowed:
        assert judge("10.20.0.0/16 fd00::/8", peer, headers, frozenset(("read",))).scopes == {"read"}
    else:
        with pytest.raises(ForbiddenAnonymous) as refused:
            judge("10.20.0.0/16 fd00::/8", peer, headers)
        assert refused.value.status == 403


def test_loopback_may_stand_beside_networks():
    assert judge("loopback 10.20.0.0/16", "127.0.0.1").address == "127.0.0.1"


def test_who_is_known_is_judged_anew_as_soon_as_it_sends_anything_else():
    known = {**LOCAL, "Content-Type": "application/json", "User-Agent": "terminal"}
    assert judge("loopback", "127.0.0.1", known) is judge("loopback", "127.0.0.1", LOCAL)
    for headers, more in (
        ({"Via": "1.1 proxy"}, {}),
        ({"Origin": "http://elsewhere.example"}, {}),
        ({"Sec-Fetch-Site": "cross-site"}, {}),
        ({"Host": "elsewhere.example"}, {}),
        ({}, {"version": "1.0"}),
    ):
        with pytest.raises(ForbiddenAnonymous):
            judge("loopback", "127.0.0.1", {**known, **headers}, **more)
    with pytest.raises(ForbiddenAnonymous):
        judge("loopback", "10.20.0.4", known)
    with pytest.raises(ForbiddenAnonymous):
        judge("10.20.0.0/16", "10.20.0.4", {"Host": "10.20.0.1"}, local="10.20.0.2")
    assert judge("10.20.0.0/16", "10.20.0.4", {"Host": "10.20.0.1"}, local="10.20.0.1")


def test_no_more_callers_are_known_than_there_is_room_for(monkeypatch):
    monkeypatch.setattr(anonymous, "MOST_KNOWN", 3)
    for number in range(10):
        assert judge("10.0.0.0/8", f"10.1.0.{number}", {"Host": "mes.plant"}).address == f"10.1.0.{number}"
        assert len(MADE("10.0.0.0/8", READ_WRITE, frozenset(("mes.plant",)))._known) <= 3
