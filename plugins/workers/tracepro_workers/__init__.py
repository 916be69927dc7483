"""Workers, their cards and logins, shifts and the worker log."""
