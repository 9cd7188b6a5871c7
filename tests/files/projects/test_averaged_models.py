"""Runs of averaged networks."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.network import NetworkAverage
from tests.files.models import HISTORY, random_model
from tests.files.projects.archives import assert_refused, change_run, description
from tests.files.projects.test_models import load, save

SHARES = (0.5, 0.3, 1.0 - 0.5 - 0.3)


def averaged_model(shares: tuple[float, ...] = SHARES) -> FittedModel:
    members = tuple(random_model(seed, components=2, hidden=(3,)).network.members[0] for seed in range(len(shares)))
    history = replace(HISTORY, rollbacks=2, kept_nll=0.1 + 0.2)
    return replace(random_model(components=2, hidden=(3,), history=history), network=NetworkAverage(members, shares))


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "m.mdn"
    save(path, averaged_model())
    return path


def change_shares(path: Path, shares: object) -> None:
    change_run(path, lambda manifest: manifest["network"].update(shares=shares))


def test_that_an_average_comes_back_with_the_same_bits(saved: Path) -> None:
    model, again = averaged_model(), load(saved)
    assert isinstance(again.network, NetworkAverage)
    assert again.network.shares == SHARES
    assert again.num_components == 6
    for member, other in zip(again.network.members, model.network.members, strict=True):
        for name in ("kernels", "biases"):
            for array, expected in zip(getattr(member, name), getattr(other, name), strict=True):
                assert array.tobytes() == expected.tobytes()
    x = np.random.default_rng(0).normal(size=(50, 1)) * 10
    first, second = model.conditional(x), again.conditional(x)
    for name in ("weights", "locs", "scales"):
        assert getattr(first, name).tobytes() == getattr(second, name).tobytes()
    assert again.history == model.history


@pytest.mark.parametrize(
    "shares",
    [
        [],
        [0.5, 0.3],
        [0.5, 0.3, 0.1],
        [0.5, 0.3, -0.2],
        [1.0, 0.0, 0.0],
        [0.5, 0.3, "0.2"],
        [0.5, 0.3, True],
        [0.5, 0.3, [0.2]],
        [2.0, -0.5, -0.5],
        {"0": 1.0},
        "1.0",
        1.0,
        None,
        [1e-3] * 1000,
        [1 / 40] * 40,
    ],
)
def test_that_shares_that_are_not_those_of_the_networks_are_refused(saved: Path, shares: object) -> None:
    change_shares(saved, shares)
    assert_refused(saved, r"network\.shares|weights\.f32 has")


def test_that_shares_in_another_order_are_noticed(saved: Path) -> None:
    change_shares(saved, SHARES[::-1])
    assert_refused(saved, "does not give the parameters that were saved")


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("rollbacks", -1, "rollbacks is not a whole number"),
        ("rollbacks", 1.5, "rollbacks is not a whole number"),
        ("rollbacks", True, "rollbacks is not a whole number"),
        ("kept_nll", "low", "kept_nll is not a number"),
        ("kept_nll", True, "kept_nll is not a number"),
    ],
)
def test_that_a_record_is_believed_only_where_it_is_right(saved: Path, name: str, value: object, what: str) -> None:
    change_run(saved, lambda manifest: manifest["history"].update({name: value}))
    assert_refused(saved, what)


@pytest.mark.parametrize("shares", [(1 / 3,) * 3, (0.1,) * 10, (1 / 32,) * 32])
def test_that_shares_whose_sum_is_rounded_are_accepted(tmp_path: Path, shares: tuple[float, ...]) -> None:
    save(tmp_path / "m.mdn", averaged_model(shares))
    assert load(tmp_path / "m.mdn").network.shares == shares


def test_that_a_run_says_which_part_each_network_has(saved: Path) -> None:
    assert description(saved)["network"]["shares"] == list(SHARES)
