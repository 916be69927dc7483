"""A plant in a test: a site without a server, called through the dispatcher or by its rules directly."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from tracepro import plant_file
from tracepro.access import tokens
from tracepro.access.caller import SYSTEM, Caller
from tracepro.archive import files, moving
from tracepro.calls.call import Call
from tracepro.clock import DAY
from tracepro.database.comparing import differences
from tracepro.rpc.dispatcher import Dispatcher
from tracepro.site import Site
from tracepro.testing import examples
from tracepro.testing.clock import PlantClock
from tracepro.testing.errors import RpcError

__all__ = ["Caller", "Plant"]

if TYPE_CHECKING:
    from tracepro.rest.route import BoundRoute
    from tracepro.testing.page import ShownPage
    from tracepro.testing.rest import Rest

Answer = TypeVar("Answer")
TESTER = Caller("tester", None, frozenset(("read", "write", "admin")), None, "127.0.0.1")


class Plant:
    """A site with its dispatcher and a clock that stands still; everything runs in the calling thread.

    ``clock`` is a ``PlantClock``, ``site.warnings`` is what the start could live with.
    """

    def __init__(
        self,
        site: Site,
        dispatcher: Dispatcher,
        clock: PlantClock,
        caller: Caller = TESTER,
        bound_routes: dict[str, BoundRoute] | None = None,
    ) -> None:
        self.site = site
        self.dispatcher = dispatcher
        self.clock = clock
        self.caller = caller
        self._bound_routes = {} if bound_routes is None else bound_routes
        self._numbers = itertools.count(1)

    def request(self, body: bytes | Any, *, key: str | None = None, caller: Caller | None = None) -> bytes:
        """Send a body, or anything that is turned into JSON first, and return the answer's bytes."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        number = f"test-{next(self._numbers)}"
        return self.dispatcher.answer(data, caller or self.caller, key, number)

    def answer(self, method: str, *args: Any, **params: Any) -> dict[str, Any]:
        """Call a method and return the whole answer; with both kinds of parameters the first ones get their names."""
        if args and params:
            args, params = (), {**self._named(method, args), **params}
        call = {"jsonrpc": "2.0", "id": next(self._numbers), "method": method, "params": list(args) or params}
        answer: dict[str, Any] = json.loads(self.request(call))
        return answer

    def call(self, method: str, *args: Any, **params: Any) -> Any:
        """Call a method and return its result, checked against the method's schema; raises RpcError."""
        answer = self.answer(method, *args, **params)
        if "error" in answer:
            self.check_error(method, answer["error"])
            raise RpcError.of(answer["error"])
        self.check_result(method, answer["result"])
        return answer["result"]

    def check_result(self, method: str, result: Any) -> None:
        """Raise AssertionError with a sentence when a result is not what the method's schema promises."""
        bound = self.site.methods.get(method)
        fault = bound.result_fault(result) if bound else None
        assert fault is None, f"{method}: {fault}"

    def error(self, method: str, *args: Any, **params: Any) -> dict[str, Any]:
        """Call a method that must be refused and return the error."""
        answer = self.answer(method, *args, **params)
        assert "error" in answer, f"{method} was not refused but answered {answer['result']!r}"
        error: dict[str, Any] = answer["error"]
        self.check_error(method, error)
        return error

    def check_error(self, method: str, error: dict[str, Any]) -> None:
        """Raise AssertionError with a sentence when a method's schema doesn't list a code that it is refused with.

        Asked are the codes of its plugin and of those that its plugin requires; any plugin may refuse in a check hook.
        """
        if method in self.site.methods:
            bound = self.site.methods[method]
            codes = {reason["code"] for reason in error["data"].get("reasons", ())} or {error["data"]["code"]}
            listed = {one["message"] for one in bound.spec.get("errors", ())}
            unlisted = sorted(codes & self._codes_behind(bound.plugin) - listed)
            assert not unlisted, (
                f"{method} answers {', '.join(unlisted)}; its schema doesn't list that under errors"
            )

    @cached_property
    def rest(self) -> Rest:
        """The REST API, called without a socket: ``plant.rest("GET", "/api/ovens/4").json``."""
        from tracepro.testing.rest import Rest

        return Rest(self.site, self.dispatcher, self._bound_routes)

    def page(self, path: str, *, token: str | None = None, **headers: str) -> ShownPage:
        """Open a page without a server and return it as a browser reads it: ``plant.page("/ui/ovens").words``.

        A page that is refused, or leads elsewhere, comes with its ``status``. Raises AssertionError for what is not HTML.
        """
        from tracepro.testing.page import ShownPage

        response = self.rest("GET", path, token=token, **headers)
        kind = response.headers.get("content-type", "")
        assert kind.startswith("text/html"), (
            f"{path} is not a page but {kind or 'nothing'}: {response.text[:200]}"
        )
        return ShownPage(response)

    def token(self, *scopes: str, lines: Sequence[str] | None = None) -> str:
        """Make a token with these scopes, for the whole plant or for some lines, and return its text."""
        name = f"token-{next(self._numbers)}"
        return self.write(lambda call: tokens.create(call, name, scopes, lines, None, call.now))

    def check_examples(self, plugin: str) -> None:
        """Call the examples of a plugin's schema file in order; raise AssertionError for those that answer something else.

        Every method must have one. What they name must be in the plant.
        """
        methods = self.site.fragments[plugin].get("methods", ())
        missing = [f"{spec['name']} has no example" for spec in methods if not spec.get("examples")]
        faults = [*missing, *examples.faults(self, plugin)]
        assert not faults, "\n".join(faults)

    def check_tables(self, plugin: str) -> None:
        """Raise AssertionError where a plugin's migrations don't make the tables that its models describe."""
        registered = self.site.contributions.models.values()
        models = [model.declaration for model in registered if model.plugin == plugin]
        migrations = self.site.assembly.migrations
        faults = differences({plugin: migrations[plugin]} if plugin in migrations else {}, models)
        assert not faults, "\n".join(faults)

    def archive(self, folder: Path, days: int) -> dict[str, int]:
        """Move what is older than so many days into files of a folder, as ``tracepro archive`` does; return the rows moved by table."""
        before, moved = self.site.clock() - days * DAY, Counter[str]()
        with files.locked(folder):
            for registered in self.site.contributions.archives.values():
                for manifest in moving.move(self.site, folder, registered, before, lambda rows: None):
                    moved[manifest.table] += manifest.rows
        return dict(moved)

    def _codes_behind(self, plugin: str) -> set[str]:
        """Return the codes of a plugin and of all that it requires."""
        fragments = {one.name: one.fragment for one in self.site.plugins}
        own = set(fragments[plugin].get("x-codes", ())) if plugin in fragments else set()
        return own.union(*map(self._codes_behind, self.site.assembly.requires.get(plugin, ())))

    def read(self, work: Callable[[Call], Answer], *, line: str | None = None) -> Answer:
        """Run ``work(call)`` in a snapshot, for tests of rules."""
        return self.site.store.read(lambda db: work(Call(self.site, db, self.caller, line=line)))

    def write(self, work: Callable[[Call], Answer], *, line: str | None = None) -> Answer:
        """Run ``work(call)`` in a writing transaction, for tests of rules."""
        return self.site.store.write_inline(lambda db: work(Call(self.site, db, self.caller, line=line)))

    def _named(self, method: str, args: tuple[Any, ...]) -> dict[str, Any]:
        names = [parameter["name"] for parameter in self.site.methods[method].spec["params"]]
        return dict(zip(names, args, strict=False))

    def load(self, plant: dict[str, Any]) -> None:
        """Import a plant file."""
        load_plant(self.site, plant)

    def close(self) -> None:
        """Close the site."""
        if "rest" in self.__dict__:
            self.rest.close()
        self.site.close()


def load_plant(site: Site, plant: dict[str, Any]) -> None:
    """Import a plant file into a site, in one transaction."""
    checked = plant_file.checked(site, plant)
    parts = site.store.read(lambda db: plant_file.prepare(Call(site, db, SYSTEM), checked))
    site.store.write_inline(lambda db: plant_file.load(Call(site, db, SYSTEM), parts))
