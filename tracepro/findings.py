"""What is wrong with an installation: sentences that are collected, so that all can be told at once."""

from __future__ import annotations

from dataclasses import dataclass


class StartError(Exception):
    """The server can't start; the text is the sentence that says what is wrong, where, and how to fix it."""


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong; a warning doesn't stop the start."""

    info: str
    warning: bool = False

    def __str__(self) -> str:
        return f"{'warning' if self.warning else 'error'}: {self.info}"


class Findings(list[Finding]):
    """Collects findings, so that one look tells everything that is wrong."""

    def error(self, info: str) -> None:
        """Add something that stops the start."""
        self._add(Finding(info))

    def warning(self, info: str) -> None:
        """Add something the server can run with."""
        self._add(Finding(info, warning=True))

    @property
    def errors(self) -> list[Finding]:
        """The findings that stop the start."""
        return [finding for finding in self if not finding.warning]

    @property
    def warnings(self) -> list[Finding]:
        """The findings the server can run with."""
        return [finding for finding in self if finding.warning]

    def stop_on_error(self) -> None:
        """Go on only without errors. Raises StartError with the first one, saying how many more there are."""
        errors = self.errors
        if errors:
            raise StartError(errors[0].info + _more(len(errors) - 1))

    def _add(self, finding: Finding) -> None:
        if finding not in self:
            self.append(finding)


def _more(count: int) -> str:
    if not count:
        return ""
    what = "is one more error" if count == 1 else f"are {count} more errors"
    return f" (There {what}; tracepro check tells all.)"
