"""What every kind of editable object does: made, listed, shown, changed, deleted, by the same rules."""

import pytest

KINDS = {
    "tools": ("tool", "notes"),
    "tools/assemblies": ("assembly", "location"),
    "processes": ("process", "description"),
    "programs": ("program", "item"),
    "inventory/items": ("inventory item", "brand"),
    "inventory": ("inventory point", "name"),
}
"""What each is called, and a text of it."""


@pytest.mark.parametrize("kind", KINDS)
def test_an_object_is_made_listed_shown_changed_and_deleted(rest, kind):
    what, text = KINDS[kind]
    made = rest.make(f"{kind}/", name="A")
    path = f"{kind}/{made['id']}"
    assert rest.get(kind) == rest.get(f"{kind}/") == {str(made["id"]): made}
    assert rest.get(path) == rest.get(f"{path}/") == made
    changed = rest.change(path, **{text: "new"})
    assert changed == {**made, text: "new"} == rest.get(path)
    assert rest.changes() == [(f"{what} {made['id']}", text, made[text], "new")]
    assert rest("DELETE", path).status == 204
    assert rest.changes() == [(f"{what} {made['id']}", "deleted", changed, None)]
    missing = [rest(verb, path, body) for verb, body in (("GET", None), ("PATCH", {}), ("DELETE", None))]
    code = f"{what.replace(' ', '-')}-not-found"
    assert [(answer.status, answer.json["code"]) for answer in missing] == [(404, code)] * 3
    assert rest.get(kind) == {}


@pytest.mark.parametrize("kind", KINDS)
def test_who_saw_an_older_state_changes_nothing(rest, kind):
    _, text = KINDS[kind]
    path = f"{kind}/{rest.make(f'{kind}/', name='A')['id']}"
    seen = rest("GET", path).headers["etag"]
    changed = rest("PATCH", path, {text: "new"}, if_match=seen)
    assert changed.status == 200
    assert changed.headers["etag"] == rest("GET", path).headers["etag"] != seen
    late = [rest("PATCH", path, {text: "late"}, if_match=seen), rest("DELETE", path, if_match=seen)]
    assert [(answer.status, answer.json["code"]) for answer in late] == [(412, "etag-mismatch")] * 2
    assert rest.get(path)[text] == "new"
    assert rest("DELETE", path, if_match=changed.headers["etag"]).status == 204


@pytest.mark.faults("a race")
def test_changes_at_once_lose_nothing(rest_of, at_once):
    rest = rest_of(queued=True)
    tool = rest.make("tools", name="A")
    path, fields = (
        f"tools/{tool['id']}",
        {"name": "B", "notes": "n", "part_life": 7, "runtime": 2.5, "durable": True},
    )
    changes = [{name: value} for name, value in fields.items()]
    answers = at_once(*(lambda body=body: rest("PATCH", path, body).status for body in changes))
    assert answers == [200] * len(changes)
    assert rest.get(path) == {**tool, **fields}
