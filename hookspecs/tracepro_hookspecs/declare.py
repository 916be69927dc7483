"""The small dataclasses that register hooks return; each checks itself when it is made."""

from __future__ import annotations

import re
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Concatenate, Literal, NamedTuple

from tracepro_hookspecs.call import Call
from tracepro_hookspecs.request import Request
from tracepro_hookspecs.site import Site

Handler = Callable[Concatenate[Call, ...], Any]
"""A function that is called with the call and the arguments by name."""

RouteHandler = Callable[[Call, Request], Any]
"""A function that is called with the call and the checked request."""

Rows = Sequence[Mapping[str, Any]]
"""The rows of a section of the plant file."""

LineFrom = Sequence[str] | Mapping[str, str]
"""The parameters that stand on a line; as a mapping, each with what ``tracepro_line_of`` is asked for."""

Access = Literal["read", "write", "upgrade"]
"""A snapshot, one transaction that writes, or a read that goes on as a write where it needs to."""

OPEN_COMMANDS = ("audit",)
"""The commands of the core that plugins may add actions to."""

_VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_FIELD = re.compile(r"\{([^}]*)\}")
_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*\Z")


def _named(name: str, what: str) -> None:
    if not _NAME.match(name):
        raise ValueError(f"{what} {name!r} is not a name: use small letters, digits and underscores.")


def _accessible(access: str, what: str) -> None:
    if access not in ("read", "write", "upgrade"):
        raise ValueError(f"{what}: access must be read, write or upgrade, not {access!r}.")


@dataclass(frozen=True)
class Method:
    """A JSON-RPC method.

    ``access`` is ``read`` (a snapshot), ``write`` (one transaction) or ``upgrade`` (a read that calls
    ``call.need_write()`` when it must write after all). ``scope`` defaults to ``read`` or ``write``;
    ``further_scopes`` are those that the handler itself looks for in ``call.caller.scopes``. ``line_from`` names every parameter that names what stands on a line, such as a workplace or an operation: a token
    limited to lines may touch nothing else. It is ``("wp_id",)``, or ``{"wp_list": "wp_id"}`` where the parameter is
    called otherwise than what ``tracepro_line_of`` is asked for. ``prepare(call, **params)`` runs before the transaction and its answer is ``call.prepared``. ``secret`` methods are never stored or logged.
    ``alone`` keeps a long write out of the writer's groups. ``plant_wide`` methods concern the whole plant: a
    token that is limited to lines may not call them.
    """

    name: str
    handler: Handler
    access: Access
    scope: str | None = None
    line_from: LineFrom = ()
    prepare: Handler | None = None
    secret: bool = False
    alone: bool = False
    plant_wide: bool = False
    further_scopes: Sequence[str] = ()

    def __post_init__(self) -> None:
        _named(self.name, "method")
        _accessible(self.access, f"method {self.name}")

    @property
    def needed_scope(self) -> str:
        """The scope a token must have to call it."""
        return self.scope or ("read" if self.access == "read" else "write")


@dataclass(frozen=True)
class Route:
    """A REST route: ``path`` with ``{id}`` fields, ``verb`` in capitals, ``handler(call, request)``.

    ``body`` and ``answer`` are JSON Schemas (or None), ``query`` maps a query parameter to its schema,
    ``further_scopes`` are like a method's, ``raw_limit`` (bytes) with ``media_types`` makes the body raw bytes, of which ``body`` is only told; ``answer_types`` are the media types of an answer
    that is bytes. ``statuses`` says what each further status means that the route answers. ``line_from`` names members of
    path, query or body like a method's; one that stands in several of them is asked in each. ``etag`` says that its answers have an
    ETag, ``if_match`` that it takes one in ``If-Match``. ``alone`` keeps a long write out of the writer's groups. ``plant_wide`` routes are refused to a token that is limited to lines; None: every route that writes is one.
    ``secret`` routes are never stored or logged with what was sent. ``public`` ones are for anybody, without a token and without
    scopes: what lets people in.
    """

    verb: str
    path: str
    handler: RouteHandler
    access: Access
    summary: str
    scope: str | None = None
    body: Mapping[str, Any] | None = None
    answer: Mapping[str, Any] | None = None
    query: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    status: int = 200
    raw_limit: int | None = None
    media_types: Sequence[str] = ()
    answer_types: Sequence[str] = ()
    statuses: Mapping[int, str] = field(default_factory=dict)
    etag: bool = False
    if_match: bool = False
    line_from: LineFrom = ()
    prepare: RouteHandler | None = None
    alone: bool = False
    plant_wide: bool | None = None
    further_scopes: Sequence[str] = ()
    secret: bool = False
    public: bool = False

    def __post_init__(self) -> None:
        where = f"route {self.verb} {self.path}"
        _accessible(self.access, where)
        if self.verb not in _VERBS:
            raise ValueError(f"{where}: the verb must be one of {', '.join(_VERBS)}.")
        if self.verb == "GET" and self.access != "read":
            raise ValueError(
                f"{where}: GET only reads, since a link of any page is followed; write with POST."
            )
        if self.status in self.statuses:
            raise ValueError(f"{where}: {self.status} is its own status; statuses are the further ones.")
        fields = _FIELD.findall(self.path)
        if not self.path.startswith("/") or len(set(fields)) < len(fields):
            raise ValueError(f"{where}: a path begins with /, and each of its fields has another name.")

    @property
    def is_plant_wide(self) -> bool:
        """True when a token that is limited to lines may not call it."""
        return (self.access != "read" and not self.public) if self.plant_wide is None else self.plant_wide

    @property
    def needed_scope(self) -> str:
        """The scope a token must have to call it, "" for none: the route is public, or any known caller's."""
        if self.public:
            return ""
        if self.scope is not None:
            return self.scope
        return "read" if self.access == "read" else "write"


