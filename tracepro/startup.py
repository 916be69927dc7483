"""The steps of opening a site; each tells what is wrong as findings, so that a check can take them all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from peewee import Query

from tracepro.access.caller import SYSTEM
from tracepro.access.proxies import warn_of_proxy
from tracepro.access.tokens import scopes_told, unknown_scopes
from tracepro.calls.call import Call
from tracepro.config.database_url import SQLITE, database_url, has_password, hide_password, without_secrets
from tracepro.config.settings import Settings
from tracepro.database import Limits, Store, migrating, open_store, statement
from tracepro.database.core_models import CodeClash
from tracepro.database.file_modes import open_to_others
from tracepro.database.migration_files import MigrationError
from tracepro.findings import Findings, StartError
from tracepro.plugin.assembly import Assembly, assemble
from tracepro.plugin.loaded import LoadedPlugin
from tracepro.rpc.agreement import check_declared
from tracepro.rpc.methods import BoundMethod, bind_methods
from tracepro_hookspecs import TryAgain
from tracepro_hookspecs.records import readable

if TYPE_CHECKING:
    from tracepro.site import Site

MOST_CLASHES = 100


@dataclass(frozen=True)
class LoadedBefore:
    """What sites of this process have loaded without a finding and bound, by name: it is not looked at again.

    A server opens one site and has none; tests open many. Methods are those of sites of one time zone.
    """

    plugins: dict[str, LoadedPlugin] = field(default_factory=dict)
    methods: dict[ZoneInfo, dict[str, BoundMethod]] = field(default_factory=dict)

    def add(self, assembly: Assembly, methods: Mapping[str, BoundMethod], zone: ZoneInfo) -> None:
        """Add what a site has loaded."""
        self.plugins.update({plugin.name: plugin for plugin in assembly.plugins if plugin.dist})
        self.methods.setdefault(zone, {}).update(methods)


def load_plugins(
    settings: Settings,
    findings: Findings,
    extra: Mapping[str, object] | None = None,
    before: LoadedBefore | None = None,
) -> tuple[Assembly, dict[str, BoundMethod]]:
    """Load the plugins and bind their methods to their schemas."""
    before = before or LoadedBefore()
    assembly = assemble(settings, findings, extra, before.plugins)
    brought, fragments = assembly.contributions, assembly.fragments
    zone = assembly.parameters["site", "timezone"] or ZoneInfo("UTC")
    methods = bind_methods(brought.methods, fragments, zone, findings, before.methods.get(zone, {}))
    new = [plugin for plugin in assembly.plugins if plugin is not before.plugins.get(plugin.name)]
    check_declared(brought, {plugin.name: plugin.fragment for plugin in new}, findings)
    if not findings:
        before.add(assembly, methods, zone)
    check_granted_scopes(assembly, findings)
    warn_of_proxy(assembly.parameters, settings.parameters_file, findings)
    warn_of_open_files(assembly, findings)
    return assembly, methods


def check_granted_scopes(assembly: Assembly, findings: Findings) -> None:
    """Find scopes in parameters that grant some which nothing asks for: a misspelt one would give nothing."""
    for registered in assembly.contributions.parameters.values():
        parameter = registered.declaration
        if parameter.grants:
            given = assembly.parameters[parameter.section, parameter.name]
            for name, scopes in (given if parameter.opens_section else {parameter.name: given}).items():
                _find_unknown_scopes(assembly, f"[{parameter.section}] {name}", scopes or (), findings)


def _find_unknown_scopes(assembly: Assembly, where: str, scopes: Iterable[str], findings: Findings) -> None:
    known = assembly.scopes
    for scope in unknown_scopes(scopes, known):
        findings.error(
            f"{assembly.settings.parameters_file} {where}: nothing asks for {scope}; {scopes_told(scope, known)}."
        )


def warn_of_open_files(assembly: Assembly, findings: Findings) -> None:
    """Warn of files with what the plant knows, or with the database's password, that others on this machine may read."""
    settings, url = assembly.settings, assembly.parameters["database", "url"] or ""
    path = database_url(settings, url).removeprefix(SQLITE)
    for file in open_to_others(Path(path)) if path.startswith("/") else ():
        findings.warning(f"{file} may be read by others on this machine; chmod 600 {file}.")
    file = settings.parameters_file
    if has_password(url) and file.is_file() and file.stat().st_mode & 0o007:
        findings.warning(
            f"{file} has the database's password and may be read by everybody on this machine; chmod o= {file}."
        )


def url_of(assembly: Assembly) -> str:
    """Return the url of the database."""
    return database_url(assembly.settings, assembly.parameters["database", "url"] or "")


def unasked_database(assembly: Assembly, limits: Limits = Limits()) -> Store:
    """Return the database, whether it is there or not. Raises StartError when its url is wrong."""
    threads = assembly.parameters["database", "connections"] or limits.write_threads
    try:
        return open_store(url_of(assembly), replace(limits, write_threads=threads))
    except ValueError as error:
        raise StartError(str(error)) from error


