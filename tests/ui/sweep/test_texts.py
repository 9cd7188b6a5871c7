"""The sentences about a sweep."""

import math

import numpy as np
import pytest

from mdn_gui.core.diagnostics import Estimate
from mdn_gui.core.sweep import FailedRun, SweepPlan, SweepResult, SweepRun
from mdn_gui.session.messages import SweepProgress
from mdn_gui.ui.sweep.texts import (
    advice_text,
    duration_text,
    excess_text,
    failures_tip,
    plan_text,
    point_text,
    progress_text,
)
from tests.ui.sweep.made import made_result, made_run


@pytest.mark.parametrize(
    ("levels", "text"),
    [
        ({1: 2.0, 2: 1.0, 3: 0.995}, "Take K = 2: within one standard error of the best, K = 3 (NLL higher by 0.005 ±"),
        ({1: 2.0, 2: 1.0, 3: 1.5}, "Take K = 2: the best validation NLL, 1.000 ± 0.050; no smaller K is within"),
        ({1: 1.0, 2: 1.5}, "Take K = 1: no greater K has a lower validation NLL"),
        ({5: 1.0}, "Only K = 5 has finished"),
    ],
)
def test_that_the_advice_names_the_k_and_says_why(levels, text: str):
    assert advice_text(made_result(levels)).startswith(text)


def test_that_the_advice_warns_where_the_greatest_k_is_taken():
    assert "greatest K that was tried" in advice_text(made_result({1: 2.0, 2: 1.0}))
    assert "greatest" not in advice_text(made_result({1: 2.0, 2: 1.0, 3: 1.5}))


def test_that_the_advice_tells_the_spread_between_seeds_apart():
    text = advice_text(made_result(seeds=(0, 4)))
    assert f"differs by an sd of {0.04 / math.sqrt(2.0):.3f}." in text
    assert "seed" not in advice_text(made_result())


def test_that_the_advice_counts_what_failed():
    assert "1 run failed." in advice_text(made_result(failures=[FailedRun(9, 0, "No.")]))


def test_that_one_held_out_row_or_a_density_of_zero_is_said():
    def of(*row_nlls: list[float]) -> SweepResult:
        runs = [
            SweepRun(made_run(k, 1.0).model, np.arange(len(each)), np.array(each)) for k, each in enumerate(row_nlls, 1)
        ]
        return SweepResult.of_runs(runs)

    assert "too few held-out rows to tell it from K = 2" in advice_text(of([5.0], [1.0]))
    assert "none can be recommended" in advice_text(of([math.inf, 0.0], [0.0, math.inf]))
    found = of([math.inf, 0.0], [0.0, 1.0])
    assert point_text(found.points[0], found) == "K = 1: validation NLL infinite · infinite above the best"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.1, "1 s"), (89.0, "89 s"), (91.0, "2 min"), (3590.0, "60 min"), (4800.0, "1 h 20 min"), (math.nan, "–")],
)
def test_that_a_duration_is_rough(seconds: float, text: str):
    assert duration_text(seconds) == text


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        (0.0123, 0.0041, "0.012 ± 0.004"),
        (1e12, 3e10, "1.000e+12 ± 3.000e+10"),
        (0.5, math.inf, "0.500"),
        (math.inf, math.inf, "infinite"),
        (math.nan, 0.0, "–"),
    ],
)
def test_that_a_difference_is_told_with_its_error(value: float, error: float, text: str):
    assert excess_text(Estimate(value, error)) == text


def test_that_a_plan_tells_its_runs_and_their_time():
    plan = SweepPlan((1, 2, 3), (0, 1))
    assert plan_text(plan, math.nan) == "3 values of K × 2 seeds = 6 runs"
    assert plan_text(plan, 30.0) == "3 values of K × 2 seeds = 6 runs, about 3 min"
    assert plan_text(SweepPlan((4,)), 2.0) == "1 value of K × 1 seed = 1 run, about 2 s"


def test_that_progress_tells_what_is_known():
    assert progress_text(SweepProgress(2, 24, 5, 1)) == "Run 2 of 24 · K = 5, seed 1"
    full = progress_text(SweepProgress(2, 24, 5, 1, 12, 400, -0.4123, 95.0))
    assert full.endswith("epoch 12/400 · best validation NLL so far -0.412 · about 2 min left")


def test_that_no_more_failures_are_listed_than_can_be_read():
    many = [FailedRun(k, 0, "<b>No.</b>") for k in range(1, 40)]
    lines = failures_tip(many).split("\n")
    assert lines[0] == "K = 1, seed 0: <b>No.</b>"
    assert (len(lines), lines[-1]) == (13, "…")
