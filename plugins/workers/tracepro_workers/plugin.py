"""What this plugin brings: hook implementations only, each one calling the feature."""

from tracepro_hookspecs import BasicData, hookimpl
from tracepro_schemas import defs
from tracepro_workers import log, methods, models, options, plant, workers


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
def tracepro_register_options():
    return options.OPTIONS


@hookimpl
def tracepro_register_parameters():
    return options.PARAMETERS


@hookimpl
def tracepro_register_plant_sections():
    return plant.SECTIONS


@hookimpl
def tracepro_register_basic_data():
    return [BasicData("Worker", workers.every)]


@hookimpl
def tracepro_workplace_blocked(call, workplace, block):
    action = defs.WWL_BLOCK if block else defs.WWL_UNBLOCK
    log.log(call, None, workplace.id, action, block.reason if block else "")
