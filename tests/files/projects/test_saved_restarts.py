"""Runs that hold every restart, not only what was kept of them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mdn_gui.core.fitted import FittedModel
from mdn_gui.files.projects import runs
from tests.files.models import random_model
from tests.files.projects.archives import assert_refused, change_numbers, change_run, members_of, pack
from tests.files.projects.test_models import load, save

X = np.linspace(-3.0, 3.0, 20)[:, np.newaxis]


def with_restarts(count: int = 3) -> FittedModel:
    restarts = tuple(random_model(seed, components=2, hidden=(3,)).network.members[0] for seed in range(count))
    return replace(random_model(components=2, hidden=(3,)), network=restarts[1], restarts=restarts)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "m.mdn"
    save(path, with_restarts())
    return path


RESTARTS = "runs/1/restarts.f32"


def set_to(place: int, value: float) -> Callable[[np.ndarray], object]:
    return lambda numbers: numbers.put(place, value)


def test_that_every_restart_comes_back_with_the_same_bits(saved: Path) -> None:
    model, again = with_restarts(), load(saved)
    assert len(again.restarts) == 3
    for one, other in zip(model.members(), again.members(), strict=True):
        for name in ("weights", "locs", "scales"):
            assert getattr(one.conditional(X), name).tobytes() == getattr(other.conditional(X), name).tobytes()
    assert again.conditional(X).locs.tobytes() == again.members()[1].conditional(X).locs.tobytes()


def test_that_a_model_without_restarts_has_no_member_for_them(tmp_path: Path) -> None:
    save(tmp_path / "m.mdn", random_model())
    assert RESTARTS not in members_of(tmp_path / "m.mdn")
    assert load(tmp_path / "m.mdn").members() == ()


@pytest.mark.parametrize("count", [-1, 2, 4, 34, 1.0, True, "3", None, [3], 10**30])
def test_that_another_number_of_restarts_is_refused(saved: Path, count: object) -> None:
    change_run(saved, lambda manifest: manifest["network"].update(restarts=count))
    assert_refused(saved, r"network\.restarts|restarts\.f32 has|reference\.f64 has")


def test_that_restarts_of_which_the_manifest_says_nothing_are_refused(saved: Path) -> None:
    change_run(saved, lambda manifest: manifest["network"].update(restarts=0))
    assert_refused(saved, r"it holds history\.f64, reference\.f64, restarts\.f32")


def test_that_restarts_that_are_missing_are_noticed(saved: Path) -> None:
    members = members_of(saved)
    del members[RESTARTS]
    pack(saved, members)
    assert_refused(saved, "it holds")


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_that_a_restart_whose_weight_is_not_finite_is_refused(saved: Path, value: float) -> None:
    change_numbers(saved, RESTARTS, set_to(30, value))
    assert_refused(saved, "a weight is not a finite number")


@pytest.mark.parametrize("place", [0, 30, 60])
def test_that_a_restart_that_is_not_the_one_that_was_saved_is_noticed(saved: Path, place: int) -> None:
    change_numbers(saved, RESTARTS, lambda numbers: numbers.put(place, numbers[place] + 0.5))
    assert_refused(saved, "does not give the parameters that were saved")


@pytest.mark.parametrize("place", [8, -1])
def test_that_what_a_restart_should_give_is_checked(saved: Path, place: int) -> None:
    change_numbers(saved, "runs/1/reference.f64", set_to(place, 1e6))
    assert_refused(saved, "does not give the parameters that were saved")


@pytest.mark.parametrize("change", [lambda content: content[:-4], lambda content: content + bytes(4)])
def test_that_restarts_of_another_length_are_refused(saved: Path, change: Callable[[bytes], bytes]) -> None:
    members = members_of(saved)
    members[RESTARTS] = change(members[RESTARTS])
    pack(saved, members)
    assert_refused(saved, r"checksum of restarts\.f32 is wrong")


def test_that_restarts_too_large_for_a_file_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "_LARGEST_RESTARTS", 100)
    save(tmp_path / "m.mdn", with_restarts())
    again = load(tmp_path / "m.mdn")
    assert again.restarts == ()
    assert again.conditional(X).locs.tobytes() == with_restarts().conditional(X).locs.tobytes()


def test_that_a_flip_of_any_byte_of_a_restart_is_refused(saved: Path) -> None:
    content = saved.read_bytes()
    begin = members_of(saved)[RESTARTS]
    at = content.index(begin)
    for place in range(at, at + len(begin), 3):
        saved.write_bytes(content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :])
        assert_refused(saved)
