"""The page of the site and that of the audit: for administrators, with no secret in them."""

import pytest

from tracepro.database import Insert
from tracepro.database.backups import NotedBackup, note_backup
from tracepro.database.core_models import ArchiveFile, Audit, Token

PLUGINS = ("workplaces", "workers", "orders", "items", "lines", "counters", "auth", "pages")
MARKUP = "<script>alert(1)</script>"
ESCAPED = "&lt;script&gt;alert(1)&lt;/script&gt;"
PLANT = {
    "acts": [{"id": 1, "name": "PLACE"}],
    "workplaces": [{"id": 100, "name": "Placer", "acts": [1]}],
    "lines": [{"name": "L1", "machines": [{"name": "M1", "wp_id": 100}]}, {"name": "L2", "machines": []}],
    "users": [{"username": "chief", "fullname": MARKUP, "groups": ["chiefs"], "password": "right horse"}],
}


@pytest.fixture
def plant(make_plant, database, monkeypatch, tmp_path):
    monkeypatch.setenv("TRACEPRO_PLUGINS", str(tmp_path / "nowhere.ini"))
    parameters = {"groups": {"chiefs": "admin"}, "pages": {"title": MARKUP}}
    return make_plant(
        PLUGINS, PLANT, lines={"L1": [name for name in PLUGINS if name != "counters"]}, parameters=parameters
    )


@pytest.fixture
def show(plant):
    admin = plant.token("read", "admin")

    def page(path, status=200, token=admin):
        answer = plant.rest("GET", path, token=token)
        assert answer.status == status, answer.text
        return answer.text

    return page


@pytest.mark.parametrize("path", ["/ui/site", "/ui/audit"])
def test_it_is_for_administrators_and_in_no_other_menu(plant, show, path):
    reader = plant.token("read", "write")
    assert "needs the scope admin" in show(path, 403, reader)
    assert "/ui/site" not in show("/ui", token=reader) and 'href="/ui/site"' in show("/ui")


def test_it_shows_plugins_by_line_parameters_tokens_and_users(plant, show):
    text = show("/ui/site")
    of_plugin = {row.partition("<")[0]: row for row in text.split("<tr>\n<td>")[1:]}
    assert "<th>L1</th>" in text and "<th>L2: site’s set</th>" in text
    assert ["<td>off</td>" in of_plugin[name] for name in ("counters", "lines")] == [True, False]
    assert "running" in of_plugin["counters"] and "1.0" in of_plugin["counters"]
    assert "<td>timezone</td>" in text and "chiefs" in text and "active" in text
    assert "A reload would be refused: There is no" in text


def test_it_tells_of_backups_and_that_one_is_missing(plant, show):
    assert "it has made none yet" in show("/ui/site")
    plant.write(lambda call: note_backup(call.db, NotedBackup(call.now, f"/backups/{MARKUP}", 5, 4096)))
    assert "No backup was made" not in show("/ui/site") and f"/backups/{ESCAPED}" in show("/ui/site")
    plant.clock.advance(hours=8 * 24)
    assert "8 days ago; run tracepro backup" in show("/ui/site")


def test_no_secret_is_in_it(plant, show):
    text = show("/ui/site") + show("/ui/audit")
    hashes = plant.read(lambda call: call.db.rows(Token.select(Token.secret_hash)))
    assert hashes and not any(secret in text for (secret,) in hashes)
    assert (
        "tp_" not in text and "right horse" not in text and "argon2" not in text and "secret_hash" not in text
    )


def test_what_clients_store_is_shown_as_text(plant, show):
    row = {"table_name": "x", "path": MARKUP, "before": 1, "manifest": {"rows": 7}, "tm": 2, "cleared": None}
    plant.write(lambda call: call.db.insert(Insert(ArchiveFile), **row))
    text = show("/ui/site")
    assert MARKUP not in text and text.count(ESCAPED) > 3 and "rows not all deleted yet" in text
    text = show("/ui/audit?unit=%3Cscript%3Ealert(1)%3C/script%3E")
    assert MARKUP not in text and f'value="{ESCAPED}"' in text


def test_a_long_list_of_tokens_goes_on(plant, show):
    for _ in range(51):
        plant.token("read")
    text = show("/ui/site")
    assert "/ui/site?after=50" in text and len(text) < 100_000
    assert "token-51<" in show("/ui/site?after=50") and "/ui/site?after=" not in show("/ui/site?after=50")


def test_the_audit_is_searched_and_goes_on(plant, show):
    row = {
        "caller": MARKUP,
        "method": "addop",
        "params": MARKUP,
        "changes": MARKUP,
        "request_id": "r",
        "address": "",
    }
    nothing = dict.fromkeys(("worker", "wp_id", "line", "idempotency_key", "client_request_id"))
    rows = [{**row, **nothing, "tm": plant.clock()}] * 30
    plant.write(lambda call: call.db.insert_many(Insert(Audit), rows) and None)
    text = show("/ui/audit?since=2026-11-20T00:00&worker=")
    rest = (
        text.partition('<p class="more"><a class="button" href="')[2].partition('"')[0].replace("&amp;", "&")
    )
    assert rest.startswith("/ui/audit?since=2026-11-20T00%3A00&before_tm=")
    assert MARKUP not in text and text.count(ESCAPED) > 75
    assert "Search older ones" in text and "Search older ones" not in show(rest)
    assert "Nothing was found." in show("/ui/audit?until=2020-01-01")
    assert "is not a time" in show("/ui/audit?since=yesterday", 400)
