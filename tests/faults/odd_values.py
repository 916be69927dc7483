"""What stands where another value should: 37 odd values by name."""


def _nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


ODD = {
    "null": None,
    "true": True,
    "false": False,
    "zero": 0,
    "minus zero": -0.0,
    "one": 1,
    "minus one": -1,
    "one as a fraction": 1.0,
    "a tenth": 0.1,
    "the largest": 1e308,
    "the smallest": 5e-324,
    "2^31": 2**31,
    "2^53 + 1": 2**53 + 1,
    "2^63 - 1": 2**63 - 1,
    "-2^63": -(2**63),
    "2^64": 2**64,
    "no text": "",
    "a space": " ",
    "a digit": "1",
    "ids": "1, 2",
    "the word null": "null",
    "256 characters": "x" * 256,
    "64 KiB": "x" * 65_536,
    "1 MB": "ž" * 500_000,
    "NUL": "a\0b",
    "GS, RS, EOT": "[)>\x1e06\x1dPX1\x04",
    "right to left": "\u202eאב\u0301ﷺ",
    "four bytes": "😀👩‍🔧Ω",
    "half a pair": "\ud800",
    "SQL": "'; DROP TABLE x; --\"\\%_",
    "a template": "{{ 7 * 7 }}%s${x}<script>",
    "a path": "../../etc/passwd",
    "a moment": "2026-11-20T10:00:00Z",
    "an empty array": [],
    "arrays in arrays": _nested(40),
    "10 000 of all kinds": [None, 0, "x", {}, 0.5] * 2000,
    "an object": {"": {"a": [1]}, "id": None, "\u200b": -1, "__proto__": "x"},
}
LARGE = ("64 KiB", "1 MB", "10 000 of all kinds")
"""Those that take a while to read."""
