"""The same plant on SQLite and on PostgreSQL: whatever is asked is asked of both, and both answer and write the same."""

import json
import re
from contextlib import ExitStack

from tracepro.testing.watched import statements_of_sessions

from .judging import Heard, fault_of_answer, fault_of_call, fault_of_response
from .rehearsal import Rehearsal
from .stored import changed_by, columns_of, next_ids, no_ids_ahead, restart_ids, rows_of

DRAWN = re.compile(rb'tp_[0-9a-z]+_[A-Za-z0-9_-]{43}|"code":"[A-Z]{12}"')
"""What differs from answer to answer, because it is a secret."""

SCOPES = ("read", "write", "admin", "tooling:testing")


class Twins:
    """Asks two plants, of which every write is taken back; each question returns the fault of its answer, or None.

    What would be written is compared too, row by row.
    """

    def __init__(self, on_sqlite, on_postgresql):
        self.plants = (on_sqlite, on_postgresql)
        self._tokens = [plant.token(*SCOPES) for plant in self.plants]
        self.columns = on_sqlite.site.store.read(columns_of)
        self._numbered = {table for table, names in self.columns.items() if names[:1] == ["id"]}
        self._drawn = self._numbered
        self._highest = {}
        self._both = True
        self._rehearsals = (
            Rehearsal(on_sqlite, lambda db: self._statements.clear(), self._look),
            Rehearsal(on_postgresql, self._restart_ids, self._look),
        )
        self._heard = Heard()
        self._open = ExitStack()
        self._open.enter_context(no_ids_ahead())
        self._open.enter_context(self._heard.errors())
        self._statements = self._open.enter_context(statements_of_sessions())
        self._note_ids()

    def close(self):
        """Hear no more."""
        self._open.close()

    def keep(self, method, params):
        """Call a method on both for good and return its fault, or None; a refusal is none."""
        for rehearsal in self._rehearsals:
            rehearsal.keeping = True
        try:
            return self.call(method, params)
        finally:
            for rehearsal in self._rehearsals:
                rehearsal.keeping = False
            self._note_ids()

    def call(self, method, params, *, both=True):
        """Call a method and return what is wrong with the answer, or None; not ``both`` asks SQLite alone, which is faster."""
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
        answers = self._asked(body, None, both)
        return fault_of_call(self.plants[0], method, answers[0]) or self._fault(*answers)

    def send(self, body, key=None, *, both=True):
        """Send bytes of JSON-RPC and return what is wrong with the answer, or None; ``both`` as with :meth:`call`."""
        answers = self._asked(body, key, both)
        return fault_of_answer(answers[0]) or self._fault(*answers)

    def _asked(self, body, key, both):
        self._both = both
        return [plant.request(body, key=key) for plant in self.plants[: 1 + both]]

    def http(self, verb, path, body, headers):
        """Send a request to both and return what is wrong with the answers, or None."""
        asked = zip(self.plants, self._tokens, strict=True)
        try:
            one, other = (
                plant.rest(verb, path, body, **{"token": token, **headers}) for plant, token in asked
            )
        except AssertionError as broken:
            return str(broken)
        if _told_apart(one, other):
            return self._fault(one.body)
        if one.status != other.status:
            return (
                f"SQLite answers {one.status} {one.body[:500]}, PostgreSQL {other.status} {other.body[:500]}"
            )
        return fault_of_response(one) or self._fault(one.body, other.body)

    def rows(self):
        """Return what both hold."""
        tables = set(self.columns)
        return [plant.site.store.read(lambda db: rows_of(db, self.columns, tables)) for plant in self.plants]

    def _fault(self, one, *others):
        """Return what is wrong on both sides of an answer: logged, answered otherwise, written otherwise."""
        seen = [rehearsal.taken() for rehearsal in self._rehearsals]
        self._drawn |= self._drawing()
        self._statements.clear()
        if logged := self._heard.taken():
            return f"it is logged: {logged[0]}"
        for other in others:
            if one != other and DRAWN.sub(b"", one) != DRAWN.sub(b"", other):
                return f"SQLite answers {one[:700]}, PostgreSQL {other[:700]}"
            if seen[0] != seen[1]:
                return f"written differs: {_difference(*seen)}"
        return None

    def _look(self, db):
        db.raw_rows("SELECT 1")  # what PostgreSQL was not sent yet goes before it
        return rows_of(db, self.columns, changed_by(self._statements)) if self._both else None

    def _restart_ids(self, db):
        """Begin a transaction on PostgreSQL with the ids that SQLite gives next."""
        restart_ids(db, self._drawn | self._drawing(), self._highest)
        self._drawn = set()
        self._statements.clear()

    def _drawing(self):
        """Return the tables whose ids may have been drawn."""
        if any("nextval" in sql for sql in self._statements):
            return self._numbered
        return self._numbered & changed_by(self._statements)

    def _note_ids(self):
        self._highest = self.plants[0].site.store.read(next_ids)
        self._drawn = self._numbered


def _told_apart(one, other):
    """Say whether answers differ on purpose: only SQLite's one writer refuses long files, and who is throttled depends on the moment."""
    return b'"too-many-rows"' in one.body or 429 in (one.status, other.status)


def _difference(one, other):
    """Tell the first rows that one has and not the other."""
    if len(one) != len(other):
        return f"{len(one)} transactions on SQLite, {len(other)} on PostgreSQL"
    for left, right in zip(one, other, strict=True):
        for table in sorted(left.keys() | right.keys()):
            mine, theirs = left.get(table, []), right.get(table, [])
            if mine != theirs:
                only = [row for row in mine if row not in theirs], [row for row in theirs if row not in mine]
                return f"{table}: on SQLite {str(only[0][:1])[:400]}, on PostgreSQL {str(only[1][:1])[:400]}"
    return "nothing"
