"""The anonymous policy: from where calls without a token are taken."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address

from tracepro.access.caller import ANONYMOUS, Caller
from tracepro.access.errors import AccessError, ForbiddenAnonymous, Unauthenticated
from tracepro.config.core_parameters import Network

Address = IPv4Address | IPv6Address
LOOPBACK = frozenset((ipaddress.ip_address("127.0.0.1"), ipaddress.ip_address("::1")))
LOCAL_HOST = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?|::1", re.IGNORECASE)


class Anonymous:
    """Decides on callers without a token by ``[api] anonymous`` and their own address.

    ``loopback`` takes those on this machine, unless a proxy speaks for somebody else: a proxy here would
    make everybody local. ``networks`` are judged by the peer's address alone.
    """

    def __init__(self, policy: tuple[bool, tuple[Network, ...]], scopes: frozenset[str]) -> None:
        self._loopback, self.networks = policy
        self._scopes = scopes - {"admin"}

    def caller(self, peer: str | None, headers: Mapping[str, str]) -> Caller:
        """Return the anonymous caller; raises Unauthenticated or ForbiddenAnonymous."""
        address = _address(peer)
        if address is not None and (self._in_network(address) or self._is_local(address, headers)):
            return Caller(ANONYMOUS, None, self._scopes, None, str(address))
        raise self._refusal()

    def _in_network(self, address: Address) -> bool:
        return any(address in network for network in self.networks)

    def _is_local(self, address: Address, headers: Mapping[str, str]) -> bool:
        return self._loopback and address in LOOPBACK and not _forwarded(headers) and _local_host(headers)

    def _refusal(self) -> AccessError:
        how = "send Authorization: Bearer with a token of tracepro token create"
        if not self._loopback and not self.networks:
            return Unauthenticated(f"This server needs a token; {how}.")
        return ForbiddenAnonymous(
            f"Calls without a token are not accepted from here; {how}, or name the network in [api] anonymous."
        )


def _address(peer: str | None) -> Address | None:
    try:
        address = ipaddress.ip_address(peer or "")
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _forwarded(headers: Mapping[str, str]) -> bool:
    names = [name.lower() for name in headers]
    return any(name in ("forwarded", "via") or name.startswith("x-forwarded-") for name in names)


def _local_host(headers: Mapping[str, str]) -> bool:
    hosts = [value for name, value in headers.items() if name.lower() == "host"]
    return len(hosts) == 1 and LOCAL_HOST.fullmatch(hosts[0].strip()) is not None
