"""Where the server may listen: not openly while anybody could call, or nobody."""

from __future__ import annotations

import ipaddress

from tracepro.access.policy import Policy


def reason_against(policy: Policy, host: str) -> str | None:
    """Say why the server may not listen on a host, or None: an open address needs a token or a network."""
    if _is_loopback(host) or policy.anonymous.networks or policy.has_tokens():
        return None
    return (
        f"The server refuses to listen on {host or 'all addresses'}: nobody could call from elsewhere, since there "
        "is no token and no network; make one with tracepro token create, or name the terminals' network in "
        "[api] anonymous of parameters.ini."
    )


def _is_loopback(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
