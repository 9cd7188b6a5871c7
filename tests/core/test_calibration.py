"""The calibration of a fit: which rows judge it, what their figures are, what happens at the ends of the range."""

import dataclasses
import itertools

import numpy as np
import pytest
import scipy.stats

from mdn_gui.core import calibration
from mdn_gui.core.baselines import Rival
from mdn_gui.core.calibration import MASS, Calibration, Judge, JudgingRows, calibrate, judging_rows, rivals_of
from mdn_gui.core.config import TrainingConfig
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.diagnostics import diagnose
from mdn_gui.core.encoding import ColumnKind, Encoding
from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.core.split import split_of_run
from mdn_gui.core.transform import LOG, LOGIT, NONE, Transform
from mdn_gui.core.transformed_mixture import in_data_units
from mdn_gui.errors import DataError
from tests.core.mixtures import random_mixture
from tests.fakes import made_model


@dataclasses.dataclass(frozen=True)
class Normal:
    """y ~ N(x, sd), told with an error of the mean, an sd that is stretched."""

    error: float = 0.0
    stretch: float = 1.0
    components: int = 1

    def conditional(self, x: np.ndarray) -> ConditionalMixture:
        shape = (len(x), self.components)
        locs = np.broadcast_to(x[:, :1] + self.error, shape)
        return ConditionalMixture(np.full(shape, 1.0 / self.components), locs, np.full(shape, self.stretch))


def normal_rows(count: int, seed: int = 0, judge: Judge = Judge.VALIDATION) -> JudgingRows:
    rng = np.random.default_rng(seed)
    x = rng.uniform(0.0, 10.0, (count, 1))
    return JudgingRows(judge, x, x[:, 0] + rng.normal(size=count), (Encoding("x"),))


def judged(model: object, rows: JudgingRows, **rivals: object) -> Calibration:
    found = calibrate(model, rows, {Rival[name]: each for name, each in rivals.items()})
    assert found is not None
    return found


def test_that_figures_are_those_of_the_diagnostics() -> None:
    rows = normal_rows(300)
    found, expected = judged(Normal(0.1, 1.2), rows), diagnose(Normal(0.1, 1.2), rows.x, rows.y)
    assert (found.mean_nll, found.mean_crps) == (expected.nll, expected.crps)
    np.testing.assert_array_equal(found.pit, expected.pit)
    np.testing.assert_allclose(found.region_mass, expected.region_mass, atol=1e-12)
    assert found.central(0.8) == expected.central_coverage(0.8)
    assert found.regions(0.8) == expected.region_coverage(0.8)
    assert found.uniformity == expected.uniformity
    assert found.sharpness.value == pytest.approx(1.2 * 2 * scipy.stats.norm.ppf(0.95), rel=1e-9)


@pytest.mark.parametrize("count", [10, 99, 100, 400, 3000])
def test_that_the_band_of_the_histogram_is_that_of_the_binomial_law(count: int) -> None:
    found = judged(Normal(), normal_rows(count)).histogram()
    bins = len(found.counts)
    assert found.counts.sum() == count
    assert (found.low, found.high) == scipy.stats.binom.interval(0.95, count, 1.0 / bins)
    assert count / bins >= min(count / 5, 10)


def test_that_a_bias_is_seen_with_its_side() -> None:
    high, low = judged(Normal(1.0), normal_rows(200)), judged(Normal(-1.0), normal_rows(200))
    assert high.bias.value < 0.35
    assert low.bias.value > 0.65
    assert high.bias.standard_error >= 1.0 / np.sqrt(12 * 200)


def test_that_groups_along_x_hold_equal_counts_in_order() -> None:
    found = judged(Normal(), normal_rows(400))
    groups = found.along(0)
    assert [group.num_rows for group in groups] == [50] * 8
    assert all(one.high < other.low for one, other in itertools.pairwise(groups))
    first = found.columns[:, 0] <= groups[0].high
    assert groups[0].centre == np.median(found.columns[first, 0])
    assert groups[0].pit.value == pytest.approx(found.pit[first].mean())
    assert groups[0].coverage.value == (np.abs(found.pit[first] - 0.5) <= MASS / 2).mean()
    assert groups[0].nll.value == pytest.approx(found.nll[first].mean())


