"""Reading an ini file into sections of texts."""

from __future__ import annotations

import configparser
from pathlib import Path

from tracepro.findings import Findings

Sections = dict[str, dict[str, str]]


class _CaseKeepingParser(configparser.ConfigParser):
    def optionxform(self, optionstr: str) -> str:
        return optionstr


def read_ini(path: Path, findings: Findings) -> Sections:
    """Return the sections of a file as written; what can't be read is a finding and gives no sections.

    There is no interpolation and no section of defaults; keys keep their case, because some are names.
    """
    parser = _CaseKeepingParser(interpolation=None, default_section="")
    try:
        parser.read_string(path.read_text("utf-8-sig"), source=str(path))
        return {name: dict(parser.items(name)) for name in parser.sections()}
    except OSError as error:
        findings.error(f"{path} can't be read: {error.strerror}; fix the path or its permissions.")
    except UnicodeDecodeError as error:
        findings.error(f"{path} is not UTF-8 (byte {error.start}); save it as UTF-8.")
    except configparser.Error as error:
        findings.error(f"{path} is not an ini file: {_fault(error)}.")
    return {}


def _fault(error: configparser.Error) -> str:
    """Return what is wrong where, without quoting a line: it may hold a password."""
    match error:
        case configparser.MissingSectionHeaderError():
            return f"line {error.lineno} stands above the first [section]; write one before it"
        case configparser.ParsingError():
            lines = ", ".join(str(number) for number, _ in error.errors)
            return f"what stands in line {lines} is neither [section] nor key = value; fix it"
        case configparser.DuplicateOptionError():
            return (
                f"key {error.option} stands in [{error.section}] again in line {error.lineno}; take one out"
            )
        case configparser.DuplicateSectionError():
            return f"[{error.section}] begins again in line {error.lineno}; put all its keys together"
        case _:
            return "it can't be read; fix its form"
