"""``mdn fit`` with a training that takes no time."""

import re
import signal
import tempfile
import threading
from pathlib import Path

import pytest

from mdn_gui.cli.main import main
from tests.cli.conftest import FakeFit
from tests.cli.made import Said, done, model_in, told


def test_that_fit_passes_on_roles_and_settings(data_file: Path, fake_fit: FakeFit, capsys: Said) -> None:
    settings = ["--components", "7", "--no-standardize", "--schedule", "cosine", "--weight-averaging", "0.5"]
    for name in ("epochs", "noise", "weight-decay", "restarts"):
        settings += [f"--{name}", "automatic"]
    output = data_file.with_name("m.mdn")
    arguments = ["--x", "z, x", "--y", "y", "-o", str(output), "--preset", "tfp-example"]
    assert main(["fit", str(data_file), *arguments, *settings]) == 0
    assert fake_fit.calls
    dataset, model, training = fake_fit.calls[-1]
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
    assert main(["fit", str(data_file), "-o", str(data_file.with_name("m.mdn"))]) == 0
    assert fake_fit.calls
    assert (fake_fit.calls[-1][0].input_names, fake_fit.calls[-1][0].target_name) == (("x",), "y")


def test_that_a_column_with_a_comma_in_its_name_can_be_chosen(tmp_path: Path, fake_fit: FakeFit) -> None:
    data = tmp_path / "data.csv"
    data.write_text('"a, b",c,y\n1,2,3\n3,1,2\n', encoding="utf-8")
    for chosen, names in (("a, b", ("a, b",)), ('c,"a, b"', ("c", "a, b"))):
        assert main(["fit", str(data), "--x", chosen, "--y", "y", "-o", str(tmp_path / f"{len(names)}.mdn")]) == 0
        assert fake_fit.calls
        assert fake_fit.calls[-1][0].input_names == names


def test_that_a_place_that_cannot_be_written_is_refused_before_training(tmp_path: Path, fake_fit: FakeFit) -> None:
    assert main(["fit", "sample:mcycle", "-o", str(tmp_path / "gone" / "m.mdn")]) == 2
    assert not fake_fit.calls


def test_that_ctrl_c_stops_early_and_keeps_the_best_epoch(tmp_path: Path, fake_fit: FakeFit, capsys: Said) -> None:
    fake_fit.interrupts = 1
    before = signal.getsignal(signal.SIGINT)
    done("fit", "sample:mcycle", "-o", tmp_path / "m.mdn")
    assert fake_fit.was_stopped
    assert "best epoch 2 of 3 (stopped early)" in capsys.readouterr().err
    assert (tmp_path / "m.mdn").exists()
    assert signal.getsignal(signal.SIGINT) is before


def test_that_a_second_ctrl_c_leaves_without_a_file(tmp_path: Path, fake_fit: FakeFit, capsys: Said) -> None:
    fake_fit.interrupts = 2
    assert main(["fit", "sample:mcycle", "-o", str(tmp_path / "m.mdn")]) == 130
    assert "mdn: interrupted." in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("fake_fit")
def test_that_fit_works_in_a_thread_that_may_not_handle_signals(tmp_path: Path) -> None:
    codes: list[int] = []
    arguments = ["fit", "sample:mcycle", "-o", str(tmp_path / "m.mdn")]
    thread = threading.Thread(target=lambda: codes.append(main(arguments)))
    thread.start()
    thread.join()
    assert codes == [0]


def test_that_every_setting_has_an_option_with_its_help(capsys: Said) -> None:
    main(["fit", "--help"])
    out = " ".join(capsys.readouterr().out.split())
    for option in ("--components", "--hidden-layers", "--no-standardize", "--scale-floor", "--validation-fraction"):
        assert option in out
    assert "a component that is not needed gets no weight. From 1 to 64." in out
    assert "0 switches it off. Automatic falls with the number of rows" in out
    assert re.search(r"--noise NOISE .* From 0 to 1\.", out)


def test_that_what_hinders_the_saving_does_not_lose_the_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fake_fit: FakeFit, capsys: Said
) -> None:
    folder, elsewhere = tmp_path / "project", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(elsewhere))
    (folder / "m.mdn.bak").mkdir()  # nothing can take the place of a folder
    (folder / "m.mdn").write_bytes(b"old")
    assert main(["fit", "sample:mcycle", "-o", str(folder / "m.mdn"), "--overwrite"]) == 1
    said = capsys.readouterr().err
    assert "m.mdn was not saved" in said
    assert (folder / "m.mdn").read_bytes() == b"old"
    rescued = next(elsewhere.rglob("m.mdn"))
    assert f"What was trained is kept in {rescued}." in said
    assert model_in(rescued).provenance.num_rows == len(fake_fit.calls[0][0])


@pytest.mark.usefixtures("fake_fit")
def test_that_the_result_is_told_as_one_json_object(tmp_path: Path, capsys: Said) -> None:
    path = tmp_path / "m.mdn"
    done("fit", "sample:mcycle", "-o", path, "--json", "--name", "first", "--notes", "a, b")
    run = (said := told(capsys))["run"]
    assert said["output"] == str(path)
    assert said["bytes"] == path.stat().st_size
    assert (run["number"], run["name"], run["notes"], run["inputs"], run["target"]) == (
        *(1, "first", "a, b"),
        *(["times"], "accel"),
    )
    assert (run["nll"], run["best_epoch"], run["epochs"], run["stop_reason"]) == (0.3, 2, 3, "patience")
    assert run["settings"]["training"]["restarts"] is None


@pytest.mark.usefixtures("fake_fit")
def test_that_an_earlier_file_is_kept_beside_the_new_one(model_file: Path, capsys: Said) -> None:
    before = model_file.read_bytes()
    done("fit", "sample:mcycle", "-o", model_file, "--overwrite")
    assert f"saved in {model_file}, the file before it in {model_file}.bak" in capsys.readouterr().err
    assert Path(f"{model_file}.bak").read_bytes() == before
