"""The table that a command makes: to a file by its ending, else to standard output."""

import argparse
import io
from collections.abc import Iterable
from dataclasses import replace
from typing import TextIO

from mdn_gui.cli.output import check_place, put_json, put_out, say, writing, written
from mdn_gui.errors import ConfigError
from mdn_gui.files.table_formats import CSV, FORMATS, TableFormat, format_of, save_blocks
from mdn_gui.files.tables import Block, Outline

_BY_NAME = {each.ending.removeprefix("."): each for each in FORMATS}
_BINARY = frozenset({".xlsx", ".parquet"})


def add_table(parser: argparse.ArgumentParser) -> None:
    """Add the options that say where a table goes."""
    endings = ", ".join(each.ending for each in FORMATS)
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help=f"the file to write, by its ending: {endings}; standard output by default",
    )
    parser.add_argument("--format", choices=tuple(_BY_NAME), help="of standard output; csv by default")
    parser.add_argument(
        "--settings", action="store_true", help="begin standard output with where the numbers come from"
    )
    parser.add_argument(
        "--json", action="store_true", help="as --format json; with -o, tell what was written as one JSON object"
    )


def check_table(options: argparse.Namespace) -> None:
    """Make sure, before any work is done, that the table can go where it is asked for.

    Raises
    ------
    ConfigError
        When the format does not suit the place.
    SaveError
        When no file can be written there.
    """
    form = format_asked(options)
    if options.output is None:
        if form.ending in _BINARY:
            hint = f"Give a file, such as -o table{form.ending}."
            raise ConfigError(f"The format {options.format} cannot be written to standard output.", hint)
        return
    if form is not format_of(options.output):
        hint = f"Let the name end in {form.ending}, or leave out --format."
        raise ConfigError(f"The ending of {options.output} does not tell the format {options.format}.", hint)
    check_place(options.output)


def put_table(options: argparse.Namespace, outline: Outline, blocks: Iterable[Block], **facts: object) -> None:
    """Write a table whose rows come in blocks where it is asked for; ``facts`` are told as JSON beside the file.

    Raises
    ------
    OutputError
        When it cannot be written.
    """
    if options.output is None:
        outline = outline if options.settings else replace(outline, comments=())
        put_out(lambda output: _write(output, format_asked(options), outline, blocks))
        return
    with writing(options.output):
        save_blocks(options.output, outline, blocks)
    if options.json:
        put_json(written(options.output, columns=outline.names, **facts))
    else:
        say(f"saved in {options.output}")


def format_asked(options: argparse.Namespace) -> TableFormat:
    """Return the format that is asked for, by name or by the ending of the file."""
    if options.format is not None:
        return _BY_NAME[options.format]
    if options.output is not None:
        return format_of(options.output)
    return _BY_NAME["json"] if options.json else CSV


def _write(output: TextIO, form: TableFormat, outline: Outline, blocks: Iterable[Block]) -> None:
    if isinstance(output, io.TextIOWrapper):
        form.write(output.buffer, outline, blocks)
        output.buffer.flush()
        return
    collected = io.BytesIO()
    form.write(collected, outline, blocks)
    output.write(collected.getvalue().decode("utf-8"))
