"""What ``mdn`` understands: the commands in one table."""

import argparse
from collections.abc import Callable, Sequence
from typing import Protocol, cast

from mdn_gui import __version__
from mdn_gui.cli import fit, info, params, predict, report, sample, score, script, sweep
from mdn_gui.cli.exits import IN_WORDS


class Command(Protocol):
    """What the module of a command offers."""

    SUMMARY: str
    EXAMPLES: tuple[str, ...]

    @property
    def add_arguments(self) -> Callable[[argparse.ArgumentParser], None]:
        """Declares what the command takes."""

    @property
    def run(self) -> Callable[[argparse.Namespace], None]:
        """Executes it; raises UserError, OutputError."""


COMMANDS = {
    "fit": fit,
    "sweep": sweep,
    "params": params,
    "predict": predict,
    "score": score,
    "sample": sample,
    "script": script,
    "report": report,
    "info": info,
}

_SIGNED = frozenset({"--at", "--below"})


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of every command; what it makes has the function to call as ``command``."""
    parser = argparse.ArgumentParser(
        prog="mdn",
        description="Fit, read, score a conditional density p(y given x), without a window.",
        epilog=f"mdn COMMAND --help says more, with examples.\n\n{IN_WORDS}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"mdn-gui {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar=" | ".join(COMMANDS))
    for name, module in COMMANDS.items():
        command = cast("Command", module)
        examples = "\n".join(f"  {example}" for example in command.EXAMPLES)
        added = commands.add_parser(
            name,
            help=command.SUMMARY,
            description=f"{command.SUMMARY[0].upper()}{command.SUMMARY[1:]}.",
            epilog=f"examples:\n{examples}\n\n{IN_WORDS}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        command.add_arguments(added)
        added.set_defaults(command=command.run)
    return parser


def with_joined_values(argv: Sequence[str]) -> list[str]:
    """Join ``--at -4:4:100`` to one argument; argparse would take the value for an option."""
    joined: list[str] = []
    for argument in argv:
        if joined and joined[-1] in _SIGNED:
            joined[-1] = f"{joined[-1]}={argument}"
        else:
            joined.append(argument)
    return joined
