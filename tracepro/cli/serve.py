"""``tracepro serve``: the server in the foreground; SIGHUP takes a new configuration, SIGTERM stops in order."""

from __future__ import annotations

import argparse
import logging
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from tracepro import pages
from tracepro.access.listening import reason_against
from tracepro.app import create_app
from tracepro.calls.command import run_command
from tracepro.calls.invocation import Endpoint
from tracepro.calls.log import bunch_calls, log_handler
from tracepro.cli.site import read_settings
from tracepro.config.database_url import SQLITE, database_url
from tracepro.config.settings import Settings
from tracepro.database import open_store
from tracepro.database.lock_file import LockFile
from tracepro.database.migration_files import MigrationError
from tracepro.findings import StartError
from tracepro.http.edge import Edge
from tracepro.http.pool import THREADS
from tracepro.layout import renderer_of
from tracepro.metrics.shared import DIRECTORY
from tracepro.plugin import out_of_service
from tracepro.plugin.strict import warnings_as_errors
from tracepro.server.child import check_in_child
from tracepro.server.installs import find_new
from tracepro.server.reloading import migrate_new_plugins
from tracepro.server.server import Callbacks, Server, listen
from tracepro.site import Site, open_site
from tracepro_hookspecs import CallError, TryAgain

METRICS, LOCK = "tracepro-metrics-", "server"
"""How the folders of servers' metrics begin, and the file in each that its server keeps locked; who reads and sums locks another."""
LOG = logging.getLogger("tracepro.server")
BIND = "127.0.0.1:8080"
LEAVING_SECONDS = 3.0
STRICT = (
    "This server is strict (--strict): it fails calls whose results or hooks are not what they promise, and is slower. "
    "Use it to develop plugins, not in production."
)
BUSY = (
    "The database is held by something else, such as tracepro restore, import or migrate, or a long transaction; start the "
    "server when that has ended."
)
RELEASE_ALL = Endpoint(
    "tracepro serve", plugin="core", handler=out_of_service.release_all, access="write", scope="admin"
)


