"""Bodies that were right once: bytes and values changed by chance, each body by a seed of its own."""

import copy
import json
from random import Random

from .odd_values import LARGE, ODD

PIECES = [
    *(
        b'"',
        b"{",
        b"}",
        b"[",
        b"]",
        b":",
        b",",
        b"\\",
        b"\n",
        b"\0",
        b"\xff",
        b"\xc3",
        b"\xef\xbb\xbf",
        b"\xed\xa0\x80",
    ),
    *(
        b"null",
        b"true",
        b"NaN",
        b"-Infinity",
        b"1e999",
        b"-0",
        b"0x1",
        b"01",
        b"1.",
        b"9223372036854775808",
        b"1e-400",
    ),
    *(
        b"\\ud800",
        b"\\udc00\\ud800",
        b"\\u0000",
        b"\\u202e",
        b"\\x41",
        b"/* */",
        b"'",
        b"%00",
        b"${jndi:x}",
        b"[" * 70,
    ),
    *(b'"id":1', b'"jsonrpc":"2.0"', b'"method":"addop"', b'"params":{}', b'"__proto__":{}'),
]
"""What is put between bytes."""
NUMBERS = [
    0,
    -1,
    1,
    2,
    9,
    2**15,
    2**31 - 1,
    2**31,
    2**32,
    2**53,
    2**53 + 1,
    2**63 - 1,
    2**63,
    -(2**63),
    -(2**63) - 1,
    2**64,
]
NUMBERS += [0.5, -0.5, 1e-6, 1e-7, 0.9999999, 1e15 + 0.3, 1e18, 1e300, 1e-300]
SMALL = [value for name, value in ODD.items() if name not in LARGE]
TEXTS = [text for text in SMALL if isinstance(text, str)]
ENCODINGS = ("utf-16", "utf-16-le", "utf-32", "utf-8-sig", "latin-1", "cp1250", "utf-7")
MOST = 60_000
"""Bytes that a body may grow to."""


def mutated(body, others, dice):
    """Return a body of JSON with one to four changes, of values and then of bytes; ``others`` are bodies to take parts of."""
    changes = 1 + min(int(dice.expovariate(0.9)), 3)
    if dice.random() < 0.6:
        body = _changed_values(body, others, dice, changes)
        changes = int(dice.random() < 0.15)
    return changed_bytes(body, others, dice, changes)


def changed_bytes(body, others, dice, changes):
    """Return a body with so many changes of its bytes."""
    for _ in range(changes):
        body = dice.choice(BYTE_CHANGES)(body, others, dice)[:MOST]
    return body


def _changed_values(body, others, dice, changes):
    tree = [json.loads(body)]  # in a list, so that all of it has a place too
    for _ in range(changes):
        places = list(_places(tree))
        if not places:
            break
        holder, at = dice.choice(places)
        dice.choice(VALUE_CHANGES)(holder, at, places, others, dice)
    return json.dumps(tree[0] if tree else None, ensure_ascii=dice.random() < 0.5).encode(
        "utf-8", "surrogatepass"
    )


def _places(value):
    """Yield every place in a value as its holder and the index or name there."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for at, inner in list(pairs):
        yield value, at
        if isinstance(inner, (dict, list)):
            yield from _places(inner)


def _flip(body, others, dice):
    if not body:
        return body
    at = dice.randrange(len(body))
    return body[:at] + bytes([body[at] ^ 1 << dice.randrange(8)]) + body[at + 1 :]


def _insert(body, others, dice):
    at = dice.randint(0, len(body))
    return (
        body[:at]
        + (dice.choice(PIECES) if dice.random() < 0.7 else dice.randbytes(dice.randint(1, 8)))
        + body[at:]
    )


def _cut(body, dice):
    """Return two indexes, mostly near each other."""
    at = dice.randint(0, len(body))
    return at, min(len(body), at + int(dice.expovariate(0.1)))


def _delete(body, others, dice):
    start, end = _cut(body, dice)
    return body[:start] + body[end:]


def _duplicate(body, others, dice):
    start, end = _cut(body, dice)
    return body[:end] + body[start:end] * dice.choice((1, 1, 2, 50)) + body[end:]


def _swap(body, others, dice):
    (a, b), (c, d) = sorted((_cut(body, dice), _cut(body, dice)))
    return body if c < b else body[:a] + body[c:d] + body[b:c] + body[a:b] + body[d:]


def _truncate(body, others, dice):
    return body[: dice.randint(0, len(body))]


def _splice(body, others, dice):
    other = dice.choice(others)
    return body[: dice.randint(0, len(body))] + other[dice.randint(0, len(other)) :]


def _recode(body, others, dice):
    return body.decode("utf-8", "replace").encode(dice.choice(ENCODINGS), "replace")


BYTE_CHANGES = (_flip, _insert, _insert, _delete, _duplicate, _swap, _truncate, _splice, _recode)


def _odd(holder, at, places, others, dice):
    holder[at] = _small(dice)


def _small(dice):
    """Return an odd value of the caller's own: what is changed within it later must not change it for the bodies that follow."""
    return copy.deepcopy(dice.choice(SMALL))


def _number(holder, at, places, others, dice):
    number = dice.choice(NUMBERS)
    holder[at] = number if dice.random() < 0.8 else str(number)


def _near(holder, at, places, others, dice):
    """Change a value a little: it stays of its kind."""
    value = holder[at]
    if isinstance(value, bool) or value is None:
        holder[at] = not value
    elif isinstance(value, (int, float)):
        holder[at] = value + dice.choice((-1, 1, 0.5, 100, -value))
    elif isinstance(value, str):
        start, end = _cut(value, dice)
        holder[at] = value[:start] + dice.choice(("", " ", "/", "é", value, *TEXTS)) + value[end:]
    elif isinstance(value, list):
        dice.shuffle(value)
        holder[at] = value * dice.choice((1, 2, 20))


def _other_place(holder, at, places, others, dice):
    other, there = dice.choice(places)
    holder[at], other[there] = copy.deepcopy(other[there]), copy.deepcopy(holder[at])


def _other_body(holder, at, places, others, dice):
    source, there = dice.choice(list(_places([json.loads(dice.choice(others))])))
    holder[at] = source[there]


def _leave_out(holder, at, places, others, dice):
    del holder[at]


def _rename(holder, at, places, others, dice):
    if isinstance(holder, dict):
        names = [name for owner, name in places if isinstance(owner, dict)]
        holder[dice.choice([*names, *TEXTS])] = holder.pop(at)


def _wrap(holder, at, places, others, dice):
    value = holder[at]
    holder[at] = dice.choice(
        ([value], [value, value], {"value": value}, str(value), json.dumps(value, default=str))
    )


def _add(holder, at, places, others, dice):
    if isinstance(holder, list):
        holder.insert(at, _small(dice))
    else:
        holder[dice.choice(TEXTS)] = _small(dice)


VALUE_CHANGES = (
    _odd,
    _number,
    _number,
    _near,
    _near,
    _near,
    _other_place,
    _other_body,
    _leave_out,
    _rename,
    _wrap,
    _add,
)


def dice_of(seed, number):
    """Return the dice of one body."""
    return Random(f"{seed}-{number}")
