"""The built-in samples."""

import subprocess
import sys

import numpy as np
import pytest

from mdn_gui.core.samples import SAMPLES, sample
from mdn_gui.errors import DataError


def test_that_every_sample_opens_with_roles_that_can_be_learned_from() -> None:
    for each in SAMPLES:
        table = each.table()
        assert table.proposed_roles() == ((each.input_name,), each.target_name)
        selection = table.select(*table.proposed_roles())
        assert selection.num_left_out == 0
        assert each.title == table.title
        assert each.source in selection.dataset.source
        assert each.description.endswith(".")


def test_that_keys_are_unique_and_the_four_samples_are_there() -> None:
    assert [each.key for each in SAMPLES] == ["cardioid", "inverse-sine", "mcycle", "faithful"]


def test_that_the_cardioid_lies_on_its_curve_within_its_noise() -> None:
    selection = sample("cardioid").table().select(["x"], "y")
    x, y = selection.dataset.x[:, 0], selection.dataset.y
    t = np.linspace(-np.pi, np.pi, 2001)
    radius = 2.0 * (1.0 - np.cos(t))
    curve = np.column_stack([radius * np.sin(t), radius * np.cos(t)])
    distance = np.sqrt(((np.column_stack([x, y])[:, None, :] - curve) ** 2).sum(axis=2)).min(axis=1)
    assert len(y) == 2000
    assert distance.max() < 0.5
    assert 0.08 < np.sqrt(np.mean(distance**2)) < 0.12  # one of two noise directions


def test_that_the_inverse_sine_stays_within_its_hard_edges() -> None:
    dataset = sample("inverse-sine").table(5000, 3).select(["x"], "y").dataset
    away = dataset.x[:, 0] - dataset.y - 0.3 * np.sin(2 * np.pi * dataset.y)
    assert len(dataset) == 5000
    assert 0.095 < np.abs(away).max() <= 0.1
    assert dataset.y.min() >= 0.0
    assert dataset.y.max() <= 1.0


@pytest.mark.parametrize("key", ["cardioid", "inverse-sine"])
def test_that_a_simulated_sample_follows_from_its_seed(key: str) -> None:
    first, again, other = (sample(key).table(100, seed) for seed in (1, 1, 2))
    assert sample(key).is_simulated
    assert all(np.array_equal(a.values, b.values) for a, b in zip(first.columns, again.columns, strict=True))
    assert not np.array_equal(first.columns[0].values, other.columns[0].values)
    assert "seed = 1" in first.source


@pytest.mark.parametrize(
    ("key", "names", "rows", "first"),
    [
        ("mcycle", ["times", "accel"], 133, (2.4, 0.0)),
        ("faithful", ["waiting", "eruptions"], 272, (79.0, 3.6)),
    ],
)
def test_that_a_recorded_sample_holds_the_published_rows(
    key: str, names: list[str], rows: int, first: tuple[float, float]
) -> None:
    table = sample(key).table()
    assert [column.name for column in table.columns] == names
    assert table.num_rows == rows
    assert tuple(column.values[0] for column in table.columns) == first
    assert not sample(key).is_simulated


def test_that_an_unknown_key_is_answered_with_the_known_ones() -> None:
    with pytest.raises(DataError, match="no sample named 'spiral'") as caught:
        sample("spiral")
    assert "cardioid, inverse-sine, mcycle, faithful" in caught.value.hint


@pytest.mark.parametrize(("rows", "seed", "hint"), [(1, 0, "2 to"), (10**8, 0, "2 to"), (10, -1, "whole number")])
def test_that_an_impossible_simulation_is_refused(rows: int, seed: int, hint: str) -> None:
    with pytest.raises(DataError, match="Noisy cardioid") as caught:
        sample("cardioid").table(rows, seed)
    assert hint in caught.value.hint


def test_that_the_number_of_recorded_rows_cannot_be_chosen() -> None:
    with pytest.raises(DataError, match="recorded") as caught:
        sample("mcycle").table(50)
    assert caught.value.hint


def test_that_importing_the_samples_loads_neither_scipy_nor_pandas() -> None:
    code = "import sys, mdn_gui.core.samples; print(sorted({'scipy', 'pandas', 'tensorflow'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
