"""The two pluggy markers of the project."""

import pluggy

hookspec = pluggy.HookspecMarker("tracepro")
hookimpl = pluggy.HookimplMarker("tracepro")
"""Marks a function as a plugin's implementation of the hook it is named after."""
