"""The wire to PostgreSQL: statements that are sent together, and their answers, which come in the same order.

A round trip costs more than most statements, and psycopg's cursors cost as much again; so what nobody waits for is
sent with the next statement that somebody waits for, by the functions of libpq that psycopg offers.
"""

from __future__ import annotations

import re
import select
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import count
from typing import Any, NamedTuple

import psycopg
from psycopg import adapt
from psycopg.abc import Buffer, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, Format
from psycopg.pq.abc import PGresult
from psycopg.sql import Composed

from tracepro_hookspecs import Row

MOST_FORMS = 1000
"""Texts of statements that a connection knows at a time; beyond, it forgets them all and begins anew."""
_GOOD = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK, ExecStatus.EMPTY_QUERY)
_MARKS = re.compile("%[s%]")
_CHANGES_PLANS = (b"ALTER", b"DROP")
_LOOK_AGAIN = 1000
"""Milliseconds after which it is looked whether another thread has closed the connection, which ends no wait."""

_Types = tuple[int, ...]


class Asked:
    """A statement with its values as the server takes them, and its ``answer`` or ``error`` once it has one."""

    __slots__ = ("answer", "error", "formats", "params", "sql", "types")

    def __init__(self, sql: str) -> None:
        self.sql = sql
        self.params: Sequence[Buffer | None] | None = None
        self.types: _Types = ()
        self.formats: Sequence[Format] | None = None
        self.answer: Answer | None = None
        self.error: psycopg.Error | None = None


class Answer:
    """What the server answered a statement."""

    __slots__ = ("_result", "_transformer")

    def __init__(self, result: PGresult, transformer: Transformer) -> None:
        self._result = result
        self._transformer = transformer

    @property
    def rowcount(self) -> int:
        """How many rows were changed or found."""
        return self._result.command_tuples or 0

    def fetchall(self) -> list[Row]:
        """Return all rows."""
        self._transformer.set_pgresult(self._result)
        return self._transformer.load_rows(0, self._result.ntuples, tuple)

    def __iter__(self) -> Iterator[Row]:
        self._transformer.set_pgresult(self._result)
        for number in range(self._result.ntuples):
            yield from self._transformer.load_rows(number, number + 1, tuple)


class _Form:
    """The text of a statement on a connection, and under which names the server has it prepared, by types of values."""

    __slots__ = ("names", "sql")

    def __init__(self, sql: bytes) -> None:
        self.sql = sql
        self.names: dict[_Types, bytes] = {}


class _Due(NamedTuple):
    """A result that the server owes: of a statement, of its preparation, or with neither of the end of a batch."""

    asked: Asked | None = None
    form: _Form | None = None
    types: _Types = ()


_END_OF_BATCH = _Due()


