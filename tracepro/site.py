"""The site: plugins, configuration and database of one plant, opened once per process."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import tracepro_hookspecs
from tracepro.access.anonymous import Anonymous
from tracepro.access.caller import SYSTEM
from tracepro.access.policy import Policy
from tracepro.calls.call import Call
from tracepro.calls.command import run_command
from tracepro.calls.invocation import Endpoint
from tracepro.calls.notifier import Notifier
from tracepro.calls.prepare_pool import PreparePool
from tracepro.clock import now_micros
from tracepro.config.parameters import public_values
from tracepro.config.settings import Settings
from tracepro.database import Limits, Store
from tracepro.database.newer_schema import NewerSchema
from tracepro.findings import Finding, Findings, StartError
from tracepro.forgotten import warn_of_forgotten
from tracepro.layout import renderer_of
from tracepro.metrics import Metrics
from tracepro.plugin import out_of_service
from tracepro.plugin.assembly import Assembly
from tracepro.plugin.background import Background
from tracepro.plugin.basic_data import contained
from tracepro.plugin.out_of_service import Outages
from tracepro.plugin.relay import Relay
from tracepro.plugin.watchdog import Hang, Watchdog
from tracepro.rpc.methods import BoundMethod
from tracepro.secret import site_secret
from tracepro.startup import (
    LoadedBefore,
    apply_migrations,
    check_code_clashes,
    check_lines,
    check_migrations,
    check_plugins,
    load_plugins,
    open_database,
)
from tracepro_hookspecs import BasicData

Answer = TypeVar("Answer")


class Site:
    """What calls are made of: plugins by line, options, methods, routes, store, access.

    ``secret`` keys the hashes of the site, ``warnings`` is what the start found and could live with,
    ``metrics`` counts calls where a server runs.
    """

    metrics: Metrics | None = None

    def __init__(
        self, assembly: Assembly, methods: Mapping[str, BoundMethod], store: Store, clock: Callable[[], int]
    ) -> None:
        self.assembly = assembly
        self.settings = assembly.settings
        self.strict = assembly.settings.strict
        self.plugins = assembly.plugins
        self.contributions = assembly.contributions
        self.methods = methods
        self.routes = assembly.contributions.routes
        self.fragments = assembly.fragments
        self.watch = assembly.watch
        self.store = store
        self.clock = clock
        self.zone: ZoneInfo = self.parameter("site", "timezone")
        self.notifier = Notifier()
        self.prepare_pool = PreparePool()
        self.watchdog = Watchdog(
            self.watch,
            self.parameter("api", "hook_warn_seconds"),
            self.parameter("api", "hook_limit_seconds"),
            self._abandon,
        )
        self.background = Background(self, self.relay(None), self.watch)
        self.outages = Outages(store, assembly.relays.values())
        self.newer_schema = NewerSchema(store, assembly.migrations)
        self.watchdog.jobs += (self._reread, self.background.tick)
        self._reread_at = 0.0
        self.anonymous = self._anonymous()
        self.policy = Policy(store, self.anonymous, clock)
        self.secret = b""
        self.warnings: list[Finding] = []

    def relay(self, line: str | None) -> Relay:
        """Return the hooks of a line; a line without a section has the site's."""
        relays = self.assembly.relays
        return relays.get(line) or relays[None]

    def plugins_on(self, line: str | None) -> frozenset[str]:
        """Return the names of the plugins that run on a line; a line without a section has the site's."""
        sets = self.assembly.sets
        return sets[line] if line in sets else sets[None]

    def option(self, plugin: str, name: str, line: str | None) -> Any:
        """Return a plugin's option on a line."""
        return self.assembly.options.value(plugin, name, line)

    def parameter(self, section: str, name: str) -> Any:
        """Return a parsed value of parameters.ini."""
        return self.assembly.parameters[section, name]

    def ask(self, work: Callable[[tracepro_hookspecs.Call], Answer]) -> Answer:
        """Run what a plugin's subcommand reads as the system, on a snapshot."""
        return self.store.read(lambda db: work(Call(self, db, SYSTEM)))

    def change(self, command: str, asked: Any, work: Callable[[tracepro_hookspecs.Call], Answer]) -> Answer:
        """Run what a plugin's subcommand writes as the system, in a transaction of its own with its audit row."""
        commands = self.contributions.commands
        owner = commands[command if command in commands else command.partition(" ")[0]].plugin
        endpoint = Endpoint(f"tracepro {command}", plugin=owner, handler=work, access="write", scope="admin")
        return run_command(self, endpoint, asked, work)

    def public_parameters(self) -> dict[str, dict[str, Any]]:
        """Return the public values of parameters.ini by section and name, as JSON."""
        declared = (registered.declaration for registered in self.contributions.parameters.values())
        return public_values(self.settings, declared)

    def basic_data(self, name: str) -> tuple[str, BasicData] | None:
        """Return a kind of basic data after the name of its plugin."""
        registered = self.contributions.basic_data.get(name)
        if registered is None:
            return None
        return registered.plugin, contained(registered, self.relay(None), self.watch)

    @property
    def in_required_order(self) -> list[str]:
        """The plugins' names, each after those it requires."""
        return self.assembly.in_required_order

    @property
    def scopes(self) -> frozenset[str]:
        """Every scope that a method or a route asks for, and the three that always are."""
        return self.assembly.scopes

    def start(self) -> None:
        """Start the threads, after the fork."""
        self.outages.reread()
        self.store.start()
        self.outages.write()
        self.notifier.start()
        self.watchdog.start()

    def close(self) -> None:
        """Tell what is waiting to be told and close the database."""
        self.watchdog.stop()
        self.background.close()
        self.prepare_pool.close()
        self.notifier.close()
        self.store.close()

    def _abandon(self, hang: Hang) -> None:
        """Let others go on in another thread than the one that hangs."""
        self.notifier.abandon(hang.thread)
        self.background.abandon(hang.thread)

    def _reread(self) -> None:
        """Learn once a second what was taken out of service or released elsewhere, and whether somebody migrated."""
        if time.monotonic() - self._reread_at >= 1.0:
            self.outages.reread()
            self.newer_schema.look()
            self._reread_at = time.monotonic()

    def _anonymous(self) -> Anonymous:
        policy, scopes, hosts = (
            self.parameter("api", name) for name in ("anonymous", "anonymous_scopes", "hosts")
        )
        return Anonymous(policy, scopes, hosts)


