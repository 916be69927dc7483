"""The site behind a call, for what only the core may know of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from tracepro.calls.call import Call as OpenCall
from tracepro_hookspecs import Call

if TYPE_CHECKING:
    from tracepro.site import Site


def site_of(call: Call) -> Site:
    """Return the site that a call happens on."""
    return cast("Site", cast(OpenCall, call).site)
