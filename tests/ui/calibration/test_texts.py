"""The sentences that say what a calibration means, held to their rules."""

import dataclasses

import numpy as np
import pytest
import scipy.stats

from mdn_gui.core.baselines import Rival
from mdn_gui.core.calibration import Calibration, Comparison, Group, Judge
from mdn_gui.core.diagnostics import Estimate
from mdn_gui.core.encoding import ColumnKind, Encoding
from mdn_gui.session.calibrating import Unjudged
from mdn_gui.ui.calibration.texts import calibration_text, estimate_text, range_text, rows_judged_text, unjudged_text

NOTHING = Estimate(0.0, 0.1)


def gain(value: float, error: float = 0.03) -> Comparison:
    return Comparison(Estimate(2.0 + value, 0.1), NOTHING, Estimate(value, error), NOTHING)


def made(count: int = 400, *, spread: float = 1.0, shift: float = 0.0, rivals: dict | None = None) -> Calibration:
    """Return the calibration of a normal law, told with an error, on evenly spread rows."""
    z = scipy.stats.norm.ppf((np.random.default_rng(0).permutation(count) + 0.5) / count)
    pit = scipy.stats.norm.cdf((z - shift) * spread)
    x, mass = np.linspace(0.0, 40.0, count), np.abs(2.0 * pit - 1.0)
    rest = np.zeros(count), np.ones(count), np.ones(count), pit, np.ones(count), mass
    chosen = {Rival.LINEAR: gain(0.41), Rival.GAUSSIAN: gain(1.0)} if rivals is None else rivals
    return Calibration(Judge.VALIDATION, count, (Encoding("age"),), x[:, np.newaxis], *rest, chosen)


def changed_where(found: Calibration, where: np.ndarray, pit: np.ndarray | float) -> Calibration:
    return dataclasses.replace(found, pit=np.where(where, pit, found.pit))


def test_that_a_fit_that_is_right_and_useful_is_said_to_be() -> None:
    assert calibration_text(made(), 0) == (
        "On 400 held-out rows the intervals hold what they promise (90 % interval: 90 %). "
        "The fit beats a straight line by 0.410 ± 0.030 nats a row."
    )


def test_that_the_best_of_the_simple_models_is_named() -> None:
    rivals = {Rival.JOINT: gain(-0.01), Rival.LINEAR: gain(0.9), Rival.MIXTURE: gain(0.5), Rival.GAUSSIAN: gain(1.0)}
    assert "beats an unconditional mixture by 0.500" in calibration_text(made(rivals=rivals), 0)


@pytest.mark.parametrize(
    ("spread", "text"),
    [
        (1.5, "the density is too narrow: the 95 % interval holds 81 %."),
        (0.6, "the density is too wide: the 60 % interval holds 84 %."),
    ],
)
def test_that_intervals_of_the_wrong_width_are_named(spread: float, text: str) -> None:
    assert calibration_text(made(spread=spread), 0).startswith(f"On 400 held-out rows {text} The fit beats")


def test_that_a_region_that_holds_too_little_is_named_where_the_interval_does_not_tell() -> None:
    found = dataclasses.replace(made(), region_mass=np.linspace(0.0, 1.0, 400) ** 0.5)
    assert "too narrow: the 50 % region holds 25 %." in calibration_text(found, 0)


@pytest.mark.parametrize(("shift", "side"), [(-0.5, "low"), (0.5, "high")])
def test_that_a_bias_has_its_side(shift: float, side: str) -> None:
    assert f"It is biased {side}. The fit" in calibration_text(made(shift=shift), 0)


def test_that_a_wrong_shape_is_named() -> None:
    found = made()
    folded = dataclasses.replace(found, pit=0.5 + np.sign(found.pit - 0.5) * np.clip(np.abs(found.pit - 0.5), 0.2, 1))
    assert "but the shape of the density is off (PIT)." in calibration_text(folded, 0)


def test_that_the_place_of_a_bias_is_named() -> None:
    found = made()
    x = found.columns[:, 0]
    high = changed_where(found, (x >= 20.0) & (x <= 24.9), 0.5 * found.pit)
    assert "It is biased high for age between 20.05 and 24.96." in calibration_text(high, 0)
    assert "biased" not in calibration_text(high, None)


def test_that_the_place_of_wrong_widths_is_named() -> None:
    found = made()
    x = found.columns[:, 0]
    narrow = changed_where(
        found, x < 5.0, np.where(np.arange(400) % 3, found.pit, np.where(x * 10 % 2 < 1, 1e-3, 0.999))
    )
    text = "too narrow: the 95 % interval holds 91 %. Most of all for age between 0.00 and 4.91."
    assert text in calibration_text(narrow, 0)
    few = changed_where(found, (x > 5.0) & (x < 9.0) & (np.arange(400) % 4 == 0), 1e-3)
    assert "It is too narrow for age between 5.01 and 9.92." in calibration_text(few, 0)


def test_that_a_level_is_named_by_its_name_on_one_line() -> None:
    found = made()
    level = (np.arange(400) % 2).astype(float)
    encoding = Encoding("kind", ColumnKind.CATEGORY, ("good", "b\na<b>d</b>"))
    found = dataclasses.replace(found, columns=level[:, np.newaxis], encodings=(encoding,))
    assert "It is biased low, most of all for kind b a<b>d</b>." in calibration_text(
        changed_where(found, level > 0, 0.9), 0
    )


