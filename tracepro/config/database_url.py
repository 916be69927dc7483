"""Which database: the environment, else parameters.ini, else a file beside it."""

from __future__ import annotations

from pathlib import Path

from tracepro.config.settings import Settings

SQLITE = "sqlite:///"


def database_url(settings: Settings, written: str) -> str:
    """Return the url with an absolute path; ``written`` is ``[database] url``.

    A path from the environment is relative to the working directory, one from the file to the file.
    """
    if settings.database:
        return _absolute(settings.database, Path.cwd())
    return _absolute(written or SQLITE + "tracepro.db", settings.parameters_file.absolute().parent)


def _absolute(url: str, base: Path) -> str:
    if not url.startswith(SQLITE) or url.startswith(SQLITE + ":memory:"):
        return url
    return SQLITE + str(base / url.removeprefix(SQLITE))
