"""Addresses of the two ends of a connection."""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address

Address = IPv4Address | IPv6Address
LOOPBACK = frozenset((ipaddress.ip_address("127.0.0.1"), ipaddress.ip_address("::1")))


@lru_cache(4096)
def address_of(text: str | None) -> Address | None:
    """Return the address that a text is, an IPv4 address in IPv6 clothes as itself; None when it isn't one."""
    try:
        address = ipaddress.ip_address(text or "")
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