class Wire:
    """Sends statements on an open connection, which then is used by nobody else.

    A statement is prepared when it comes for the second time with values of the same types.
    """

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._encoding = connection.info.encoding
        self._pg = connection.pgconn
        self._pg.enter_pipeline_mode()
        # One for all statements, of which there may be a thousand: it takes 5 kB.
        self._transformer = adapt.Transformer(connection)
        self._readable, self._usable = select.poll(), select.poll()
        self._readable.register(self._pg.socket, select.POLLIN)
        self._usable.register(self._pg.socket, select.POLLIN | select.POLLOUT)
        self._forms: dict[str, _Form] = {}
        self._numbers = count(1)
        self._due: deque[_Due] = deque()
        self._is_stale = False

    def ask(self, sql: str, values: Sequence[Any] | None) -> Asked:
        """Return a statement to be sent. Raises psycopg's errors about values that the server can't take."""
        asked = Asked(sql)
        if values:
            asked.params = self._transformer.dump_sequence(values, [adapt.PyFormat.AUTO] * len(values))
            asked.types, asked.formats = self._transformer.types or (), self._transformer.formats
        return asked

    def send(self, batch: Sequence[Asked]) -> None:
        """Send statements; after the first that fails the server leaves out the others."""
        if len(self._forms) > MOST_FORMS or self._is_stale:
            self._forget()
        for asked in batch:
            self._send(asked)
        self._pg.pipeline_sync()
        self._due.append(_END_OF_BATCH)
        self._flush()

    def receive(self) -> None:
        """Wait for the answers to all that was sent. Raises the first error."""
        first: psycopg.Error | None = None
        try:
            while self._due:
                due = self._due.popleft()
                error = self._take(due)
                first = first or error
                if due.form is not None:
                    self._next()  # says that the statement has no more results
        except psycopg.Error as lost:
            self._due.clear()
            first = first or lost
        if first is not None:
            raise first

    def run_script(self, sql: str) -> None:
        """Run a text that may be several statements, which a pipeline can't take."""
        self.receive()
        self._pg.exit_pipeline_mode()
        try:
            self._pg.send_query(sql.encode(self._encoding))
            self._flush()
            results = list(iter(self._next, None))
        finally:
            self._pg.enter_pipeline_mode()
        for result in results:
            if result.status not in _GOOD:
                raise error_from_result(result, self._encoding)
            self._is_stale |= (result.command_status or b"").startswith(_CHANGES_PLANS)

    def copy_in(self, sql: Composed, rows: Iterable[Row]) -> None:
        """Send rows by COPY, which a pipeline can't take."""
        self.receive()
        self._pg.exit_pipeline_mode()
        try:
            with self._connection.cursor() as cursor, cursor.copy(sql) as copy:
                for row in rows:
                    copy.write_row(row)
        finally:
            self._pg.enter_pipeline_mode()

    def _form(self, sql: str, values: Sequence[Any] | None) -> _Form:
        form = self._forms.get(sql)
        if form is None:
            form = self._forms[sql] = _Form(_numbered(sql) if values else _encoded(sql))
        return form

    def _send(self, asked: Asked) -> None:
        form, types = self._form(asked.sql, asked.params), asked.types
        name = form.names.get(types)
        if name is None:
            form.names[types] = b""
            self._pg.send_query_params(form.sql, asked.params, param_types=types, param_formats=asked.formats)
        else:
            if not name:
                name = form.names[types] = b"tracepro_%d" % next(self._numbers)
                self._pg.send_prepare(name, form.sql, param_types=types)
                self._due.append(_Due(None, form, types))
            self._pg.send_query_prepared(name, asked.params, param_formats=asked.formats)
        self._due.append(_Due(asked, form, types))

    def _flush(self) -> None:
        while self._pg.flush():
            if any(event & ~select.POLLOUT for _, event in self._usable.poll(_LOOK_AGAIN)):
                self._pg.consume_input()

    def _take(self, due: _Due) -> psycopg.Error | None:
        """Take one result and return what it says against its statement."""
        asked, form, types = due
        result = self._next()
        if result is None:
            raise psycopg.OperationalError("The server closed the connection.")
        if form is None:
            return None
        if result.status in _GOOD:
            if asked is not None:
                asked.answer = Answer(result, self._transformer)
            return None
        if asked is None:
            form.names.pop(types, None)
        if result.status == ExecStatus.PIPELINE_ABORTED:
            return None
        error = error_from_result(result, self._encoding)
        if asked is not None:
            asked.error = error
        return error

    def _next(self) -> PGresult | None:
        while self._pg.is_busy():
            self._readable.poll(_LOOK_AGAIN)
            self._pg.consume_input()
        return self._pg.get_result()

    def _forget(self) -> None:
        """Forget all statements, here and on the server."""
        self._forms, self._is_stale = {}, False
        self._send(Asked("DEALLOCATE ALL"))


@lru_cache(maxsize=MOST_FORMS)
def _numbered(sql: str) -> bytes:
    """Return a text as libpq wants it: ``$1`` where the first value goes, and a plain ``%`` for two."""
    numbers = count(1)
    return _MARKS.sub(lambda mark: f"${next(numbers)}" if mark[0] == "%s" else "%", sql).encode()


@lru_cache(maxsize=MOST_FORMS)
def _encoded(sql: str) -> bytes:
    """Return a text without values in bytes, once for all connections."""
    return sql.encode()
