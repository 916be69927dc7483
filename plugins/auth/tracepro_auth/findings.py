"""What ``tracepro check`` says of users."""

from __future__ import annotations

from tracepro_auth.users import User, all_users
from tracepro_hookspecs import Call


def unknown_groups(call: Call) -> dict[str, str]:
    """Return a warning for each group of users that ``[groups]`` doesn't name."""
    users = [User(*row) for row in call.db.rows(all_users)]
    known = call.parameter("groups", "*")
    return {
        f"group {group}": f"user {user.username} is in it, and [groups] doesn't name it, so it gives nothing; name it there, "
        "or correct the user's groups."
        for user in users
        if not user.disabled
        for group in user.groups
        if group not in known
    }
