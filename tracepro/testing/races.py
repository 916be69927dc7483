"""Races: several terminals that call at the same moment, some rounds of it, and many in the long run."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Any

import pytest

from tracepro.testing.errors import RpcError

__all__ = ["LONG", "Terminals", "refusals"]

TERMINALS = 16
"""How many calls of a race there may be at most."""
SECONDS = 60
LONG = pytest.param(2000, marks=(pytest.mark.slow, pytest.mark.timeout(1800)))
"""The rounds of the long run, beside the few that every run has."""


class Terminals:
    """Makes several calls at the same moment: ``at_once(first, second, …)``."""

    def __init__(self, threads: Executor) -> None:
        self._threads = threads

    def __call__(self, *calls: Callable[[], Any]) -> list[Any]:
        """Return the result of each call, or the code of the error that refused it."""
        barrier = threading.Barrier(len(calls), timeout=SECONDS)
        futures = [self._threads.submit(_meet_and_call, barrier, call) for call in calls]
        return [future.result(timeout=SECONDS) for future in futures]


def _meet_and_call(barrier: threading.Barrier, call: Callable[[], Any]) -> Any:
    barrier.wait()
    try:
        return call()
    except RpcError as error:
        return error.data["code"]


def refusals(answers: Sequence[Any]) -> list[str]:
    """Return the codes among what a race answered."""
    return [answer for answer in answers if isinstance(answer, str)]