def test_that_one_outlying_group_in_eight_is_no_fault_below_three_standard_errors() -> None:
    rng = np.random.default_rng(1)
    texts = [
        calibration_text(dataclasses.replace(made(), pit=rng.random(400), region_mass=rng.random(400)), 0)
        for _ in range(200)
    ]
    assert sum(" for age " in text for text in texts) <= 12
    assert sum("promise" in text for text in texts) >= 170


@pytest.mark.parametrize(
    ("rivals", "text"),
    [
        ({Rival.GAUSSIAN: gain(-0.2), Rival.LINEAR: gain(-0.4)}, "worse than one Gaussian: do not use it."),
        ({Rival.LINEAR: gain(-0.2), Rival.GAUSSIAN: gain(0.5)}, "worse than a straight line by 0.200 ± 0.030 nats"),
        ({Rival.JOINT: gain(-0.1), Rival.GAUSSIAN: gain(0.5)}, "worse than the joint mixture by 0.100"),
        ({Rival.LINEAR: gain(0.05), Rival.GAUSSIAN: gain(0.5)}, "not clearly better than a straight line."),
        ({Rival.GAUSSIAN: gain(np.inf, np.inf)}, "The density of one Gaussian is 0 at a row, that of the fit is not."),
        ({Rival.GAUSSIAN: gain(-np.inf, np.inf)}, "worse than one Gaussian: do not use it."),
        ({}, "(90 % interval: 90 %)."),
    ],
)
def test_that_a_fit_that_is_no_use_is_said_to_be_none(rivals: dict, text: str) -> None:
    assert text in calibration_text(made(rivals=rivals), 0)
    assert calibration_text(made(rivals=rivals), 0).endswith(".")


def test_that_a_density_of_zero_is_said() -> None:
    found = made()
    found = dataclasses.replace(found, nll=np.where(np.arange(400) < 2, np.inf, 1.0))
    assert calibration_text(found, 0).endswith("Its density is 0 at 2 rows: the NLL is infinite.")


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (1, "Only 1 row was held out: too few to judge the fit."),
        (2, "Only 2 rows were held out: too few to judge the fit."),
        (
            18,
            "Only 18 rows were held out: too few to judge the fit. "
            "A hint: its NLL is 0.600 ± 0.030 nats a row above that of a straight line.",
        ),
    ],
)
def test_that_few_rows_are_no_verdict(count: int, text: str) -> None:
    worse = {Rival.LINEAR: gain(-0.6), Rival.GAUSSIAN: gain(0.4)}
    assert calibration_text(made(count, spread=2.0, rivals=worse), 0) == text
    assert "On 30 held-out rows" in calibration_text(made(30), 0)


def test_that_few_rows_of_other_judges_are_named() -> None:
    found = made(12, rivals={Rival.LINEAR: gain(np.inf, np.inf)})
    test, training = (dataclasses.replace(found, judge=judge) for judge in (Judge.TEST, Judge.TRAINING))
    assert calibration_text(test, 0) == "Only 12 rows were kept for the test: too few to judge the fit."
    assert calibration_text(training, 0) == "The fit learned from only 12 rows: too few to judge it."


def test_that_the_mass_is_cited_whose_gap_is_clearest() -> None:
    pit = np.linspace(0.0, 1.0, 400)
    pit = np.where(np.abs(pit - 0.5) < 0.4, 0.5 + 0.6 * (pit - 0.5), pit)
    pit = np.where((np.abs(pit - 0.5) > 0.45) & (np.arange(400) % 3 > 0), 0.94, pit)
    found = dataclasses.replace(made(), pit=pit)
    assert "the density is too wide: the 45 % interval holds 75 %." in calibration_text(found, 0)


@pytest.mark.parametrize(
    ("judge", "available", "text"),
    [
        (Judge.TEST, 400, "400 test rows"),
        (Judge.VALIDATION, 200_000, "400 of 200,000 held-out rows"),
        (Judge.TRAINING, 400, "400 rows that it learned from"),
    ],
)
def test_that_the_rows_are_named(judge: Judge, available: int, text: str) -> None:
    found = dataclasses.replace(made(), judge=judge, num_available=available)
    assert rows_judged_text(found) == text
    assert f"On {text} the" in calibration_text(found, 0)


@pytest.mark.parametrize("why", Unjudged)
def test_that_there_are_words_for_every_reason(why: Unjudged) -> None:
    assert unjudged_text(why)


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (Estimate(np.inf, np.inf), "∞"),
        (Estimate(-np.inf, np.inf), "−∞"),
        (Estimate(1.0, np.inf), "1.000"),
        (Estimate(np.nan, np.inf), "–"),
        (Estimate(1.0, 0.25), "1.000 ± 0.250"),
    ],
)
def test_that_estimates_without_an_error_are_shown_without(found: Estimate, text: str) -> None:
    assert estimate_text(found) == text


@pytest.mark.parametrize(
    ("low", "high", "encoding", "text"),
    [
        (20.04, 39.96, None, "between 20.0 and 40.0"),
        (0.00904, 0.2531, Encoding("x"), "between 0.009 and 0.253"),
        (1e12, 1e12, None, "1e+12"),
        (3.0, 3.0, Encoding("age"), "3"),
        (0.1 + 0.2, 0.1 + 0.2, None, "0.3"),
        (0.0, 31.0, Encoding("d", ColumnKind.DAYS, (), "2020-01-01"), "between 2020-01-01 and 2020-02-01"),
    ],
)
def test_that_a_range_has_the_digits_that_tell(low: float, high: float, encoding: Encoding | None, text: str) -> None:
    assert range_text(Group(low, low, high, 9, NOTHING, NOTHING, NOTHING), encoding) == text