def test_that_a_fault_in_one_region_is_found_there_along_x_as_along_the_median() -> None:
    class Faulty:
        def conditional(self, x: np.ndarray) -> ConditionalMixture:
            return Normal().conditional(x + np.where(x > 8.75, 1.0, 0.0))

    found = judged(Faulty(), normal_rows(800))
    for place in (0, None):
        off = [(group.pit.value - 0.5) / group.pit.standard_error for group in found.along(place)]
        assert np.argmin(off) == 7
        assert off[7] < -5.0
        assert max(map(abs, off[:6])) < 3.0


@pytest.mark.parametrize(("count", "expected"), [(1, 1), (10, 1), (29, 1), (40, 2), (119, 7), (5000, 8)])
def test_that_few_rows_make_few_groups(count: int, expected: int) -> None:
    assert len(judged(Normal(), normal_rows(count)).along(0)) == expected


def test_that_equal_values_stay_in_one_group() -> None:
    rows = normal_rows(400)
    constant = dataclasses.replace(rows, x=np.zeros((400, 1)))
    assert [group.num_rows for group in judged(Normal(), constant).along(0)] == [400]
    tied = dataclasses.replace(rows, x=np.where(rows.x < 7.0, 0.0, rows.x))
    groups = judged(Normal(), tied).along(0)
    assert groups[0].low == groups[0].centre == 0.0
    assert sum(group.num_rows for group in groups) == 400
    assert groups[0].num_rows >= (tied.x == 0.0).sum()
    assert groups[1].low > 7.0


def test_that_the_most_frequent_levels_of_a_category_are_groups() -> None:
    rng = np.random.default_rng(0)
    chances = np.array([0.01, *[0.11] * 9])
    level = rng.choice(10, 900, p=chances)
    encoding = Encoding("kind", ColumnKind.CATEGORY, tuple("abcdefghij"))
    rows = JudgingRows(Judge.TEST, np.eye(10)[level], rng.normal(size=900), (encoding,))
    groups = judged(Normal(), rows).along(0)
    centres = [group.centre for group in groups]
    assert len(groups) == 8
    assert centres == sorted(centres)
    assert 0.0 not in centres
    assert groups[0].num_rows == (level == centres[0]).sum()


def test_that_differences_are_paired() -> None:
    rows = normal_rows(500)
    found = judged(Normal(), rows, GAUSSIAN=Normal(0.5), LINEAR=Normal())
    rival = found.rivals[Rival.GAUSSIAN]
    gains = Normal().conditional(rows.x).log_pdf(rows.y) - Normal(0.5).conditional(rows.x).log_pdf(rows.y)
    assert rival.nll_gain.value == pytest.approx(gains.mean())
    assert rival.nll_gain.standard_error == pytest.approx(scipy.stats.sem(gains))
    assert rival.nll_gain.standard_error < 0.6 * rival.nll.standard_error
    assert found.rivals[Rival.LINEAR].nll_gain.value == found.rivals[Rival.LINEAR].crps_gain.value == 0.0


def test_that_a_row_of_density_zero_is_counted() -> None:
    rows = normal_rows(50)
    far = dataclasses.replace(rows, y=np.where(np.arange(50) < 2, 1e200, rows.y))
    found = judged(Normal(), far, GAUSSIAN=Normal(1.0))
    assert found.num_impossible == 2
    assert found.mean_nll.value == np.inf
    assert np.isnan(found.rivals[Rival.GAUSSIAN].nll_gain.value)
    assert found.central(MASS).value < 1.0


def test_that_many_rows_are_drawn_by_the_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibration, "_MOST_ROWS", 250)
    rows = normal_rows(1000)
    one, same, other = (calibrate(Normal(), rows, {}, seed) for seed in (1, 1, 2))
    assert one is not None
    assert same is not None
    assert other is not None
    assert (one.num_rows, one.num_available) == (250, 1000)
    np.testing.assert_array_equal(one.pit, same.pit)
    assert not np.array_equal(one.pit, other.pit)
    assert len(np.unique(one.columns)) == 250