@dataclass(frozen=True)
class Option:
    """An option of ``[plugin:<name>]`` in plugins.ini, the same or another on each line.

    ``kind`` is str, int, float, bool or a tuple of allowed words. ``parse`` turns the value that was written
    into what the plugin uses, once at start, and raises ValueError with a sentence; the default is used as it is.
    """

    name: str
    default: Any
    meaning: str
    kind: type | tuple[str, ...] = str
    parse: Callable[[Any], Any] | None = None

    def __post_init__(self) -> None:
        _named(self.name, "option")


@dataclass(frozen=True)
class Parameter:
    """A key of parameters.ini, one for the whole plant; ``public`` ones are shown by getsiteparams.

    ``kind`` is str, int, float, bool, list (words), Path, list[Path] or a tuple of allowed words; paths are relative to
    the file. ``parse`` turns the text's value into what the plugin uses, once at start, and raises ValueError with a
    sentence. The name ``*`` opens the section: the site names its keys itself, ``kind`` and ``parse`` are those of each
    value, the default is ``{}``, and ``call.parameter(section, "*")`` is a dict by key. An open section has no other
    parameters. The values of one that ``grants`` are scopes; one that nothing asks for stops the start.
    """

    section: str
    name: str
    default: Any
    meaning: str
    kind: type | tuple[str, ...] = str
    public: bool = False
    parse: Callable[[Any], Any] | None = None
    grants: bool = False

    @property
    def opens_section(self) -> bool:
        """True when it stands for all the keys of its section."""
        return self.name == "*"


class RowKey(NamedTuple):
    """What no two rows of a section may share; ``value`` None is not compared.

    ``what`` is the word for it in sentences, ``place`` the entry inside the row that it belongs to (``machines[2]``). A
    ``secret`` value is not repeated in sentences.
    """

    what: str
    value: Hashable
    place: str = ""
    secret: bool = False


RowKeys = Callable[[Mapping[str, Any]], Iterable[RowKey]]
"""A function that tells of a row what no other may share."""


def row_keys(*members: str | tuple[str, ...]) -> RowKeys:
    """Return the ``keys`` of a section whose rows share none of these members; those of a tuple count together."""
    return partial(_keys_of_members, members)


def _keys_of_members(members: Sequence[str | tuple[str, ...]], row: Mapping[str, Any]) -> Iterator[RowKey]:
    for member in members:
        if isinstance(member, str):
            yield RowKey(member, row.get(member))
        else:
            yield RowKey(" and ".join(member), tuple(row.get(name) for name in member))


@dataclass(frozen=True)
class PlantSection:
    """A section of the plant file: ``schema`` of one row and ``load(call, rows)`` that creates or updates them all.

    ``keys(row)`` tells what no other row of the file may share: two rows that do are refused before anything is loaded.
    ``prepare(call, rows)`` does what takes long, hashing say, on a snapshot before the transaction, and returns the rows
    that ``load`` is given. What the section and its members mean stands in ``x-plant`` of the plugin's schema file.
    """

    name: str
    schema: Mapping[str, Any]
    load: Callable[[Call, Rows], None]
    keys: RowKeys | None = None
    prepare: Callable[[Call, Rows], Rows] | None = None


@dataclass(frozen=True)
class Command:
    """A subcommand of ``tracepro``: ``setup(parser)`` adds arguments, ``run(site, arguments)`` returns the exit code.

    ``audit ACTION`` adds an action to the core's command ``audit``.
    """

    name: str
    help: str
    setup: Callable[[ArgumentParser], object]
    run: Callable[[Site, Namespace], int]

    def __post_init__(self) -> None:
        command, space, _ = self.name.partition(" ")
        if space and command not in OPEN_COMMANDS:
            raise ValueError(
                f"command {self.name!r}: only {', '.join(OPEN_COMMANDS)} takes further actions; give it one word."
            )


@dataclass(frozen=True)
class BasicData:
    """A kind of basic data: ``rows(call)`` lists its objects, ``set(call, id, key, value)`` changes one of ``keys``."""

    name: str
    rows: Callable[[Call], Sequence[Any]]
    keys: Sequence[str] = ()
    set: Callable[[Call, int, str, Any], Any] | None = None


@dataclass(frozen=True)
class BackupProbe:
    """What a backup is asked to show that it can be read: ``pick(call, count)`` returns the ids of so many objects at random.

    ``read(call, id)`` returns as JSON what the plugin knows of one; a CallError is an answer too. ``name`` is the word for
    several of them.
    """

    name: str
    pick: Callable[[Call, int], Sequence[int]]
    read: Callable[[Call, int], Any]
