"""Random mixtures for the tests of the core."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mdn_gui.core.mixture import ConditionalMixture


def random_mixture(num_rows: int, num_components: int, seed: int = 0) -> ConditionalMixture:
    rng = np.random.default_rng(seed)
    weights = rng.dirichlet(np.ones(num_components), num_rows)
    locs = rng.normal(0.0, 3.0, (num_rows, num_components))
    scales = np.exp(rng.normal(-1.0, 1.0, (num_rows, num_components)))
    return ConditionalMixture(weights, locs, scales)


@st.composite
def mixtures(draw: st.DrawFn, max_rows: int = 4, max_components: int = 9) -> ConditionalMixture:
    shape = draw(st.integers(1, max_rows)), draw(st.integers(1, max_components))
    heights = draw(arrays(np.float64, shape, elements=st.sampled_from([0.0, 0.01, 0.3, 1.0, 2.5])))
    heights[:, 0] += 0.5
    locs = draw(arrays(np.float64, shape, elements=st.floats(-20.0, 20.0)))
    scales = draw(arrays(np.float64, shape, elements=st.floats(0.05, 10.0)))
    return ConditionalMixture(heights / heights.sum(axis=1, keepdims=True), locs, scales)
