"""What is read at several places, as a table to take away."""

import csv
import io
import math

import numpy as np
import pytest

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.encoding import ColumnKind, Encoding
from mdn_gui.core.pin import Pin
from mdn_gui.core.quantities import Shape, quantities
from mdn_gui.core.questions import Questions
from mdn_gui.core.reading import InputAxis, Line, Reading, Section
from mdn_gui.files.pins import pins_table
from mdn_gui.files.tables import DataTable, tsv_text
from tests.fakes import made_joint_mixture, made_model
from tests.places import pin_at

ASKED = Questions(levels=(0.1, 0.5), mass=0.8, low=0.0)


def column(table: DataTable, name: str) -> np.ndarray:
    return np.asarray(table.columns[table.names.index(name)])


@pytest.fixture
def mixed() -> Dataset:
    """Numbers, a category."""
    rng = np.random.default_rng(0)
    encodings = (Encoding("age"), Encoding("kind", ColumnKind.CATEGORY, ("dry", "=wet")))
    x = np.column_stack((rng.uniform(1.0, 90.0, 40), np.tile(np.eye(2), (20, 1))))
    names = tuple(name for each in encodings for name in each.names)
    return Dataset(x, rng.normal(size=40), names, "strength", encodings=encodings)


def test_that_every_figure_is_the_models_own_to_the_bit(mixed):
    model = made_model(mixed, components=4)
    pins = [pin_at("A", 28.0, model, mixed), pin_at("B", 90.0, model, mixed)]
    table = pins_table(pins, ASKED, "strength")
    assert column(table, "name").tolist() == ["A", "B"]
    assert column(table, "age").tolist() == [28.0, 90.0]
    assert column(table, "kind").tolist() == ["dry", "dry"]
    mixtures = [pin.reading.mixture for pin in pins]
    for k in range(4):
        for name, kind in (("weight", "weights"), ("mean", "locs"), ("variance", "variances"), ("sd", "scales")):
            assert column(table, f"{name}_{k + 1}").tolist() == [getattr(each, kind)[0, k] for each in mixtures]
    for quantity in quantities(ASKED):
        if quantity.shape is Shape.NUMBER:
            assert column(table, quantity.key).tolist() == [float(quantity.read(each)) for each in mixtures]
    assert column(table, "probability")[0] == mixtures[0].interval_probability(0.0, math.inf)[0]


def test_that_intervals_are_columns_and_missing_ones_are_empty(mixed):
    model = made_model(mixed, components=6)
    pins = [pin_at(str(x), float(x), model, mixed) for x in range(0, 90, 5)]
    table = pins_table(pins, ASKED, "strength")
    regions = [pin.reading.mixture.hdr(0.8)[0] for pin in pins]
    assert len({len(region) for region in regions}) > 1
    for row, region in enumerate(regions):
        for number in range(max(map(len, regions))):
            low = column(table, f"region_0.8_low_{number + 1}")[row]
            high = column(table, f"region_0.8_high_{number + 1}")[row]
            if number < len(region):
                assert (low, high) == tuple(region[number])
            else:
                assert math.isnan(low)
                assert math.isnan(high)


def test_that_the_comments_state_what_was_asked(mixed):
    table = pins_table([pin_at("A", 28.0, made_model(mixed), mixed)], ASKED, "strength")
    assert "target: strength" in table.comments
    assert "levels: 0.1, 0.5" in table.comments
    assert "mass of the region: 0.8" in table.comments
    assert "probability: of 0.0 < y <= inf" in table.comments
    assert not any("preview" in line for line in table.comments)


def test_that_a_preview_says_that_it_is_one(mixed):
    line = Line.through(mixed)
    section = Section(made_joint_mixture(mixed), line)
    reading = Reading.at(20.0, section, InputAxis.of(mixed), is_preview=True)
    table = pins_table([Pin("A", line, 20.0, reading)], ASKED, "strength")
    assert any("joint Gaussian mixture, not from the network" in line for line in table.comments)


def test_that_a_place_outside_the_data_is_named(mixed):
    table = pins_table([pin_at("far", 1e12, made_model(mixed), mixed)], ASKED, "strength")
    assert column(table, "outside").tolist() == ["age"]
    assert "rows_near" not in table.names  # along the axis alone: with several inputs it would mislead


def test_that_with_one_input_the_rows_near_are_counted(tiny_dataset):
    model = made_model(tiny_dataset)
    places = [pin_at("in", 0.5, model, tiny_dataset), pin_at("far", 1e12, model, tiny_dataset)]
    table = pins_table(places, ASKED, "response")
    near = places[0].reading.rows_near
    assert column(table, "rows_near").tolist() == [near, 0.0]


def test_that_a_pin_where_nothing_is_read_has_empty_cells(mixed):
    table = pins_table([Pin("A", Line.through(mixed), 28.0)], ASKED, "strength")
    row = list(csv.reader(io.StringIO(tsv_text(table)), delimiter="\t"))[-1]
    named = dict(zip(table.names, row, strict=True))
    assert named["age"] == "28.0"
    assert named["mean"] == named["outside"] == named["quantile_0.5"] == ""
    assert "weight_1" not in named


def test_that_no_pins_make_an_empty_table():
    assert len(pins_table((), ASKED, "strength")) == 0


def test_that_names_and_levels_are_no_formulas(mixed):
    line = Line.through(mixed).holding(1, 1.0)
    pin = pin_at("=1+1", 28.0, made_model(mixed), mixed, line)
    cells = list(csv.reader(io.StringIO(tsv_text(pins_table([pin], ASKED, "s"))), delimiter="\t"))[-1]
    assert cells[0] == "'=1+1"
    assert "'=wet" in cells
