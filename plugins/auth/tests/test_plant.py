"""Users of the plant file: twice is once, and no password is written anywhere."""

import json

import pytest
from tracepro_auth import passwords
from tracepro_auth.models import User

from tracepro import plant_file
from tracepro.database.core_models import Audit
from tracepro_hookspecs import InvalidParams

PASSWORD = "correct horse"


def changes_by(plant, rows):
    """Import users as the command does and return the audit's row."""
    plant_file.import_parts(plant.site, plant_file.checked(plant.site, {"users": rows}))
    newest = Audit.select(Audit.params, Audit.changes).order_by(Audit.id.desc()).limit(1)
    return plant.read(lambda call: call.db.one(newest))


def test_a_new_user_is_in_the_audit_without_the_password(plant):
    params, changes = changes_by(plant, [{"username": "new", "fullname": "N", "password": "hunter2"}])
    assert json.loads(params) == {"users": 1}
    assert json.loads(changes) == [
        {"what": "user 4", "field": "fullname", "before": None, "after": "N"},
        {"what": "user 4", "field": "password_hash", "before": None, "after": True},
    ]
    assert plant.call("userauth", "new", "hunter2")["groups"] == []


def test_twice_is_once(plant):
    row = {"username": "planner", "fullname": "P. Novak", "groups": ["planners", "readers"]}
    before = plant.read(lambda call: call.db.rows(User.select()))
    for again in ({**row, "password": PASSWORD}, row, {"username": "planner"}):
        assert changes_by(plant, [again])[1] == "[]"
    assert plant.read(lambda call: call.db.rows(User.select())) == before


def test_a_row_changes_what_it_names_and_keeps_the_rest(plant, refusal):
    _, changes = changes_by(plant, [{"username": "planner", "groups": ["a", "b", "a"]}])
    assert json.loads(changes) == [
        {"what": "user 1", "field": "groups", "before": ["planners", "readers"], "after": ["a", "b"]}
    ]
    assert plant.call("userauth", "planner", PASSWORD)["groups"] == ["a", "b"]
    _, changes = changes_by(plant, [{"username": "planner", "password": "another"}])
    assert json.loads(changes) == [
        {"what": "user 1", "field": "password_hash", "before": True, "after": True}
    ]
    assert refusal(plant, "planner", PASSWORD) == (1003, "auth-failed")
    assert plant.call("userauth", "planner", "another")
    changes_by(plant, [{"username": "planner", "disabled": True}])
    assert refusal(plant, "planner", "another") == (1003, "auth-failed")


@pytest.mark.parametrize(
    "row",
    [
        {"username": ""},
        {"username": " a"},
        {"username": "a\u200b\n"},
        {"username": "x" * 256},
        {"username": "a", "password": ""},
        {"username": "a", "password": "hunter2" * 200},
        {"username": "a", "password": ["hunter2"]},
        {"username": "a", "password_hash": "hunter2"},
        {"username": "a", "groups": [""]},
        {"username": "a", "groups": "hunter2"},
        {"password": "hunter2"},
    ],
)
def test_a_row_that_is_wrong_is_refused_and_its_password_not_quoted(make_plant, row):
    plant = make_plant(("auth",))
    with pytest.raises(InvalidParams) as refused:
        plant.load({"users": [row]})
    assert "hunter2" not in str(refused.value)
    assert plant.read(lambda call: call.db.rows(User.select())) == []


def test_a_user_who_stands_there_twice_is_refused(make_plant):
    rows = [{"username": "a", "password": "hunter2"}, {"username": "a", "password": "hunter3"}]
    with pytest.raises(InvalidParams, match=r"the same username \(a\) twice") as refused:
        make_plant(("auth",)).load({"users": rows})
    assert "hunter" not in str(refused.value)


def test_passwords_are_hashed_before_the_transaction(make_plant, monkeypatch):
    plant = make_plant(("auth",))
    writing, seen = [], []
    write, hashed = plant.site.store.write_inline, passwords.hashed
    monkeypatch.setattr(passwords, "hashed", lambda password: seen.append(list(writing)) or hashed(password))

    def write_inline(work):
        writing.append(True)
        try:
            return write(work)
        finally:
            writing.pop()

    monkeypatch.setattr(plant.site.store, "write_inline", write_inline)
    plant.load({"users": [{"username": "a", "password": "x"}]})
    assert seen == [[]]
