"""The fields of editable objects: the schema of each, what is stored of a sent value, and how that is shown.

Times are UNIX seconds outside and durations are seconds, both with fractions; inside both are microseconds. Null stays null.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tracepro import clock
from tracepro.amounts import to_micros, to_number
from tracepro_hookspecs import Call

INT64_MAX = 2**63 - 1
SHARED = "shared.json#/$defs/"
NAME: Mapping[str, Any] = {"$ref": SHARED + "Name"}
CODE: Mapping[str, Any] = {"$ref": SHARED + "Code"}
TEXT: Mapping[str, Any] = {"$ref": SHARED + "Text"}
LONG_TEXT: Mapping[str, Any] = {"$ref": SHARED + "LongText"}
FLAG: Mapping[str, Any] = {"$ref": SHARED + "Boolean"}
ID: Mapping[str, Any] = {"type": "integer", "minimum": 0, "maximum": INT64_MAX}
LONGEST_SECONDS = 1_000_000_000
LARGEST = 1_000_000_000_000
"""The largest count: more can be added to it, and sums of it are made, within 64 bits."""
Convert = Callable[[Any], Any]


@dataclass(frozen=True)
class Reference:
    """Another kind of object: the word for it, and whether an id is one's; in a write that one is kept until the call ends."""

    what: str
    exists: Callable[[Call, int], bool]


@dataclass(frozen=True)
class Field:
    """A field of an object.

    ``schema`` is that of what clients send, ``answer`` that of what is shown where it differs. ``store`` turns a sent value into
    the stored one and raises ValueError, the end of a sentence; ``show`` turns it back. A ``read_only`` one is never written
    by clients; a ``virtual`` one has no column: its object reads and writes it.
    """

    name: str
    schema: Mapping[str, Any]
    answer: Mapping[str, Any] | None = None
    store: Convert | None = None
    show: Convert | None = None
    reference: Reference | None = None
    required: bool = False
    read_only: bool = False
    virtual: bool = False

    def stored(self, value: Any) -> Any:
        """Return what is stored of a sent value. Raises ValueError, the end of a sentence."""
        return value if value is None or self.store is None else self.store(value)

    def shown(self, value: Any) -> Any:
        """Return a stored value as clients see it."""
        return value if value is None or self.show is None else self.show(value)


def name(name: str = "name") -> Field:
    """Return a text that an object must have."""
    return Field(name, NAME, required=True)


def text(name: str) -> Field:
    """Return a text of at most 255 characters, empty unless it is given."""
    return Field(name, TEXT)


def long_text(name: str) -> Field:
    """Return a text of at most 65535 characters, empty unless it is given."""
    return Field(name, LONG_TEXT)


def code(name: str, *, required: bool = False) -> Field:
    """Return what a scanner may read, trimmed; an empty one is none."""
    return Field(name, {**CODE, "minLength": 1} if required else CODE, required=required)


def flag(name: str) -> Field:
    """Return true or false."""
    return Field(name, FLAG, answer={"type": "boolean"}, store=bool)


def whole(name: str, low: int = 0, high: int = LARGEST, *, null: bool = False) -> Field:
    """Return a whole number within bounds."""
    return Field(name, {"type": _or_null("integer", null), "minimum": low, "maximum": high})


def instant(name: str, *, read_only: bool = False, null: bool = True) -> Field:
    """Return a time in UNIX seconds."""
    bounds = {"minimum": clock.EARLIEST // clock.SECOND + 1, "maximum": clock.LATEST // clock.SECOND}
    schema = {"description": "a time in UNIX seconds", "type": _or_null("number", null), **bounds}
    return Field(name, schema, store=to_instant, show=to_number, read_only=read_only)


def seconds(name: str, *, null: bool = False) -> Field:
    """Return a duration in seconds."""
    bounds = {"minimum": 0, "maximum": LONGEST_SECONDS}
    schema = {"description": "a duration in seconds", "type": _or_null("number", null), **bounds}
    return Field(name, schema, store=to_instant, show=to_number)


def amount(name: str) -> Field:
    """Return an amount with at most six decimals, or null."""
    schema = {"$ref": SHARED + "AmountOrNull"}
    return Field(name, schema, store=_exact, show=to_number)


def texts(name: str) -> Field:
    """Return a list of texts."""
    return Field(name, {"type": "array", "maxItems": 100, "items": TEXT})


def reference(name: str, what: str, exists: Callable[[Call, int], bool]) -> Field:
    """Return the id of another object, or null; one that doesn't exist is refused."""
    answer = {**ID, "type": ["integer", "null"]}
    return Field(name, {"$ref": SHARED + "IdOrNull"}, answer, store=int, reference=Reference(what, exists))


def shown_text(name: str) -> Field:
    """Return a text or null that clients never write."""
    return Field(name, {"type": ["string", "null"], "maxLength": 255}, read_only=True)


def counts(name: str, most: int) -> Field:
    """Return whole numbers by id; a change leaves those out of it alone that it doesn't name, null takes one away."""
    number = {"type": "integer", "minimum": 0, "maximum": LARGEST}
    schema = {
        "description": "whole numbers by id; null takes one away",
        **_by_id({**number, "type": ["integer", "null"]}),
    }
    return Field(name, {**schema, "maxProperties": most}, answer=_by_id(number), virtual=True)


def to_instant(number: int | float) -> int:
    """Return UNIX seconds, or a duration in seconds, in microseconds."""
    return round(number * clock.SECOND)


def _exact(number: int | float) -> int:
    try:
        return to_micros(number)
    except ValueError:
        raise ValueError("must be an amount with at most six decimals") from None


def _or_null(kind: str, null: bool) -> str | list[str]:
    return [kind, "null"] if null else kind


def _by_id(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "patternProperties": {"^(0|[1-9][0-9]{0,18})$": schema},
        "additionalProperties": False,
    }
