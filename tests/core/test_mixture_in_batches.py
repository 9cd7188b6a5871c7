import numpy as np
import pytest

from mdn_gui.core.mixture import ConditionalMixture
from tests.core.mixtures import random_mixture

GRID = np.linspace(-7.0, 7.0, 23)
ANSWERS = {
    "mean": lambda m: m.mean(),
    "variance": lambda m: m.variance(),
    "sd": lambda m: m.sd(),
    "skewness": lambda m: m.skewness(),
    "log_pdf": lambda m: m.log_pdf(GRID[np.newaxis]),
    "pdf": lambda m: m.pdf(GRID[np.newaxis]),
    "cdf": lambda m: m.cdf(GRID[np.newaxis]),
    "crps": lambda m: m.crps(GRID[np.newaxis]),
    "log_pdf at one y": lambda m: m.log_pdf(0.3),
    "pdf at one y": lambda m: m.pdf(0.3),
    "cdf at one y": lambda m: m.cdf(0.3),
    "crps at one y": lambda m: m.crps(0.3),
    "quantile": lambda m: m.quantile([0.01, 0.3, 0.5, 0.999]),
    "interval": lambda m: m.interval_probability(-1.0, 2.0),
    "modes": lambda m: m.modes(),
    "hdr": lambda m: m.hdr(0.9),
}


def _rows(mixture: ConditionalMixture, rows: np.ndarray) -> ConditionalMixture:
    return ConditionalMixture(mixture.weights[rows], mixture.locs[rows], mixture.scales[rows])


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("num_components", [1, 5, 13, 64])
def test_that_a_row_gives_the_same_bits_in_any_batch(name, num_components):
    answer = ANSWERS[name]
    num_rows = 41
    mixture = random_mixture(num_rows, num_components, seed=num_components)
    whole = answer(mixture)
    rng = np.random.default_rng(1)
    for rows in ([0], [40], [7, 8], rng.permutation(num_rows), rng.integers(0, num_rows, 9)):
        part = answer(_rows(mixture, np.asarray(rows)))
        for value, row in zip(part, rows, strict=True):
            np.testing.assert_array_equal(value, whole[row])


@pytest.mark.parametrize("name", ["log_pdf", "pdf", "cdf", "crps"])
def test_that_evaluation_in_pieces_gives_the_same_bits(name):
    mixture, grid = random_mixture(90, 20), np.linspace(-9.0, 9.0, 400)
    whole = getattr(mixture, name)(grid[np.newaxis])
    np.testing.assert_array_equal(getattr(mixture.row(50), name)(grid[np.newaxis]), whole[50:51])
    for column in (0, 211, 399):
        np.testing.assert_array_equal(getattr(mixture, name)(grid[column]), whole[:, column])
