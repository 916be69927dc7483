"""``tracepro token``: made once, listed without its secret, revoked."""

import pytest


def token(run, *words):
    code, out, err = run("token", *words)
    assert code == 0, err
    return out


def test_the_line_of_a_token_is_a_code(run):
    token(run, "create", "T1", "--scope", "read", "--line", "]C1SMT-1\t")
    (_, row) = token(run, "list").splitlines()
    assert row.startswith("T1    read    SMT-1  ")
    code, _, err = run("token", "create", "T2", "--scope", "read", "--line", "SMT\u200b1")
    assert code == 1 and "--line must be a code without invisible characters" in err


def test_a_token_is_printed_once_and_listed_without_its_secret(run):
    text = token(run, "create", "SMT-1", "--scope", "write", "--scope", "read", "--days", "3")
    number, secret = text.removeprefix("tp_").split("_", 1)
    assert number == "1" and len(secret) == 43
    (_, row) = token(run, "list").splitlines()
    assert row.startswith("SMT-1  read write  any") and secret not in row


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["create", "A", "--scope", "read"], "There is a token A already"),
        (
            ["create", "B", "--scope", "wrte"],
            "Nothing asks for scope wrte; did you mean write? The scopes are admin, read, shelves:count, write.",
        ),
        (["create", "B", "--scope", "read", "--days", "0"], "--days must be from 1"),
        (["create", "anonymous", "--scope", "read"], "anonymous"),
        (["create", " ", "--scope", "read"], "from 1 to 255"),
        (["revoke", "B"], "There is no token B"),
        (["renew", "B"], "There is no token B"),
        (["renew", "A", "--days", "0"], "--days must be from 1"),
    ],
)
def test_a_wrong_token_command_is_refused(run, words, said):
    token(run, "create", "A", "--scope", "read")
    code, out, err = run("token", *words)
    assert (code, out) == (1, "") and said in err


def test_a_scope_that_a_handler_asks_for_is_known_and_a_misspelt_one_is_not(run):
    token(run, "create", "A", "--scope", "shelves:count")
    code, _, err = run("token", "create", "B", "--scope", "shelves:cuont")
    assert code == 1 and "did you mean shelves:count?" in err


def test_a_revoked_token_says_when(run):
    token(run, "create", "A", "--scope", "read")
    token(run, "revoke", "A")
    row = token(run, "list").splitlines()[1]
    token(run, "revoke", "A")
    assert token(run, "list").splitlines()[1] == row and row.endswith("Z")


def test_a_renewed_token_keeps_its_name_and_rights_and_only_its_new_secret_calls(run):
    first = token(run, "create", "A", "--scope", "read", "--line", "L1", "--days", "3").strip()
    before = token(run, "list")
    second = token(run, "renew", "A").strip()
    assert token(run, "list") == before
    assert second != first and second.startswith("tp_1_") and first.startswith("tp_1_")
    assert token(run, "renew", "A", "--days", "9").strip() not in (first, second)
    assert token(run, "list") != before
    token(run, "revoke", "A")
    code, out, err = run("token", "renew", "A")
    assert (code, out) == (1, "") and "Token A was revoked" in err
