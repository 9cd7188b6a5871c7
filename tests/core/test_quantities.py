import math

import numpy as np
import pytest

from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.core.quantities import Shape, quantities
from mdn_gui.core.questions import Questions
from mdn_gui.core.transform import LOG
from mdn_gui.core.transformed_mixture import TransformedMixture

MIXTURE = ConditionalMixture([[0.4, 0.6]], [[-2.0, 3.0]], [[0.5, 1.0]])


def read(questions: Questions, mixture=MIXTURE) -> dict[str, np.ndarray]:
    return {each.key: np.asarray(each.read(mixture)) for each in quantities(questions)}


def test_that_each_quantity_is_what_the_mixture_says():
    found = read(Questions(levels=(0.1, 0.5), mass=0.8, low=-1.0, high=2.0))
    assert found["mean"] == MIXTURE.mean()[0]
    assert found["variance_within"] + found["variance_between"] == found["variance"]
    assert found["skewness"] == MIXTURE.skewness()[0]
    assert found["quantile_0.1"] == MIXTURE.quantile(0.1)[0]
    np.testing.assert_array_equal(found["region_0.8"], MIXTURE.hdr(0.8)[0])
    np.testing.assert_array_equal(found["modes"], MIXTURE.modes()[0])
    assert found["probability"] == MIXTURE.interval_probability(-1.0, 2.0)[0]


@pytest.mark.parametrize("mixture", [MIXTURE, TransformedMixture(MIXTURE, LOG)], ids=["plain", "log"])
def test_that_each_value_has_the_shape_that_is_declared(mixture):
    shapes = {Shape.NUMBER: 0, Shape.NUMBERS: 1, Shape.INTERVALS: 2}
    for each in quantities(Questions(high=1.0)):
        assert np.ndim(each.read(mixture)) == shapes[each.shape], each.key


def test_that_no_probability_is_read_unless_an_interval_is_asked_for():
    assert "probability" not in read(Questions())
    assert "probability" in read(Questions(low=0.0))
    assert "probability" in read(Questions(high=0.0))


def test_that_keys_are_different_and_tell_close_levels_apart():
    levels = (0.1234561, 0.1234562, 0.5)
    keys = [each.key for each in quantities(Questions(levels=levels))]
    assert len(set(keys)) == len(keys)
    assert [each.probability for each in quantities(Questions(levels=levels)) if "quantile" in each.key] == [*levels]
    assert not any(math.isnan(float(np.sum(value))) for value in read(Questions(levels=levels)).values())
