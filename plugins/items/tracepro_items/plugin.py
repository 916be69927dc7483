"""What this plugin brings: hook implementations only, each one calling the feature."""

from tracepro_hookspecs import hookimpl
from tracepro_items import methods, models, tally


@hookimpl
def tracepro_register_requirements():
    return ["orders", "workers"]


@hookimpl
def tracepro_register_methods():
    return methods.METHODS


@hookimpl
def tracepro_register_models():
    return models.MODELS


@hookimpl
def tracepro_check_routing(call, order, steps):
    return tally.steps_in_use(call, order, steps)
