"""The anonymous policy: from where calls without a token are taken."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from tracepro.access.addresses import LOOPBACK, Address, address_of
from tracepro.access.caller import ANONYMOUS, Caller
from tracepro.access.errors import AccessError, ForbiddenAnonymous, Unauthenticated
from tracepro.access.hosts import is_local_host, is_own_host, other_site
from tracepro.access.request import HttpRequest
from tracepro.config.core_parameters import Network

TOKEN = "send Authorization: Bearer with a token of tracepro token create"
FORWARDING = frozenset(
    ("cdn-loop", "front-end-https", "x-host", "x-remote-addr", "x-rewrite-url", "x-scheme")
)
FORWARDING_BEGINNINGS = ("cf-", "proxy-", "x-original-", "x-envoy-")
FORWARDING_WORDS = frozenset(("via", "forward", "forwarded", "ip", "clientip"))
"""Words of a header's name that only somebody in between has a use for."""
TELLS_NOTHING = frozenset(
    (
        "accept",
        "accept-encoding",
        "accept-language",
        "connection",
        "content-length",
        "content-type",
        "host",  # what it says is judged
        "idempotency-key",
        "user-agent",
        "x-request-id",
    )
)
"""Headers whose presence says nothing about who calls."""
MOST_KNOWN = 4096


class Anonymous:
    """Decides on callers without a token by ``[api] anonymous`` and their own address.

    ``loopback`` takes those on this machine, ``networks`` those whose own address lies in one, called by an address
    of this server or a name of ``hosts``. Neither takes a page of another site, nor a proxy on this machine, which would make
    everybody local.
    """

    def __init__(
        self,
        policy: tuple[bool, tuple[Network, ...]],
        scopes: frozenset[str],
        hosts: frozenset[str] = frozenset(),
    ) -> None:
        self._loopback, self.networks = policy
        self._scopes = scopes - {"admin"}
        self._hosts = hosts
        self._known: dict[tuple[str | None, ...], Caller] = {}

    @property
    def open_scopes(self) -> frozenset[str]:
        """The scopes that callers without a token have where they are taken; none where nobody is."""
        return self._scopes if self._loopback or self.networks else frozenset()

    def caller(self, request: HttpRequest) -> Caller:
        """Return the anonymous caller; raises Unauthenticated or ForbiddenAnonymous.

        Whoever was taken once, and sends nothing else that is judged, is known from then on.
        """
        headers = request.headers
        if not TELLS_NOTHING.issuperset(headers):
            return self._judged(request)
        key = (request.peer, request.local, request.version, headers.get("host"))
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[key] = known = self._judged(request)
        return known

    def require_own_page(self, request: HttpRequest) -> None:
        """Refuse what a page of another site may have made a browser send. Raises ForbiddenAnonymous."""
        own = is_own_host(request.headers, address_of(request.local), self._hosts)
        reason = _reason_against_page(request, own_host=own)
        if reason is not None:
            raise ForbiddenAnonymous(reason)

    def _judged(self, request: HttpRequest) -> Caller:
        address = address_of(request.peer)
        if address is None:
            raise self._refusal()
        in_network = any(address in network for network in self.networks)
        if not in_network and not (self._loopback and address in LOOPBACK):
            raise self._refusal()
        reason = self._reason_against(request, address, in_network)
        if reason is not None:
            raise ForbiddenAnonymous(reason)
        return Caller(ANONYMOUS, None, self._scopes, None, str(address))

    def _reason_against(self, request: HttpRequest, address: Address, in_network: bool) -> str | None:
        headers, local = request.headers, address_of(request.local)
        if request.version == "1.0":
            return f"Calls without a token are not taken over HTTP/1.0, which proxies speak; {TOKEN}, or use HTTP/1.1."
        if (address.is_loopback or address == local) and _forwarded(headers):
            return f"A proxy on this machine sent this, so it needs a token; {TOKEN}."
        own = is_own_host(headers, local, self._hosts) if in_network else is_local_host(headers)
        return _reason_against_page(request, own_host=own)

    def _refusal(self) -> AccessError:
        if not self._loopback and not self.networks:
            return Unauthenticated(f"This server needs a token; {TOKEN}.")
        return ForbiddenAnonymous(
            f"Calls without a token are not accepted from here; {TOKEN}, or name the network in [api] anonymous."
        )


def _reason_against_page(request: HttpRequest, *, own_host: bool) -> str | None:
    headers = request.headers
    if not own_host:
        host = headers.get("host", "")[:80]
        return f"Host {host!r} is not this server's address; call it by that, add the name to [api] hosts, or {TOKEN}."
    sent_by = other_site(headers, request.verb)
    return sent_by and f"A page of another site sent this ({sent_by}), so it needs a token; {TOKEN}."


def _forwarded(headers: Mapping[str, str]) -> bool:
    return any(map(_is_of_a_proxy, headers))


@lru_cache(1024)
def _is_of_a_proxy(header: str) -> bool:
    name = header.replace("_", "-")
    known = name in FORWARDING or name.startswith(FORWARDING_BEGINNINGS)
    return known or not FORWARDING_WORDS.isdisjoint(name.split("-"))
