"""Register hooks: what a plugin brings; asked once at start, site-wide; an exception stops the start."""

from tracepro_hookspecs.markers import hookspec


@hookspec
def tracepro_register_requirements():
    """Names the plugins this one needs on every line where it is enabled."""


@hookspec
def tracepro_register_methods():
    """Brings JSON-RPC methods."""


@hookspec
def tracepro_register_routes():
    """Brings REST routes."""


@hookspec
def tracepro_register_models():
    """Brings the peewee models whose tables this plugin owns."""


@hookspec
def tracepro_register_options():
    """Brings options of plugins.ini, which may differ by line."""


@hookspec
def tracepro_register_parameters():
    """Brings keys of parameters.ini."""


@hookspec
def tracepro_register_plant_sections():
    """Brings sections of the plant file."""


@hookspec
def tracepro_register_basic_data():
    """Brings kinds of basic data."""


@hookspec
def tracepro_register_commands():
    """Brings subcommands of ``tracepro``."""
