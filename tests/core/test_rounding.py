"""Finding the step to which a target was rounded."""

import numpy as np
import pytest

from mdn_gui.core.rounding import rounding_step

NORMAL = np.random.default_rng(0).normal(size=400)


@pytest.mark.parametrize("step", [1.0, 0.1, 0.25, 5.0, 1e-6, 2.54])
@pytest.mark.parametrize("offset", [0.0, 1000.0, -0.37])
def test_that_the_step_of_rounded_values_is_found(step, offset):
    values = np.round(NORMAL * 8) * step + offset * step
    assert rounding_step(values) == pytest.approx(step, rel=1e-4)


def test_that_a_few_values_off_the_lattice_do_no_harm():
    values = np.concatenate((np.round(NORMAL, 1), [0.123456, -1.0457]))
    assert rounding_step(values) == pytest.approx(0.1, rel=1e-4)


def test_that_the_step_is_not_a_part_of_a_step():
    assert rounding_step(np.repeat([0.0, 2.0, 4.0, 8.0], 5)) == pytest.approx(2.0)


@pytest.mark.parametrize(
    "values",
    [
        NORMAL,
        np.full(10, 3.0),
        np.array([0.0, 1.0]),
        np.arange(50.0),
        np.concatenate((np.zeros(200), NORMAL)),
    ],
    ids=["continuous", "constant", "two rows", "no repeats", "pile of zeros"],
)
def test_that_values_that_were_not_rounded_have_no_step(values):
    assert rounding_step(values) == 0.0


def test_that_an_outlier_leaves_the_step():
    assert rounding_step(np.append(np.round(NORMAL, 1), 1e30)) == pytest.approx(0.1, rel=1e-4)
