"""A critical tool at the end of its life refuses work, and what checkproc shows of tools that are nearly there."""

import pytest

HOUR = 3_600_000_000


def codes(reasons):
    return [reason["code"] for reason in reasons]


@pytest.mark.parametrize(
    ("life", "used", "sentence"),
    [
        ({"usage_mode": 0, "part_life": 100}, {"part_count": 100}, "100 of 100 parts"),
        ({"usage_mode": 1, "max_runtime": HOUR}, {"runtime": HOUR + 500_000}, "3600.5 of 3600 seconds"),
        ({"usage_mode": 2, "day_life": 30}, {}, "31 of 30 days"),
    ],
)
def test_a_critical_tool_at_its_life_refuses_until_it_is_replaced(mill, life, used, sentence):
    _, _, assembly = mill.process()
    tool = mill.tool(assembly, is_critical=True, **life)
    mill.mill()
    today = mill.plant.read(lambda call: call.now // 86_400_000_000) + 719_163
    mill.set_tool(tool, **{"start_day": today - 31} if life["usage_mode"] == 2 else used)
    unit = mill.unit()
    (reason,) = mill.refusal(unit)
    assert reason["code"] == "tool-life-exceeded" and (reason["op"], reason["act"]) == (10, 1)
    assert sentence in reason["info"] and "End mill" in reason["info"] and "Replace it" in reason["info"]
    asked = mill.canaddop(unit, [[10, 1], [20, 2]], 100, [32])
    assert codes(asked["reasons"]) == ["tool-life-exceeded"] * 2
    mill.replace(tool)
    mill.set_tool(tool, start_day=today)
    mill.mill(unit)


def test_only_a_critical_tool_that_works_here_refuses(mill):
    life = {"part_life": 1, "part_count": 5}
    process, _, assembly = mill.process(op=20)
    mill.tool(assembly, **life)
    mill.tool(mill.process(wp_id=101)[2], is_critical=True, **life)
    mill.tool(assembly, is_critical=True, out_service_date=mill.plant.clock(), **life)
    unit = mill.unit()
    assert mill.canaddop(unit, [[10, 1], [20, 2]], 100, [32])["ok"]
    mill.tool(assembly, is_critical=True, **life)
    asked = mill.canaddop(unit, [[10, 1], [20, 2]], 100, [32])
    assert [(reason["code"], reason["op"]) for reason in asked["reasons"]] == [("tool-life-exceeded", 20)]


def test_a_call_is_judged_by_what_the_tool_had_done_before_it(mill):
    _, _, assembly = mill.process()
    tool = mill.tool(assembly, is_critical=True, part_life=100, part_count=99)
    mill.batch(mill.unit(), mill.unit(), mill.unit())
    assert mill.counters(tool)[0] == 102
    assert codes(mill.refusal()) == ["tool-life-exceeded"]


def test_checkproc_shows_each_tool_past_its_warning(mill):
    _, _, assembly = mill.process()
    mill.tool(assembly, part_life=100, part_count=89)
    warned = mill.tool(assembly, part_life=100, part_count=90)
    over = mill.tool(assembly, usage_mode=1, max_runtime=HOUR, runtime=HOUR, is_critical=True)
    answer = mill.checkproc(mill.order, [[10, 1]], 100, [32])
    assert codes(answer["reasons"]) == ["tool-life-exceeded"]
    first, second = answer["op_info"]["10"]["entries"]
    assert answer["op_info"]["10"]["_tp"] == first["_tp"] == "tool"
    assert first["_name"] == "End mill in T05" and first["_status"] == "90 of 100 parts used"
    assert (first["tool_id"], first["remaining"], first["past_life"]) == (warned, 10, False)
    assert (second["tool_id"], second["remaining"], second["critical"]) == (over, 0, True)
    assert second["_status"].startswith("replace it") and second["unit"] == "seconds"
    assert mill.checkproc(mill.order, [[10, 1]], 101, [32])["op_info"] == {}
