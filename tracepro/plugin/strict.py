"""The development mode: what a hook does wrong fails the call at once, with a sentence for the plugin's author."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any, get_type_hints

import msgspec
import pluggy

from tracepro.calls.errors import ContractBroken
from tracepro.database.errors import TransactionLost, lost_a_race
from tracepro.plugin.answers import WrongAnswer, shown, wanted
from tracepro.plugin.implementation import Implementation
from tracepro.plugin.watch import Watch
from tracepro_hookspecs import CallError
from tracepro_hookspecs.specs import KINDS
from tracepro_hookspecs.specs.answers import ANSWERS, CLOSED

if TYPE_CHECKING:
    from tracepro.calls.call import Call
    from tracepro.database import Session

WRITING = frozenset(
    ("run", "many", "insert", "insert_or_ignore", "insert_many", "defer", "defer_insert")
    + ("defer_insert_many", "defer_numbered", "define")
)
ASKING = frozenset(("rows", "one", "value"))
OF_PLUGINS = r"(.*[/.])?tracepro_\w+"


class Fault(Exception):
    """What a hook did that it may not; ends a sentence."""


class OnlyReads:
    """The session of a check or collect hook: whatever would write raises Fault."""

    def __init__(self, db: Session) -> None:
        self._db = db

    def __getattr__(self, name: str) -> Any:
        if name in WRITING:
            raise _writes(name)
        found = getattr(self._db, name)
        return partial(self._ask, name, found) if name in ASKING else found

    def _ask(self, name: str, ask: Callable[..., Any], statement: Any, /, **values: Any) -> Any:
        sql = self._db.compiled(statement).sql
        if not sql.lstrip("( ").startswith(("SELECT", "WITH")):
            raise _writes(name)
        return ask(statement, **values)


def _writes(name: str) -> Fault:
    return Fault(f"it writes with call.db.{name}; a hook of its kind only reads, write in an apply hook")


class StrictImplementation(Implementation):
    """One plugin's function for one hook, held to all that the hook's specification says; ``limit`` in seconds."""

    __slots__ = ("_form", "_limit")

    def __init__(self, found: pluggy.HookImpl, hook: str, watch: Watch, limit: float) -> None:
        super().__init__(found, hook, watch)
        self._limit = limit
        self._form = ANSWERS.get(hook) or get_type_hints(getattr(KINDS[self.kind], hook))["return"]

    def __call__(self, values: Mapping[str, Any]) -> Any:
        """Call the function as in production, and raise ContractBroken for what is wrong with it."""
        began = perf_counter()
        try:
            with _only_reads(values["call"]) if self.kind in ("check", "collect") else nullcontext():
                answer = super().__call__(values)
            if answer is not None:
                self._check_form(answer)
        except (WrongAnswer, Fault) as fault:
            raise self._broken(fault) from fault
        except Exception as error:
            if self.kind != "collect" or _not_its_own(error):
                raise
            raise self._broken(
                error, f"it raised {type(error).__name__}, and its part would be left out"
            ) from error
        if (seconds := perf_counter() - began) > self._limit:
            late = f"it took {seconds:.2f} s, more than [api] hook_warn_seconds ({self._limit:g}); everybody's writes wait for it"
            raise self._broken(Fault(late))
        return answer

    def _broken(self, error: Exception, fault: str = "") -> ContractBroken:
        if self.kind != "notify":  # whoever tells it notes what it raises
            self.failed(error)
        return ContractBroken(str(self.watched), fault or str(error))

    def _check_form(self, answer: Any) -> None:
        """Raise Fault for an answer that is not, at any depth, what the specification says."""
        try:
            plain = msgspec.to_builtins(answer)
            taken = msgspec.convert(plain, self._form)
        except Exception as error:
            raise Fault(f"it returned {shown(answer)}; return {wanted(self.hook)}: {error}") from error
        unknown = sorted(plain.keys() - taken.keys()) if self.hook in CLOSED else []
        if unknown:
            raise Fault(
                f"it returned {', '.join(unknown)}, which nobody reads; leave it out or correct the name"
            )


@contextmanager
def _only_reads(call: Call) -> Iterator[None]:
    db = call.db
    call.db = OnlyReads(db)  # type: ignore[assignment]
    try:
        yield
    finally:
        call.db = db


def _not_its_own(error: Exception) -> bool:
    """Tell whether what a hook raised is the database's word or an error of the API."""
    return isinstance(error, (CallError, TransactionLost)) or lost_a_race(error)


def warnings_as_errors() -> None:
    """Have what Python would warn of in a plugin's code raised there: a deprecated function, say."""
    warnings.filterwarnings("error", module=OF_PLUGINS)
