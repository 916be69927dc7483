"""Why a backup can't be made or restored."""

from __future__ import annotations


class BackupError(ValueError):
    """A backup can't be made or restored; the text is the sentence that says why, and what to do."""
