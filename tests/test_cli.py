"""The headless commands, in process."""

import csv
import io
import os
import re
import signal
import subprocess
import sys
import threading
import types
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mdn_gui import __version__, cli
from mdn_gui.core import diagnostics
from mdn_gui.core.grid import GridSpec
from mdn_gui.core.metrics import EpochMetrics, StopReason, TrainingHistory
from mdn_gui.core.samples import sample
from mdn_gui.files.export import parameter_table
from mdn_gui.files.project import load_model, save_model
from tests.files.models import HISTORY, random_model

Said = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def environment() -> Iterator[None]:
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def model_file(tmp_path: Path) -> Path:
    path = tmp_path / "m.mdn"
    save_model(path, random_model())
    return path


@pytest.fixture
def data_file(tmp_path: Path) -> Path:
    path = tmp_path / "data.csv"
    path.write_text("row,x,z,y\n1,1,5,2\n2,2,7,3.5\n3,NA,1,4\n4,3,9,1\n", encoding="utf-8")
    return path


class FakeFit:
    """Stands in for training: notes what it was asked, yields two epochs, returns a random model."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, interrupts: int = 0) -> None:
        self.interrupts = interrupts
        self.asked: tuple[Any, Any, Any] | None = None
        self.was_stopped = False
        module = types.ModuleType("mdn_gui.training.fit")
        module.fit = self
        monkeypatch.setitem(sys.modules, "mdn_gui.training.fit", module)

    def __call__(
        self, dataset: Any, model: Any, training: Any, *, stop: threading.Event
    ) -> Generator[EpochMetrics, None, Any]:
        self.asked = (dataset, model, training)
        yield EpochMetrics(1, 3, 1.5, 1.6, 1, None, 1.0)
        for _ in range(self.interrupts):
            signal.raise_signal(signal.SIGINT)
        self.was_stopped = stop.is_set()
        yield EpochMetrics(2, 3, 0.25, 0.3, 2, None, 2.0)
        reason = StopReason.STOPPED if self.was_stopped else StopReason.PATIENCE
        return random_model(history=TrainingHistory(HISTORY.train_nll, HISTORY.validation_nll, 2, reason, 2.0))


@pytest.fixture
def fake_fit(monkeypatch: pytest.MonkeyPatch) -> FakeFit:
    return FakeFit(monkeypatch)


def test_that_fit_params_and_score_work_together_on_real_training(tmp_path: Path, capsys: Said) -> None:
    path = str(tmp_path / "c.mdn")
    settings = ["--epochs", "2", "--hidden-layers", "8", "--components", "3", "--seed", "5", "--batch-size", "100"]
    assert cli.main(["fit", "sample:cardioid:300", "--x", "x", "--y", "y", "-o", path, *settings]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert f"saved in {path}" in said.err
    model = load_model(path)
    assert (model.num_components, model.training_config.seed, model.provenance.num_rows) == (3, 5, 300)
    assert os.environ["TF_CPP_MIN_LOG_LEVEL"] == "3"
    assert cli.main(["score", path, "sample:cardioid:500:1"]) == 0
    scores = dict(line.split() for line in capsys.readouterr().out.splitlines())
    dataset = sample("cardioid").table(500, 1).select(["x"], "y").dataset
    mixture = model.conditional(dataset.x)
    assert scores["rows"] == "500"
    assert float(scores["nll"]) == -mixture.log_pdf(dataset.y).mean()
    assert float(scores["crps"]) == mixture.crps(dataset.y).mean()


def test_that_fit_passes_on_roles_and_settings(data_file: Path, fake_fit: FakeFit, capsys: Said) -> None:
    settings = ["--components", "7", "--no-standardize", "--schedule", "cosine", "--weight-averaging", "0.5"]
    for name in ("epochs", "noise", "weight-decay", "restarts"):
        settings += [f"--{name}", "automatic"]
    output = data_file.with_name("m.mdn")
    arguments = ["--x", "z, x", "--y", "y", "-o", str(output), "--preset", "tfp-example"]
    assert cli.main(["fit", str(data_file), *arguments, *settings]) == 0
    assert fake_fit.asked is not None
    dataset, model, training = fake_fit.asked
    assert dataset.input_names == ("z", "x")
    assert dataset.target_name == "y"
    assert dataset.x.tolist() == [[5, 1], [7, 2], [9, 3]]
    assert (model.num_components, model.standardize, model.activation) == (7, False, "relu")
    assert (training.epochs, training.noise, training.weight_decay, training.restarts) == (None,) * 4
    assert (training.schedule, training.batch_size, training.weight_averaging) == ("cosine", 100, 0.5)
    lines = capsys.readouterr().err.splitlines()
    assert lines == [
        "data.csv: 3 rows, z, x -> y; delimiter: comma",
        "1 of 4 rows left out: 1 empty x (row 3)",
        f"best epoch 2 of 3 (no better epoch followed): validation NLL 0.3 nats a row; saved in {output}",
    ]


def test_that_fit_proposes_roles_where_none_are_given(data_file: Path, fake_fit: FakeFit) -> None:
    assert cli.main(["fit", str(data_file), "-o", str(data_file.with_name("m.mdn"))]) == 0
    assert fake_fit.asked is not None
    assert (fake_fit.asked[0].input_names, fake_fit.asked[0].target_name) == (("x",), "y")


def test_that_a_column_with_a_comma_in_its_name_can_be_chosen(tmp_path: Path, fake_fit: FakeFit) -> None:
    data = tmp_path / "data.csv"
    data.write_text('"a, b",c,y\n1,2,3\n3,1,2\n', encoding="utf-8")
    for chosen, names in (("a, b", ("a, b",)), ('c,"a, b"', ("c", "a, b"))):
        assert cli.main(["fit", str(data), "--x", chosen, "--y", "y", "-o", str(tmp_path / "m.mdn")]) == 0
        assert fake_fit.asked is not None
        assert fake_fit.asked[0].input_names == names


def test_that_a_place_that_cannot_be_written_is_refused_before_training(tmp_path: Path, fake_fit: FakeFit) -> None:
    assert cli.main(["fit", "sample:mcycle", "-o", str(tmp_path / "gone" / "m.mdn")]) == 2
    assert fake_fit.asked is None


def test_that_ctrl_c_stops_early_and_keeps_the_best_epoch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    fake = FakeFit(monkeypatch, interrupts=1)
    before = signal.getsignal(signal.SIGINT)
    assert cli.main(["fit", "sample:mcycle", "-o", str(tmp_path / "m.mdn")]) == 0
    assert fake.was_stopped
    assert "best epoch 2 of 3 (stopped early)" in capsys.readouterr().err
    assert (tmp_path / "m.mdn").exists()
    assert signal.getsignal(signal.SIGINT) is before


def test_that_a_second_ctrl_c_leaves_without_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    FakeFit(monkeypatch, interrupts=2)
    assert cli.main(["fit", "sample:mcycle", "-o", str(tmp_path / "m.mdn")]) == 130
    assert "mdn: interrupted." in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("fake_fit")
def test_that_fit_works_in_a_thread_that_may_not_handle_signals(tmp_path: Path) -> None:
    codes: list[int] = []
    arguments = ["fit", "sample:mcycle", "-o", str(tmp_path / "m.mdn")]
    thread = threading.Thread(target=lambda: codes.append(cli.main(arguments)))
    thread.start()
    thread.join()
    assert codes == [0]


@pytest.mark.usefixtures("fake_fit")
def test_that_progress_is_one_line_on_a_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stderr", terminal)
    assert cli.main(["fit", "sample:mcycle", "-o", str(tmp_path / "m.mdn")]) == 0
    shown = terminal.getvalue()
    assert "\repoch 1/3  train 1.5000  validation 1.6000  best 1  at most 2 s left" in shown
    assert shown.count("\n") == 2  # the rows, the result


def test_that_params_writes_pure_csv(model_file: Path, capsys: Said) -> None:
    assert cli.main(["params", str(model_file), "--at", "-1.5:2:4"]) == 0
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    expected = parameter_table(load_model(model_file), GridSpec(-1.5, 2.0, 4))
    assert tuple(rows[0]) == expected.names
    assert np.array_equal(np.array(rows[1:], dtype=float), np.column_stack(expected.columns))


def test_that_params_covers_the_data_by_default(model_file: Path, capsys: Said) -> None:
    assert cli.main(["params", str(model_file)]) == 0
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    low, _, high = load_model(model_file).provenance.input_ranges[0]
    assert len(rows) == 1001
    assert (float(rows[1][0]), float(rows[-1][0])) == (low, high)


def test_that_params_begins_with_the_settings_when_asked(model_file: Path, capsys: Said) -> None:
    assert cli.main(["params", str(model_file), "--at", "0:1:2", "--settings"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("# mdn-gui")
    assert "# num_components: 3" in lines
    assert len([line for line in lines if not line.startswith("# ")]) == 3


def test_that_params_moves_one_input_and_holds_the_others(tmp_path: Path, capsys: Said) -> None:
    path = tmp_path / "m.mdn"
    save_model(path, random_model(names=("a", "b", "c=d")))
    assert cli.main(["params", str(path), "--at", "0:1:2", "--x", "b", "--hold", "c=d=-4.5"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [float(row["b"]) for row in rows] == [0, 1]
    assert {float(row["c=d"]) for row in rows} == {-4.5}
    assert {float(row["a"]) for row in rows} == {load_model(path).provenance.input_ranges[0, 1]}


def test_that_score_counts_what_it_left_out(model_file: Path, data_file: Path, capsys: Said) -> None:
    assert cli.main(["score", str(model_file), str(data_file)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["rows 3", "left_out 1"]
    assert [line.split()[0] for line in lines][:4] == ["rows", "left_out", "nll", "crps"]


def test_that_score_tells_calibration_with_standard_errors(model_file: Path, capsys: Said) -> None:
    assert cli.main(["score", str(model_file), "sample:cardioid:300"]) == 0
    scores = {name: float(value) for name, value in (line.split() for line in capsys.readouterr().out.splitlines())}
    coverages = [f"coverage_{kind}_{mass}" for kind in ("central", "hdr") for mass in ("0.5", "0.8", "0.9", "0.95")]
    assert set(scores) == {
        *("rows", "left_out", "nll", "crps", "nll_se", "crps_se", "pit_ks", "pit_p"),
        *(name + ending for name in coverages for ending in ("", "_se")),
    }
    dataset = sample("cardioid").table(300).complete_rows(("x",), "y").dataset
    mixture = load_model(model_file).conditional(dataset.x)
    assert scores["nll_se"] == pytest.approx(mixture.log_pdf(dataset.y).std(ddof=1) / np.sqrt(300))
    lower, upper = mixture.quantile([0.25, 0.75]).T
    assert scores["coverage_central_0.5"] == ((lower <= dataset.y) & (dataset.y <= upper)).mean()
    regions = zip(mixture.hdr(0.5), dataset.y, strict=True)
    assert scores["coverage_hdr_0.5"] == np.mean([((ends[:, 0] <= y) & (y <= ends[:, 1])).any() for ends, y in regions])


def test_that_scores_do_not_depend_on_the_blocks(
    model_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    arguments = ["score", str(model_file), "sample:cardioid:300"]
    assert cli.main(arguments) == 0
    whole = capsys.readouterr().out
    monkeypatch.setattr(diagnostics, "_ROWS_AT_ONCE", 64)
    assert cli.main(arguments) == 0
    assert capsys.readouterr().out == whole


def test_that_constant_columns_can_be_scored(model_file: Path, tmp_path: Path, capsys: Said) -> None:
    (tmp_path / "d.csv").write_text("x,y\n1,2\n1,2\n", encoding="utf-8")
    assert cli.main(["score", str(model_file), str(tmp_path / "d.csv")]) == 0
    assert "rows 2" in capsys.readouterr().out


BAD_COMMANDS: dict[str, tuple[list[str], str]] = {
    "missing data": (["fit", "gone.csv", "-o", "m.mdn"], "mdn: There is no file gone.csv. Check the name"),
    "unknown sample": (["fit", "sample:spiral", "-o", "m.mdn"], "no sample named 'spiral'. Choose one of: cardioid"),
    "odd sample": (["fit", "sample:cardioid:many", "-o", "m.mdn"], "is not a sample. Write sample:KEY"),
    "long sample": (["fit", "sample:cardioid:9:9:9", "-o", "m.mdn"], "is not a sample. Write sample:KEY"),
    "few rows": (["fit", "sample:cardioid:1", "-o", "m.mdn"], "1 rows asked for. Ask for 2 to"),
    "no column": (
        ["fit", "sample:mcycle", "--x", "q", "--y", "accel", "-o", "m.mdn"],
        "has no column 'q'. Its columns",
    ),
    "x is y": (["fit", "sample:mcycle", "--x", "accel", "--y", "accel", "-o", "m.mdn"], "chosen twice. Choose"),
    "no x": (["fit", "sample:mcycle", "--x", "", "--y", "accel", "-o", "m.mdn"], "no input column is chosen. Choose"),
    "only x": (["fit", "sample:mcycle", "--x", "times", "-o", "m.mdn"], "Only one of --x and --y is given. Name both"),
    "no components": (["fit", "sample:mcycle", "-o", "m.mdn", "--components", "0"], "outside the allowed range. Give"),
    "odd epochs": (["fit", "sample:mcycle", "-o", "m.mdn", "--epochs", "ten"], "Epochs, max: 'ten' is not a whole"),
    "odd layers": (["fit", "sample:mcycle", "-o", "m.mdn", "--hidden-layers", "8;8"], "Layers: '8;8' is not whole"),
    "odd rate": (["fit", "sample:mcycle", "-o", "m.mdn", "--learning-rate", "nan"], "outside the allowed range. Give"),
    "odd decay": (
        ["fit", "sample:mcycle", "-o", "m.mdn", "--weight-decay", "auto"],
        "Weight decay: 'auto' is not",
    ),
    "odd noise": (["fit", "sample:mcycle", "-o", "m.mdn", "--noise", "x"], "Noise: 'x' is not a number."),
    "odd choice": (["fit", "sample:mcycle", "-o", "m.mdn", "--activation", "sin"], "is not a choice. Choose one of"),
    "no folder": (["fit", "sample:mcycle", "-o", "gone/m.mdn"], "there is no folder"),
    "a folder": (["fit", "sample:mcycle", "-o", "."], ". is a folder. Give the name of a file"),
    "missing model": (["params", "gone.mdn"], "gone.mdn cannot be opened: there is no such file. Check the name"),
    "no model": (["score", "d.csv", "d.csv"], "d.csv cannot be opened: it is not a model file. Choose"),
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
    assert cli.main(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert message in said.err
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.suffix == ".mdn"} == {"m.mdn": model}


def test_that_a_message_cannot_steer_the_terminal(capsys: Said) -> None:
    assert cli.main(["score", "\x1b[2J.mdn", "d.csv"]) == 2
    assert "\x1b" not in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["fit", "--help"]])
def test_that_asking_about_the_program_is_no_error(arguments: list[str], capsys: Said) -> None:
    assert cli.main(arguments) == 0
    out = capsys.readouterr().out
    assert __version__ in out if arguments == ["--version"] else "usage: mdn" in out


def test_that_every_setting_has_an_option_with_its_help(capsys: Said) -> None:
    cli.main(["fit", "--help"])
    out = " ".join(capsys.readouterr().out.split())
    for option in ("--components", "--hidden-layers", "--no-standardize", "--scale-floor", "--validation-fraction"):
        assert option in out
    assert "a component that is not needed gets no weight. From 1 to 64." in out
    assert "0 switches it off. Automatic falls with the number of rows" in out
    assert re.search(r"--noise NOISE .* From 0 to 1\.", out)


def test_that_arguments_come_from_the_process_when_none_are_given(
    monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    monkeypatch.setattr(sys, "argv", ["mdn", "--version"])
    assert cli.main() == 0
    assert capsys.readouterr().out == f"mdn-gui {__version__}\n"


def test_that_reading_a_model_loads_neither_tensorflow_nor_qt(model_file: Path) -> None:
    code = (
        "import sys; from mdn_gui import cli; "
        f"assert cli.main(['params', {str(model_file)!r}, '--at', '0:1:2']) == 0; "
        f"assert cli.main(['score', {str(model_file)!r}, 'sample:cardioid:50']) == 0; "
        "print(sorted({'tensorflow', 'PySide6', 'pandas', 'mdn_gui.training'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def run_into(model_file: Path, output: Any) -> "subprocess.Popen[str]":
    code = f"import sys; from mdn_gui import cli; sys.exit(cli.main(['params', {str(model_file)!r}]))"
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
