"""The stream of calls, without a server."""

from collections import Counter

from examples.generator.plant import Plant
from examples.generator.play import json_lines, play
from examples.generator.production import Production


def production(**options):
    return Production(Plant(seed=7), **options)


def test_same_seed_same_calls():
    assert list(json_lines(production().calls())) == list(json_lines(production().calls()))


def test_another_seed_gives_other_calls():
    other = Production(Plant(seed=8))
    assert list(json_lines(production().calls())) != list(json_lines(other.calls()))


def test_a_tag_changes_the_codes_and_nothing_else():
    plain = [
        line.replace("-A", "-?").replace('"A0', '"?0').replace("A-order", "?-order")
        for line in json_lines(production().calls())
    ]
    tagged = [
        line.replace("-B", "-?").replace('"B0', '"?0').replace("B-order", "?-order")
        for line in json_lines(production(tag="B").calls())
    ]
    assert plain == tagged


def test_references_resolve_in_order():
    made = Counter()

    def call(method, params):
        made[method] += 1
        return {"id": sum(made.values()), "barcode": str(params)}

    saved = play(call, production(units=10, orders=3).calls())
    assert made["makeorder"] == made["updateorder"] == 3
    assert made["addop"] > 10 * 9
    assert "unit2.0" in saved


def test_faults_rework_and_scrap_occur():
    calls = list(production(units=400, orders=1).calls())
    failed = [call for call in calls if call.method == "addop" and call.params["result"]]
    reworked = [call for call in calls if call.method == "addop" and call.params["op"] == 95]
    scrapped = [call for call in calls if call.method == "setitemscrap"]
    assert failed and reworked and scrapped
