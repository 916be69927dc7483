"""What the configuration shows of a proxy in front: behind one on this machine everybody calls from this machine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tracepro.access.addresses import LOOPBACK
from tracepro.findings import Findings

FIX = (
    "If a proxy on this machine passes calls on, set [api] anonymous = no and give each terminal a token: the proxy makes "
    "everybody a caller on this machine. The server can't always see a proxy."
)


def warn_of_proxy(parameters: Mapping[tuple[str, str], Any], file: object, findings: Findings) -> None:
    """Warn where callers on this machine need no token and the configuration shows that a proxy may stand there."""
    loopback, networks = parameters["api", "anonymous"] or (False, ())
    local = next((network for network in networks if any(own in network for own in LOOPBACK)), None)
    if local is not None:
        findings.warning(f"{file} [api] anonymous: {local} has this machine in it. {FIX}")
    if not loopback:
        return
    hosts = parameters["api", "hosts"]
    if hosts and not networks:  # without networks nobody needs them but a proxy
        findings.warning(f"{file} [api] hosts names {', '.join(sorted(hosts))}. {FIX}")
    url = parameters.get(("pages", "url"))
    if isinstance(url, str) and url.lower().startswith("https:"):
        findings.warning(f"{file} [pages] url is {url}, and TLS is a proxy's work. {FIX}")
