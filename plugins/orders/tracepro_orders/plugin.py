"""What this plugin brings: hook implementations only, each one calling the feature."""

from tracepro_hookspecs import hookimpl
from tracepro_orders import methods, models, plant


@hookimpl
def tracepro_register_requirements():
    return ["workplaces"]


@hookimpl
def tracepro_register_methods():
    return methods.METHODS


@hookimpl
def tracepro_register_models():
    return models.MODELS


@hookimpl
def tracepro_register_plant_sections():
    return plant.SECTIONS
