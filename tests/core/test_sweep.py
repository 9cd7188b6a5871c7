"""The plan of a sweep; the one-standard-error rule on made-up runs."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.split import split_of_run
from mdn_gui.core.sweep import FailedRun, SweepPlan, SweepPoint, SweepResult, SweepRun, listed
from mdn_gui.errors import ConfigError
from tests.files.models import random_model

NOISE = np.random.default_rng(0).normal(0.0, 1.0, 400)
"""What makes one row harder than another, whatever K is."""

SMALL = np.random.default_rng(1).normal(0.0, 0.1, (9, 400))


def run_of(components: int, row_nll: object, seed: int = 0, rows: object = None) -> SweepRun:
    values = np.asarray(row_nll, dtype=np.float64)
    model = random_model(seed, components=components, hidden=(2,))
    return SweepRun(model, np.arange(len(values)) if rows is None else np.asarray(rows), values)


def result(*row_nlls: object) -> SweepResult:
    found = SweepResult.of_runs(run_of(k, row_nll) for k, row_nll in enumerate(row_nlls, start=1))
    assert found is not None
    return found


def around(*levels: float) -> SweepResult:
    """Return points with the given NLLs, exactly, whose rows differ from K to K by an sd of 0.14: SE 0.007."""
    return result(
        *(level + NOISE + own - (NOISE + own).mean() for level, own in zip(levels, SMALL, strict=False)),
    )


# -- the plan ---------------------------------------------------------------------------------------------------------


def test_that_a_plan_runs_every_k_with_the_first_seed_then_with_the_next() -> None:
    plan = SweepPlan((3, 1, 3), (7, 2))
    model, training = ModelConfig(hidden_layers=(8,)), TrainingConfig(epochs=5)
    made = plan.settings(model, training)
    assert [(m.num_components, t.seed) for m, t in made] == [(1, 2), (3, 2), (1, 7), (3, 7)]
    assert len(plan) == 4
    for m, t in made:
        assert dataclasses.replace(m, num_components=model.num_components) == model
        assert dataclasses.replace(t, seed=training.seed) == training


@pytest.mark.parametrize(
    ("components", "seeds", "problem"),
    [
        ((), (0,), "no number of components"),
        ((1,), (), "no seed"),
        ((0,), (0,), "Components"),
        ((65,), (0,), "Components"),
        ((2.5,), (0,), "Components"),
        ((True,), (0,), "Components"),
        ((1,), (-1,), "Seed"),
        ((1,), (2**31,), "Seed"),
        (tuple(range(1, 65)), tuple(range(8)), "512 runs"),
    ],
)
def test_that_a_plan_that_cannot_be_run_is_refused_with_a_remedy(components, seeds, problem) -> None:
    with pytest.raises(ConfigError, match=problem) as caught:
        SweepPlan(components, seeds)
    assert caught.value.hint


def test_that_a_plan_without_held_out_rows_has_no_settings() -> None:
    with pytest.raises(ConfigError, match="held-out rows") as caught:
        SweepPlan((1, 2)).settings(ModelConfig(), TrainingConfig(validation_fraction=0.0))
    assert "Validation above 0" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1-4", (1, 2, 3, 4)),
        (" 8, 1;2 4 ", (1, 2, 4, 8)),
        ("2 - 4, 9..11, 6\u20137", (2, 3, 4, 6, 7, 9, 10, 11)),
        ("5", (5,)),
        ("3,3,3", (3,)),
    ],
)
def test_that_a_list_of_numbers_is_read_as_people_write_it(text: str, numbers: tuple[int, ...]) -> None:
    plan = SweepPlan.of_texts(text, text)
    assert (plan.components, plan.seeds) == (numbers, numbers)


@given(st.sets(st.integers(1, 64), min_size=1))
def test_that_numbers_written_out_are_read_back(numbers: set[int]) -> None:
    ordered = tuple(sorted(numbers))
    assert SweepPlan.of_texts(listed(ordered), "0").components == ordered


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "no number of components"),
        ("few", "'few' is no whole number"),
        ("1.5", "no whole number"),
        ("-3", "no whole number"),
        ("1-2-3", "no whole number"),
        ("8-1", "ends before it begins"),
        ("1-9999999999", "9,999,999,999 numbers"),
        ("1-99999999999999999999", "no whole number"),
        ("<b>" * 1000, "no whole number"),
    ],
)
def test_that_a_text_that_lists_no_numbers_is_refused_with_a_remedy(text: str, problem: str) -> None:
    with pytest.raises(ConfigError, match=problem) as caught:
        SweepPlan.of_texts(text, "0")
    assert caught.value.hint
    assert len(str(caught.value)) < 200


# -- judging ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [0, 3])
def test_that_a_run_is_judged_on_the_rows_that_its_seed_holds_out(seed: int) -> None:
    rng = np.random.default_rng(5)
    dataset = Dataset(rng.normal(size=(300, 1)), rng.normal(size=300), ("x",), "y")
    model = random_model(seed)
    run = SweepRun.judged(model, dataset, 4)
    _, held_out = split_of_run(model.training_config, 300)
    assert run.rows.tolist() == held_out.tolist()
    expected = -model.conditional(dataset.x[held_out]).log_pdf(dataset.y[held_out])
    assert run.row_nll.tolist() == expected.tolist()
    assert run.nll == pytest.approx(expected.mean())
    assert not run.row_nll.flags.writeable
    assert 1 <= run.num_needed <= 3
    assert (run.seed, run.number, run.num_components) == (seed, 4, 3)


# -- one seed ---------------------------------------------------------------------------------------------------------


def test_that_a_point_tells_its_nll_with_its_standard_error() -> None:
    point = around(1.5).points[0]
    assert point.num_components == 1
    assert point.nll.value == pytest.approx(1.5)
    assert point.nll.standard_error == pytest.approx(point.runs[0].row_nll.std(ddof=1) / 20.0)
    assert math.isnan(point.seed_spread)


@pytest.mark.parametrize(
    ("levels", "best", "recommended"),
    [
        ((1.0,), 1, 1),
        ((2.0, 1.5, 1.0), 3, 3),
        ((2.0, 1.0, 0.995, 0.996), 3, 2),
        ((2.0, 1.0, 0.95, 0.951), 3, 3),
        ((2.0, 1.0105, 1.0), 3, 3),
        ((1.0, 1.5, 0.999, 1.2), 3, 1),
        ((0.5, 0.6, 0.7), 1, 1),
    ],
)
def test_that_the_smallest_k_within_one_standard_error_is_recommended(
    levels: tuple[float, ...], best: int, recommended: int
) -> None:
    found = around(*levels)
    assert found.best.num_components == best
    assert found.recommended.num_components == recommended


def test_that_the_spread_common_to_all_k_does_not_hide_an_improvement() -> None:
    found = around(1.04, 1.0)
    one, two = found.points
    assert one.nll.value - two.nll.value < two.nll.standard_error
    excess = one.excess_over(two)
    assert excess.value == pytest.approx(0.04)
    assert excess.standard_error == pytest.approx((one.runs[0].row_nll - two.runs[0].row_nll).std(ddof=1) / 20.0)
    assert found.recommended is two


def test_that_among_equals_the_smallest_k_is_best() -> None:
    assert result(NOISE + 1.0, NOISE, NOISE).best.num_components == 2


def test_that_one_held_out_row_tells_nothing_so_that_one_component_suffices() -> None:
    found = result([5.0], [1.0])
    assert found.best.num_components == 2
    assert found.recommended.num_components == 1


def test_that_a_density_of_zero_at_a_row_rules_a_k_out() -> None:
    found = result([np.inf, 0.0, 1.0], [0.5, 0.5, 0.6], [0.4, 0.7, 0.4])
    assert found.best.num_components == 3
    assert found.recommended.num_components == 2


def test_that_the_first_is_taken_when_no_k_has_a_finite_nll() -> None:
    assert result([np.inf, 0.0], [0.0, np.inf], [np.inf, np.inf]).recommended.num_components == 1


def test_that_equal_infinities_do_not_differ() -> None:
    one, two = result([np.inf, 1.0, 2.0], [np.inf, 0.5, 1.0]).points
    assert one.excess_over(two).value == pytest.approx(0.5)


# -- several seeds ----------------------------------------------------------------------------------------------------


def test_that_runs_are_put_together_by_k_then_by_seed() -> None:
    runs = [run_of(2, NOISE, 5), run_of(1, NOISE, 5), run_of(2, NOISE, 3)]
    failed = FailedRun(1, 3, "No memory.")
    found = SweepResult.of_runs(runs, [failed])
    assert [(run.num_components, run.seed) for run in found.runs] == [(1, 5), (2, 3), (2, 5)]
    assert [point.seeds for point in found.points] == [(5,), (3, 5)]
    assert found.failures == (failed,)
    assert SweepResult.of_runs([], [failed]) is None


def test_that_differences_are_paired_within_each_seed_then_pooled() -> None:
    hard = NOISE + 3.0  # the other seed holds out other, harder rows
    one = SweepPoint((run_of(1, NOISE + SMALL[0] + 0.04, 0), run_of(1, hard + SMALL[1] + 0.04, 1, np.arange(400, 800))))
    two = SweepPoint((run_of(2, NOISE, 0), run_of(2, hard, 1, np.arange(400, 800))))
    pooled = np.concatenate((SMALL[0], SMALL[1])) + 0.04
    excess = one.excess_over(two)
    assert excess.value == pytest.approx(pooled.mean())
    assert excess.standard_error == pytest.approx(pooled.std(ddof=1) / math.sqrt(800))
    assert two.seed_spread == pytest.approx(3.0 / math.sqrt(2.0))


def test_that_a_row_that_two_seeds_hold_out_does_not_count_as_two() -> None:
    same = SweepPoint((run_of(1, NOISE, 0), run_of(1, NOISE, 1)))
    assert same.nll.standard_error == pytest.approx(NOISE.std(ddof=1) / 20.0)
    apart = SweepPoint((run_of(1, NOISE, 0), run_of(1, NOISE, 1, np.arange(400, 800))))
    assert apart.nll.standard_error == pytest.approx(NOISE.std(ddof=0) / math.sqrt(799))


def test_that_a_k_with_a_seed_missing_is_compared_on_the_seeds_it_has() -> None:
    """The seed that is missing holds out easy rows: by its mean alone the other K would look worse."""
    easy = NOISE - 5.0
    whole = [run_of(1, NOISE + 0.5, 0), run_of(1, easy + 0.5, 1)]
    lacking = [run_of(2, NOISE, 0)]
    found = SweepResult.of_runs([*whole, *lacking])
    assert found.best.num_components == 2
    assert found.points[0].excess_over(found.best).value == pytest.approx(0.5)


def test_that_points_without_a_seed_in_common_are_compared_by_their_means() -> None:
    one, two = SweepPoint((run_of(1, NOISE + 0.3, 0),)), SweepPoint((run_of(2, NOISE, 1),))
    excess = one.excess_over(two)
    assert excess.value == pytest.approx(0.3)
    assert excess.standard_error == pytest.approx(math.sqrt(2.0) * NOISE.std(ddof=1) / 20.0)
    infinite = SweepPoint((run_of(2, [np.inf, 1.0], 1),))
    assert math.isnan(infinite.excess_over(SweepPoint((run_of(3, [np.inf, 1.0], 2),))).value)
