import numpy as np
import pytest

from mdn_gui.core.outliers import Outliers, outliers

RNG = np.random.default_rng(11)


def found(values: np.ndarray) -> Outliers:
    return outliers(values, float(values.min()), float(values.max()))


@pytest.mark.parametrize("count", [50, 2000, 300_000])
def test_that_a_value_far_out_is_found_with_the_range_of_the_others(count):
    values = RNG.normal(size=count)
    low, high = values.min(), np.delete(values, 7).max()
    values[7] = 1e6
    apart = found(values)
    assert apart.rows.tolist() == [7]
    assert (apart.low, apart.high) == (min(low, np.delete(values, 7).min()), high)


def test_that_a_code_for_missing_values_is_found_wherever_it_stands():
    values = RNG.normal(50.0, 5.0, size=2000)
    values[::200] = -9999.0
    assert found(values).rows.tolist() == list(range(0, 2000, 200))


def test_that_a_slip_of_the_decimal_point_is_found():
    values = RNG.normal(170.0, 10.0, size=500)
    values[99] *= 10.0
    assert found(values).rows.tolist() == [99]


@pytest.mark.parametrize(
    "draw",
    [
        lambda rng: rng.normal(size=1000),
        lambda rng: rng.standard_cauchy(size=1000),
        lambda rng: rng.standard_t(3, size=1000),
        lambda rng: rng.lognormal(sigma=1.5, size=1000),
        lambda rng: rng.exponential(size=1000),
        lambda rng: rng.poisson(1.0, size=1000).astype(float),
        lambda rng: rng.choice([0.0, 100.0], size=1000, p=[0.95, 0.05]) + rng.normal(size=1000),
    ],
    ids=["Gaussian", "Cauchy", "t3", "log-normal", "exponential", "counts", "small cluster"],
)
def test_that_the_extremes_of_a_law_are_left_alone(draw):
    told = sum(len(found(draw(np.random.default_rng(seed))).rows) > 0 for seed in range(200))
    assert told <= 4


@pytest.mark.parametrize(
    "values",
    [
        np.arange(8.0) ** 9,
        np.append(np.zeros(99), 1e9),
        np.linspace(-1.0, 1.0, 61) * 1.7e308,
        np.full(20, 3.0),
    ],
    ids=["few rows", "no spread", "full range of floats", "constant"],
)
def test_that_nothing_is_said_where_nothing_can_be_told(values):
    with np.errstate(all="ignore"):
        assert len(found(values).rows) == 0
