"""Model files of averaged networks, and those that an earlier format wrote."""

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.metrics import StopReason
from mdn_gui.core.network import Network, NetworkAverage
from mdn_gui.errors import ProjectFileError
from mdn_gui.files.project import load_model, save_model
from tests.files.models import HISTORY, random_model
from tests.files.test_project import assert_refused, change_manifest, members_of, pack

SHARES = (0.5, 0.3, 1.0 - 0.5 - 0.3)


def averaged_model(shares: tuple[float, ...] = SHARES) -> FittedModel:
    members = tuple(random_model(seed, components=2, hidden=(3,)).network.members[0] for seed in range(len(shares)))
    history = replace(HISTORY, rollbacks=2, kept_nll=0.1 + 0.2)
    return replace(random_model(components=2, hidden=(3,), history=history), network=NetworkAverage(members, shares))


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "m.mdn"
    save_model(path, averaged_model())
    return path


def change_shares(path: Path, shares: object) -> None:
    change_manifest(path, lambda manifest: manifest["network"].update(shares=shares))


def test_that_an_average_comes_back_with_the_same_bits(saved: Path) -> None:
    model, again = averaged_model(), load_model(saved)
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


def test_that_what_was_kept_is_told_again(tmp_path: Path) -> None:
    history = replace(HISTORY, rollbacks=3, kept_nll=-1.25, distilled=True, stop_reason=StopReason.DIVERGED)
    save_model(tmp_path / "m.mdn", random_model(history=history))
    assert load_model(tmp_path / "m.mdn").history == history


@pytest.mark.parametrize("kept_nll", [math.nan, math.inf])
def test_that_a_kept_nll_that_is_not_finite_is_not_saved(tmp_path: Path, kept_nll: float) -> None:
    model = random_model(history=replace(HISTORY, kept_nll=kept_nll))
    with pytest.raises((ProjectFileError, ValueError)):
        save_model(tmp_path / "m.mdn", model)
    assert list(tmp_path.iterdir()) == []


def test_that_a_file_of_the_first_format_opens_as_one_network(tmp_path: Path) -> None:
    path = tmp_path / "m.mdn"
    save_model(path, random_model())

    def as_first_format(manifest: dict[str, Any]) -> None:
        manifest["format_version"] = [1, 0]
        del manifest["network"]["shares"], manifest["model_config"]["target_transform"]
        for name in ("rollbacks", "kept_nll", "distilled"):
            del manifest["history"][name]
        for name in ("restarts", "combination", "distillation", "weight_decay", "weight_averaging", "device"):
            del manifest["training_config"][name]

    change_manifest(path, as_first_format)
    model, expected = load_model(path), random_model()
    assert isinstance(model.network, Network)
    assert model.history == HISTORY
    assert model.training_config == expected.training_config
    x = np.linspace(-3.0, 3.0, 20)[:, np.newaxis]
    assert model.conditional(x).locs.tobytes() == expected.conditional(x).locs.tobytes()


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


def test_that_no_json_makes_a_share_that_is_not_finite(saved: Path) -> None:
    members = members_of(saved)
    members["manifest.json"] = members["manifest.json"].replace(b"0.3,", b"NaN,")
    assert b"NaN" in members["manifest.json"]
    pack(saved, members)
    assert_refused(saved, "not finite")


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
    change_manifest(saved, lambda manifest: manifest["history"].update({name: value}))
    assert_refused(saved, what)


@pytest.mark.parametrize("shares", [(1 / 3,) * 3, (0.1,) * 10, (1 / 32,) * 32])
def test_that_shares_whose_sum_is_rounded_are_accepted(tmp_path: Path, shares: tuple[float, ...]) -> None:
    save_model(tmp_path / "m.mdn", averaged_model(shares))
    assert load_model(tmp_path / "m.mdn").network.shares == shares


def test_that_the_format_says_that_it_may_hold_several_networks(saved: Path) -> None:
    manifest = json.loads(members_of(saved)["manifest.json"])
    assert manifest["format_version"] == [1, 3]
    assert manifest["network"]["shares"] == list(SHARES)
