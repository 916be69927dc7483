"""Regular expressions of a site: compiled by RE2, with groups of the same name in several alternatives.

RE2 reports only the first group of a name. Here each gets a name of its own, and the one that took part is read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from tracepro.patterns import compiled

LONGEST_PATTERN = 500
_TOKEN = re.compile(
    r"\\Q.*?(?:\\E|$)|\\."  # quoted and escaped characters
    r"|\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]"  # classes of characters
    r"|\(\?P?<(?P<name>\w+)>|(?P<open>\()|(?P<close>\))(?P<optional>\?|\*|\{0)?|(?P<bar>\|)",
    re.DOTALL,
)


@dataclass
class _Group:
    """An open group: the names that each of its alternatives so far is sure to match."""

    name: str | None = None
    alternatives: list[set[str]] = field(default_factory=lambda: [set()])


class Pattern:
    """A compiled expression. Raises ValueError, the end of a sentence, when it is not one or may lack a required group."""

    def __init__(self, text: str, required: Sequence[str]) -> None:
        if len(text) > LONGEST_PATTERN:
            raise ValueError(f"is longer than {LONGEST_PATTERN} characters; make it shorter.")
        renamed, sure = _read(text)
        try:
            self._compiled = compiled(renamed)
        except ValueError as error:
            raise ValueError(re.sub(r"__\d+>", ">", str(error))) from None
        for group in required:
            if group not in sure:
                where = "in one of its alternatives " if f"<{group}>" in text else ""
                raise ValueError(f"has {where}no group (?P<{group}>…); name what stands for it.")

    def read(self, text: str) -> dict[str, str] | None:
        """Return what the groups read from a whole text, those only that took part; None when it does not match."""
        match = self._compiled.fullmatch(text)
        if match is None:
            return None
        return {name.rpartition("__")[0]: found for name, found in match.groupdict().items() if found}


def _read(text: str) -> tuple[str, set[str]]:
    """Return an expression with its groups numbered (``name__1``), and the names that every match has."""
    open_groups, renamed, end = [_Group()], [], 0
    for token in _TOKEN.finditer(text):
        renamed += [text[end : token.start()], token.group()]
        end = token.end()
        if token["name"] or token["open"]:
            open_groups.append(_Group(token["name"]))
        if token["name"]:
            renamed[-1] = f"(?P<{token['name']}__{len(renamed)}>"
        elif token["bar"]:
            open_groups[-1].alternatives.append(set())
        elif token["close"] and len(open_groups) > 1:
            sure = _sure(open_groups.pop())
            open_groups[-1].alternatives[-1] |= set() if token["optional"] else sure
    return "".join([*renamed, text[end:]]), _sure(open_groups[0])


def _sure(group: _Group) -> set[str]:
    sure = set.intersection(*group.alternatives)
    return sure | {group.name} if group.name else sure
