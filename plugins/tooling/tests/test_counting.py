"""What is made at a machine counts on its tools: parts, machining time, and what a cancellation takes off again."""

import pytest
from tracepro_tooling import models as m
from tracepro_tooling import undo
from tracepro_tooling.tools import TOOLS

from tracepro_schemas import defs


def test_a_recorded_operation_counts_a_part_and_its_time_on_every_tool_of_the_process(mill):
    process, program, assembly = mill.process()
    tools = [mill.tool(assembly), mill.tool(mill.assembly(process))]
    elsewhere = mill.tool(mill.process(wp_id=101)[2])
    mill.mill()
    mill.mill(result=1)
    assert [mill.counters(tool) for tool in tools] == [(2, 20, {program: 2})] * 2
    assert mill.counters(elsewhere) == (0, 0, {})


@pytest.mark.parametrize(
    "columns",
    [
        {"item": "OTHER"},
        {"op": 20},
        {"archived": True},
    ],
)
def test_what_doesnt_match_counts_nothing(mill, columns):
    process = mill.add(m.Process, name="Milling", machine_id=100)
    mill.program(process, **columns)
    tool = mill.tool(mill.assembly(process))
    mill.mill()
    assert mill.counters(tool) == (0, 0, {})


def test_what_is_archived_or_not_in_service_counts_nothing(mill):
    now = mill.plant.clock()
    _, _, assembly = mill.process(archived=True)
    tools = [
        mill.tool(assembly),
        mill.tool(mill.assembly(mill.process()[0]), in_service_date=now + 1),
        mill.tool(mill.assembly(mill.process()[0]), out_service_date=now),
        mill.tool(None),
    ]
    mill.mill()
    assert [mill.counters(tool)[0] for tool in tools] == [0] * 4


def test_the_program_for_the_step_goes_before_one_for_any_and_the_last_before_older_ones(mill):
    process, any_step, assembly = mill.process()
    older, newer = mill.program(process, op=10), mill.program(process, op=10)
    tool = mill.tool(assembly)
    mill.mill()
    unit = mill.unit()
    mill.mill(unit, op=20)
    assert older < newer and mill.counters(tool) == (2, 20, {newer: 1, any_step: 1})


def test_each_process_with_a_matching_program_counts_and_a_shared_tool_counts_once(mill):
    first, program, assembly = mill.process()
    second, other, other_assembly = mill.process()
    _, _, foreign = mill.process(item="OTHER")
    shared = mill.add(m.ToolAssembly, name="T99", process_id=second, shared=True)
    alone = mill.add(
        m.ToolAssembly, name="T98", process_id=mill.add(m.Process, name="P", machine_id=100), shared=True
    )
    own, its, not_its, both, lent = (
        mill.tool(each) for each in (assembly, other_assembly, foreign, shared, alone)
    )
    mill.mill()
    assert mill.counters(own) == (1, 10, {program: 1})
    assert mill.counters(its) == mill.counters(both) == (1, 10, {other: 1})
    assert mill.counters(lent) == (1, 10, {max(program, other): 1})
    assert mill.counters(not_its) == (0, 0, {})


def test_a_panel_counts_its_boards_that_are_not_bad_whatever_its_route_leaves_out(mill):
    _, program, assembly = mill.process()
    tool = mill.tool(assembly)
    panel, boards = mill.make_panel(4)
    mill.setitemscrap(boards[0], 100, [32])
    mill.mill(boards[1], result=1)
    op_id = mill.mill(panel)
    assert mill.counters(tool) == (4, 20, {program: 4})
    mill.cancel(op_id)
    assert mill.counters(tool) == (1, 10, {program: 1})


def test_the_time_of_a_batch_counts_once_and_its_operations_share_it(mill):
    _, program, assembly = mill.process()
    _, other, _ = mill.process(item="COVER")
    tool, lent = mill.tool(assembly), mill.tool(mill.add(m.ToolAssembly, name="T", process_id=1, shared=True))
    covers = mill.make_order("VP-2", "COVER")
    first, *_ = mill.batch(mill.unit(), mill.unit(), mill.unit(), mill.unit(covers))
    assert mill.counters(tool) == (3, 10, {program: 3})
    assert mill.counters(lent) == (4, 10, {program: 3, other: 1})
    mill.cancel(first)
    parts, minutes, by_program = mill.counters(tool)
    assert (parts, by_program) == (2, {program: 2}) and minutes == pytest.approx(20 / 3)


