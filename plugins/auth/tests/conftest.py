"""A plant with users whose passwords are known, and what is asked of it again and again."""

import pytest
from argon2 import PasswordHasher
from tracepro_auth import passwords

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

PASSWORD = "correct horse"
USERS = [
    {"username": "planner", "fullname": "P. Novak", "groups": ["planners", "readers"], "password": PASSWORD},
    {"username": "former", "password": PASSWORD, "disabled": True},
    {"username": "guest"},
]


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch):
    """Spares tests the work that makes guessing dear."""
    monkeypatch.setattr(passwords, "HASHER", QUICK)
    monkeypatch.setattr(passwords, "NOBODY", QUICK.hash("nobody's"))


@pytest.fixture
def users():
    return USERS


@pytest.fixture
def plant(make_plant, database, users):
    return make_plant(("auth",), {"users": users})


@pytest.fixture
def refusal():
    """Returns number and code of a refused userauth."""

    def ask(plant, username, password):
        error = plant.error("userauth", username, password)
        return error["code"], error["data"]["code"]

    return ask
