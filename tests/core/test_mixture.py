import subprocess
import sys
import time
import tracemalloc
import warnings
from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.errors import DataError
from tests.core.mixtures import random_mixture

NORMAL = ConditionalMixture([[1.0]], [[0.0]], [[1.0]])
TWO = ConditionalMixture([[0.25, 0.75]], [[-1.0, 3.0]], [[0.5, 2.0]])


def test_that_parameters_are_read_only_float64_copies():
    weights, locs, scales = np.array([[1, 0]]), np.array([[2, 3]]), np.array([[1, 4]])
    mixture = ConditionalMixture(weights, locs, scales)
    locs[0, 0] = 99
    for array in (mixture.weights, mixture.locs, mixture.scales, mixture.variances):
        assert array.dtype == np.float64
        assert not array.flags.writeable
    assert mixture.locs.tolist() == [[2.0, 3.0]]
    with pytest.raises(FrozenInstanceError):
        mixture.locs = locs


def test_that_variances_are_squares_of_the_scales():
    assert TWO.variances.tolist() == [[0.25, 4.0]]


def test_that_length_is_rows_with_columns_being_components():
    mixture = random_mixture(7, 3)
    assert (len(mixture), mixture.num_components) == (7, 3)


@pytest.mark.parametrize(
    ("weights", "locs", "scales", "words"),
    [
        ([[1.0]], [[0.0, 1.0]], [[1.0]], "do not fit"),
        ([1.0], [0.0], [1.0], "do not fit"),
        (np.empty((2, 0)), np.empty((2, 0)), np.empty((2, 0)), "do not fit"),
        ([[np.nan]], [[0.0]], [[1.0]], "not a finite"),
        ([[1.0]], [[np.inf]], [[1.0]], "not a finite"),
        ([[1.0]], [[0.0]], [[np.nan]], "not a finite"),
        ([[1.0]], [[0.0]], [[0.0]], "scale is not positive"),
        ([[1.0]], [[0.0]], [[-1.0]], "scale is not positive"),
        ([[1.5, -0.5]], [[0.0, 1.0]], [[1.0, 1.0]], "weight is negative"),
        ([[1.0, 0.0], [0.4, 0.59]], np.zeros((2, 2)), np.ones((2, 2)), "row 1 sum to 0.99"),
    ],
)
def test_that_impossible_parameters_are_refused_with_a_hint(weights, locs, scales, words):
    with pytest.raises(DataError, match=words) as caught:
        ConditionalMixture(weights, locs, scales)
    assert caught.value.hint


def test_that_single_precision_weights_are_divided_by_their_sum():
    weights = np.random.default_rng(0).dirichlet(np.ones(5), 50).astype(np.float32)
    mixture = ConditionalMixture(weights, np.zeros((50, 5)), np.ones((50, 5)))
    assert np.abs(mixture.weights.sum(axis=1) - 1.0).max() < 1e-15
    assert np.abs(mixture.weights - weights).max() < 1e-6


def test_that_exact_weights_are_kept_to_the_bit():
    weights = np.random.default_rng(0).dirichlet(np.ones(5), 50)
    mixture = ConditionalMixture(weights, np.zeros((50, 5)), np.ones((50, 5)))
    np.testing.assert_array_equal(mixture.weights, weights)


def test_that_a_row_is_a_batch_of_one():
    mixture = random_mixture(4, 3)
    row = mixture.row(-1)
    assert len(row) == 1
    np.testing.assert_array_equal(row.locs[0], mixture.locs[3])
    with pytest.raises(IndexError):
        mixture.row(4)


@pytest.mark.parametrize("name", ["log_pdf", "pdf", "cdf", "crps"])
def test_that_y_is_read_as_rows_or_as_a_grid(name):
    mixture = random_mixture(3, 2)
    evaluate = getattr(mixture, name)
    grid = np.linspace(-4.0, 4.0, 5)
    shared = evaluate(grid[np.newaxis])
    assert shared.shape == (3, 5)
    np.testing.assert_array_equal(evaluate(np.tile(grid, (3, 1))), shared)
    np.testing.assert_array_equal(evaluate(grid[2]), shared[:, 2])
    np.testing.assert_array_equal(evaluate(grid[[0, 1, 4]]), shared[[0, 1, 2], [0, 1, 4]])


@pytest.mark.parametrize("shape", [(2,), (4,), (2, 3), (4, 1), (3, 1, 1), (0,)])
def test_that_a_y_that_fits_neither_rows_nor_a_grid_is_refused(shape):
    with pytest.raises(DataError, match="has shape") as caught:
        random_mixture(3, 2).pdf(np.zeros(shape))
    assert "[1, M]" in caught.value.hint


def test_that_one_row_does_not_read_a_list_as_a_grid():
    with pytest.raises(DataError, match="has shape"):
        NORMAL.cdf([0.0, 1.0])


def test_that_two_sds_above_the_mean_the_cdf_is_that_of_the_normal():
    assert ConditionalMixture([[1.0]], [[1.0]], [[3.0]]).cdf(7.0)[0] == pytest.approx(0.9772498680518208, abs=1e-15)


def test_that_crps_of_the_standard_normal_at_its_mean_is_the_known_value():
    assert NORMAL.crps(0.0)[0] == pytest.approx(0.23369497725510907, abs=1e-15)


