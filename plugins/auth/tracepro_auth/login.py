"""Who a user is: judged before the transaction, by this plugin's users and by the directories of others."""

from __future__ import annotations

import unicodedata
from hashlib import sha256
from typing import Any, NamedTuple

from tracepro.access.attempts import Attempts
from tracepro_auth import passwords, reasons, users
from tracepro_hookspecs import Call


class Known(NamedTuple):
    """A user whose password is right, and hashes of it: the one that is stored and the one that is to be, if any."""

    user: dict[str, Any]
    before: str | None = None
    after: str | None = None


def account_of(username: str) -> str:
    """Return what wrong passwords for a user name are counted under, whether there is such a user or not.

    A digest: somebody may have typed a password for a name. Of names that a directory may take for one, differing in case
    or width, the digest is the same.
    """
    name = unicodedata.normalize("NFKC", username).casefold().strip()
    return f"user:{sha256(name.encode()).hexdigest()}"


def judge(attempts: Attempts, call: Call, username: str, password: str) -> Known:
    """Return who a user is; ``attempts`` are those of the site. Raises ``auth-failed``, which says nothing more, Throttled or TryAgain.

    Names that nobody has are treated like all others: the same work, the same count.
    """
    account = account_of(username)
    with attempts.judging(call, account):
        user = _asked(call, username, password)
        if user is None:
            attempts.count_wrong(call, account)
            raise reasons.auth_failed()
    return _rehashed(call, user, username, password)


def _asked(call: Call, username: str, password: str) -> dict[str, Any] | None:
    """Ask the directories; not with an empty password, which some take for an anonymous and thus successful bind."""
    own = users.find(call, username)
    if not password or (own is not None and own.disabled):
        passwords.matches(password, None)
        return None
    user: dict[str, Any] | None = call.hooks.decide(
        "tracepro_authenticate_user", username=username, password=password
    )
    return user


def authenticate(call: Call, username: str, password: str) -> dict[str, Any] | None:
    """Return who a user of this plugin is whose password is right, else None; the work is the same."""
    user = users.find(call, username)
    right = passwords.matches(password, None if user is None else user.password_hash)
    return user.shown if user is not None and right else None


def _rehashed(call: Call, user: dict[str, Any], username: str, password: str) -> Known:
    own = users.find(call, username)
    if own is None or own.password_hash is None or not passwords.is_outdated(own.password_hash):
        return Known(user)
    if not passwords.matches(password, own.password_hash):
        return Known(user)
    return Known(user, own.password_hash, passwords.hashed(password))
