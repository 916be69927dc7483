"""What other plugins may use of this one."""

from tracepro_workplaces.acts import act, acts, list_acts
from tracepro_workplaces.interlock import reasons_against
from tracepro_workplaces.workplaces import (
    ask_ahead,
    find,
    find_by_name_and_erp_ref,
    line_of,
    list_workplaces,
    search,
    workplace,
    workplaces,
)

__all__ = [
    "act",
    "acts",
    "ask_ahead",
    "find",
    "find_by_name_and_erp_ref",
    "line_of",
    "list_acts",
    "list_workplaces",
    "reasons_against",
    "search",
    "workplace",
    "workplaces",
]
