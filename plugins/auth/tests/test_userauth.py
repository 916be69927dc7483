"""Who a user is: a refusal says nothing, costs the same, and is counted the same, whoever is named."""

import unicodedata
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Lock

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from tracepro_auth import api, passwords
from tracepro_auth.models import User
from tracepro_auth.passwords import HASHER, NOBODY

from tracepro.database.core_models import Guess
from tracepro.findings import StartError

PASSWORD = "correct horse"
FAILED, THROTTLED = (1003, "auth-failed"), (-32003, "throttled")


class Counting:
    """The hasher, counting what it judges."""

    def __init__(self):
        self.judged = []

    def verify(self, password_hash, password):
        self.judged.append(password_hash)
        return PasswordHasher().verify(password_hash, password)

    def check_needs_rehash(self, password_hash):
        return False


@pytest.fixture
def hasher(monkeypatch):
    counting = Counting()
    monkeypatch.setattr(passwords, "HASHER", counting)
    return counting


def test_name_and_password_tell_who_a_user_is(plant):
    assert plant.call("userauth", "planner", PASSWORD) == {
        "username": "planner",
        "fullname": "P. Novak",
        "groups": ["planners", "readers"],
    }


WRONG = [
    ("planner", "wrong"),
    ("planner", ""),
    ("planner", PASSWORD + " "),
    ("Planner", PASSWORD),
    ("planner ", PASSWORD),
    ("nobody", PASSWORD),
    ("", ""),
    ("former", PASSWORD),
    ("guest", PASSWORD),
    ("guest", ""),
]


def test_every_refusal_is_the_same_and_the_same_work(plant, hasher):
    refusals = []
    for username, password in WRONG:
        hasher.judged.clear()
        error = plant.error("userauth", username, password)
        assert len(hasher.judged) == 1, username
        refusals.append({**error, "data": {**error["data"], "request_id": None}})
    assert all(refusal == refusals[0] for refusal in refusals)
    assert (refusals[0]["code"], refusals[0]["data"]["code"]) == FAILED


@pytest.mark.parametrize(
    "params", [("planner", 7), ("planner", None), ("planner", "x" * 1025), ("x" * 256, "y")]
)
def test_what_is_not_a_password_is_refused_without_being_quoted(make_plant, params):
    error = make_plant(("auth",)).error("userauth", *params)
    assert error["code"] == -32602
    assert "xxx" not in error["message"]


def test_a_letter_that_keyboards_write_in_two_ways_is_one(plant):
    plant.load({"users": [{"username": "žofie", "password": unicodedata.normalize("NFD", "žluť")}]})
    assert plant.call("userauth", "žofie", unicodedata.normalize("NFC", "žluť"))


@pytest.mark.parametrize("username", ["planner", "nobody", "former"])
def test_too_many_wrong_passwords_throttle_the_account_and_no_other(plant, refusal, username):
    assert [refusal(plant, username, "wrong") for _ in range(10)] == [FAILED] * 10
    assert refusal(plant, username, PASSWORD) == THROTTLED
    assert refusal(plant, username.upper(), "wrong") == THROTTLED
    assert refusal(plant, "other", "wrong") == FAILED
    if username != "planner":
        assert plant.call("userauth", "planner", PASSWORD)
    plant.clock.advance(minutes=5)
    assert refusal(plant, username, "wrong") == FAILED


def test_a_throttled_password_is_not_judged(plant, refusal, hasher):
    for _ in range(10):
        refusal(plant, "planner", "wrong")
    hasher.judged.clear()
    assert refusal(plant, "planner", PASSWORD) == THROTTLED
    assert hasher.judged == []


def test_what_another_server_counted_counts_here(plant, refusal):
    for _ in range(5):
        refusal(plant, "planner", "wrong")
    plant.site.methods["userauth"].method.prepare.args[0].__init__()
    assert [refusal(plant, "planner", "wrong") for _ in range(6)] == [FAILED] * 5 + [THROTTLED]


