"""Generated requests, right and wrong ones, find nothing that the document of the whole site doesn't say.

The app is called in this process. The coverage phase goes through the edges of every schema, fuzzing through the rest, and the
stateful phase through what follows from an answer. All of schemathesis's checks are on.
"""

import contextlib
import itertools
import json
import re

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.generation import GenerationMode
from whole_site import KEPT, NOW, PLANT, RAW, SEEDED, WholeSite

# What the document can't say of right requests: an id that is nobody's (404, 424), what another request did meanwhile (409, 412).
ACCEPTED = ["2xx", "404", "409", "412", "424"]
REFUSED = ["400", "401", "404", "405", "409", "412", "413", "415", "424"]
PHASES = ("coverage", "fuzzing", "stateful")
EXAMPLES = 60
KEY = re.compile(r"[A-Za-z0-9._:-]{8,128}")
BODIES = {**RAW, "plant": (json.dumps(PLANT).encode(), "application/json")}
"""Right bodies by the end of a path, where a schema says little: the rows of a plant file name each other."""
CODES = ("name", "item", "part_number")


class Requests:
    """Makes generated requests meet something: objects that are there, keys that were not used before."""

    def __init__(self):
        self._numbers = itertools.count()

    def prepare(self, case, sent):
        """Change what the schema leaves open, never what makes a wrong request wrong."""
        number = next(self._numbers)
        for name, value in (case.path_parameters or {}).items():
            if str(value).isdigit() and int(value) < 2**63:
                case.path_parameters[name] = self._id(case, int(value))
        if KEY.fullmatch(str((case.headers or {}).get("Idempotency-Key"))):
            case.headers["Idempotency-Key"] = f"fuzz-{number:08}"
        if "If-Match" in (case.headers or {}) and number % 8:
            case.headers["If-Match"] = "*"
        if case.meta.generation.mode is GenerationMode.POSITIVE:
            self._right(case, sent)

    @staticmethod
    def _id(case, value):
        return KEPT + 1 + value % SEEDED if case.method == "DELETE" else 1 + value % KEPT

    @staticmethod
    def _right(case, sent):
        """Mend what is wrong beyond what a schema can say."""
        last = case.path.rpartition("/")[2] if case.method == "POST" else ""
        if last in BODIES:
            sent["data"], case.media_type = BODIES[last]
        elif isinstance(case.body, dict):
            case.body = {name: _right_value(name, value) for name, value in case.body.items()}
            if case.body.get("substitute_id") == (case.path_parameters or {}).get("tool_id"):
                case.body.pop("substitute_id", None)
        filters = [name for name in ("process", "assembly", "inventory_item") if name in (case.query or {})]
        for name in filters[1:]:  # of these a list takes one
            del case.query[name]


def _right_value(name, value):
    if name.endswith("_id") and isinstance(value, int) and value > 2 * SEEDED:
        return 1 + value % KEPT
    if name == "durable":  # else a tool has no substitute
        return True
    if name == "timestamp":
        return min(value, NOW)
    if name in CODES and isinstance(value, str):  # once trimmed, 255 characters at most, all of them visible
        return "".join(filter(str.isprintable, value))[:255].strip() or "C"
    return value


def faults(site, phases, paths=""):
    """Return the faults that generated requests to ``paths``, a pattern, find by check and operation, and how many they were."""
    config = SchemathesisConfig.from_dict(
        {
            "phases": {"enabled": False, **{name: {"enabled": True} for name in phases}},
            "generation": {
                "max-examples": EXAMPLES,
                "deterministic": True,
                "allow-x00": False,
                "with-security-parameters": False,
            },
            "auth": {"openapi": {"token": {"bearer": site.token}}},
            "continue-on-failure": True,
            "checks": {
                "positive_data_acceptance": {"expected-statuses": ACCEPTED},
                "negative_data_rejection": {"expected-statuses": REFUSED},
            },
        }
    )
    schema = schemathesis.openapi.from_dict(site.right("GET", "openapi.json").json, config=config)
    schema.app = site
    schema = schema.include(path_regex=paths) if paths else schema
    found, sent = {}, 0
    with prepared():
        for event in from_schema(schema).execute():
            assert not isinstance(event, (events.NonFatalError, events.FatalError)), event
            if isinstance(event, events.ScenarioFinished):
                sent += len(event.recorder.interactions)
                found |= dict(_faults_of(event.recorder))
    site.app.pool.close()
    return found, sent


@contextlib.contextmanager
def prepared():
    """Have each request prepared before it is sent; schemathesis knows such a hook for all schemas only."""
    requests = Requests()

    @schemathesis.hook
    def before_call(context, case, kwargs):
        requests.prepare(case, kwargs)

    yield
    schemathesis.hooks.unregister(before_call)


def _faults_of(recorder):
    for case_id, checks in recorder.checks.items():
        for check in checks:
            if check.failure_info is not None:
                seen = recorder.interactions[case_id]
                request, answer = seen.request, seen.response
                told = [request.method, request.uri, (request.body or b"")[:300]]
                told += [answer.status_code, (answer.content or b"")[:300]] if answer else []
                yield (
                    f"{check.name} {request.method} {recorder.label}",
                    (check.failure_info.failure.message, told),
                )


PARTS = {
    "tools": "^/api/tools/([{]|$)",
    "replacements and assemblies": "^/api/tools/[ra]",
    "stock": "^/api/inventory/",
    "plant files": "^/api/plant$",
    "all else": "^(?!/api/(tools/|inventory/|plant$))",
}
"""The site in parts that can be asked side by side."""
SLOW = {"plant files"}
"""What takes 20 s; tests/scenario/test_plant_schema.py is the short version."""


@pytest.mark.parametrize(
    "part", [pytest.param(part, marks=[pytest.mark.slow] if part in SLOW else []) for part in PARTS]
)
def test_the_edges_of_every_schema_find_nothing_that_the_document_does_not_say(make_plant, part):
    found, sent = faults(WholeSite(make_plant), PHASES[:1], PARTS[part])
    assert found == {}
    assert sent > 200


def test_every_path_is_in_one_part(make_plant):
    for path in WholeSite(make_plant).right("GET", "openapi.json").json["paths"]:
        assert sum(bool(re.search(pattern, path)) for pattern in PARTS.values()) == 1, path


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_generated_requests_find_nothing_that_the_document_does_not_say(make_plant, database):
    found, sent = faults(WholeSite(make_plant), PHASES)
    assert found == {}
    assert sent > 5000