def open_database(assembly: Assembly, limits: Limits = Limits(), *, create: bool = False) -> Store:
    """Open the database. Raises StartError when its url is wrong, it doesn't answer or a SQLite file is not there.

    ``create`` makes that file; who only looks must leave none where a path was mistyped.
    """
    url = url_of(assembly)
    if not create and url.startswith(SQLITE) and not Path(url.removeprefix(SQLITE)).exists():
        raise StartError(_no_file(url.removeprefix(SQLITE)))
    store = unasked_database(assembly, limits)
    try:
        store.ping()
    except TryAgain as error:
        store.close()
        raise StartError(_unreachable(url, error)) from error
    return store


def check_migrations(store: Store, assembly: Assembly, findings: Findings) -> None:
    """Find out whether the database is behind the plugins, or ahead of them."""
    try:
        migrating.check(store, assembly.migrations)
    except MigrationError as error:
        findings.error(str(error))


def apply_migrations(store: Store, assembly: Assembly) -> list[str]:
    """Bring the tables up to the plugins and return what was applied. Raises StartError for a database ahead."""
    try:
        return migrating.apply(store, assembly.migrations)
    except MigrationError as error:
        raise StartError(str(error)) from error


def check_code_clashes(store: Store, findings: Findings) -> None:
    """Warn of rows whose stored codes a migration left untrimmed, for two would have become one."""
    for plugin, table, row, other in store.read(lambda db: db.rows(code_clashes)):
        findings.warning(
            f"Plugin {plugin}, table {table}: the code of row {row} would be that of row {other} without its white space or "
            "scanner's prefix; it was left as it is, and scanning finds the other one. Correct one of the two."
        )


@statement
def code_clashes() -> Query:
    """What migrations could not trim, the first ones."""
    clash = CodeClash
    columns = clash.select(clash.plugin, clash.table_name, clash.row, clash.other)
    return columns.order_by(clash.id).limit(MOST_CLASHES)


def check_lines(site: Site, findings: Findings) -> None:
    """Warn of lines in plugins.ini that the database doesn't know; without anybody who knows lines they are errors."""
    lines = {*site.settings.lines, *site.assembly.options.lines}
    if not lines:
        return
    known = line_names(site)
    for line in sorted(lines):
        if known is None:
            findings.error(_nobody_knows(line, site.settings))
        elif line not in known:
            findings.warning(_unknown_line(line, site.settings))


def check_plugins(site: Site, findings: Findings) -> None:
    """Find what the plugins themselves find wrong, for the site and for each line; one that fails to look is an error."""
    hook = "tracepro_site_findings"
    for line in (None, *sorted({*site.settings.lines, *site.assembly.options.lines})):
        for name, what, sentence in _found_by_plugins(site, hook, line):
            findings.warning(readable(f"Plugin {name}: {what}: {sentence}"))
    for plugin in site.plugins:
        if failed := site.watch.report(plugin.name).get(hook):
            findings.error(f"Plugin {plugin.source}: {hook} failed with {failed['last_failure']}; fix it.")


def _found_by_plugins(site: Site, hook: str, line: str | None) -> Iterator[tuple[str, str, str]]:
    """Yield what the plugins that are on for a line find there: plugin, what it concerns, sentence."""
    found = site.store.read(lambda db: Call(site, db, SYSTEM, line=line).hooks.collect_each(hook))
    for name, sentences in found.items():
        for what, sentence in sentences.items():
            yield name, what, sentence


def line_names(site: Site) -> list[str] | None:
    """Return the names of the plant's lines, None when no enabled plugin knows lines."""
    if not site.relay(None).has("tracepro_line_names"):
        return None
    names: list[str] | None = site.store.read(
        lambda db: Call(site, db, SYSTEM).hooks.decide("tracepro_line_names")
    )
    return names


def _nobody_knows(line: str, settings: Settings) -> str:
    return (
        f"{settings.plugins_file} has a section for line {line}, but no enabled plugin tells which line a call is "
        "on; enable one that does, such as lines, or take the section out."
    )


def _unknown_line(line: str, settings: Settings) -> str:
    return (
        f"{settings.plugins_file} has a section for line {line}, which the database doesn't know; import the line "
        "or fix the name."
    )


def _no_file(path: str) -> str:
    return (
        f"There is no database {path}; correct [database] url in parameters.ini or TRACEPRO_DATABASE, or make a new one "
        "with `tracepro migrate`."
    )


def _unreachable(url: str, error: TryAgain) -> str:
    said = hide_password(" ".join(str(error.__cause__ or error).split()), url)
    fix = "let this user write the file and its folder" if url.startswith(SQLITE) else "start it"
    return (
        f"The database {without_secrets(url)} can't be reached: {said}; {fix}, or correct [database] url in parameters.ini or "
        "TRACEPRO_DATABASE."
    )
