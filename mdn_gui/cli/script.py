"""``mdn script``: a model as code that stands alone."""

import argparse

from mdn_gui.cli.output import check_place, put_json, say, writing, written
from mdn_gui.cli.projects import add_project, opened_run
from mdn_gui.files.onnx_model import onnx_content
from mdn_gui.files.saving import replace_file
from mdn_gui.files.script import python_script

SUMMARY = "write a model as a Python script, or as ONNX, that needs no mdn-gui"
EXAMPLES = (
    "mdn script dose.mdn --flavour tfp -o dose.py",
    "mdn script dose.mdn --flavour numpy --run 2 -o second.py",
)

_AS = {"tfp": "a TensorFlow Probability script", "numpy": "a NumPy script", "onnx": "an ONNX graph"}


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
    if options.flavour == "onnx":
        content = onnx_content(chosen.model)
    else:
        content = python_script(chosen.model, options.flavour).encode("utf-8", "replace")
    with writing(options.output):
        replace_file(options.output, lambda stream: stream.write(content))
    say(f"run {chosen.number} as {_AS[options.flavour]}, saved in {options.output}")
    if options.json:
        put_json(written(options.output, run=chosen.number, flavour=options.flavour))
