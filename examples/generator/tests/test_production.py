"""The stream of calls, without a server."""

from collections import Counter

from examples.generator.plant import Plant
from examples.generator.play import lines, play
from examples.generator.production import Production


def production(**options):
    return Production(Plant(seed=7), **options)


def test_same_seed_same_calls():
    assert list(lines(production().steps())) == list(lines(production().steps()))


def test_another_seed_another_course():
    other = Production(Plant(seed=8))
    assert list(lines(production().steps())) != list(lines(other.steps()))


def test_a_tag_changes_the_codes_and_nothing_else():
    plain = [
        line.replace("-A", "-?").replace('"A0', '"?0').replace("A-order", "?-order")
        for line in lines(production().steps())
    ]
    tagged = [
        line.replace("-B", "-?").replace('"B0', '"?0').replace("B-order", "?-order")
        for line in lines(production(tag="B").steps())
    ]
    assert plain == tagged


def test_references_resolve_in_order():
    made = Counter()

    def call(method, params):
        made[method] += 1
        return {"id": sum(made.values()), "barcode": str(params)}

    saved = play(call, production(units=10, orders=3).steps())
    assert made["makeorder"] == made["updateorder"] == 3
    assert made["addop"] > 10 * 9
    assert "unit2.0" in saved


def test_faults_rework_and_scrap_occur():
    steps = list(production(units=400, orders=1).steps())
    failed = [step for step in steps if step.method == "addop" and step.params["result"]]
    reworked = [step for step in steps if step.method == "addop" and step.params["op"] == 95]
    scrapped = [step for step in steps if step.method == "setitemscrap"]
    assert failed and reworked and scrapped
