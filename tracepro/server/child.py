"""Checks in a forked child, so that this process imports nothing it would pass on to every worker for ever."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from collections.abc import Callable
from typing import NoReturn

CHECK_SECONDS = 60.0


def check_in_child(check: Callable[[], str | None], seconds: float = CHECK_SECONDS) -> str | None:
    """Run ``check`` in a child and return its answer: None when all is well, else a sentence.

    A child that dies or takes longer than ``seconds`` is a sentence too.
    """
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        _answer(check, writer)
    os.close(writer)
    answer = _read_answer(reader, seconds)
    os.close(reader)
    with contextlib.suppress(OSError):
        if answer is None:
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    if answer is None:
        return f"The check of the new configuration did not end within {seconds:g} s."
    if not answer:
        return "The check of the new configuration ended without an answer."
    return None if answer == b"+" else answer.decode(errors="replace")


def _answer(check: Callable[[], str | None], writer: int) -> NoReturn:
    """Run the check and end the process without the cleaning up that belongs to the parent."""
    try:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD, signal.SIGQUIT):
            signal.signal(number, signal.SIG_DFL)
        sentence = check()
        os.write(writer, b"+" if sentence is None else sentence.encode()[:4000])
    except BaseException as error:
        os.write(writer, f"The check failed: {error!r}".encode()[:4000])
    finally:
        os._exit(0)


def _read_answer(reader: int, seconds: float) -> bytes | None:
    """Read until the other side closes; None when that takes too long."""
    deadline, answer = time.monotonic() + seconds, b""
    while (left := deadline - time.monotonic()) > 0:
        if not select.select([reader], [], [], left)[0]:
            break
        more = os.read(reader, 4096)
        if not more:
            return answer
        answer += more
    return None
