"""Alerts: what somebody has to look at, and the form that is filled in when it is done."""
