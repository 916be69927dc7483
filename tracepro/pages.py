"""What a browser sees: the page at ``/``, and what ``/plugins`` tells."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Mapping
from html import escape
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from tracepro.plugin.loaded import LoadedPlugin
from tracepro.plugin.out_of_service import Outage
from tracepro.site import Site

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#222}"
    "code,pre{background:#f3f3f3;border-radius:4px;padding:.1em .3em}pre{padding:.8em;overflow:auto}"
    "td,th{text-align:left;padding:.1em 1em .1em 0}"
)
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS = (
    (
        b"content-security-policy",
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'".encode(),
    ),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
)
"""What a browser may do with a page: show it with its own style, in no frame, and keep nothing."""
TRY = """curl -s http://HOST/api/ -H 'Content-Type: application/json' \\
  -d '{"jsonrpc": "2.0", "method": "rpc.discover", "id": 1}'"""
PATHS = (
    ("POST /api/", "JSON-RPC 2.0; <code>rpc.discover</code> describes every method with examples"),
    ("GET /api/openapi.json", "the REST part, OpenAPI 3.1"),
    ("POST /api/plant", "a plant file: workplaces, workers, lines … (scope <code>admin</code>)"),
    (
        "GET /plugins",
        "what runs, on which lines, and what failed (scope <code>read</code> or <code>admin</code>)",
    ),
    ("GET /metrics", "Prometheus text (scope <code>read</code> or <code>admin</code>)"),
    ("GET /healthz, /readyz", "alive; database reachable"),
)


def release() -> str:
    """Return the version of the core."""
    try:
        return version("tracepro")
    except PackageNotFoundError:
        return "unreleased"


def home(site: Site, host: str, *, shows_plugins: bool) -> bytes:
    """Return the page; without its plugins it tells which paths there are and not what runs."""
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8><title>TracePRO</title>",
        f"<style>{STYLE}</style><h1>TracePRO {escape(release())}</h1>",
        "<p>A manufacturing execution server made of plugins. Terminals send JSON-RPC to it, like this:</p>",
        f"<pre>{escape(TRY.replace('HOST', host))}</pre><h2>Where things are</h2><table>",
        *(f"<tr><td><code>{path}</code><td>{text}" for path, text in PATHS),
        "</table>",
        *(_running(site) if shows_plugins else ("<p>What runs is shown to callers with a token.</p>",)),
        "<p>The docs folder of the source explains how to operate it and how to write plugins.</p></html>",
    ]
    return "\n".join(parts).encode()


def _running(site: Site) -> list[str]:
    methods = Counter(bound.plugin for bound in site.methods.values())
    routes = Counter(registered.plugin for registered in site.routes.values())
    rows = (
        f"<tr><td>{escape(plugin.name)}<td>{escape(plugin.version)}<td>{methods[plugin.name]}<td>{routes[plugin.name]}"
        for plugin in site.plugins
    )
    return ["<h2>What runs</h2><table><tr><th>plugin<th>version<th>methods<th>routes", *rows, "</table>"]


def plugins(site: Site) -> dict[str, Any]:
    """Tell of every enabled plugin: where it comes from, on which lines it is off, how its hooks did.

    ``failures`` are those of the process that answers, by hook.
    """
    return {"version": release(), "plugins": [_plugin(site, plugin) for plugin in site.plugins]}


def _plugin(site: Site, plugin: LoadedPlugin) -> dict[str, Any]:
    failures = site.watch.report(plugin.name)
    outage = site.outages.by_plugin.get(plugin.name)
    lines = {line: plugin.name in names for line, names in site.assembly.sets.items() if line is not None}
    return {
        "name": plugin.name,
        "distribution": plugin.dist,
        "version": plugin.version,
        "lines": {"site": True, **lines},
        "state": _state(failures, outage),
        "failures": failures,
    } | ({"out_of_service": outage.told} if outage else {})


def _state(failures: Mapping[str, Mapping[str, object]], outage: Outage | None) -> str:
    if outage is not None:
        return "out of service"
    return "failing" if any(hook.get("failures") for hook in failures.values()) else "running"
