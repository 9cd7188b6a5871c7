"""Importance of inputs against laws whose answer is known."""

from types import SimpleNamespace

import numpy as np
import pytest

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.encoding import ColumnKind, Encoding
from mdn_gui.core.importance import MOST_COLUMNS, MOST_ROWS, Spans, local_effects, permuted_rises
from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.core.transform import transform_named
from mdn_gui.core.transformed_mixture import in_data_units
from mdn_gui.errors import DataError
from tests.fakes import made_joint_mixture, made_model


def law(locs, scales, weights=None):
    """Return a model from functions of x [N, D], each a sequence of K numbers or arrays [N]."""

    def conditional(x):
        def columns(parts):
            return np.stack([np.broadcast_to(part, len(x)) for part in parts], axis=1)

        means = locs(x)
        return ConditionalMixture(
            columns(weights(x) if weights else [1.0 / len(means)] * len(means)), columns(means), columns(scales(x))
        )

    return SimpleNamespace(conditional=conditional)


def made_dataset(rows: int = 500, columns: int = 3) -> Dataset:
    rng = np.random.default_rng(0)
    x = rng.uniform(-1.0, 3.0, (rows, columns))
    return Dataset(x, 2.0 * x[:, 0] + 0.5 * rng.normal(size=rows), tuple("abcdefgh"[:columns]), "y")


def effects(model, dataset, point=None):
    where = dataset.middle if point is None else np.asarray(point, dtype=float)
    return local_effects(model, dataset.encodings, where, Spans.of(dataset))


# -- around a point ---------------------------------------------------------------------------------------------------


def test_that_a_step_is_5_percent_of_the_central_90_percent():
    dataset = made_dataset()
    ends = np.quantile(dataset.x, [0.05, 0.95], axis=0)
    np.testing.assert_allclose(Spans.of(dataset).step, 0.05 * (ends[1] - ends[0]), rtol=1e-14)


def test_that_a_linear_law_gives_slope_times_step_exactly_while_nothing_else_changes():
    dataset = made_dataset()
    found = effects(law(lambda x: [2.0 * x[:, 0] - 7.0 * x[:, 1] + 5.0], lambda _: [0.5]), dataset)
    np.testing.assert_allclose(found.mean, found.step * [2.0, -7.0, 0.0], rtol=1e-13, atol=0.0)
    assert found.sd.tolist() == found.shape.tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("at", [-1.0, 3.0, -0.95, 2.99, 60.0, -500.0])
def test_that_the_effect_of_a_step_is_the_same_at_the_ends_of_the_range_or_beyond(at):
    dataset = made_dataset()
    asked = []

    def locs(x):
        asked.append(x[:, 0])
        return [2.0 * x[:, 0]]

    found = effects(law(locs, lambda _: [0.5]), dataset, [at, 0.0, 0.0])
    np.testing.assert_allclose(found.mean[0], 2.0 * found.step[0], rtol=1e-9)
    values = np.concatenate(asked)
    assert values.min() >= min(dataset.x[:, 0].min(), at)
    assert values.max() <= max(dataset.x[:, 0].max(), at)


def test_that_an_input_of_the_scale_alone_changes_only_the_spread():
    dataset = made_dataset()
    model = law(lambda _: [-1.0, 2.0], lambda x: [np.exp(x[:, 0]), np.exp(x[:, 0])])
    centred = law(lambda x: [-np.exp(x[:, 0]), np.exp(x[:, 0])], lambda x: [0.3 * np.exp(x[:, 0])] * 2)
    assert effects(model, dataset).shape[0] > 0.0  # the means stay: another shape
    found = effects(centred, dataset)
    h, at = found.step[0], dataset.middle[0]
    expected = np.sqrt(1.09) * np.exp(at) * np.sinh(h)
    np.testing.assert_allclose(found.sd, [expected, 0.0, 0.0], rtol=1e-12)
    assert found.mean.tolist() == found.shape.tolist() == [0.0, 0.0, 0.0]


def test_that_an_input_of_the_weights_changes_the_shape():
    dataset = made_dataset()
    model = law(
        lambda _: [-1.0, 1.0], lambda _: [0.2, 0.2], lambda x: [0.5 + 0.1 * x[:, 1] / 3, 0.5 - 0.1 * x[:, 1] / 3]
    )
    found = effects(model, dataset)
    assert found.shape[1] > 1e-4
    assert found.shape[0] == found.shape[2] == 0.0


def categories(levels: int) -> Dataset:
    rng = np.random.default_rng(0)
    kinds = (
        Encoding("size"),
        Encoding("kind", ColumnKind.CATEGORY, tuple(f"level {i}" for i in range(levels))),
        Encoding("wet", ColumnKind.BOOLEAN),
    )
    number = rng.uniform(size=300)
    x = np.column_stack((number, np.eye(levels)[np.arange(300) % levels], np.arange(300) % 2))
    return Dataset(x, number, tuple(name for kind in kinds for name in kind.names), "y", encodings=kinds)


def test_that_a_category_has_the_greatest_change_over_its_levels_as_one_column():
    dataset = categories(4)
    heights = np.array([0.0, 1.0, -5.0, 3.0])
    model = law(lambda x: [x[:, 1:5] @ heights + 0.25 * x[:, 5]], lambda _: [1.0])
    found = effects(model, dataset, [0.5, 1.0, 0.0])
    assert len(found.mean) == 3
    np.testing.assert_allclose(found.mean, [0.0, -6.0, 0.25])
    assert np.isnan(found.step[1:]).all()


