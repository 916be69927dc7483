"""Which database: the environment, else parameters.ini, else a file beside it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, unquote

from tracepro.config.settings import Settings

SQLITE = "sqlite:///"


def database_url(settings: Settings, written: str) -> str:
    """Return the url with an absolute path; ``written`` is ``[database] url``.

    A path from the environment is relative to the working directory, one from the file to the file.
    """
    if settings.database:
        return _absolute(settings.database, Path.cwd())
    return _absolute(written or SQLITE + "tracepro.db", settings.parameters_file.absolute().parent)


def check_user_info(url: str) -> None:
    """Refuse a url in which the end of user and password can't be told. Raises ValueError, quoting nothing of them.

    Drivers would take a part of such a password for the host, and name it in their errors.
    """
    scheme, _, rest = url.partition("://")
    user_info, at, place = rest.partition("@")
    unclear = any(char in "/?#[]" or not char.isascii() or char.isspace() for char in user_info)
    if at and (unclear or "@" in place):
        raise ValueError(
            f"User or password of the database url {scheme}://… have characters that mean something else in a url; write "
            "% as %25, / as %2F, @ as %40, # as %23, ? as %3F, [ as %5B, ] as %5D, and what isn't ASCII by its bytes."
        )


def without_secrets(url: str) -> str:
    """Return a url for a sentence: its scheme stays, user, password and query go, whatever is in them."""
    scheme, found, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2].partition('?')[0]}" if found else "…"


def has_password(url: str) -> bool:
    """Tell whether a url has a password in it."""
    rest = url.partition("://")[2]
    return ":" in rest.rpartition("@")[0] or "password=" in rest.partition("?")[2]


def hide_password(text: str, url: str) -> str:
    """Return a text of the driver without the password of a url, which it may quote whole or in part."""
    address, _, query = url.partition("://")[2].partition("?")
    user_info = address.rpartition("@")[0]
    password = user_info.partition(":")[2]
    for secret in (user_info, password, unquote(password), *parse_qs(query).get("password", ())):
        if len(secret) > 1:
            text = text.replace(secret, "…")
    return text


def _absolute(url: str, base: Path) -> str:
    if not url.startswith(SQLITE) or url.startswith(SQLITE + ":memory:"):
        return url
    return SQLITE + str(base / url.removeprefix(SQLITE))