def setup(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("--bind", default=BIND, metavar="HOST:PORT", help=f"where to listen (default {BIND})")
    parser.add_argument(
        "--workers", type=int, default=1, metavar="N", help="processes; more than one on PostgreSQL only"
    )
    parser.add_argument(
        "--threads",
        type=int,
        default=THREADS,
        metavar="N",
        help=f"threads that run calls, in each process (default {THREADS})",
    )
    parser.add_argument(
        "--strict",
        action="store_true",
        help="for development, not for production: fail calls whose results, or whose plugins' hooks, are not what they promise",
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="only tell whether a server could begin here: the address and a SQLite file are free",
    )


def run(arguments: argparse.Namespace) -> int:
    """Serve until told to stop. Raises StartError, or OSError for an address that can't be had."""
    host, port = address(arguments.bind)
    if arguments.workers < 1 or arguments.threads < 1:
        raise StartError("--workers and --threads must be at least 1.")
    reason = reason_against_workers(arguments.workers)
    if reason is not None:
        raise StartError(reason)
    refuse_second_server()
    listener = listen(host, port)
    if arguments.check:
        listener.close()
        return 0
    log_to_stderr()
    if arguments.strict:
        LOG.warning("%s", STRICT)
    with shared_metrics_folder():
        Server(callbacks(host, port, arguments), listener, arguments.workers).run()
    return 0


def callbacks(host: str, port: int, arguments: argparse.Namespace) -> Callbacks:
    """Return what the processes run: everything that imports a plugin runs in a worker or a child."""
    shown = f"[{host}]" if ":" in host else host
    return Callbacks(
        make_app=partial(_make_app, host, arguments.threads, strict=arguments.strict),
        check=partial(check_in_child, partial(check, host, arguments.workers, strict=arguments.strict)),
        sentence_of=sentence_of,
        on_serving=lambda: LOG.info(
            "TracePRO %s serves http://%s:%d/ (process %d)", pages.release(), shown, port, os.getpid()
        ),
        on_stopped=lambda seconds: LOG.info(
            "TracePRO %s stopped, %.1f s after it was told to (process %d).",
            pages.release(),
            seconds,
            os.getpid(),
        ),
        reason_against_workers=reason_against_workers,
    )


def address(text: str) -> tuple[str, int]:
    """Split HOST:PORT; IPv6 addresses stand in brackets. Raises StartError."""
    host, colon, port = text.rpartition(":")
    if not colon or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise StartError(f"--bind takes HOST:PORT such as {BIND}, not {text!r}.")
    return host.strip("[]") or "0.0.0.0", int(port)


def reason_against_workers(count: int) -> str | None:
    """Return why there may not be so many processes, or None."""
    if count == 1 or not _url(read_settings()).startswith(SQLITE):
        return None
    return (
        f"SQLite is served by one process, not {count}: it has one writer. Leave --workers out, give it more --threads, "
        "or use PostgreSQL."
    )


def refuse_second_server() -> None:
    """Keep a second server off a SQLite file, whose writes would only wait; raises StartError.

    A server that is just leaving is waited for.
    """
    url = _url(read_settings())
    if not url.startswith(SQLITE):
        return
    store = open_store(url)
    deadline = time.monotonic() + LEAVING_SECONDS
    while not store.writer_is_free():
        if time.monotonic() >= deadline:
            raise StartError(
                f"Another server, a large import or a restore writes to {url.removeprefix(SQLITE)} already; stop it first, or "
                "use PostgreSQL for several servers."
            )
        time.sleep(0.05)


def _url(settings: Settings) -> str:
    return database_url(settings, settings.parameters.get("database", {}).get("url", ""))


def _make_app(host: str, threads: int, *, strict: bool) -> Edge:
    """Open the site and build its app, in a worker."""
    bunch_calls()
    find_new()
    return create_app(_open_site(host, strict=strict), threads=threads)


def _open_site(host: str, *, strict: bool) -> Site:
    if strict:
        warnings_as_errors()
    site = open_site(replace(read_settings(), strict=strict))
    reason = reason_against(site.policy, host)
    if reason is not None:
        site.close()
        raise StartError(reason)
    for warning in site.warnings:
        LOG.warning("%s", warning.info)
    return site


def check(host: str, workers: int, *, strict: bool) -> str | None:
    """Open the site of the new configuration as a worker would, and return the sentence of what is wrong.

    Migrations of a plugin that is new here are applied; others are the administrator's decision.
    """
    try:
        find_new()
        reason = reason_against_workers(workers)
        if reason is not None:
            return reason
        for name in migrate_new_plugins(read_settings()):
            LOG.info("Applied migration %s of a plugin that is new here.", name)
        site = _open_site(host, strict=strict)
        try:
            renderer_of(site, checked=True)
            _release_plugins(site)
        finally:
            site.close()
    except Exception as error:
        return sentence_of(error)
    return None


def _release_plugins(site: Site) -> None:
    """Put every plugin back into service: the new configuration was accepted."""
    if site.store.read(out_of_service.read):
        run_command(site, RELEASE_ALL, {}, out_of_service.release_all)


def sentence_of(error: BaseException) -> str:
    """Return the sentence that says why the server could not start; a bug goes to the log with its stack."""
    if isinstance(error, TryAgain) and error.code == "busy":
        return BUSY
    if isinstance(error, CallError):
        return error.info
    if isinstance(error, (StartError, MigrationError, OSError, ValueError)):
        return str(error)
    LOG.error("The server could not start.", exc_info=error)
    return f"The server could not start because of a bug: {error!r}; the log has its stack."


def log_to_stderr() -> None:
    """Send the log to stderr: readable on a terminal, JSON lines elsewhere."""
    logging.basicConfig(level=logging.INFO, handlers=[log_handler(sys.stderr)], force=True)


@contextmanager
def shared_metrics_folder() -> Iterator[None]:
    """Give the workers a folder in which their metrics add up, for as long as the server runs."""
    _remove_left_behind()
    folder = os.environ[DIRECTORY] = tempfile.mkdtemp(prefix=METRICS)
    owner, lock = os.getpid(), LockFile(Path(folder, LOCK))
    lock.try_take()
    try:
        yield
    finally:
        if os.getpid() == owner:
            shutil.rmtree(folder, ignore_errors=True)


def _remove_left_behind() -> None:
    """Remove the folders of servers that were killed: nobody holds the locks of these."""
    for file in Path(tempfile.gettempdir()).glob(f"{METRICS}*/{LOCK}"):
        with suppress(OSError):
            if LockFile(file).is_free():
                shutil.rmtree(file.parent, ignore_errors=True)
