"""What a site says of its pages, in ``parameters.ini``."""

from __future__ import annotations

from tracepro_hookspecs import Parameter, between

NUMBERS = {
    "1 234.5": ("\u202f", "."),
    "1 234,5": ("\u202f", ","),
    "1,234.5": (",", "."),
    "1.234,5": (".", ","),
}
"""Thousands and decimals of the ways to write a number."""

PARAMETERS = [
    Parameter(
        "pages",
        "url",
        "",
        "The address people call, such as https://mes.plant; with https the cookie of a session is sent over TLS only.",
        public=True,
    ),
    Parameter(
        "pages", "title", "TracePRO", "What stands on top of every page: the plant's name.", public=True
    ),
    Parameter("pages", "numbers", "1 234.5", "How pages write numbers.", tuple(NUMBERS), public=True),
    Parameter(
        "pages",
        "session_hours",
        12,
        "Hours after which somebody must log in again.",
        int,
        parse=between(1, 720),
    ),
]
