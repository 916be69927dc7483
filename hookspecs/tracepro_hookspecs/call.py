"""What a handler, a rule and a hook are given: the call, its session and its hooks, as types.

The core's own classes fit these protocols; a plugin needs no other name of the core in its signatures.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo

from peewee import Field, Query

from tracepro_hookspecs.records import Reason

if TYPE_CHECKING:
    from tracepro_hookspecs.declare import BasicData

Row = tuple[Any, ...]
"""A row of an answer: a plain tuple, its values in the order of the columns asked for."""


class Statement(Protocol):
    """A query that is written once for each kind of database; ``tracepro.database.statement`` makes them."""

    def on(self, form: str) -> Any:
        """Return the query as one form of database takes it."""


class Insert(Protocol):
    """The insert of whole rows of a model, as a session needs it; ``tracepro.database.Insert`` makes them."""

    @property
    def key(self) -> Field | None:
        """The column the database numbers, if there is one."""

    @property
    def conflicts(self) -> bool:
        """True when it says what becomes of a row that is there already."""

    @property
    def plain(self) -> Statement:
        """One row, without an answer."""

    @property
    def returning(self) -> Statement:
        """One row, answering its id."""

    @property
    def whole(self) -> Statement:
        """One row with an id that is given."""

    @property
    def bulk(self) -> Statement:
        """Many rows, a list for each column, that of the ids among them where there are any."""

    @property
    def unnumbered(self) -> Statement:
        """Many rows, a list for each column but the ids, which the database draws."""

    @property
    def fresh_ids(self) -> Statement:
        """Ids for many rows, where a sequence gives them."""

    @property
    def highest_id(self) -> Statement:
        """The highest id that was ever given, where the table itself keeps it."""

    def row(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return a row filled up with its defaults. Raises TypeError for columns that are missing or unknown."""

    def columns(self, rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
        """Return rows as one list for each column, in stored form."""


class Session(Protocol):
    """One transaction; ``writable`` tells a write from a read, ``dialect`` is ``sqlite`` or ``postgresql``.

    A statement is what ``tracepro.database.statement`` makes, or for rare queries a peewee query, which is written
    on the spot; an insert is a ``tracepro.database.Insert``. Rows are plain tuples in the order of the columns asked
    for.
    """

    @property
    def dialect(self) -> str:
        """The kind of database."""

    @property
    def writable(self) -> bool:
        """True in a transaction that may write."""

    def rows(self, statement: Statement | Query, /, **values: Any) -> list[Row]:
        """Return all rows."""

    def one(self, statement: Statement | Query, /, **values: Any) -> Row | None:
        """Return the first row, or None."""

    def value(self, statement: Statement | Query, /, **values: Any) -> Any:
        """Return the first column of the first row, or None."""

    def run(self, statement: Statement | Query, /, **values: Any) -> int:
        """Change rows and return how many."""

    def many(self, statement: Statement | Query, rows: Sequence[dict[str, Any]]) -> None:
        """Run a change once for each row of values."""

    def insert(self, insert: Insert, /, **values: Any) -> int:
        """Insert a row and return its id; 0 where the table numbers no rows."""

    def insert_or_ignore(self, insert: Insert, /, **values: Any) -> int:
        """Insert a row unless its key is there already; return how many rows that made, 1 or 0."""

    def insert_many(self, insert: Insert, rows: Sequence[dict[str, Any]]) -> list[int]:
        """Insert rows and return their ids in the order given.

        No ids come back where the table numbers no rows, and from an insert that minds rows that exist already.
        """

    def defer(self, statement: Statement | Query, /, **values: Any) -> object:
        """Change rows without waiting for it; for what is neither counted nor expected to fail.

        PostgreSQL is sent it with the next statement that is waited for, at the latest with the COMMIT. What is
        against it is raised there, and ends the call. SQLite runs it at once.
        """

    def defer_insert(self, insert: Insert, /, **values: Any) -> object:
        """Insert a row whose id nobody needs, without waiting for it."""

    def defer_insert_many(self, insert: Insert, rows: Sequence[dict[str, Any]]) -> object:
        """Insert rows whose ids nobody needs, without waiting for it."""

    def defer_numbered(self, insert: Insert, rows: Sequence[dict[str, Any]]) -> list[int]:
        """Insert rows without waiting for it, and return their ids in the order given; the table numbers its rows."""

    @property
    def asks_ahead(self) -> bool:
        """True where a question is a round trip, so that it pays to ask ahead."""

    def ask_ahead(self, statement: Statement | Query, /, **values: Any) -> None:
        """Have a question asked right behind the next statement, so that one wait brings both answers.

        Who asks it then, with the same values, finds the answer there. It is forgotten as soon as something is locked or
        written after it, so it is never older than that. SQLite asks when it is asked.
        """

    def savepoint(self) -> AbstractContextManager[None]:
        """Take back what happened inside, if an exception leaves it."""


class Hooks(Protocol):
    """The hooks of the plugins that are on where the call happens: one function for each kind of hook."""

    def has(self, name: str) -> bool:
        """Tell whether anybody implements a hook, so that its arguments need not be made for nobody."""

    def check(self, name: str, /, **values: Any) -> list[Reason]:
        """Return the reasons of all plugins; none means yes."""

    def collect(self, name: str, /, **values: Any) -> dict[Any, Any]:
        """Return what the plugins answer, as one dict."""

    def collect_each(self, name: str, /, **values: Any) -> dict[str, Any]:
        """Return each plugin's answer under its name."""

    def decide(self, name: str, /, **values: Any) -> Any:
        """Return the first answer that is not None."""

    def apply(self, name: str, /, **values: Any) -> list[Any]:
        """Have every plugin do its part in the call's transaction; return the answers that are not None."""


class Caller(Protocol):
    """Who calls and what it may do."""

    @property
    def name(self) -> str:
        """The name of the token, or ``anonymous``."""

    @property
    def scopes(self) -> frozenset[str]:
        """What it may do; no scope includes another."""

    @property
    def lines(self) -> frozenset[str] | None:
        """The lines it may work on, None for any."""

    @property
    def address(self) -> str:
        """The address it called from."""

    @property
    def user_id(self) -> int | None:
        """The user who is logged in; None for tokens and anonymous callers."""

    @property
    def session_id(self) -> int | None:
        """The session of a browser that the call came with, None without one."""


class Call(Protocol):
    """One call in one transaction; everything it does happens through ``db`` or not at all.

    Options, plugins and hooks are those of the line the call stands on.
    """

    @property
    def db(self) -> Session:
        """The session of the transaction."""

    @property
    def now(self) -> int:
        """The one time of the call, in microseconds UTC."""

    @property
    def caller(self) -> Caller:
        """Who calls."""

    @property
    def request_id(self) -> str:
        """What the log calls the request."""

    @property
    def prepared(self) -> Any:
        """The answer of the method's prepare step."""

    @property
    def line(self) -> str | None:
        """The line the call stands on; None when it touches none or several."""

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines the call touches."""

    @property
    def hooks(self) -> Hooks:
        """The hooks of the plugins that are on for this call's line; the call itself is added to their arguments."""

    @property
    def context(self) -> dict[Hashable, Any]:
        """What plugins keep from one hook of the call to the next, under keys that begin with their names.

        What a check has read need not be read again when the same call writes. It is gone with the call.
        """

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the site."""

    def line_of(self, parameter: str, value: Any) -> str | None:
        """Return the line a ``wp_id``, ``machine_id`` or ``line_name`` is on; the site's set is asked, once a call."""

    def require_line_of(self, parameter: str, value: Any) -> None:
        """Refuse to change what stands on a line that the caller's token isn't for.

        For records that no parameter names and a handler comes upon; what parameters name is judged before. Raises a
        CallError (-32002).
        """

    def option(self, plugin: str, name: str) -> Any:
        """Return an option of a plugin as it is on this call's line."""

    def option_on(self, line: str | None, plugin: str, name: str) -> Any:
        """Return an option as it is on a line, of the site for None; for what tells of several lines."""

    def parameter(self, section: str, name: str) -> Any:
        """Return a value of parameters.ini, parsed."""

    def public_parameters(self) -> dict[str, dict[str, Any]]:
        """Return the public values of parameters.ini by section and name, typed and not parsed: JSON."""

    def basic_data(self, name: str) -> BasicData | None:
        """Return a kind of basic data, None where no plugin that is on here brings it.

        Its functions fail as a hook of that plugin does: with the plugin's CallError, PluginFailed for all else.
        """

    def enabled(self, plugin: str) -> bool:
        """Tell whether a plugin is on wherever this call happens."""

    def require(self, plugin: str) -> None:
        """Refuse data for a plugin that is off here. Raises PluginOff (1004)."""

    def need_write(self) -> None:
        """Go on only in a writing transaction; a call that reads starts over in one (access ``upgrade``)."""

    def changed(self, what: str, field: str, before: Any, after: Any, *, hidden: bool = False) -> None:
        """Note for the audit that something was overwritten, unless it is the same as before.

        ``what`` names the object with its id: ``order 17``. Of ``hidden`` values only whether there is one is kept.
        """

    def after_commit(self, function: Callable[[], object]) -> None:
        """Have ``function()`` run in the notifier's thread once the call is committed, and never if it isn't."""

    def notify(self, name: str, **values: Any) -> None:
        """Have a notify hook told after the commit, in the notifier's thread."""

    def after_refusal(self, function: Callable[[Call], object]) -> None:
        """Have ``function(call)`` run in a transaction of its own if this call ends in an error of the API.

        For what must be kept of a refused call: a login that failed, a wrong password that counts.
        """
