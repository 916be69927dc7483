"""Up to a settled id no row comes any more, whatever slow transactions on PostgreSQL still commit."""

import psycopg
import pytest

from tracepro.database import Insert
from tracepro.database.core_models import Guess
from tracepro.database.settled_ids import SettledIds
from tracepro_hookspecs import TryAgain

NEW = Insert(Guess)
SLOW = "INSERT INTO core_guess (account, tm) VALUES ('slow', 1)"


@pytest.fixture
def store(make_plant, database):
    return make_plant(()).site.store


def add(store):
    return store.write_inline(lambda db: db.insert(NEW, account="a", tm=1))


def test_what_is_committed_is_settled_when_nobody_writes(store):
    settled = SettledIds(Guess)
    assert settled.upto(store) == 0
    last = [add(store) for _ in range(3)][-1]
    assert settled.upto(store) == last


@pytest.mark.parametrize("database", ["postgresql"])
@pytest.mark.parametrize("end", ["COMMIT", "ROLLBACK"])
def test_a_slow_transaction_holds_back_what_stands_behind_it_until_it_ends(store, end):
    settled = SettledIds(Guess)
    first = add(store)
    with psycopg.connect(store.url, autocommit=True) as slow:
        slow.execute("BEGIN")
        slow.execute(SLOW)
        add(store)
        assert settled.upto(store) == 0
        add(store)
        assert settled.upto(store) == 0
        slow.execute(end)
    assert settled.upto(store) == first + 3


@pytest.mark.parametrize("database", ["postgresql"])
def test_who_began_later_holds_back_nothing_that_was_seen_before(store):
    settled = SettledIds(Guess)
    with (
        psycopg.connect(store.url, autocommit=True) as one,
        psycopg.connect(store.url, autocommit=True) as two,
    ):
        one.execute("BEGIN")
        one.execute(SLOW)
        seen = add(store)
        assert settled.upto(store) == 0
        two.execute("BEGIN")
        two.execute(SLOW)
        one.execute("COMMIT")
        assert settled.upto(store) == seen
        two.execute("ROLLBACK")


@pytest.mark.parametrize("database", ["postgresql"])
def test_who_reads_or_writes_elsewhere_holds_back_nothing(store):
    settled = SettledIds(Guess)
    with psycopg.connect(store.url, autocommit=True) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM core_guess")
        other.execute("INSERT INTO core_secret (name, value) VALUES ('a', 'b')")
        last = add(store)
        assert settled.upto(store) == last
        other.execute("ROLLBACK")


def test_a_failure_forgets_what_was_known(store):
    settled = SettledIds(Guess)
    last = add(store)
    assert settled.upto(store) == last

    class Away:
        def read(self, work):
            raise TryAgain("database-unavailable", "away")

    with pytest.raises(TryAgain):
        settled.upto(Away())
    assert settled._settled == 0
    assert settled.upto(store) == last
