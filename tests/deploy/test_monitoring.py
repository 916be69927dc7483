"""Dashboard and alerts ask for what a server has: each metric and label of each expression, in the way that its kind allows."""

import json
import re
from pathlib import Path

import promql_parser as promql
import pytest
import yaml

from tracepro.measured import CORE_CODES
from tracepro.metrics.declared import METRICS
from tracepro.server.ended import HOWS

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
MONITOR = (
    (ROOT / "docs" / "operating.md").read_text("utf-8").partition("## Monitor it\n")[2].partition("\n## ")[0]
)
DASHBOARD = json.loads((DEPLOY / "grafana-dashboard.json").read_text("utf-8"))
RULES = [
    rule
    for group in yaml.safe_load((DEPLOY / "alerts.yml").read_text("utf-8"))["groups"]
    for rule in group["rules"]
]
CONFIGURATION = yaml.safe_load((DEPLOY / "prometheus.yml").read_text("utf-8"))
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
TARGETS = [(panel["title"], target["expr"]) for panel in PANELS for target in panel["targets"]]
VARIABLES = [
    (each["name"], each["definition"]) for each in DASHBOARD["templating"]["list"] if each["type"] == "query"
]
EXPRESSIONS = [*TARGETS, *((rule["alert"], rule["expr"]) for rule in RULES)]
OF_TARGET = frozenset(("job", "instance"))
VALUES = {
    "code": frozenset(CORE_CODES),
    "how": frozenset(HOWS),
    "job": {CONFIGURATION["scrape_configs"][0]["job_name"]},
}
"""What a label that an alert names may be."""
OVER_COUNTERS, OVER_GAUGES = frozenset(("rate", "increase")), frozenset(("deriv", "predict_linear", "delta"))
PARTS = {"_bucket": {"le"}, "_sum": set(), "_count": set()}
SEVERITIES = frozenset(("page", "ticket"))


def series_of(metric):
    """Return the labels of each series of a metric, and whether it only ever grows."""
    labels = set(metric.labels)
    if metric.kind == "histogram":
        return {metric.name + part: (labels | more, True) for part, more in PARTS.items()}
    return {metric.name: (labels, metric.kind == "counter")}


SERIES = {"up": (set(), False)}
for _metric in METRICS.values():
    SERIES |= series_of(_metric)


def parsed(expression):
    """Parse an expression, with a time in the place of Grafana's variable for one."""
    return promql.parse(expression.replace("$__rate_interval", "5m"))


def inside(node):
    """Return the nodes below one, and it itself."""
    found = []
    promql.walk(node, pre_visit=lambda each: found.append(each))
    return found


def faults(expression):
    """Say everything that is wrong with an expression; nothing when a server answers it."""
    tree = parsed(expression)
    nodes = inside(tree)
    grown = {}
    for call in (node for node in nodes if isinstance(node, promql.Call)):
        names = [node.name for node in inside(call) if isinstance(node, promql.VectorSelector)]
        if call.func.name in OVER_COUNTERS | OVER_GAUGES:
            grown |= dict.fromkeys(names, call.func.name)
        if call.func.name == "histogram_quantile":
            yield from _faults_of_quantile(call, names)
    for node in nodes:
        if isinstance(node, promql.VectorSelector):
            yield from _faults_of_selector(node, grown)
        if isinstance(node, (promql.AggregateExpr, promql.BinaryExpr)):
            yield from _faults_of_grouping(node)


def _faults_of_quantile(call, names):
    grouped = [node for node in inside(call) if isinstance(node, promql.AggregateExpr)]
    if any(not name.endswith("_bucket") for name in names):
        yield f"histogram_quantile of {names}, which are no buckets"
    if not any(node.modifier is not None and "le" in node.modifier.labels for node in grouped):
        yield "histogram_quantile of what is not summed by le"


def _faults_of_selector(selector, grown):
    if selector.name not in SERIES:
        yield f"no server has {selector.name}"
        return
    labels, only_grows = SERIES[selector.name]
    over = grown.get(selector.name)
    if only_grows and over not in OVER_COUNTERS:
        yield f"{selector.name} only grows, so ask for its rate or increase"
    if not only_grows and over in OVER_COUNTERS:
        yield f"{selector.name} goes up and down, so it has no {over}"
    for matcher in selector.matchers.matchers:
        if matcher.name not in labels | OF_TARGET:
            yield f"{selector.name} has no label {matcher.name}"
        plain = matcher.op in (promql.MatchOp.Equal, promql.MatchOp.NotEqual)
        if plain and matcher.value not in VALUES.get(matcher.name, ()):
            yield f"{matcher.name} of {selector.name} is never {matcher.value}"


def _faults_of_grouping(node):
    modifier = node.modifier
    matching = modifier if isinstance(node, promql.AggregateExpr) else modifier and modifier.matching
    if matching is None:
        return
    names = [each.name for each in inside(node) if isinstance(each, promql.VectorSelector)]
    known = set.intersection(*(SERIES[name][0] if name in SERIES else set() for name in names)) | OF_TARGET
    if not set(matching.labels) <= known:
        yield f"{names} have no labels {set(matching.labels) - known}"


