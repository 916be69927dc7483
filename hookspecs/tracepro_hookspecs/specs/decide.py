"""Decide hooks: plugins are asked in order of plugins.ini, the first answer that is not None counts."""

from tracepro_hookspecs.markers import hookspec


@hookspec(firstresult=True)
def tracepro_line_of(call, parameter, value):
    """Tells which line a parameter of a call belongs to."""


@hookspec(firstresult=True)
def tracepro_line_names(call):
    """Tells the names of all lines the plant has."""


@hookspec(firstresult=True)
def tracepro_parse_material_barcode(call, barcode):
    """Reads article, lot and perhaps amount from a material barcode."""


@hookspec(firstresult=True)
def tracepro_parse_tool_barcode(call, workplace, barcode):
    """Reads a tool's barcode."""


@hookspec(firstresult=True)
def tracepro_authenticate_user(call, username, password):
    """Tells who a user is whose password is right."""


@hookspec(firstresult=True)
def tracepro_alert_form(call, alert):
    """Gives the fields to fill in when an alert is processed."""
