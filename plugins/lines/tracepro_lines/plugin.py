"""What this plugin brings: hook implementations only, each one calling the feature."""

from tracepro_hookspecs import hookimpl
from tracepro_lines import lines, models, plant


@hookimpl
def tracepro_register_requirements():
    return ["workplaces"]


@hookimpl
def tracepro_register_models():
    return models.MODELS


@hookimpl
def tracepro_register_plant_sections():
    return plant.SECTIONS


@hookimpl
def tracepro_line_of(call, parameter, value):
    return lines.line_of(call, parameter, value)


@hookimpl
def tracepro_line_names(call):
    return lines.line_names(call)
