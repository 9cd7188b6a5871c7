import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.joint_mixture import JointMixture, fit_joint_mixture
from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.core.scaling import Standardizer
from mdn_gui.errors import DataError
from tests.laws import Cardioid, InverseSine, excess

ROOT = Path(__file__).resolve().parents[2]
FAR = (-1e300, -1e12, -1e3, 0.0, 1e3, 1e12, 1e300)


def dataset(x: object, y: object) -> Dataset:
    inputs = np.asarray(x, dtype=float)
    inputs = inputs[:, None] if inputs.ndim == 1 else inputs
    return Dataset(inputs, np.asarray(y, dtype=float), tuple(f"x{d}" for d in range(inputs.shape[1])), "y")


def drawn(law: Cardioid | InverseSine, rows: int, seed: int = 0) -> Dataset:
    return dataset(*law.sample(rows, np.random.default_rng(seed)))


def made_mixture(inputs: int, components: int = 4, seed: int = 0) -> JointMixture:
    rng = np.random.default_rng(seed)
    factors = rng.normal(size=(components, inputs + 1, inputs + 1))
    weights = rng.dirichlet(np.ones(components))
    return JointMixture(
        np.log(weights),
        rng.normal(size=(components, inputs + 1)),
        factors @ factors.transpose(0, 2, 1) + 0.1 * np.eye(inputs + 1),
        Standardizer(rng.normal(size=inputs), rng.uniform(0.5, 2.0, inputs)),
        Standardizer([3.0], [5.0]),
    )


def log_joint(mixture: JointMixture, rows: np.ndarray) -> np.ndarray:
    """Log density of scaled rows [N, C], or of their first C columns, by the textbook formula."""
    columns = rows.shape[1]
    parts = []
    for log_weight, mean, covariance in zip(mixture.log_weights, mixture.means, mixture.covariances, strict=True):
        away = rows - mean[:columns]
        part = covariance[:columns, :columns]
        distance = (away * np.linalg.solve(part, away.T).T).sum(axis=1)
        parts.append(log_weight - 0.5 * (distance + np.linalg.slogdet(2.0 * np.pi * part)[1]))
    return np.logaddexp.reduce(parts)


def assert_readable(mixture: ConditionalMixture, y: object) -> None:
    assert np.isfinite(mixture.weights).all()
    assert (mixture.scales > 0).all()
    np.testing.assert_allclose(mixture.weights.sum(axis=1), 1.0, rtol=1e-12)
    assert np.isfinite(mixture.log_pdf(y)).all()


# -- the closed form --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("inputs", [1, 2, 8])
def test_that_the_conditional_density_is_joint_over_marginal(inputs):
    mixture, rng = made_mixture(inputs), np.random.default_rng(1)
    x = mixture.x_scaler.restored(rng.normal(size=(50, inputs)))
    y = rng.normal(3.0, 10.0, 50)
    scaled = np.column_stack((mixture.x_scaler.scaled(x), mixture.y_scaler.scaled(y[:, None])))
    expected = log_joint(mixture, scaled) - log_joint(mixture, scaled[:, :-1]) - mixture.y_scaler.log_jacobian
    np.testing.assert_allclose(mixture.conditional(x).log_pdf(y), expected, rtol=1e-9)


@pytest.mark.parametrize("inputs", [1, 3, 8])
def test_that_a_row_gives_the_same_bits_in_any_batch(inputs):
    mixture = made_mixture(inputs, components=20)
    x = np.random.default_rng(1).normal(size=(700, inputs)) * 3.0
    whole = mixture.conditional(x)
    for size in (1, 2, 3, 64, 699):
        part = mixture.conditional(x[5 : 5 + size])
        for name in ("weights", "locs", "scales"):
            np.testing.assert_array_equal(getattr(part, name), getattr(whole, name)[5 : 5 + size])


@pytest.mark.parametrize("inputs", [1, 3])
def test_that_x_far_outside_is_readable(inputs):
    x = np.tile(np.array(FAR)[:, None], inputs)
    assert_readable(made_mixture(inputs).conditional(x), 3.0 * np.ones(len(x)))


@pytest.mark.parametrize("x", [[0.5], [[0.5, 1.0]], [[np.nan]], [[np.inf]]])
def test_that_inputs_that_do_not_fit_are_refused(x):
    with pytest.raises(DataError):
        made_mixture(1).conditional(x)


def test_that_the_arrays_are_frozen_copies():
    means = np.zeros((1, 2))
    mixture = JointMixture([0.0], means, [np.eye(2)], Standardizer.identity(1), Standardizer.identity(1))
    means[:] = 9.0
    assert not mixture.means.any()
    with pytest.raises(ValueError, match="read-only"):
        mixture.covariances[0, 0, 0] = 2.0


@pytest.mark.parametrize("covariances", [[np.ones((2, 2))], [-np.eye(2)], [np.eye(3)], [np.eye(2), np.eye(2)]])
def test_that_covariances_that_are_none_are_refused(covariances):
    with pytest.raises(DataError):
        JointMixture([0.0], np.zeros((1, 2)), covariances, Standardizer.identity(1), Standardizer.identity(1))


