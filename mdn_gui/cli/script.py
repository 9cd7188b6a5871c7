"""``mdn script``: a model as code that stands alone."""

import argparse

from mdn_gui.cli.output import check_place, put_json, say, writing, written
from mdn_gui.cli.projects import add_project, opened_run
from mdn_gui.files.onnx_model import save_onnx
from mdn_gui.files.script import save_script

SUMMARY = "write a model as a Python script, or as ONNX, that needs no mdn-gui"
EXAMPLES = (
    "mdn script dose.mdn --flavour tfp -o dose.py",
    "mdn script dose.mdn --flavour numpy --run 2 -o second.py",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add_project(parser)
    parser.add_argument(
        "--flavour",
        choices=("tfp", "numpy", "onnx"),
        default="numpy",
        help="a script for TensorFlow Probability, a script for NumPy alone, or a graph for ONNX; numpy by default",
    )
    parser.add_argument("-o", "--output", metavar="FILE", required=True, help="the file to write: .py, .onnx")
    parser.add_argument("--json", action="store_true", help="tell what was written as one JSON object")


def run(options: argparse.Namespace) -> None:
    """Write it."""
    check_place(options.output)
    _, chosen = opened_run(options)
    with writing(options.output):
        if options.flavour == "onnx":
            save_onnx(options.output, chosen.model)
        else:
            save_script(options.output, chosen.model, options.flavour)
    say(f"run {chosen.number} for {options.flavour}, saved in {options.output}")
    if options.json:
        put_json(written(options.output, run=chosen.number, flavour=options.flavour))
