"""The codes of this plugin, each built in one place with its sentence."""

from __future__ import annotations

from tracepro.rest import HttpProblem
from tracepro_hookspecs import Conflict, InvalidParams, NotFound, Reason
from tracepro_hookspecs.records import Step
from tracepro_tooling.magazine import MagazineTool

QUOTED = 60
"""Characters of a client's text that a sentence quotes."""


def tool_life_exceeded(tool: MagazineTool, step: Step, today: int) -> Reason:
    """Return the reason for a critical tool at or past the end of its life."""
    used, expected, unit = tool.life.shown(today)
    info = (
        f"Tool {tool.id} ({tool.name}) in {tool.assembly} is at the end of its life: {used} of {expected} {unit} are used. "
        "Replace it."
    )
    return Reason("tool-life-exceeded", info, op=step.op, act=step.act, plugin="tooling")


def tool_not_found(tool_id: int) -> NotFound:
    """Return the error for a tool that does not exist."""
    return NotFound("tool-not-found", f"There is no tool {tool_id}; look it up in the list of tools.")


def assembly_not_found(assembly_id: int) -> NotFound:
    """Return the error for an assembly that does not exist."""
    info = f"There is no assembly {assembly_id}; look it up in the list of assemblies."
    return NotFound("assembly-not-found", info)


def process_not_found(process_id: int) -> NotFound:
    """Return the error for a process that does not exist."""
    return NotFound(
        "process-not-found", f"There is no process {process_id}; look it up in the list of processes."
    )


def program_not_found(program_id: int) -> NotFound:
    """Return the error for a program that does not exist."""
    return NotFound(
        "program-not-found", f"There is no program {program_id}; look it up in the list of programs."
    )


def inventory_item_not_found(item_id: int) -> NotFound:
    """Return the error for an inventory item that does not exist."""
    info = f"There is no inventory item {item_id}; look it up in the list of inventory items."
    return NotFound("inventory-item-not-found", info)


def inventory_point_not_found(point_id: int) -> NotFound:
    """Return the error for an inventory point that does not exist."""
    info = f"There is no inventory point {point_id}; look it up in the list of inventory points."
    return NotFound("inventory-point-not-found", info)


def unknown_reference(member: str, what: str, id: int) -> HttpProblem:
    """Return the problem of a body or a query that names an object which does not exist; ``member`` is where."""
    info = f"{member}: there is no {what} {id}; name one that exists, or leave it out."
    return HttpProblem(424, "Unknown reference", info, type="unknown-reference", member=member, id=id)


def bad_value(member: str, fault: str) -> InvalidParams:
    """Return the refusal of a value; ``fault`` is the end of a sentence."""
    return InvalidParams(member, f"Parameter {member} {fault}.")


def one_filter(names: list[str]) -> InvalidParams:
    """Return the refusal of a list that is filtered twice."""
    info = f"A list of tools takes one of process, assembly and inventory_item, not {' and '.join(names)}; send one."
    return InvalidParams(names[1], info, rule="one-filter")


def replacement_not_found(replacement_id: int) -> NotFound:
    """Return the error for a replacement that does not exist."""
    info = f"There is no replacement {replacement_id}; look it up among those of its process."
    return NotFound("replacement-not-found", info)


def stock_empty(item_id: int, point_id: int) -> Conflict:
    """Return the refusal to take a unit from a point that has none."""
    info = (
        f"Inventory point {point_id} has no unit of item {item_id}; name another point, or correct its stock."
    )
    return Conflict("stock-empty", info)


def replacement_not_latest(replacement_id: int) -> Conflict:
    """Return the refusal to undo a replacement that another one followed."""
    info = f"The tool was replaced again after replacement {replacement_id}; undo the latest one first."
    return Conflict("replacement-not-latest", info)


def testing_not_allowed(scope: str) -> HttpProblem:
    """Return the refusal to say whether a replacement is a test."""
    info = f"Whether a replacement is a test needs the scope {scope}; ask for a token that has it."
    return HttpProblem(403, "Forbidden", info, type="scope-missing", scope=scope)


def no_image(what: str, id: int) -> HttpProblem:
    """Return the problem of an object without a picture."""
    return HttpProblem(412, "No image", f"The {what} {id} has no image; POST one.", type="no-image")


def bad_file(fault: str, **where: int | str) -> InvalidParams:
    """Return the refusal of a CSV file; ``fault`` is a sentence without its end, ``where`` the row and column it names."""
    return InvalidParams("body", f"{fault}.", rule="csv", **where)


def bad_row(row: int, fault: str) -> InvalidParams:
    """Return the refusal of a row of a CSV file."""
    return bad_file(f"Row {row}: {fault}", row=row)


def bad_cell(row: int, column: str, fault: str) -> InvalidParams:
    """Return the refusal of a cell of a CSV file; ``column`` as row 1 calls it."""
    return bad_file(f"Row {row}, column {column[:QUOTED]}: {fault}", row=row, column=column[:QUOTED])


def unknown_charset(charset: str) -> HttpProblem:
    """Return the problem of a CSV file that is said to be in another character set than is read."""
    info = f"The charset {charset[:QUOTED]} is not read; send UTF-8, or UTF-16 with its byte order mark."
    return HttpProblem(415, "Unsupported Media Type", info, type="charset")


def too_many_rows(most: int) -> HttpProblem:
    """Return the problem of a CSV file with more rows than one import takes."""
    info = f"The file has more than {most} rows; send it in several, each with the header row."
    return HttpProblem(413, "Too many rows", info, type="too-many-rows", most=most)
