"""What all commands have in common: errors in one line, exit codes, help, nothing heavy."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mdn_gui import __version__
from mdn_gui.cli.main import main
from mdn_gui.cli.parser import COMMANDS, make_parser, with_joined_values
from tests.cli.made import Said

BAD_COMMANDS: dict[str, tuple[list[str], str]] = {
    "missing data": (["fit", "gone.csv", "-o", "n.mdn"], "mdn: There is no file gone.csv. Check the name"),
    "unknown sample": (["fit", "sample:spiral", "-o", "n.mdn"], "no sample named 'spiral'. Choose one of: cardioid"),
    "odd sample": (["fit", "sample:cardioid:many", "-o", "n.mdn"], "is not a sample. Write sample:KEY"),
    "long sample": (["fit", "sample:cardioid:9:9:9", "-o", "n.mdn"], "is not a sample. Write sample:KEY"),
    "few rows": (["fit", "sample:cardioid:1", "-o", "n.mdn"], "1 rows asked for. Ask for 2 to"),
    "no column": (
        ["fit", "sample:mcycle", "--x", "q", "--y", "accel", "-o", "n.mdn"],
        "has no column 'q'. Its columns",
    ),
    "x is y": (["fit", "sample:mcycle", "--x", "accel", "--y", "accel", "-o", "n.mdn"], "chosen twice. Choose"),
    "no x": (["fit", "sample:mcycle", "--x", "", "--y", "accel", "-o", "n.mdn"], "no input column is chosen. Choose"),
    "only x": (["fit", "sample:mcycle", "--x", "times", "-o", "n.mdn"], "Only one of --x and --y is given. Name both"),
    "no components": (["fit", "sample:mcycle", "-o", "n.mdn", "--components", "0"], "outside the allowed range. Give"),
    "odd epochs": (["fit", "sample:mcycle", "-o", "n.mdn", "--epochs", "ten"], "Epochs, max: 'ten' is not a whole"),
    "odd layers": (["fit", "sample:mcycle", "-o", "n.mdn", "--hidden-layers", "8;8"], "Layers: '8;8' is not whole"),
    "odd rate": (["fit", "sample:mcycle", "-o", "n.mdn", "--learning-rate", "nan"], "outside the allowed range. Give"),
    "odd decay": (
        ["fit", "sample:mcycle", "-o", "n.mdn", "--weight-decay", "auto"],
        "Weight decay: 'auto' is not",
    ),
    "odd noise": (["fit", "sample:mcycle", "-o", "n.mdn", "--noise", "x"], "Noise: 'x' is not a number."),
    "odd choice": (["fit", "sample:mcycle", "-o", "n.mdn", "--activation", "sin"], "is not a choice. Choose one of"),
    "no folder": (["fit", "sample:mcycle", "-o", "gone/m.mdn"], "there is no folder"),
    "a folder": (["fit", "sample:mcycle", "-o", "."], ". is a folder. Give the name of a file"),
    "missing model": (["params", "gone.mdn"], "gone.mdn cannot be opened: there is no such file. Check the name"),
    "no model": (["score", "d.csv", "d.csv"], "d.csv cannot be opened: it is not a project file. Choose"),
    "count 0": (["params", "m.mdn", "--at", "0:1:0"], "count of a grid is 0. Give a whole number"),
    "stop first": (["params", "m.mdn", "--at", "1:-1:5"], "stops at -1, before it starts at 1. Exchange"),
    "no grid": (["params", "m.mdn", "--at", "0,1,5"], "'0,1,5' is not a grid. Write it as START:STOP:COUNT"),
    "no such input": (["params", "m.mdn", "--x", "q"], "The model has no input 'q'. Its inputs are x"),
    "odd hold": (["params", "m.mdn", "--hold", "z"], "--hold 'z' cannot be read. Write NAME=VALUE"),
    "hold nothing": (["params", "m.mdn", "--hold", "x="], "--hold 'x=' cannot be read. Write NAME=VALUE"),
    "hold x": (["params", "m.mdn", "--hold", "x=1"], "'x' cannot be held"),
    "wrong columns": (["score", "m.mdn", "sample:mcycle"], "has no column 'x'. Its columns are 'times', 'accel'"),
    "no command": ([], "usage: mdn"),
    "unknown command": (["draw"], "invalid choice: 'draw'"),
    "unknown option": (["score", "m.mdn", "d.csv", "--fast"], "unrecognized arguments: --fast"),
    "no output": (["fit", "sample:mcycle"], "the following arguments are required: -o/--output"),
    "no grid text": (["params", "m.mdn", "--at"], "--at: expected one argument"),
}


@pytest.mark.parametrize("kind", BAD_COMMANDS)
@pytest.mark.usefixtures("model_file", "fake_fit")
def test_that_a_bad_command_says_what_is_wrong_and_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said, kind: str
) -> None:
    arguments, message = BAD_COMMANDS[kind]
    monkeypatch.chdir(tmp_path)
    Path("d.csv").write_text("x,y\n1,2\n2,3\n", encoding="utf-8")
    model = Path("m.mdn").read_bytes()
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert message in said.err
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.suffix == ".mdn"} == {"m.mdn": model}


def test_that_a_message_cannot_steer_the_terminal(capsys: Said) -> None:
    assert main(["score", "\x1b[2J.mdn", "d.csv"]) == 2
    assert "\x1b" not in capsys.readouterr().err


@pytest.mark.parametrize("command", COMMANDS)
def test_that_the_help_of_each_command_has_two_examples_that_it_understands(command: str, capsys: Said) -> None:
    assert main([command, "--help"]) == 0
    out = capsys.readouterr().out
    assert "130  interrupted" in out
    examples = [line.strip() for line in out.splitlines() if line.startswith(f"  mdn {command} ")]
    assert len(examples) == 2
    for example in examples:
        arguments = example.partition(" > ")[0].split()[1:]
        assert make_parser().parse_args(with_joined_values(arguments)).command is COMMANDS[command].run


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["fit", "--help"]])
def test_that_asking_about_the_program_is_no_error(arguments: list[str], capsys: Said) -> None:
    assert main(arguments) == 0
    out = capsys.readouterr().out
    assert __version__ in out if arguments == ["--version"] else "usage: mdn" in out


def test_that_arguments_come_from_the_process_when_none_are_given(
    monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    monkeypatch.setattr(sys, "argv", ["mdn", "--version"])
    assert main() == 0
    assert capsys.readouterr().out == f"mdn-gui {__version__}\n"


def test_that_reading_a_model_loads_neither_tensorflow_nor_qt(model_file: Path) -> None:
    code = (
        "import sys; from mdn_gui.cli.main import main; "
        f"assert main(['params', {str(model_file)!r}, '--at', '0:1:2']) == 0; "
        f"assert main(['score', {str(model_file)!r}, 'sample:cardioid:50']) == 0; "
        "print(sorted({'tensorflow', 'PySide6', 'pandas', 'mdn_gui.training'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def run_into(model_file: Path, output: Any) -> "subprocess.Popen[str]":
    code = f"import sys; from mdn_gui.cli.main import main; sys.exit(main(['params', {str(model_file)!r}]))"
    return subprocess.Popen([sys.executable, "-c", code], stdout=output, stderr=subprocess.PIPE, text=True)


def test_that_a_reader_who_leaves_is_no_traceback(model_file: Path) -> None:
    with run_into(model_file, subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 141


def test_that_output_on_a_full_disk_is_named(model_file: Path) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full, run_into(model_file, full) as process:
        assert process.stderr is not None
        said = process.stderr.read()
    assert said == ("mdn: the output cannot be written: No space left on device. Free some space or write elsewhere.\n")
    assert process.returncode == 1


@pytest.mark.parametrize("command", ["params", "predict"])
def test_that_the_help_can_be_read_on_any_terminal(command: str) -> None:
    for encoding, text in (("utf-8", "P(y ≤ C) given x is added"), ("ascii", "P(y ? C) given x is added")):
        environment = {**os.environ, "PYTHONIOENCODING": encoding, "COLUMNS": "200"}
        ran = subprocess.run(
            [sys.executable, "-m", "mdn_gui.cli.main", command, "--help"],
            capture_output=True,
            check=True,
            env=environment,
        )
        assert text in ran.stdout.decode(encoding)


@pytest.mark.parametrize("command", ["fit", "sweep"])
def test_that_the_help_says_when_runs_are_added_when_lost(command: str, capsys: Said) -> None:
    assert main([command, "--help"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "where it is DATA itself the new runs are added to it" in said
    assert "--overwrite let -o replace another project that holds runs" in said
