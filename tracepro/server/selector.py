"""What the event loop waits with: it leaves the floor to others while nothing is to be done."""

from __future__ import annotations

from selectors import DefaultSelector, SelectorKey

from tracepro.floor import OPEN_FLOOR, Floor


class FloorSelector(DefaultSelector):
    """A selector of the system whose loop has the floor while it runs."""

    floor: Floor = OPEN_FLOOR

    def select(self, timeout: float | None = None) -> list[tuple[SelectorKey, int]]:
        """Return what has come.

        While somebody else works the loop waits for that first, though not for long: whatever came meanwhile would only make
        it wait for the lock of the interpreter.
        """
        floor = self.floor
        if timeout is not None and timeout <= 0:
            return super().select(timeout)
        floor.leave()
        if floor.taken:
            floor.take()
            if come := super().select(0):
                return come
            floor.leave()
        come = super().select(timeout)
        floor.take()
        return come
