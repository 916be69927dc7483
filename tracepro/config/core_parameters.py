"""The parameters the core itself declares."""

from __future__ import annotations

import ipaddress
import re
from ipaddress import IPv4Network, IPv6Network
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tracepro_hookspecs import Parameter, at_least

Network = IPv4Network | IPv6Network
_HOST_NAME = re.compile(r"[\w.-]+|\[?[0-9a-fA-F:.]+\]?", re.ASCII)


def time_zone(name: str) -> ZoneInfo:
    """Return the time zone of a name like Europe/Prague."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"must be a time zone like Europe/Prague, not {name!r}") from None


def anonymous_policy(words: list[str]) -> tuple[bool, tuple[Network, ...]]:
    """Return whether loopback may call without a token, and the networks that may."""
    if words == ["no"]:
        return False, ()
    networks = tuple(_network(word) for word in words if word != "loopback")
    if not words:
        raise ValueError("must be loopback, no, or networks like 10.20.0.0/16")
    return "loopback" in words, networks


def anonymous_scopes(words: list[str]) -> frozenset[str]:
    """Return what callers without a token may do; never ``admin``."""
    if "admin" in words:
        raise ValueError("must not have admin: nobody is admin without a token")
    return frozenset(words)


def host_names(words: list[str]) -> frozenset[str]:
    """Return the names by which this server is called, in small letters; an IPv6 address may stand in brackets."""
    for word in words:
        if _HOST_NAME.fullmatch(word) is None:
            raise ValueError(f"must be names like mes.plant, without a port, not {word!r}")
    return frozenset(word.strip("[]").lower() for word in words)


def _network(word: str) -> Network:
    try:
        return ipaddress.ip_network(word)
    except ValueError:
        raise ValueError(f"must be loopback, no, or networks like 10.20.0.0/16, not {word!r}") from None


def _limit(name: str, default: int, meaning: str, low: int = 1) -> Parameter:
    return Parameter("api", name, default, meaning, int, parse=at_least(low))


def positive(number: float) -> float:
    """Return a number above 0; raise ValueError for others."""
    if number <= 0:
        raise ValueError(f"must be more than 0, not {number:g}")
    return number


def _hook(name: str, default: float, meaning: str) -> Parameter:
    return Parameter("api", name, default, meaning, float, parse=positive)


PARAMETERS = (
    Parameter(
        "site",
        "timezone",
        "UTC",
        "The time zone of times without an offset, of shifts and of days.",
        public=True,
        parse=time_zone,
    ),
    Parameter(
        "database",
        "url",
        "",
        "sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME; empty is tracepro.db beside parameters.ini.",
    ),
    Parameter(
        "database",
        "connections",
        8,
        "PostgreSQL connections of one server process that write; as many read.",
        int,
        parse=at_least(1),
    ),
    Parameter(
        "database",
        "backup_days",
        7,
        "Days after the last backup from which `tracepro check` and the page of the site warn; 0 is never.",
        int,
        parse=at_least(0),
    ),
    Parameter(
        "api",
        "anonymous",
        "loopback",
        "Who may call without a token: loopback, no, or networks like 10.20.0.0/16 judged by the caller's own address.",
        list,
        parse=anonymous_policy,
    ),
    Parameter(
        "api",
        "anonymous_scopes",
        "read write",
        "What callers without a token may do; never admin.",
        list,
        parse=anonymous_scopes,
        grants=True,
    ),
    Parameter(
        "api",
        "hosts",
        "",
        "Names beside its addresses by which the server is called without a token from a named network.",
        list,
        parse=host_names,
    ),
    _limit("rpc_max_batch", 1000, "Calls in one batch."),
    _limit("list_rows", 20_000, "Rows of one kind that an answer may gather; a longer list is refused."),
    _limit(
        "max_body_bytes",
        4_000_000,
        "Bytes of a request's body, which has at most 400000 values in it; routes for files have their own limit.",
    ),
    _limit(
        "answer_bytes", 16_000_000, "Bytes of the answer to one body; the calls that don't fit are refused."
    ),
    _limit(
        "bytes_in_flight",
        64_000_000,
        "Bytes of bodies and answers that one process holds at once, the first 64 kB of each request not counted.",
    ),
    _limit("read_seconds", 10, "Seconds in which a request's body must have come whole."),
    _limit("connections", 1000, "Connections open at once; the processes of --workers share them evenly."),
    _limit(
        "connections_per_peer",
        200,
        "Connections of one address to one process; 0 is no limit of its own, for a proxy that speaks for all.",
        0,
    ),
    _limit(
        "calls_per_second",
        5000,
        "Calls a second of one token, or of one address without a token; 0 is no limit.",
        0,
    ),
    _limit("guesses", 10, "Wrong passwords or codes for one account within guess_minutes."),
    _limit("guess_minutes", 5, "The time over which wrong passwords or codes are counted, in minutes."),
    _limit("idempotency_days", 14, "Days for which a repeated call gets its stored answer."),
    _hook(
        "hook_warn_seconds",
        1.0,
        "A plugin's hook that runs longer, waits for the database apart, is named in the log and in /plugins; a method may work six times as long in the database.",
    ),
    _hook(
        "hook_limit_seconds",
        10.0,
        "A plugin's hook that runs longer, waits for the database apart, takes its plugin out of service; a notify hook loses its thread, a method may work six times as long in the database.",
    ),
)
