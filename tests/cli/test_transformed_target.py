"""The headless commands on a target that is transformed."""

import csv
import io
from pathlib import Path

import numpy as np
import pytest

from mdn_gui.cli.main import main
from tests.cli.made import model_in

SETTINGS = ["--epochs", "3", "--hidden-layers", "8", "--components", "2", "--batch-size", "50", "--restarts", "1"]
Said = pytest.CaptureFixture[str]


@pytest.fixture
def prices(tmp_path: Path) -> tuple[Path, np.ndarray]:
    """Write a table of log-normal prices; return its path with its rows."""
    rng = np.random.default_rng(0)
    x = rng.uniform(-1.0, 1.0, 200)
    rows = np.column_stack((x, np.exp(3.0 + x + 0.3 * rng.normal(size=200))))
    path = tmp_path / "prices.csv"
    np.savetxt(path, rows, delimiter=",", header="size,price", comments="", fmt="%.17g")
    return path, rows


def test_that_a_transformed_target_is_fitted_read_and_scored_in_its_own_units(
    tmp_path: Path, prices: tuple[Path, np.ndarray], capsys: Said
) -> None:
    data, rows = prices
    model_file = str(tmp_path / "p.mdn")
    roles = ["--x", "size", "--y", "price", "-o", model_file]
    assert main(["fit", str(data), *roles, "--target-transform", "log", *SETTINGS]) == 0
    model = model_in(model_file)
    assert model.model_config.target_transform == "log"
    capsys.readouterr()
    assert main(["score", model_file, str(data)]) == 0
    scores = dict(line.split() for line in capsys.readouterr().out.splitlines())
    mixture = model.conditional(rows[:, :1])
    assert float(scores["nll"]) == pytest.approx(-mixture.log_pdf(rows[:, 1]).mean(), rel=1e-12)
    assert float(scores["crps"]) == pytest.approx(mixture.crps(rows[:, 1]).mean(), rel=1e-12)
    assert main(["params", model_file, "--at", "-1:1:5", "--settings"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("# components: log-normal") for line in lines)
    table = list(csv.reader(io.StringIO("\n".join(line for line in lines if not line.startswith("#")))))
    means = np.array(table[1:], dtype=float)[:, table[0].index("mixture_mean")]
    np.testing.assert_array_equal(means, model.conditional(np.linspace(-1.0, 1.0, 5)[:, None]).mean())
    assert (means > 1.0).all()


def test_that_a_target_that_does_not_allow_the_transform_is_refused_in_one_line(
    tmp_path: Path, prices: tuple[Path, np.ndarray], capsys: Said
) -> None:
    data, _ = prices
    with data.open("a", encoding="utf-8") as stream:
        stream.write("0.5,-1\n")
    model_file = tmp_path / "p.mdn"
    roles = ["--x", "size", "--y", "price", "-o", str(model_file)]
    assert main(["fit", str(data), *roles, "--target-transform", "log", *SETTINGS]) == 2
    said = capsys.readouterr().err
    assert "The transform log needs values above 0; 1 of the 201 rows of 'price'" in said
    assert "-1 in row 201" in said
    assert "Traceback" not in said
    assert not model_file.exists()


def test_that_a_transform_that_there_is_not_is_refused(
    tmp_path: Path, prices: tuple[Path, np.ndarray], capsys: Said
) -> None:
    roles = ["--x", "size", "--y", "price", "-o", str(tmp_path / "p.mdn")]
    assert main(["fit", str(prices[0]), *roles, "--target-transform", "sqrt"]) == 2
    assert "Transform y: 'sqrt' is not a choice. Choose one of: none, log, logit." in capsys.readouterr().err