@pytest.mark.parametrize(("where", "expression"), EXPRESSIONS, ids=[where for where, _ in EXPRESSIONS])
def test_a_server_answers_every_expression(where, expression):
    assert list(faults(expression)) == []


@pytest.mark.parametrize(
    ("expression", "fault"),
    [
        ("tracepro_nothing > 0", "no server has tracepro_nothing"),
        ("tracepro_calls_total > 9", "ask for its rate"),
        ("rate(tracepro_write_age_seconds[5m])", "goes up and down"),
        ('tracepro_ready{plugin="boxes"}', "has no label plugin"),
        ('rate(tracepro_refusals_total{code="bussy"}[5m])', "is never bussy"),
        ("sum by (method) (rate(tracepro_refusals_total[5m]))", "have no labels"),
        ("histogram_quantile(0.9, sum by (le) (rate(tracepro_call_seconds_sum[5m])))", "no buckets"),
        ("histogram_quantile(0.9, sum by (method) (rate(tracepro_call_seconds_bucket[5m])))", "by le"),
        ("tracepro_ready * on (plugin) tracepro_workers", "have no labels"),
    ],
)
def test_an_expression_that_no_server_answers_is_found(expression, fault):
    assert fault in " ".join(faults(expression))


def test_the_dashboard_shows_every_metric():
    asked = {
        node.name
        for _, expression in TARGETS
        for node in inside(parsed(expression))
        if isinstance(node, promql.VectorSelector)
    }
    missing = {metric.name for metric in METRICS.values() if not asked & series_of(metric).keys()}
    assert missing == set(), "show it in deploy/grafana-dashboard.json"


def test_the_dashboard_can_be_imported():
    assert DASHBOARD["id"] is None and DASHBOARD["uid"] == "tracepro"
    assert [each["type"] for each in DASHBOARD["templating"]["list"]][0] == "datasource"
    everything = [*PANELS, *(target for panel in PANELS for target in panel["targets"])]
    assert {each["datasource"]["uid"] for each in everything} == {"${datasource}"}
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(ids) == len(set(ids))
    assert all(panel["title"] and panel["fieldConfig"] for panel in PANELS)
    rows = [panel["title"] for panel in DASHBOARD["panels"] if panel["type"] == "row"]
    assert rows == ["Is it working", "Calls", "Waits and writes", "Plugins", "Processes"]


def test_the_panels_of_the_dashboard_lie_beside_each_other():
    taken = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        fields = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not fields & taken and place["x"] + place["w"] <= 24, panel["title"]
        taken |= fields


@pytest.mark.parametrize(("name", "definition"), VARIABLES, ids=[name for name, _ in VARIABLES])
def test_the_variables_of_the_dashboard_are_labels_that_a_server_has(name, definition):
    selector, label = re.fullmatch(r"label_values\((.*), (\w+)\)", definition).groups()
    assert label == name
    found = parsed(selector)
    labels, _ = SERIES[found.name]
    assert name in labels | OF_TARGET
    assert {matcher.name for matcher in found.matchers.matchers} <= labels | OF_TARGET


def test_every_panel_that_has_methods_follows_the_variable():
    for title, expression in TARGETS:
        for node in inside(parsed(expression)):
            if isinstance(node, promql.VectorSelector):
                named = {matcher.name for matcher in node.matchers.matchers}
                assert named >= OF_TARGET, title
                assert ("method" in SERIES[node.name][0]) == ("method" in named), title


@pytest.mark.parametrize("rule", RULES, ids=[rule["alert"] for rule in RULES])
def test_an_alert_says_what_is_wrong_and_what_to_do(rule):
    assert rule["labels"]["severity"] in SEVERITIES
    annotations = rule["annotations"]
    assert annotations["summary"].endswith(".")
    for label in re.findall(r"\$labels\.(\w+)", annotations["summary"]):
        names = [
            node.name for node in inside(parsed(rule["expr"])) if isinstance(node, promql.VectorSelector)
        ]
        assert all(label in SERIES[name][0] | OF_TARGET for name in names)
    page, _, anchor = annotations["runbook"].partition("#")
    headings = re.findall(r"^#+ (.*)$", (ROOT / page).read_text("utf-8"), flags=re.MULTILINE)
    assert anchor in {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
    assert f"`{rule['alert']}`" in MONITOR, "describe it in docs/operating.md"


def test_every_alert_has_a_case_for_promtool():
    cases = (DEPLOY / "alerts_test.yml").read_text("utf-8")
    untried = [rule["alert"] for rule in RULES if rule["alert"] not in cases]
    assert untried == []


def test_the_manual_describes_every_metric_as_it_is():
    rows = dict(re.findall(r"^\| `([a-z_]+)` \| (.*?) \|", MONITOR, flags=re.MULTILINE))
    assert rows.keys() == METRICS.keys()
    for name, metric in METRICS.items():
        labels = f" by {', '.join(f'`{label}`' for label in metric.labels)}" if metric.labels else ""
        assert rows[name] == metric.kind + labels, name


def test_the_example_of_prometheus_has_the_rules_and_the_path():
    (job,) = CONFIGURATION["scrape_configs"]
    assert CONFIGURATION["rule_files"] == ["alerts.yml"] and job["metrics_path"] == "/metrics"
    assert job["authorization"]["credentials_file"]
