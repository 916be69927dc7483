"""What a route's handler gets and gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tracepro_hookspecs.call import Call


@dataclass(frozen=True)
class Request:
    """A checked request.

    ``path`` has the fields of the path (ids as integers), ``query`` the declared query parameters that were
    sent, typed; ``body`` the checked object, or the bytes of a raw route, whose ``media_type`` is lower-case
    without parameters; ``charset`` is that parameter of it, lower-case too, "" where none was sent. ``if_match`` is
    the header as sent. ``unknown`` names members of the body that the schema doesn't know; they are left out of ``body``
    and told in ``Warning-Fields``.
    """

    path: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    media_type: str = ""
    if_match: str | None = None
    unknown: tuple[str, ...] = ()
    charset: str = ""


@dataclass(frozen=True)
class Reply:
    """An answer with more to it than the route's status and an object.

    ``body`` is what is answered as JSON, or bytes with their ``Content-Type`` in ``headers``; bytes only from
    routes that read. ``status`` None is the route's own. ``rest(call)`` makes the answer a long one: it is asked, in a
    transaction of its own, once the bytes before it were taken by the client's connection, and gives the next bytes
    with a ``rest`` of their own, None at the end. So no more than a page is held, however long the answer is.
    """

    body: Any = None
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    rest: Callable[[Call], Reply] | None = None
