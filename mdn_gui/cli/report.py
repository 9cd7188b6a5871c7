"""``mdn report``: one HTML file that says what was done, how good it is."""

import argparse

from mdn_gui.cli.output import check_place, put_json, say, writing, written
from mdn_gui.cli.projects import add_project, opened_run
from mdn_gui.files.report.page import save_report

SUMMARY = "write settings, pictures, tables, calibration of a run as one HTML file"
EXAMPLES = ("mdn report dose.mdn -o dose.html", "mdn report dose.mdn --run 2 -o second.html")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add_project(parser)
    parser.add_argument("-o", "--output", metavar="FILE", required=True, help="the HTML file to write")
    parser.add_argument("--json", action="store_true", help="tell what was written as one JSON object")


def run(options: argparse.Namespace) -> None:
    """Write it."""
    check_place(options.output)
    project, chosen = opened_run(options)
    with writing(options.output):
        save_report(options.output, project, chosen)
    say(f"report on run {chosen.number}, saved in {options.output}")
    if options.json:
        put_json(written(options.output, run=chosen.number))
