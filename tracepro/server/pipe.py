"""The pipes between master and workers: a worker's word that it is ready, and the master's sign of life."""

from __future__ import annotations

import contextlib
import os


class Pipe:
    """A pipe made before the fork; each side keeps its own end."""

    def __init__(self) -> None:
        self.reader, self.writer = os.pipe()
        os.set_blocking(self.reader, False)

    def keep_reader(self) -> None:
        """Closes the writing end here."""
        self._close("writer")

    def keep_writer(self) -> None:
        """Closes the reading end here."""
        self._close("reader")

    def close(self) -> None:
        """Closes both ends here."""
        self._close("reader")
        self._close("writer")

    def _close(self, end: str) -> None:
        number = getattr(self, end)
        if number >= 0:
            setattr(self, end, -1)
            with contextlib.suppress(OSError):
                os.close(number)


class Report(Pipe):
    """What a worker tells the master: ``+`` when it serves, a sentence when it could not start.

    ``ended`` is True once the worker's end is closed: it has told what it had to tell, or died.
    """

    def __init__(self) -> None:
        super().__init__()
        self._heard = b""
        self.ended = False

    def ready(self) -> None:
        """Tells, in the worker, that it serves."""
        os.write(self.writer, b"+")

    def failed(self, sentence: str) -> None:
        """Tells, in the worker, why it can't start."""
        os.write(self.writer, sentence.encode()[:4000])

    def is_ready(self) -> bool:
        """Tells, in the master, whether the worker serves."""
        return self._listen().startswith(b"+")

    def sentence(self) -> str | None:
        """Gives, in the master, why the worker could not start."""
        heard = self._listen()
        return None if not heard or heard.startswith(b"+") else heard.decode(errors="replace")

    def _listen(self) -> bytes:
        with contextlib.suppress(OSError):
            while self.reader >= 0 and not self.ended:
                more = os.read(self.reader, 4096)
                self._heard += more
                self.ended = not more
        return self._heard