def test_two_sites_in_one_process_count_apart(make_plant, refusal):
    first, second = (make_plant(("auth",), parameters={"api": {"guesses": 1}}) for _ in range(2))
    assert [refusal(plant, "planner", "wrong") for plant in (first, second, first)] == [
        FAILED,
        FAILED,
        THROTTLED,
    ]


def test_guesses_that_come_together_are_no_more_than_those_that_come_in_turn(make_plant, database):
    plant = make_plant(("auth",), queued=True, parameters={"api": {"guesses": 3}})
    with ThreadPoolExecutor(8) as pool:
        errors = list(pool.map(lambda n: plant.error("userauth", "planner", f"wrong {n}"), range(24)))
    codes = [error["data"]["code"] for error in errors]
    assert codes.count("auth-failed") == 3
    assert set(codes) <= {"auth-failed", "throttled", "busy"}


def test_names_that_are_made_up_fill_no_table(plant, refusal, hasher, monkeypatch):
    for number in range(30):
        refusal(plant, f"made up {number}", "wrong")
    plant.clock.advance(minutes=6)
    for number in range(3):
        refusal(plant, f"another {number}", "wrong")
    left = plant.read(lambda call: call.db.rows(Guess.select(Guess.account)))
    assert len(left) == 3
    assert not any("another" in account for (account,) in left)


def test_at_most_four_passwords_are_judged_at_once(monkeypatch):
    class Slow:
        def __init__(self):
            self.lock, self.inside, self.most, self.four = Lock(), 0, 0, Barrier(4)

        def verify(self, password_hash, password):
            with self.lock:
                self.inside += 1
                self.most = max(self.most, self.inside)
            self.four.wait(20)
            with self.lock:
                self.inside -= 1
            raise VerifyMismatchError

    slow = Slow()
    monkeypatch.setattr(passwords, "HASHER", slow)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda n: passwords.matches("x", None), range(8))) == [False] * 8
    assert slow.most == 4


def hash_of(plant, username):
    query = User.select(User.password_hash).where(User.username == username)
    return plant.read(lambda call: call.db.value(query))


def test_a_hash_is_made_anew_when_the_parameters_change(plant, refusal, monkeypatch):
    old = hash_of(plant, "planner")
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    assert refusal(plant, "planner", "wrong") == FAILED
    assert hash_of(plant, "planner") == old
    assert plant.call("userauth", "planner", PASSWORD)
    made = hash_of(plant, "planner")
    assert made.startswith("$argon2id$v=19$m=16,t=2,p=1$")
    assert plant.call("userauth", "planner", PASSWORD)
    assert hash_of(plant, "planner") == made


def test_a_hash_costs_an_attacker_19_mib_and_judging_nobody_costs_the_same():
    made = HASHER.hash("x").rpartition("$")[0].rpartition("$")[0]
    assert made == "$argon2id$v=19$m=19456,t=2,p=1"
    assert NOBODY.startswith(made) and not HASHER.check_needs_rehash(NOBODY)


def test_groups_give_the_scopes_that_parameters_ini_names(make_plant):
    groups = {"planners": "read write", "chiefs": "read, admin", "guests": ""}
    plant = make_plant(("auth",), parameters={"groups": groups})
    for asked, scopes in (
        (["planners"], {"read", "write"}),
        (["planners", "chiefs"], {"read", "write", "admin"}),
        (["guests"], set()),
        (["Planners"], set()),
        ([], set()),
    ):
        assert plant.read(lambda call, asked=asked: api.scopes_of(call, asked)) == scopes


def test_a_scope_that_nothing_asks_for_stops_the_start(make_plant):
    with pytest.raises(StartError, match=r"\[groups\] planners: nothing asks for wirte"):
        make_plant(("auth",), parameters={"groups": {"planners": "read wirte"}})
