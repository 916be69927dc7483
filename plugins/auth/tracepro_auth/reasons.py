"""The codes of this plugin, each built in one place with its sentence."""

from __future__ import annotations

from tracepro_hookspecs import Forbidden, InvalidParams, TryAgain


def auth_failed() -> Forbidden:
    """Return the error for a user name and a password that are not a pair; it says nothing more."""
    return Forbidden("auth-failed", "User name or password is wrong; try again.")


def busy() -> TryAgain:
    """Return the error while too many passwords are being judged."""
    return TryAgain("busy", "Too many passwords are being checked; try again in a moment.")


def unknown_user(username: str) -> InvalidParams:
    """Return the error for a user that does not exist."""
    return InvalidParams("username", f"There is no user {username}; tracepro user list shows all.")


def user_exists(username: str) -> InvalidParams:
    """Return the error for a user that exists already."""
    return InvalidParams("username", f"There is a user {username} already; choose another name.")


def not_a_username(username: str) -> InvalidParams:
    """Return the error for what can't be a user's name."""
    info = (
        f"{username!r} can't be a user name: it has from 1 to 255 visible characters, no blank at its ends."
    )
    return InvalidParams("username", info)
