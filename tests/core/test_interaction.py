"""The fit along one input at several values of another."""

import numpy as np
import pytest

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.encoding import ColumnKind, Encoding
from mdn_gui.core.interaction import cell_values, interaction
from mdn_gui.core.reading import Line, Section
from tests.fakes import made_model

KINDS = (Encoding("age"), Encoding("colour", ColumnKind.CATEGORY, tuple("abcdefghi")), Encoding("mass"))


@pytest.fixture
def dataset() -> Dataset:
    rng = np.random.default_rng(0)
    age, mass = rng.uniform(20, 60, 200), rng.normal(size=200)
    colour = KINDS[1].expanded(rng.choice([0, 1, 2, 3, 5, 6, 7, 8.0], 200))
    names = tuple(name for kind in KINDS for name in kind.names)
    return Dataset(np.column_stack((age, colour, mass)), age + mass, names, "y", encodings=KINDS)


def test_that_each_cell_is_read_where_the_second_input_has_its_value(dataset):
    model, line = made_model(dataset), Line.through(dataset, 0)
    values, x, y = cell_values(dataset, 2, 5), np.linspace(20, 60, 7), np.linspace(0, 80, 11)
    made = interaction(Section(model, line), 2, values, (x, y))
    np.testing.assert_allclose(values, np.quantile(dataset.x[:, -1], [0.05, 0.25, 0.5, 0.75, 0.95]))
    for cell, value in enumerate(values):
        mixture = Section(model, line.holding(2, value)).conditional(x[:, None])
        assert made.mean[cell].tolist() == mixture.mean().tolist()
        np.testing.assert_array_equal(made.density[cell], mixture.pdf(y[None]))
        np.testing.assert_array_equal(np.stack((made.low[cell], made.high[cell]), 1), mixture.quantile((0.05, 0.95)))


@pytest.mark.parametrize(("room", "cells"), [(1, 3), (3, 3), (4, 3), (5, 5), (6, 5), (7, 7), (40, 7)])
def test_that_as_many_quantiles_as_there_is_room_for_are_taken(dataset, room, cells):
    values = cell_values(dataset, 2, room)
    assert len(values) == cells
    assert np.median(dataset.x[:, -1]) in values


def test_that_of_many_levels_the_most_frequent_are_taken_in_their_order(dataset):
    counts = np.bincount(dataset.column(1).astype(int), minlength=9)
    values = cell_values(dataset, 1, 7)
    assert len(values) == 7
    assert (np.diff(values) > 0).all()
    left_out = sorted(set(range(9)) - set(values.astype(int).tolist()))
    assert counts[left_out].max() <= counts[values.astype(int)].min()


def test_that_equal_quantiles_are_one_cell_while_ends_that_differ_are_two():
    column = np.zeros(100)
    column[0] = 7.0
    rare = Dataset(np.column_stack((column, np.full(100, 2.0))), np.arange(100.0), ("a", "b"), "y")
    assert cell_values(rare, 0, 5).tolist() == [0.0, 7.0]
    assert cell_values(rare, 1, 5).tolist() == [2.0]


def test_that_the_mean_is_read_between_the_points(dataset):
    x = np.linspace(20, 60, 9)
    made = interaction(Section(made_model(dataset), Line.through(dataset)), 2, np.array([0.0]), (x, np.zeros(1)))
    np.testing.assert_allclose(made.mean_at(22.5), 0.5 * (made.mean[:, 0] + made.mean[:, 1]))
    assert made.mean_at(60.0) == made.mean[:, -1]
    assert made.mean_at(20.0) == made.mean[:, 0]
    assert np.isnan(made.mean_at(61.0)).all()
    assert np.isnan(made.mean_at(np.nan)).all()


def test_that_work_that_is_not_wanted_ends(dataset):
    section = Section(made_model(dataset), Line.through(dataset))
    assert interaction(section, 2, np.zeros(2), (np.zeros(1), np.zeros(1)), lambda: True) is None
