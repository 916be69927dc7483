"""Whether a request was meant for this server and comes from no other site's page: ``Host``, ``Origin``, ``Sec-Fetch-Site``.

A browser sends what a page of any site asks for, from the address of its PC, and a name of that site can be made to
mean this server. A token can't be sent by such a page; whoever calls without one is judged by these headers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from tracepro.access.addresses import LOOPBACK, Address, address_of

_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^:\[\]/@\s]+)(?::(\d{1,5}))?", re.IGNORECASE)
_PORTS = {"http": "80", "https": "443"}
LONGEST_ADDRESS = 64
_LOCAL = frozenset(("localhost", "127.0.0.1", "::1"))
_OWN_SITE = frozenset(("same-origin", "none"))


def host_name(text: str) -> str | None:
    """Return the name or address of a ``Host`` in small letters, without port and brackets; None when it isn't one."""
    if text.strip() == "::1":
        return "::1"
    match = _HOST.fullmatch(text.strip())
    return match[1].strip("[]").lower() if match else None


def is_local_host(headers: Mapping[str, str]) -> bool:
    """Tell whether ``Host`` is this machine's name for itself."""
    return host_name(headers.get("host", "")) in _LOCAL


def is_own_host(headers: Mapping[str, str], local: Address | None, hosts: Iterable[str]) -> bool:
    """Tell whether ``Host`` is the address that was called, or one of ``[api] hosts``."""
    name = host_name(headers.get("host", ""))
    if name is None:
        return False
    if name in hosts or (local is not None and len(name) <= LONGEST_ADDRESS and address_of(name) == local):
        return True
    return local in LOOPBACK and name in _LOCAL


def other_site(headers: Mapping[str, str], verb: str) -> str | None:
    """Return what tells that a page of another site sent a request, None when nothing does.

    ``GET`` and ``HEAD`` may follow a link from another site: they write nothing, and that site doesn't see the answer.
    """
    origin = headers.get("origin")
    if origin is not None and not _same_site(origin, headers.get("host", "")):
        return f"Origin {origin[:80]!r}"
    site = headers.get("sec-fetch-site", "none").strip().lower()
    if site not in _OWN_SITE and verb not in ("GET", "HEAD"):
        return f"Sec-Fetch-Site {site[:80]!r}"
    return None


def _same_site(origin: str, host: str) -> bool:
    scheme, _, authority = origin.strip().lower().partition("://")
    port = _PORTS.get(scheme)
    return (
        port is not None and _with_port(authority, port) == _with_port(host.strip().lower(), port) is not None
    )


def _with_port(authority: str, port: str) -> tuple[str, str] | None:
    match = _HOST.fullmatch(authority)
    return (match[1], match[2] or port) if match else None
