"""What other plugins may use of this one."""

from tracepro_sitedata.user_data import value as user_data

__all__ = ["user_data"]
