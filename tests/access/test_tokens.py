"""Tokens: only the hash is kept, a revoked or ended one ends at once, the last use is noted beside the call."""

from types import SimpleNamespace

import pytest

from tracepro.access import tokens
from tracepro.access.errors import Unauthenticated
from tracepro.access.listening import reason_against
from tracepro.access.tokens import all_tokens

DAY = 86_400_000_000
PEER = "10.1.2.3"


@pytest.fixture
def plant(make_plant, database):
    plant = make_plant(("workplaces",))
    plant.site.store.start()
    return plant


def new(plant, name="SMT-1", scopes=("read",), lines=None, days=None):
    return plant.write(lambda call: tokens.create(call, name, scopes, lines, days, plant.clock()))


def authenticate(plant, header):
    request = SimpleNamespace(headers={"authorization": header}, peer=PEER)
    return plant.site.policy.authenticate(request)


def rows(plant):
    return plant.site.store.read(lambda db: db.rows(all_tokens))


def test_a_token_tells_who_calls_and_what_it_may(plant):
    caller = authenticate(plant, f"Bearer {new(plant, scopes=('write', 'read', 'read'), lines=['SMT-1'])}")
    assert (caller.name, caller.address) == ("SMT-1", PEER)
    assert caller.scopes == {"read", "write"} and caller.lines == {"SMT-1"}
    assert caller.may("write") and not caller.may("admin")


def test_a_token_of_no_line_is_for_any(plant):
    assert authenticate(plant, f"bearer  {new(plant)} ").lines is None


def test_the_secret_is_not_in_the_database(plant):
    secret = new(plant).split("_", 2)[2]
    stored = plant.site.store.read(lambda db: db.one(tokens.token_by_id, id=1))
    assert secret not in str(stored) and len(stored[1]) == 64


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic dXNlcjpwYXNz",
        "Bearer tp_1",
        "Bearer tp_x_y",
        "Bearer tp_1_" + "A" * 43,
        "Bearer tp_99_" + "A" * 43,
        f"Bearer tp_{2**70}_" + "A" * 43,
        "Bearer tp_1_" + "A" * 42 + "é",
        "tp_1_" + "A" * 43,
    ],
)
def test_a_bad_token_is_refused_even_on_this_machine(plant, header):
    new(plant)
    with pytest.raises(Unauthenticated) as refused:
        request = SimpleNamespace(headers={"authorization": header, "host": "localhost"}, peer="127.0.0.1")
        plant.site.policy.authenticate(request)
    assert (refused.value.status, refused.value.number) == (401, -32001)
    assert "A" * 42 not in refused.value.info


def test_the_secret_of_another_token_is_no_good(plant):
    first, second = new(plant, "A"), new(plant, "B")
    mixed = "_".join([*first.split("_", 2)[:2], second.split("_", 2)[2]])
    with pytest.raises(Unauthenticated):
        authenticate(plant, f"Bearer {mixed}")


def test_a_revoked_token_ends_at_once(plant):
    header = f"Bearer {new(plant)}"
    authenticate(plant, header)
    plant.write(lambda call: tokens.revoke(call, "SMT-1", plant.clock()))
    with pytest.raises(Unauthenticated, match="revoked"):
        authenticate(plant, header)


def test_a_token_ends_with_its_days(plant):
    header = f"Bearer {new(plant, days=2)}"
    plant.clock.advance(hours=47.9)
    authenticate(plant, header)
    plant.clock.advance(hours=0.1)
    with pytest.raises(Unauthenticated):
        authenticate(plant, header)


def test_the_last_use_is_noted_at_most_once_a_minute(plant):
    header = f"Bearer {new(plant)}"

    def used_after(seconds):
        plant.clock.advance(seconds=seconds)
        authenticate(plant, header)
        plant.site.store.write(lambda db: None).result(30)
        plant.site.store.write(lambda db: None, alone=True).result(30)
        return rows(plant)[0][5]

    first = used_after(0)
    deadline = 200
    while first is None and deadline:
        first, deadline = used_after(0), deadline - 1
    assert first == plant.clock()
    assert used_after(59) == first
    again = used_after(2)
    for _ in range(200):
        again = used_after(0)
        if again != first:
            break
    assert again == plant.clock()


def test_a_name_is_used_once(plant):
    new(plant, "A")
    with pytest.raises(ValueError, match="There is a token A already"):
        new(plant, "A")


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.0.0.9"])
def test_the_server_listens_on_this_machine_without_ado(plant, host):
    assert reason_against(plant.site.policy, host) is None


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.20.0.1", "mes.plant", ""])
def test_the_server_refuses_to_listen_openly_until_a_token_exists(plant, host):
    assert "tracepro token create" in reason_against(plant.site.policy, host)
    new(plant, days=1)
    assert reason_against(plant.site.policy, host) is None
    plant.clock.advance(hours=24)
    assert reason_against(plant.site.policy, host) is not None


def test_a_network_lets_the_server_listen_openly(make_plant):
    plant = make_plant(("workplaces",), parameters={"api": {"anonymous": "10.20.0.0/16"}})
    assert reason_against(plant.site.policy, "0.0.0.0") is None


def test_a_renewed_token_is_the_same_caller_with_another_secret(plant):
    first = new(plant, lines=["SMT-1"], days=3)
    second = plant.write(lambda call: tokens.renew(call, "SMT-1", None, plant.clock()))
    with pytest.raises(Unauthenticated):
        authenticate(plant, f"Bearer {first}")
    caller = authenticate(plant, f"Bearer {second}")
    assert (caller.name, caller.token_id, caller.lines) == ("SMT-1", 1, {"SMT-1"})


def test_an_expired_token_is_renewed_for_some_days_only(plant):
    new(plant, days=1)
    later = plant.clock() + 2 * DAY
    with pytest.raises(ValueError, match="has expired; say with --days"):
        plant.write(lambda call: tokens.renew(call, "SMT-1", None, later))
    text = plant.write(lambda call: tokens.renew(call, "SMT-1", 5, later))
    assert authenticate(plant, f"Bearer {text}").name == "SMT-1"
