"""The ``tracepro`` command: subcommands of the core and those that plugins bring."""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from typing import Any, Protocol, cast

from tracepro.cli.site import read_settings
from tracepro.findings import Findings, StartError
from tracepro.plugin.assembly import assemble
from tracepro.reserved import ACTIONS, COMMANDS
from tracepro.site import open_site
from tracepro_hookspecs import CallError, Command
from tracepro_hookspecs.declare import OPEN_COMMANDS

MODULES = {"import": "import_plant", "new-plugin": "new_plugin"}


class CommandModule(Protocol):
    """What a module of a subcommand of the core has."""

    def setup(self, parser: argparse.ArgumentParser) -> object:
        """Add the command's arguments; one that plugins may add actions to returns its actions."""

    def run(self, arguments: argparse.Namespace) -> int:
        """Run the command and return its exit code."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; what went wrong is one sentence on stderr."""
    words = list(sys.argv[1:] if argv is None else argv)
    umask = os.umask(0o077)  # whatever a command or a plugin makes is for the server's own user
    try:
        return _run(words)
    except BrokenPipeError:
        return _reader_gone()
    except (StartError, ValueError, OSError) as error:
        return _fail(str(error))
    except CallError as error:
        return _fail(error.info)
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        return _fail(
            f"tracepro {' '.join(words[:1])} failed because of a bug: {error!r} in {_location(error)}; report it to its author."
        )
    finally:
        os.umask(umask)


def _fail(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


def _reader_gone() -> int:
    """End quietly when ``| head`` has seen enough; Python would still complain when it flushes."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 141


def _location(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{frame.filename}:{frame.lineno}"


def _run(words: list[str]) -> int:
    chosen = next((word for word in words if not word.startswith("-")), None)
    core_alone = chosen in COMMANDS and chosen not in OPEN_COMMANDS
    contributed = {} if core_alone or "--version" in words else _contributed_commands(chosen)
    _refuse_unknown_action(words, chosen, contributed)
    arguments = _parser(chosen, contributed).parse_args(words)
    name = arguments.command
    if name in OPEN_COMMANDS:
        name = f"{name} {arguments.action}"
    if name in contributed:
        return _run_contributed(contributed[name], arguments)
    return _module(arguments.command).run(arguments)


def _refuse_unknown_action(words: list[str], chosen: str | None, contributed: dict[str, Command]) -> None:
    """Refuse an action that is none here with a sentence: its plugin may be off. Raises ValueError."""
    if chosen not in OPEN_COMMANDS:
        return
    known = [name.partition(" ")[2] for name in (*ACTIONS, *contributed) if name.startswith(f"{chosen} ")]
    action = next((word for word in words[words.index(chosen) + 1 :] if not word.startswith("-")), None)
    if action is not None and action not in known:
        raise ValueError(
            f"tracepro {chosen} has no action {action} here, only {', '.join(known)}; further ones come with plugins, such as "
            "seal, when they are enabled in plugins.ini."
        )


def _run_contributed(command: Command, arguments: argparse.Namespace) -> int:
    site = open_site(read_settings())
    try:
        return command.run(site, arguments) or 0
    finally:
        site.close()


def _contributed_commands(chosen: str | None) -> dict[str, Command]:
    """Return the commands of the plugins; none chosen means the help, which shows whatever can be loaded."""
    findings = Findings()
    try:
        assembly = assemble(read_settings(), findings)
    except StartError:
        if chosen is not None:
            raise
        return {}
    commands = {name: registered.declaration for name, registered in assembly.contributions.commands.items()}
    if chosen is not None and chosen not in commands:
        findings.stop_on_error()
    return commands


def _parser(chosen: str | None, contributed: dict[str, Command]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tracepro",
        description="A manufacturing execution server made of plugins.",
        epilog="TRACEPRO_PLUGINS and TRACEPRO_PARAMETERS name the two files, TRACEPRO_DATABASE the database.",
    )
    parser.add_argument("--version", action="version", version=f"tracepro {version('tracepro')}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, text in {**COMMANDS, **{name: each.help for name, each in contributed.items()}}.items():
        if " " in name:
            continue
        command = commands.add_parser(name, help=text, description=text)
        if name == chosen:
            setup = contributed[name].setup if name in contributed else _module(name).setup
            _add_actions(setup(command), name, contributed)
    return parser


def _add_actions(actions: Any, command: str, contributed: dict[str, Command]) -> None:
    """Add what plugins bring to a command of the core."""
    for name, each in contributed.items():
        if name.startswith(f"{command} "):
            each.setup(actions.add_parser(name.partition(" ")[2], help=each.help, description=each.help))


def _module(name: str) -> CommandModule:
    return cast(CommandModule, import_module(f"tracepro.cli.{MODULES.get(name, name)}"))