# -- the fit ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("law", "most"), [(Cardioid(), 0.045), (InverseSine(), 0.23)])
def test_that_the_fit_comes_close_to_a_known_law(law, most):
    assert 0.0 < excess(law, fit_joint_mixture(drawn(law, 2000)), n=5000) < most


def test_that_linear_data_give_one_component_with_the_regression_line():
    rng = np.random.default_rng(0)
    x = rng.normal(10.0, 3.0, (4000, 3))
    slopes = np.array([2.0, -1.0, 0.5])
    mixture = fit_joint_mixture(dataset(x, x @ slopes + 7.0 + rng.normal(0.0, 0.5, 4000)))
    assert mixture.num_components == 1
    reading = mixture.conditional([[10.0, 10.0, 10.0], [11.0, 9.0, 12.0]])
    np.testing.assert_allclose(reading.locs[:, 0], [22.0, 26.0], atol=0.05)
    np.testing.assert_allclose(reading.scales, 0.5, rtol=0.05)


def test_that_the_same_seed_gives_the_same_bits_and_another_seed_others():
    data = drawn(Cardioid(), 400)
    first, again, other = (fit_joint_mixture(data, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.means, again.means)
    np.testing.assert_array_equal(first.covariances, again.covariances)
    assert not np.array_equal(first.means, other.means)


def test_that_units_do_not_matter():
    data = drawn(Cardioid(), 400)
    plain, moved = fit_joint_mixture(data), fit_joint_mixture(dataset(data.x * 1e6 + 5e6, data.y * 1e-6))
    assert moved.num_components == plain.num_components
    expected, reading = plain.conditional([[0.5]]), moved.conditional([[5.5e6]])
    np.testing.assert_allclose(reading.weights, expected.weights, atol=1e-6)
    np.testing.assert_allclose(reading.locs, expected.locs * 1e-6, rtol=1e-4)


def test_that_components_ascend_along_the_first_input():
    means = fit_joint_mixture(drawn(Cardioid(), 500)).means[:, 0]
    assert len(means) > 3
    assert (np.diff(means) > 0).all()


def hard_cases() -> dict[str, Dataset]:
    rng = np.random.default_rng(0)
    x, y = Cardioid().sample(200, rng)
    outlying, far = y.copy(), x.copy()
    outlying[7], far[3] = 1e30, -1e30
    few = rng.integers(0, 3, 200).astype(float)
    return {
        "constant y": dataset(x, np.full(200, 5.0)),
        "constant x": dataset(np.full(200, 5.0), y),
        "both constant": dataset(np.full(200, 5.0), np.full(200, 3.0)),
        "two rows": dataset([0.0, 1.0], [1.0, 3.0]),
        "five rows": dataset(x[:5], y[:5]),
        "fewer values than components": dataset(few, rng.integers(0, 2, 200)),
        "rows repeated": dataset(np.repeat(x[:4], 50), np.repeat(y[:4], 50)),
        "outlier in y": dataset(x, outlying),
        "outlier in x": dataset(far, y),
        "large units": dataset(x * 1e6, y * 1e6),
        "cauchy": dataset(x, rng.standard_cauchy(200)),
        "more inputs than rows": dataset(rng.normal(size=(20, 30)), y[:20]),
        "equal inputs": dataset(np.column_stack((x, x, x)), y),
        "zeros piled up": dataset(x, np.where(y > 0, y, 0.0)),
    }


@pytest.mark.parametrize("name", list(hard_cases()))
def test_that_hard_data_give_a_readable_mixture(name):
    data = hard_cases()[name]
    mixture = fit_joint_mixture(data)
    assert_readable(mixture.conditional(data.x), data.y)
    assert_readable(mixture.conditional(np.full((1, data.num_inputs), 1e12)), data.y[:1])
    assert mixture.conditional(data.x).scales.min() >= 0.999e-3 * mixture.y_scaler.sd[0]


@pytest.mark.parametrize("values", [2, 3])
def test_that_values_that_repeat_are_not_taken_for_knowledge(values):
    rng = np.random.default_rng(0)
    rounded = fit_joint_mixture(dataset(rng.uniform(size=500), rng.integers(0, values, 500)))
    # the sd of a value that is spread over its step of 1 is 0.29; components as narrow as points would be 0.001 wide
    assert rounded.conditional([[0.2], [0.5], [0.8]]).scales.min() > 0.2


def test_that_large_data_are_fitted_on_a_part_of_their_rows():
    data = drawn(Cardioid(), 20_100)
    mixture = fit_joint_mixture(data)
    mean, whole = mixture.x_scaler.mean[0], data.x.mean()
    assert mean != whole
    assert mean == pytest.approx(whole, abs=0.01)


def test_that_only_the_fit_loads_scikit_learn():
    code = "import sys, mdn_gui.core.joint_mixture; print('sklearn' in sys.modules, 'scipy' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.split() == ["False", "False"]
