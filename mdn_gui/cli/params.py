"""``mdn params``: the parameters of p(y given x) over a grid of x."""

import argparse

from mdn_gui.cli.places import add_line, add_questions, line_and_grid, questions_of
from mdn_gui.cli.projects import add_project, opened_run
from mdn_gui.cli.tables import add_table, check_table, put_table
from mdn_gui.files.export import parameter_table
from mdn_gui.files.tables import Outline

SUMMARY = "write weights, means, variances over a grid of x"
EXAMPLES = (
    "mdn params dose.mdn --at 0:10:101 > dose.csv",
    "mdn params dose.mdn --x age --hold dose=2.5 --quantiles 0.05,0.5,0.95 -o dose.xlsx",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add_project(parser)
    add_line(parser)
    add_questions(parser)
    add_table(parser)


def run(options: argparse.Namespace) -> None:
    """Write the table."""
    check_table(options)
    questions = questions_of(options)
    _, chosen = opened_run(options)
    line, grid = line_and_grid(options, chosen.model)
    table = parameter_table(chosen.model, grid, line, questions)
    put_table(options, Outline.of(table), [table.columns], run=chosen.number, rows=len(table))
