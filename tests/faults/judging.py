"""What every answer must be, whatever was asked: of a promised form, a sentence where it refuses, nothing of our inside."""

import json
import logging
import re
from contextlib import contextmanager

import jsonschema_rs

import tracepro_schemas

ENVELOPE = tracepro_schemas.load("envelope")
ONE, SEVERAL = (
    jsonschema_rs.validator_for({**ENVELOPE, "$ref": f"#/$defs/{name}"}) for name in ("Answer", "Answers")
)
OURS = re.compile(
    r"Traceback|File \"|line \d+, in |SELECT .* FROM|INSERT INTO|UPDATE \w+ SET|sqlite|psycopg|peewee|/site-packages|\.py\b|"
    r"tracepro_\w+\.|<class|object at 0x|NoneType|\w+Error\b|\w+Exception\b|not JSON serializable",
    re.IGNORECASE,
)
"""What no client should read."""
LONGEST = 2000
"""Characters of a message."""
FAILURES = {-32603, -32000}
"""Our own fault, and a database that is away or busy: it is neither here."""


class Heard(logging.Handler):
    """The errors that were logged."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.records = []

    @contextmanager
    def errors(self):
        """Hear what is logged inside."""
        logging.getLogger().addHandler(self)
        try:
            yield
        finally:
            logging.getLogger().removeHandler(self)

    def emit(self, record):
        self.records.append(self.format(record))

    def taken(self):
        """Return what was logged since the last time."""
        records, self.records = self.records, []
        return records


def fault_of_answer(body):
    """Return what is wrong with an answer to JSON-RPC bytes, or None; empty is the answer to notifications."""
    if not body:
        return None
    try:
        answer = json.loads(body)
    except ValueError as error:
        return f"it is not JSON: {error}"
    validator = SEVERAL if isinstance(answer, list) else ONE
    if not validator.is_valid(answer):
        return "it doesn't fit the envelope"
    faults = (
        fault_of_error(one["error"])
        for one in (answer if validator is SEVERAL else [answer])
        if "error" in one
    )
    return next(filter(None, faults), None)


def fault_of_call(plant, method, body):
    """Return what is wrong with the answer to a call of a known method, or None."""
    fault = fault_of_answer(body)
    if fault is not None or not body:
        return fault
    answer = json.loads(body)
    try:
        if "error" in answer:
            plant.check_error(method, answer["error"])
        else:
            plant.check_result(method, answer["result"])
    except AssertionError as broken:
        return str(broken)
    return None


def fault_of_error(error):
    """Return what is wrong with the error of an answer, or None."""
    reasons = error["data"].get("reasons", ())
    codes = {error["data"]["code"], *(reason["code"] for reason in reasons)}
    if error["code"] in FAILURES or "plugin-failed" in codes:
        return f"it is a failure: {error}"
    return next(
        filter(None, map(fault_of_sentence, (error["message"], *(one["info"] for one in reasons)))), None
    )


def fault_of_sentence(text):
    """Return what is wrong with what a person reads, or None."""
    if not text.strip() or len(text) > LONGEST:
        return f"its message has {len(text)} characters"
    if text.rstrip()[-1] not in ".?)":
        return f"its message doesn't end as a sentence does: {text[-80:]!r}"
    found = OURS.search(text)
    return f"its message tells {found[0]!r}: {text!r}" if found else None


def fault_of_response(response):
    """Return what is wrong with an answer of HTTP, or None."""
    if response.status >= 500:
        return f"it is a failure: {response.status} {response.text[:500]}"
    kind = response.headers.get("content-type", "").partition(";")[0]
    if response.status < 400 or not response.body:
        return None
    if kind == "text/html":
        found = OURS.search(response.text)
        return f"its page tells {found[0]!r}" if found else None
    if kind not in ("application/problem+json", "application/json"):
        return f"it refuses in {kind}"
    refused = json.loads(response.body)
    return fault_of_sentence(refused["detail"]) if "detail" in refused else fault_of_error(refused["error"])
