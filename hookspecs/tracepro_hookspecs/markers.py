"""The two pluggy markers of the project."""

import pluggy

hookspec = pluggy.HookspecMarker("tracepro")
hookimpl = pluggy.HookimplMarker("tracepro")