def test_that_crps_depends_on_the_locs():
    # two equal components at -1 and 1, read at 1
    mixture = ConditionalMixture([[0.5, 0.5]], [[-1.0, 1.0]], [[0.01, 0.01]])
    assert mixture.crps(1.0)[0] == pytest.approx(0.5, abs=0.01)


def test_that_weights_of_zero_change_nothing_and_warn_of_nothing():
    padded = ConditionalMixture([[0.0, 0.25, 0.75, 0.0]], [[1e3, -1.0, 3.0, 0.0]], [[1e-3, 0.5, 2.0, 9.0]])
    grid = np.linspace(-9.0, 12.0, 40)[np.newaxis]
    for name in ("log_pdf", "pdf", "cdf", "crps"):
        np.testing.assert_allclose(getattr(padded, name)(grid), getattr(TWO, name)(grid), rtol=1e-12)
    np.testing.assert_allclose(padded.quantile([0.001, 0.5, 0.999]), TWO.quantile([0.001, 0.5, 0.999]), rtol=1e-12)
    np.testing.assert_allclose(padded.modes()[0], TWO.modes()[0], rtol=1e-9)
    np.testing.assert_allclose(padded.hdr(0.5)[0], TWO.hdr(0.5)[0], rtol=1e-9)
    assert np.isin(padded.sample(np.random.default_rng(0), 1000) > 500, [False]).all()


def test_that_infinite_y_has_limits_while_nan_stays_nan():
    ends = np.array([[-np.inf, np.inf]])
    assert TWO.pdf(ends).tolist() == [[0.0, 0.0]]
    assert TWO.log_pdf(ends).tolist() == [[-np.inf, -np.inf]]
    assert TWO.cdf(ends).tolist() == [[0.0, 1.0]]
    assert TWO.crps(ends).tolist() == [[np.inf, np.inf]]
    for name in ("pdf", "log_pdf", "cdf", "crps"):
        assert np.isnan(getattr(TWO, name)(np.nan)).all()


def test_that_the_log_density_is_exact_where_the_density_underflows():
    assert NORMAL.pdf(60.0)[0] == 0.0
    assert NORMAL.log_pdf(60.0)[0] == pytest.approx(-1800.0 - 0.5 * np.log(2 * np.pi), rel=1e-15)


@pytest.mark.parametrize(
    ("locs", "scales"),
    [
        ([0.0, 1.0], [1e-300, 1e-300]),
        ([1e12, 1e12 + 1.0], [1e-3, 1.0]),
        ([1e30, -1e30], [1e30, 1e29]),
        ([0.0, 0.0], [1e-8, 1e8]),
        ([1e12, -5.0], [1e-6, 1e30]),
        ([1e200, -1e200], [1e200, 1e199]),
    ],
)
def test_that_extreme_parameters_give_numbers_without_warnings(locs, scales):
    mixture = ConditionalMixture([[0.5, 0.5]], [locs], [scales])
    points = np.array([[*locs, 0.0, 1.0, 1e12, -1e300]])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for name in ("pdf", "log_pdf", "cdf", "crps"):
            assert not np.isnan(getattr(mixture, name)(points)).any()
        for name in ("mean", "variance", "sd", "skewness"):
            assert not np.isnan(getattr(mixture, name)()).any()
        assert np.isfinite(mixture.quantile([1e-9, 0.3, 0.999])).all()
        assert 1 <= len(mixture.modes()[0]) <= 2
        assert np.isfinite(mixture.hdr(0.9)[0]).all()


def test_that_an_empty_batch_gives_empty_answers():
    nothing = ConditionalMixture(np.empty((0, 3)), np.empty((0, 3)), np.empty((0, 3)))
    assert nothing.mean().shape == nothing.sd().shape == nothing.cdf(np.empty(0)).shape == (0,)
    assert nothing.pdf(np.zeros((1, 4))).shape == (0, 4)
    assert nothing.quantile([0.1, 0.9]).shape == (0, 2)
    assert nothing.modes() == nothing.hdr(0.9) == ()


def test_that_memory_of_a_large_evaluation_stays_bounded():
    mixture, grid = random_mixture(500, 20), np.linspace(-9.0, 9.0, 500)[np.newaxis]
    tracemalloc.start()
    for name in ("pdf", "log_pdf", "cdf", "crps"):
        getattr(mixture, name)(grid)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # a whole [K, N, M] array would take 40 MB
    assert peak < 20e6


def test_that_a_mixture_is_built_and_summarised_within_a_mouse_move():
    parameters = random_mixture(1, 5)
    arrays = parameters.weights, parameters.locs, parameters.scales

    def once() -> float:
        began = time.perf_counter()
        mixture = ConditionalMixture(*arrays)
        mixture.mean()
        mixture.variance()
        return time.perf_counter() - began

    # 0.03 ms measured; the bound only catches a change of kind
    assert min(once() for _ in range(200)) < 1e-3


def test_that_importing_the_mixture_loads_nothing_heavy():
    code = "import sys, mdn_gui.core.mixture; print(*sorted(m.split('.')[0] for m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & {"PySide6", "tensorflow", "pandas", "sklearn", "pyqtgraph"}
    assert "numpy" in loaded
