"""Writes that are done to their end and then taken back, so that each call of many meets the same plant."""


class _TakenBack(Exception):
    """Carries the result of a transaction out of it."""

    def __init__(self, result):
        super().__init__()
        self.result = result


class Rehearsal:
    """Has every write of a plant taken back when it would be committed, unless ``keeping``.

    ``before(db)`` is asked first in each transaction; what ``look(db)`` says at its end stands in ``seen``.
    """

    def __init__(self, plant, before, look):
        self._before, self._look = before, look
        self._really = plant.site.store.write_inline
        plant.site.store.write_inline = self._write
        self.keeping = False
        self.seen = []

    def _write(self, function):
        def to_its_end(db):
            self._before(db)
            result = function(db)
            self.seen.append(self._look(db))
            if self.keeping:
                return result
            raise _TakenBack(result)

        try:
            return self._really(to_its_end)
        except _TakenBack as end:
            return end.result

    def taken(self):
        """Return what was seen since the last time."""
        seen, self.seen = self.seen, []
        return seen
