"""The tools of a machine that work on a product, and the programs they work for.

A tool works for the programs of its assembly's process; in a shared assembly for those of every process on the machine.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import NamedTuple

from peewee import Query, Value

from tracepro.database import p, statement
from tracepro_hookspecs import Call, Row
from tracepro_tooling import models as m
from tracepro_tooling.life import ToolLife


class MagazineTool(NamedTuple):
    """A tool in its assembly; ``process_id`` is that of the assembly."""

    id: int
    name: str
    is_critical: bool
    life: ToolLife
    assembly: str
    process_id: int


class RunProgram(NamedTuple):
    """A program that a machine runs for a product, ``op`` null at any step."""

    id: int
    process_id: int
    op: int | None


@statement
def tools_with_programs() -> Query:
    """The tools in service at a workplace with each program for a product that they work for, the tools locked in a write.

    The programs then exist until the call ends. What is archived has no part in it. A tool that was moved while its lock was waited
    for is in another assembly than ``seen``.
    """
    tool, seen, assembly, program = m.Tool, m.Tool.alias("seen"), m.ToolAssembly, m.Program.alias("program")
    holder, runner = m.Process.alias("holder"), m.Process.alias("runner")
    here = [(each.machine_id == p("wp_id")) & (each.archived == Value(0)) for each in (holder, runner)]
    works = (runner.id == holder.id) | (assembly.shared == Value(1))
    in_service = [
        seen.in_service_date.is_null() | (seen.in_service_date <= p("now")),
        seen.out_service_date.is_null() | (seen.out_service_date > p("now")),
    ]
    columns = [
        getattr(tool, name) for name in ("id", "name", "is_critical", "assembly_id", *ToolLife._fields)
    ]
    return (
        tool.select(*columns, assembly.id, assembly.name, holder.id, program.id, runner.id, program.op)
        .join(seen, on=(seen.id == tool.id))
        .join(assembly, on=(seen.assembly_id == assembly.id))
        .join(holder, on=(assembly.process_id == holder.id))
        .join(runner, on=(runner.machine_id == holder.machine_id))
        .join(program, on=(program.process_id == runner.id))
        .where(*here, works, program.item == p("item"), program.archived == Value(0), *in_service)
        .order_by(tool.id)
        .for_update('FOR KEY SHARE OF "program" FOR UPDATE', of=tool)  # type: ignore[arg-type]  # peewee's stubs know the default only
    )


class Magazine:
    """The tools that work at a workplace on a product, by id, each with the programs that it works for.

    ``moved`` tells that one was put elsewhere while its lock was waited for.
    """

    def __init__(self, rows: Iterable[Row]) -> None:
        self.tools: dict[int, MagazineTool] = {}
        self._programs: dict[int, list[RunProgram]] = {}
        self.moved = False
        for tool_id, name, is_critical, assembly_id, *row in rows:
            *life, seen_in, assembly, process_id, program_id, runner_id, op = row
            self.moved |= assembly_id != seen_in
            self.tools[tool_id] = MagazineTool(
                tool_id, name, is_critical, ToolLife(*life), assembly, process_id
            )
            self._programs.setdefault(tool_id, []).append(RunProgram(program_id, runner_id, op))

    def at_step(self, op: int) -> dict[int, int]:
        """Return the program that each tool works for at a step; tools that have no part in it are left out.

        The program of the tool's own process goes before those of others on the machine, then one for this step before one for
        any, then the one that was made last.
        """
        found = {}
        for tool_id, programs in self._programs.items():
            process_id = self.tools[tool_id].process_id
            ranks = [
                (program.process_id == process_id, program.op is not None, program.id)
                for program in programs
                if program.op in (None, op)
            ]
            if ranks:
                *_, found[tool_id] = max(ranks)
        return found


def of_product(call: Call, wp_id: int, item: str) -> Magazine:
    """Return the tools that work at a workplace on a product; in a write they are locked, and read once a call."""
    key: Hashable = ("tooling", "magazine", wp_id, item)
    known: Magazine | None = call.context.get(key)
    if known is None:
        call.context[key] = known = _read(call, wp_id, item)
    return known


def _read(call: Call, wp_id: int, item: str) -> Magazine:
    """Read them again as long as one was moved meanwhile: what took its place was not seen."""
    while True:
        found = Magazine(call.db.rows(tools_with_programs, wp_id=wp_id, item=item, now=call.now))
        if not found.moved:
            return found
