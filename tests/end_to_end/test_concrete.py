"""This mix, at age 28 against 90: median, 90 % region, P(strength <= 30); by mouse, then by keyboard alone."""

import csv
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage

from mdn_gui.core.transformed_mixture import ConditionalDensity
from mdn_gui.files.projects.opening import open_project
from tests.end_to_end.concrete import AGES, THRESHOLD
from tests.end_to_end.likeness import PICTURES, mean_difference


@pytest.fixture(scope="session")
def copied(answers: dict[str, Any]) -> dict[str, dict[str, str]]:
    """The copied table, row by row, by name."""
    lines = [line for line in answers["copied"].splitlines() if not line.startswith("#")]
    return by_name(list(csv.DictReader(lines, delimiter="\t")))


@pytest.fixture(scope="session")
def mixtures(told_of_concrete: Path, copied: dict[str, dict[str, str]]) -> dict[str, ConditionalDensity]:
    """What the saved model says at each pin."""
    model = open_project(told_of_concrete / "concrete.mdn").model
    assert model is not None
    names = model.provenance.input_names
    return {pin: model.conditional([[float(copied[pin][name]) for name in names]]) for pin in "AB"}


def by_name(rows: list[dict[str, str]]) -> dict[str, dict[str, str]]:
    return {row["name"]: row for row in rows}


def numbers(text: str) -> list[float]:
    """Return the numbers of a region as it is shown."""
    return [float(part) for part in text.replace("∪", ",").translate(str.maketrans("[]\u00a0", "   ")).split(",")]


@pytest.mark.parametrize("name", ["A", "B"])
def test_that_the_keyboard_alone_reads_the_exact_answers(answers: dict[str, Any], mixtures, name: str) -> None:
    row, mixture = by_name(answers["by keyboard"])[name], mixtures[name]
    assert float(row["age"]) == AGES["AB".index(name)]
    assert float(row["median"]) == pytest.approx(float(mixture.quantile(0.5)[0]), abs=0.0051)
    assert float(row[f"P(y ≤ {THRESHOLD:g})"].lstrip("<")) == pytest.approx(float(mixture.cdf(THRESHOLD)[0]), abs=1e-4)
    region = mixture.hdr(0.9)[0].ravel()
    assert numbers(row["90 % region"]) == pytest.approx(region.tolist(), abs=0.051)


@pytest.mark.parametrize("name", ["A", "B"])
def test_that_the_mouse_reads_them_as_near_as_a_pixel(answers: dict[str, Any], name: str) -> None:
    row = by_name(answers["by mouse"])[name]
    assert float(row["age"]) == pytest.approx(AGES["AB".index(name)], abs=1.5)
    exact = by_name(answers["by keyboard"])[name]
    assert float(row["median"]) == pytest.approx(float(exact["median"]), abs=1.0)


def test_that_both_pins_are_the_same_mix(copied: dict[str, dict[str, str]]) -> None:
    young, old = copied["A"], copied["B"]
    different = [
        name for name in ("cement", "slag", "ash", "water", "coarse", "fine", "age") if young[name] != old[name]
    ]
    assert different == ["age"]


def test_that_the_copied_table_has_every_digit(copied: dict[str, dict[str, str]], mixtures) -> None:
    for name, mixture in mixtures.items():
        assert float(copied[name]["quantile_0.5"]) == mixture.quantile(0.5)[0]
        assert float(copied[name]["probability"]) == mixture.cdf(THRESHOLD)[0]
        region = mixture.hdr(0.9)[0]
        assert [float(copied[name][f"region_0.9_{end}_1"]) for end in ("low", "high")] == region[0].tolist()


def test_that_the_picture_of_the_readme_shows_this_window(told_of_concrete: Path) -> None:
    fresh, kept = (QImage(str(folder / "concrete.png")) for folder in (told_of_concrete, PICTURES))
    assert (fresh.width(), fresh.height()) == (kept.width(), kept.height()) == (1280, 800)
    assert mean_difference(fresh, kept) < 8.0


def test_that_the_program_ends_in_order(answers: dict[str, Any]) -> None:
    assert "error" not in answers
    assert (answers["exit status"], answers["worker is running at the end"]) == (0, False)
