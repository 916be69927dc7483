"""What this plugin brings: hook implementations only, each one calling the feature."""

from tracepro_hookspecs import BasicData, Parameter, hookimpl
from tracepro_workplaces import acts, methods, models, plant, workplaces


@hookimpl
def tracepro_register_methods():
    return methods.METHODS


@hookimpl
def tracepro_register_models():
    return models.MODELS


@hookimpl
def tracepro_register_parameters():
    meaning = "Whether work is refused at a workplace that is not assigned to its act."
    return [Parameter("site", "check_workplaces", False, meaning, bool, public=True)]


@hookimpl
def tracepro_register_plant_sections():
    return plant.SECTIONS


@hookimpl
def tracepro_register_basic_data():
    return [BasicData("Act", acts.every, ("desc",), acts.describe), BasicData("Workplace", workplaces.every)]
