"""``tracepro user``: passwords come from a prompt or a pipe, and none is shown or kept."""

import io
import json

import pytest
from tracepro_auth import commands

from tracepro.cli.main import main


class Terminal(io.StringIO):
    """A terminal somebody sits at."""

    def isatty(self):
        return True


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Runs a command in a folder of its own; returns exit code, output and errors."""
    (tmp_path / "plugins.ini").write_text("[plugins]\nenabled = auth\n")
    (tmp_path / "parameters.ini").write_text("")
    monkeypatch.chdir(tmp_path)

    def run(*words, password=None):
        monkeypatch.setattr("sys.stdin", io.StringIO("" if password is None else f"{password}\n"))
        code = main(["user", *words] if words[0] not in ("migrate", "audit") else words)
        return code, *capsys.readouterr()

    assert run("migrate")[0] == 0
    return run


def test_a_user_is_made_changed_and_removed(run):
    words = ("add", "planner", "--fullname", "P. Novak", "--group", "a", "--group", "b")
    assert run(*words, password="hunter2") == (0, "", "")
    assert run("list")[1].splitlines() == [
        "username  full name  groups  password  disabled",
        "planner   P. Novak   a b     yes       no",
    ]
    assert run("disable", "planner")[0] == 0
    assert run("change", "planner", "--fullname", "P. Nova", "--no-groups")[0] == 0
    assert run("list")[1].splitlines()[1].split() == ["planner", "P.", "Nova", "yes", "yes"]
    assert run("enable", "planner")[0] == 0
    assert run("passwd", "planner", password="hunter3")[0] == 0
    assert run("remove", "planner")[0] == 0
    assert len(run("list")[1].splitlines()) == 1
    exported = [json.loads(line) for line in run("audit", "export")[1].splitlines()]
    assert [row["method"] for row in exported if row["method"].startswith("tracepro user")] == [
        f"tracepro user {action}" for action in ("add", "disable", "change", "enable", "passwd", "remove")
    ]
    assert "hunter" not in str(exported) and "argon2" not in str(exported)
    assert {"what": "user 1", "field": "password_hash", "before": True, "after": True} in [
        change for row in exported for change in row["changes"]
    ]


def test_at_a_terminal_the_password_is_asked_twice(run, monkeypatch):
    answers = iter(["hunter2", "hunter2", "hunter2", "other"])
    monkeypatch.setattr(commands, "getpass", lambda prompt: next(answers))
    monkeypatch.setattr("sys.stdin", Terminal())
    assert commands.read_password() == "hunter2"
    with pytest.raises(ValueError, match="differ"):
        commands.read_password()


WRONG = [
    (("add", "planner"), "", "A password has from 1 to 1024"),
    (("add", "planner"), "x" * 1025, "A password has from 1 to 1024"),
    (("add", "planner"), "a\tb", "can't be typed"),
    (("add", "known"), "x", "There is a user known already"),
    (("add", "a\nb"), "x", "can't be a user name"),
    (("add", "planner", "--group", ""), "x", "--group takes a name"),
    (("passwd", "nobody"), "x", "There is no user nobody"),
    (("remove", "nobody"), None, "There is no user nobody"),
    (("disable", "nobody"), None, "There is no user nobody"),
    (("change", "known"), None, "Nothing is to be changed"),
]


def test_what_is_wrong_is_one_sentence(run):
    run("add", "known", password="x")
    for words, password, said in WRONG:
        code, out, err = run(*words, password=password)
        assert (code, out) == (1, ""), words
        assert said in err and len(err.splitlines()) == 1
    assert [line.split() for line in run("list")[1].splitlines()[1:]] == [["known", "yes", "no"]]


def test_a_password_is_never_an_argument(run, capsys):
    with pytest.raises(SystemExit):
        run("add", "planner", "hunter2")
    with pytest.raises(SystemExit):
        run("passwd", "planner", "--password", "hunter2")
