"""What ``tracepro check`` says of workplaces."""

from __future__ import annotations

from tracepro_hookspecs import Call
from tracepro_workplaces.workplaces import list_workplaces


def unassigned(call: Call) -> dict[str, str]:
    """Return a warning for each workplace that does nothing, because it has no act and the site asks for one."""
    if not call.parameter("site", "check_workplaces"):
        return {}
    info = "it is assigned to no act, and [site] check_workplaces refuses all work there; give it acts in the plant file."
    return {f"workplace {place.id} ({place.name})": info for place in list_workplaces(call) if not place.acts}
