"""What ``tracepro check`` finds that lets a server start and lets an operator wonder later: forgotten, or soon at its end."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from peewee import Query, Select, fn

from tracepro import clock
from tracepro.access import tokens
from tracepro.config.database_url import SQLITE, database_url
from tracepro.config.settings import Settings
from tracepro.database import statement
from tracepro.database.backups import latest_backup_or_first_migration
from tracepro.database.core_models import Audit
from tracepro.findings import Findings
from tracepro.startup import line_names

if TYPE_CHECKING:
    from tracepro.site import Site

SOON = 14 * clock.DAY
CLOCK_TOLERANCE = clock.MINUTE
FREE_BYTES = 1_000_000_000
NETWORK_FILES = frozenset(
    ("nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "fuse.glusterfs", "9p", "ceph", "afs")
)
MOUNTS = Path("/proc/self/mounts")
RESERVED_CONNECTIONS = 3
"""Connections that PostgreSQL keeps for its superusers, unless it is told otherwise."""


@statement
def last_recorded() -> Query:
    """When the last call was recorded."""
    return Audit.select(Audit.tm).order_by(Audit.id.desc()).limit(1)


@statement
def max_connections() -> Query:
    """How many connections PostgreSQL takes."""
    return Select(columns=[fn.current_setting("max_connections")])


def warn_of_forgotten(site: Site, findings: Findings) -> None:
    """Warn of what an operator forgets: sections that do nothing, time zone, tokens, clock, room for the database."""
    _idle_sections(site, findings)
    _time_zone(site.settings, findings)
    _tokens(site, findings)
    _clock(site, findings)
    if missing := missing_backup(site, site.store.read(latest_backup_or_first_migration)):
        findings.warning(missing)
    if site.store.dialect == "postgresql":
        _connections(site, findings)
    else:
        url = database_url(site.settings, site.parameter("database", "url") or "")
        _disk(Path(url.removeprefix(SQLITE)).parent, findings)


def _idle_sections(site: Site, findings: Findings) -> None:
    """Warn of options of a plugin for a line where it is off."""
    file, sets = site.settings.plugins_file, site.assembly.sets
    for plugin, line in site.settings.options:
        if line in sets and plugin in sets[None] - sets[line]:
            findings.warning(
                f"{file} [plugin:{plugin}@{line}] does nothing, for {plugin} is off on line {line}; add it to the plugins of "
                f"[line:{line}], or take the section out."
            )


def _time_zone(settings: Settings, findings: Findings) -> None:
    if "timezone" not in settings.parameters.get("site", {}):
        findings.warning(
            f"{settings.parameters_file} [site] timezone isn't set, so days, shifts and times without an offset are UTC's; set "
            "it, to Europe/Prague for example, or to UTC if that is meant."
        )


def _tokens(site: Site, findings: Findings) -> None:
    now, known = site.clock(), line_names(site)
    rows = site.store.read(lambda db: db.rows(tokens.all_tokens))
    valid = [row for row in rows if row[6] is None and (row[4] is None or row[4] > now)]
    for name, scopes, lines, _, expires, *_ in valid:
        if expires is not None and expires < now + SOON:
            info = f"Token {name} expires on {clock.text(expires)}; give it another end with tracepro token renew {name} --days N."
            findings.warning(info)
        for line in sorted(set(lines or ()) - set(known or lines or ())):
            findings.warning(
                f"Token {name} is for line {line}, which the database doesn't know; import the line, or make another token."
            )
        for scope in tokens.unknown_scopes(scopes, site.scopes):
            info = f"Token {name} has the scope {scope}, and nothing asks for it; enable its plugin, or make another token."
            findings.warning(info)
    if not valid and not any(site.parameter("api", "anonymous")):
        findings.warning(
            f"{site.settings.parameters_file} [api] anonymous is no and there is no valid token, so nobody may call; make one "
            "with tracepro token create NAME --scope read --scope write."
        )


def _clock(site: Site, findings: Findings) -> None:
    """Warn of a clock that was set back: what is recorded now lies before what was recorded then."""
    now, last = site.clock(), site.store.read(lambda db: db.value(last_recorded))
    if last is not None and last > now + CLOCK_TOLERANCE:
        findings.warning(
            f"This machine's clock says {clock.text(now)}, and the last call was recorded at {clock.text(last)}; set the clock, and "
            "have it kept by NTP."
        )


def missing_backup(site: Site, since: int | None) -> str:
    """Return the sentence that says that no backup was made ``since``, "" where that isn't long or none is asked for."""
    days, now = site.parameter("database", "backup_days"), site.clock()
    if not days or since is None or now - since <= days * clock.DAY:
        return ""
    return (
        f"No backup was made since {clock.text(since)}, {(now - since) // clock.DAY} days ago; run tracepro backup, or set "
        "[database] backup_days of parameters.ini to the days that may pass."
    )


def _disk(folder: Path, findings: Findings) -> None:
    free = shutil.disk_usage(folder).free
    if free < FREE_BYTES:
        findings.warning(
            f"{folder}, where the database is, has {free // 1_000_000} MB left, and no write gets through when it is full; make room."
        )
    kind = _file_system(folder)
    if kind in NETWORK_FILES:
        findings.warning(
            f"{folder}, where the database is, lies on a network ({kind}), where SQLite's locks don't hold; put it on a disk of this "
            "machine, or use PostgreSQL."
        )


def _file_system(folder: Path) -> str:
    """Return the kind of file system that a folder lies on, empty where the system doesn't tell."""
    if not MOUNTS.is_file():
        return ""
    mounts = (line.split()[1:3] for line in MOUNTS.read_text("utf-8", "replace").splitlines())
    above = [(len(place), kind) for place, kind in mounts if folder.resolve().is_relative_to(place)]
    return max(above, default=(0, ""))[1]


def _connections(site: Site, findings: Findings) -> None:
    """Warn where the processes of a reload, the old one and the new one, find no room on PostgreSQL."""
    most = int(site.store.read(lambda db: db.value(max_connections)))
    needed = 2 * site.parameter("database", "connections")
    if 2 * needed > most - RESERVED_CONNECTIONS:
        findings.warning(
            f"PostgreSQL takes {most} connections (max_connections), and each process of a server opens about {needed}, twice as "
            "many during a reload; raise max_connections, or lower [database] connections."
        )
