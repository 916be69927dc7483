"""What other plugins may use of this one."""

from tracepro.access.attempts import Attempts
from tracepro_auth.groups import scopes_of
from tracepro_auth.login import judge

__all__ = ["Attempts", "judge", "scopes_of"]