def test_work_without_units_counts_each_of_its_steps(mill):
    process, program, assembly = mill.process(op=10)
    both, later = mill.program(process, op=20), mill.tool(assembly)
    times = {"tm0": "2026-11-20T09:50:00Z", "tm1": "2026-11-20T10:00:00Z"}
    ops = mill.addncops(mill.order, [[10, 1], [20, 2]], 5, 100, [32], **times)["op_ids"]
    assert mill.counters(later) == (10, 10, {program: 5, both: 5})
    for op_id in ops:
        mill.cancel(op_id)
    assert mill.counters(later) == (0, 0, {})


def test_a_cancellation_takes_off_what_still_stands_in_the_counters(mill):
    _, program, assembly = mill.process()
    replaced, kept, corrected = (mill.tool(assembly) for _ in range(3))
    op_id = mill.mill()
    mill.replace(replaced)
    later = mill.mill()
    mill.set_tool(corrected, part_count=0, runtime=0)
    mill.cancel(op_id)
    assert mill.counters(replaced) == (1, 10, {program: 1})
    assert mill.counters(kept) == (1, 10, {program: 1})
    assert mill.counters(corrected) == (0, 0, {program: 1})
    mill.cancel(later)
    assert mill.counters(replaced) == mill.counters(kept) == (0, 0, {})


def test_what_was_cancelled_between_a_replacement_and_its_undoing_does_not_come_back(mill):
    _, program, assembly = mill.process()
    replaced, twice, kept = (mill.tool(assembly) for _ in range(3))
    wrong, _ = mill.mill(), mill.mill()
    first = [mill.replace(tool)["id"] for tool in (replaced, twice)]
    again, late = mill.mill(), mill.mill()
    second = mill.replace(twice)
    mill.cancel(wrong)
    mill.cancel(again)
    assert mill.replace(kept)["static_part_count"] == 2
    assert mill.counters(replaced) == (1, 10, {program: 1})
    assert mill.counters(twice) == (0, 0, {})
    mill.undo(second["id"])
    assert mill.counters(twice) == (1, 10, {program: 1})
    for id in first:
        mill.undo(id)
    assert mill.counters(replaced) == mill.counters(twice) == (2, 20, {program: 2})
    mill.cancel(late)
    assert mill.counters(replaced) == mill.counters(twice) == (1, 10, {program: 1})
    assert second["static_part_count"] == 2


def test_a_count_that_a_deleted_replacement_took_along_is_gone(mill):
    _, program, assembly = mill.process()
    tool = mill.tool(assembly)
    wrong = mill.mill()
    deleted = mill.replace(tool)["id"]
    mill.in_a_write(undo.delete, {"replacement_id": deleted})
    mill.mill()
    replaced = mill.replace(tool)["id"]
    mill.cancel(wrong)
    mill.undo(replaced)
    assert mill.counters(tool) == (1, 10, {program: 1})


def test_a_cancellation_leaves_out_tools_that_were_deleted_and_touches_no_other(mill):
    _, program, assembly = mill.process()
    gone, kept = mill.tool(assembly), mill.tool(assembly)
    op_id = mill.mill()
    mill.in_a_write(TOOLS.delete, {"tool_id": gone})
    fresh = mill.tool(assembly)
    mill.mill()
    mill.cancel(op_id)
    assert fresh > kept > gone
    assert mill.counters(kept) == mill.counters(fresh) == (1, 10, {program: 1})


def test_without_a_process_a_booking_has_one_statement_more_and_with_tools_few(mill, statements):
    unit = mill.unit()
    with statements() as sent:
        mill.mill(unit)
    assert len(sent) == 1
    _, _, assembly = mill.process()
    numbers = []
    for more in (1, 9):
        for _ in range(more):
            mill.tool(assembly)
        for units in (1, 2, 20):
            made = [mill.unit() for _ in range(units)]
            with statements() as sent:
                mill.batch(*made)
            numbers.append((units, len(sent)))
    assert {count for units, count in numbers if units == 1} == {4}
    assert len({count for units, count in numbers if units > 1}) == 1
    assert max(count for _, count in numbers) <= 5


def test_a_cancellation_of_what_no_tool_made_has_one_statement(mill, statements):
    op_id = mill.mill()
    with statements() as sent:
        mill.cancel(op_id)
    assert len(sent) == 1


def test_a_refused_booking_counts_nothing(mill):
    _, _, assembly = mill.process()
    tool, unit = mill.tool(assembly), mill.unit()
    mill.setitembad(unit, 100, [32], defs.ITEM_BAD_SCRAP)
    mill.refusal(unit)
    assert mill.counters(tool) == (0, 0, {})
