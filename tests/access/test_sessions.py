"""Sessions: a cookie of one person at one browser, judged like a token, and with what no other site's page can send."""

from types import SimpleNamespace

import pytest

from tracepro.access import sessions, tokens
from tracepro.access.errors import ForbiddenAnonymous, TwoCredentials, Unauthenticated

OWN = {"host": "10.20.0.1:8080", "origin": "http://10.20.0.1:8080", "sec-fetch-site": "same-origin"}


@pytest.fixture
def plant(make_plant, database):
    plant = make_plant(("workplaces",), parameters={"api": {"hosts": "mes.plant"}})
    plant.site.store.start()
    return plant


def opened(plant, scopes=("read", "write"), **values):
    return plant.write(lambda call: sessions.open_session(call, "user:chief", scopes, hours=12, **values))


def authenticate(plant, cookie, headers=OWN, verb="POST"):
    sent = {**headers, "cookie": cookie}
    request = SimpleNamespace(headers=sent, peer="10.20.0.9", local="10.20.0.1", verb=verb, version="1.1")
    return plant.site.policy.authenticate(request)


def test_a_session_tells_who_calls_and_what_it_may(plant):
    text = opened(plant, user_id=7, lines=["SMT-1"])
    caller = authenticate(plant, f"theme=dark; tp_session={text}; x=y")
    assert (caller.name, caller.user_id, caller.address) == ("user:chief", 7, "10.20.0.9")
    assert caller.scopes == {"read", "write"} and caller.lines == {"SMT-1"}
    assert caller.key_space == "sessions"
    assert authenticate(plant, f"tp_session={opened(plant)}").lines is None


def test_the_secret_is_not_in_the_database(plant):
    text = opened(plant)
    stored = plant.site.store.read(lambda db: db.one(sessions.session_by_id, id=1))
    assert text.split("_", 2)[2] not in str(stored)


@pytest.mark.parametrize(
    "cookie",
    [
        "tp_session=",
        "tp_session=x",
        "tp_session=ts_1",
        "tp_session=ts_1_" + "A" * 43,
        "tp_session=ts_99_" + "A" * 43,
        f"tp_session=ts_{2**70}_" + "A" * 43,
        "tp_session={good}; tp_session={good}",
        "tp_session={good}x",
    ],
)
def test_a_bad_session_is_refused_and_never_anonymous(plant, cookie):
    with pytest.raises(Unauthenticated) as refused:
        authenticate(plant, cookie.format(good=opened(plant)))
    assert (refused.value.status, refused.value.code) == (401, "unauthenticated")


def test_a_request_says_once_who_sends_it(plant):
    with pytest.raises(TwoCredentials) as refused:
        authenticate(plant, f"tp_session={opened(plant)}", {**OWN, "authorization": "Bearer x"})
    assert refused.value.status == 400


@pytest.mark.parametrize(
    "headers",
    [
        {**OWN, "host": "evil.example", "origin": "http://evil.example"},
        {**OWN, "origin": "http://evil.example"},
        {**OWN, "origin": "null"},
        {**OWN, "sec-fetch-site": "cross-site"},
        {"origin": "http://10.20.0.1:8080"},
    ],
)
def test_a_page_of_another_site_can_send_nothing(plant, headers):
    with pytest.raises(ForbiddenAnonymous):
        authenticate(plant, f"tp_session={opened(plant)}", headers)


def test_a_name_of_the_server_is_as_good_as_its_address(plant):
    named = {"host": "mes.plant", "origin": "https://mes.plant"}
    assert authenticate(plant, f"tp_session={opened(plant)}", named).name == "user:chief"


def test_a_session_ends_by_itself_and_when_it_is_closed(plant):
    text, other = opened(plant), opened(plant)
    caller = authenticate(plant, f"tp_session={text}")
    plant.write(lambda call: sessions.close_session(call, caller.session_id))
    with pytest.raises(Unauthenticated):
        authenticate(plant, f"tp_session={text}")
    with pytest.raises(Unauthenticated):
        plant.site.policy.require_valid(caller)
    still = authenticate(plant, f"tp_session={other}")
    plant.site.policy.require_valid(still)
    plant.clock.advance(hours=12)
    with pytest.raises(Unauthenticated):
        plant.site.policy.require_valid(still)


def test_the_sessions_of_a_user_end_together(plant):
    mine, others = [opened(plant, user_id=1) for _ in range(2)], opened(plant, user_id=2)
    plant.write(lambda call: sessions.close_sessions_of_user(call, 1))
    for text in mine:
        with pytest.raises(Unauthenticated):
            authenticate(plant, f"tp_session={text}")
    assert authenticate(plant, f"tp_session={others}").user_id == 2


@pytest.mark.parametrize("end", ["revoke", "expire", "renew"])
def test_a_session_ends_with_the_token_it_was_opened_with(plant, end):
    plant.write(lambda call: tokens.create(call, "SMT-1", ["read"], None, 1, call.now))
    text = opened(plant, token_id=1)
    assert authenticate(plant, f"tp_session={text}").name == "user:chief"
    if end == "revoke":
        plant.write(lambda call: tokens.revoke(call, "SMT-1", call.now))
    elif end == "renew":
        plant.write(lambda call: tokens.renew(call, "SMT-1", None, call.now))
    else:
        plant.clock.advance(hours=24)
        text = opened(plant, token_id=1)
    with pytest.raises(Unauthenticated):
        authenticate(plant, f"tp_session={text}")


def test_expired_sessions_are_forgotten(plant):
    for _ in range(3):
        opened(plant)
    plant.clock.advance(hours=13)
    opened(plant)
    rows = plant.site.store.read(
        lambda db: [db.one(sessions.session_by_id, id=number) for number in range(1, 5)]
    )
    assert [row is None for row in rows] == [True, True, True, False]