def test_that_60_levels_are_all_looked_at():
    dataset = categories(60)
    found = effects(law(lambda x: [9.0 * x[:, 60]], lambda _: [1.0]), dataset, [0.5, 0.0, 0.0])
    np.testing.assert_allclose(found.mean, [0.0, 9.0, 0.0])


def test_that_a_constant_column_has_no_step_nor_effect():
    x = np.column_stack((np.linspace(0, 1, 9), np.full(9, 4.0)))
    dataset = Dataset(x, np.arange(9.0), ("a", "b"), "y")
    found = effects(law(lambda x: [x[:, 0] + x[:, 1]], lambda _: [1.0]), dataset)
    assert (found.step[1], found.mean[1], found.sd[1], found.shape[1]) == (0.0, 0.0, 0.0, 0.0)


def test_that_a_column_that_is_mostly_one_value_steps_by_its_whole_range():
    column = np.zeros(100)
    column[:3] = 10.0
    spans = Spans.of(Dataset(column[:, None], np.arange(100.0), ("a",), "y"))
    assert spans.step.tolist() == [0.5]


def test_that_a_step_that_no_float_makes_has_no_effect():
    dataset = Dataset(np.linspace(0, 1, 9)[:, None], np.arange(9.0), ("a",), "y")
    found = effects(law(lambda x: [x[:, 0]], lambda _: [1.0]), dataset, [1e300])
    assert np.isfinite([found.mean, found.sd, found.shape]).all()


@pytest.mark.parametrize("name", ["log", "logit"])
def test_that_a_transformed_target_is_read_in_data_units(name):
    transform = transform_named(name)
    dataset = made_dataset()
    base = law(lambda x: [0.1 * x[:, 0]], lambda _: [0.3])
    model = SimpleNamespace(conditional=lambda x: in_data_units(base.conditional(x), transform))
    found = effects(model, dataset)
    ends = dataset.middle[0] + found.step[0] * np.array([-1.0, 1.0])
    low, high = model.conditional(np.column_stack((ends, *dataset.middle[[[1], [2]]].repeat(2, 1)))).mean()
    np.testing.assert_allclose(found.mean[0], 0.5 * (high - low), rtol=1e-9)
    assert found.shape[0] == 0.0  # in z the shape does not change


def test_that_moments_beyond_any_float_give_no_number_and_no_warning():
    transform = transform_named("log")
    base = law(lambda x: [x[:, 0] * 1e6], lambda _: [1e3])
    model = SimpleNamespace(conditional=lambda x: in_data_units(base.conditional(x), transform))
    found = effects(model, made_dataset())
    assert np.isnan(found.mean[0])
    assert np.isnan(found.sd[0])


def test_that_a_preview_with_many_components_is_read_too():
    dataset = made_dataset()
    found = effects(made_joint_mixture(dataset, components=64), dataset)
    assert (found.mean != 0.0).all()


def test_that_no_more_than_200_columns_are_looked_at():
    rng = np.random.default_rng(0)
    wide = Dataset(rng.normal(size=(5, 260)), np.arange(5.0), tuple(map(str, range(260))), "y")
    assert effects(made_model(wide), wide).mean.shape == (MOST_COLUMNS,)


def test_that_a_point_of_other_columns_is_refused():
    dataset = made_dataset()
    with pytest.raises(DataError):
        effects(made_model(made_dataset(columns=2)), dataset)


def test_that_work_that_is_not_wanted_ends():
    dataset = made_dataset()
    model = made_model(dataset)
    assert local_effects(model, dataset.encodings, dataset.middle, Spans.of(dataset), lambda: True) is None
    assert permuted_rises(model, dataset, is_cancelled=lambda: True) is None


# -- over all rows ----------------------------------------------------------------------------------------------------


def test_that_permuting_what_matters_costs_nats_while_the_rest_costs_none():
    dataset = made_dataset(1500)
    exact = law(lambda x: [2.0 * x[:, 0]], lambda _: [0.5])
    found = permuted_rises(exact, dataset)
    expected = 4.0 * dataset.x[:, 0].var() / 0.25  # E (2 x - 2 x')^2 / (2 sd^2)
    assert abs(found.rise[0] - expected) < 3.0 * found.standard_error[0]
    assert found.rise[1:].tolist() == [0.0, 0.0]
    assert found.num_rows == 1500


def test_that_an_input_the_model_uses_though_the_law_does_not_costs_within_its_error():
    dataset = made_dataset(2000)
    fitted = law(lambda x: [2.0 * x[:, 0] + 0.01 * x[:, 1]], lambda _: [0.5])
    found = permuted_rises(fitted, dataset)
    assert found.standard_error[1] > 0.0
    assert abs(found.rise[1]) <= 2.0 * found.standard_error[1]


def test_that_the_rows_are_sampled_by_the_seed():
    dataset = made_dataset(3000)
    model = made_model(dataset)
    first, again, other = (
        permuted_rises(model, dataset),
        permuted_rises(model, dataset),
        permuted_rises(model, dataset, 1),
    )
    assert first.num_rows == MOST_ROWS
    assert first.rise.tolist() == again.rise.tolist() != other.rise.tolist()


def test_that_the_inputs_of_a_category_are_permuted_together():
    dataset = categories(4)
    seen = []

    def locs(x):
        seen.append(x[:, 1:5])
        return [x[:, 0]]

    permuted_rises(law(locs, lambda _: [0.1]), dataset)
    assert (np.concatenate(seen).sum(axis=1) == 1.0).all()


def test_that_a_row_of_no_density_leaves_no_number_and_no_warning():
    dataset = made_dataset()
    found = permuted_rises(law(lambda _: [1e200], lambda _: [1e-3]), dataset)
    assert not np.isfinite(found.rise).any()
    assert np.isinf(found.standard_error).all()