def open_site(
    settings: Settings,
    *,
    clock: Callable[[], int] = now_micros,
    migrate: bool = False,
    extra: Mapping[str, object] | None = None,
    limits: Limits = Limits(),
    before: LoadedBefore | None = None,
    store: Store | None = None,
) -> Site:
    """Open a site. Raises StartError with one sentence when anything stops it.

    ``migrate`` applies what the database lacks first; ``extra`` gives plugin objects by name, beside the
    installed ones; ``limits`` are the database's; ``before`` and ``store`` spare tests, which open many sites, to load and bind
    the same plugins again and to open the database. Threads begin with ``start``.
    """
    findings = Findings()
    assembly, methods = load_plugins(settings, findings, extra, before)
    findings.stop_on_error()
    store = store or open_database(assembly, limits, create=migrate)
    try:
        if migrate:
            apply_migrations(store, assembly)
        check_migrations(store, assembly, findings)
        findings.stop_on_error()
        return _checked_site(assembly, methods, store, clock, findings)
    except BaseException:
        store.close()
        raise


def examine(settings: Settings, findings: Findings, extra: Mapping[str, object] | None = None) -> None:
    """Find everything that is wrong with a site, as far as one fault doesn't hide another."""
    assembly, methods = load_plugins(settings, findings, extra)
    try:
        store = open_database(assembly)
    except StartError as error:
        findings.error(str(error))
        return
    try:
        check_migrations(store, assembly, findings)
        if not findings.errors:
            site = Site(assembly, methods, store, now_micros)
            check_lines(site, findings)
            check_plugins(site, findings)
            _check_pages(site, findings)
            warn_of_forgotten(site, findings)
            for outage in store.read(out_of_service.read).values():
                findings.warning(str(outage))
            check_code_clashes(store, findings)
    finally:
        store.close()


def _check_pages(site: Site, findings: Findings) -> None:
    try:
        renderer_of(site, checked=True)
    except StartError as error:
        findings.error(str(error))


def _checked_site(
    assembly: Assembly,
    methods: Mapping[str, BoundMethod],
    store: Store,
    clock: Callable[[], int],
    findings: Findings,
) -> Site:
    site = Site(assembly, methods, store, clock)
    check_lines(site, findings)
    findings.stop_on_error()
    site.secret, site.warnings = site_secret(store), findings.warnings
    return site
