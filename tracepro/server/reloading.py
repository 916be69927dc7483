"""What SIGHUP asks of a new configuration, in a child process, before any worker is started with it."""

from __future__ import annotations

from tracepro.config.settings import Settings
from tracepro.database import Store, migrating
from tracepro.findings import Findings
from tracepro.plugin.assembly import Assembly, assemble
from tracepro.startup import open_database


def migrate_new_plugins(settings: Settings) -> list[str]:
    """Apply the migrations of plugins that never were in this database, and return their names.

    A plugin that was there before and is behind now is the administrator's decision: raises MigrationError,
    naming ``tracepro migrate``, and applies nothing. Raises StartError for what is wrong with the plugins.
    """
    findings = Findings()
    assembly = assemble(settings, findings)
    findings.stop_on_error()
    store = open_database(assembly)
    try:
        return _migrate_new(store, assembly)
    finally:
        store.close()


def _migrate_new(store: Store, assembly: Assembly) -> list[str]:
    known = {plugin for plugin, _ in store.read(migrating.applied)}
    folders = assembly.migrations
    new = {name: folder for name, folder in folders.items() if name not in known}
    migrating.check(store, {name: folder for name, folder in folders.items() if name in known})
    return migrating.apply(store, new) if new else []