@pytest.mark.parametrize(
    ("components", "transform", "rows", "regions"),
    [
        (5, NONE, 10_000, 13_416),
        (64, NONE, 1220, 292),
        (400, LOG, 200, 20),
        (5, LOGIT, 2000, 2683),
        (64, LOGIT, 100, 58),
    ],
)
def test_that_the_work_is_bounded_for_any_density(
    components: int, transform: Transform, rows: int, regions: int
) -> None:
    density = in_data_units(Normal(components=components).conditional(np.zeros((1, 1))), transform)
    assert calibration._most_rows(density) == (rows, regions)


def test_that_many_components_are_judged_too() -> None:
    mixture = random_mixture(300, 64, seed=1)

    class Rows:
        def conditional(self, x: np.ndarray) -> ConditionalMixture:
            at = x[:, 0].astype(int)
            return ConditionalMixture(mixture.weights[at], mixture.locs[at], mixture.scales[at])

    y = mixture.sample(np.random.default_rng(0), 1)[:, 0]
    found = judged(Rows(), JudgingRows(Judge.TEST, np.arange(300.0)[:, np.newaxis], y, (Encoding("row"),)))
    assert (found.num_rows, len(found.region_mass)) == (300, 292)
    assert found.uniformity.p_value > 0.01


def test_that_a_cancelled_judging_ends() -> None:
    asked: list[bool] = []

    def is_cancelled() -> bool:
        asked.append(True)
        return len(asked) > 1

    assert calibrate(Normal(), normal_rows(5000), {Rival.GAUSSIAN: Normal()}, is_cancelled=is_cancelled) is None
    assert len(asked) < 10


def test_that_no_rows_are_refused() -> None:
    with pytest.raises(DataError) as caught:
        calibrate(Normal(), normal_rows(0), {})
    assert caught.value.hint


def fitted(dataset: Dataset, fraction: float = 0.2) -> object:
    return dataclasses.replace(
        made_model(dataset), training_config=TrainingConfig(validation_fraction=fraction, seed=4)
    )


def test_that_the_rows_of_the_test_come_first(tiny_dataset: Dataset) -> None:
    test = Dataset(tiny_dataset.x[:5], tiny_dataset.y[:5], ("dose",), "response")
    found = judging_rows(fitted(tiny_dataset), tiny_dataset, test)
    assert found is not None
    assert found.judge is Judge.TEST
    assert found.x is test.x


def test_that_the_rows_that_the_run_held_out_come_next(tiny_dataset: Dataset) -> None:
    model = fitted(tiny_dataset)
    found = judging_rows(model, tiny_dataset, None)
    _, held_out = split_of_run(model.training_config, 60)
    assert found is not None
    assert found.judge is Judge.VALIDATION
    np.testing.assert_array_equal(found.y, tiny_dataset.y[held_out])


def test_that_rows_learned_from_are_named_as_such(tiny_dataset: Dataset) -> None:
    found = judging_rows(fitted(tiny_dataset, 0.0), tiny_dataset, None)
    assert found is not None
    assert found.judge is Judge.TRAINING
    assert len(found.y) == 60


def test_that_a_fit_of_other_rows_is_not_judged(tiny_dataset: Dataset) -> None:
    fewer = Dataset(tiny_dataset.x[1:], tiny_dataset.y[1:], ("dose",), "response")
    assert judging_rows(fitted(tiny_dataset), fewer, None) is None
    assert judging_rows(fitted(tiny_dataset), fewer, tiny_dataset) is None


def test_that_rivals_learn_from_the_training_rows_only(tiny_dataset: Dataset) -> None:
    model = fitted(tiny_dataset)
    train, _ = split_of_run(model.training_config, 60)
    density = rivals_of(model, tiny_dataset)[Rival.GAUSSIAN].conditional(tiny_dataset.x[:1])
    assert density.mean()[0] == pytest.approx(tiny_dataset.y[train].mean())
    assert density.mean()[0] != pytest.approx(tiny_dataset.y.mean())
