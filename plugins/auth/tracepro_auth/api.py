"""What other plugins may use of this one."""

from tracepro_auth.groups import scopes_of
from tracepro_auth.login import Known, judge
from tracepro_auth.users import user_id

__all__ = ["Known", "judge", "scopes_of", "user_id"]
