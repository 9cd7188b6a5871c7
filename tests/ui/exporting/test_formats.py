"""Formats and levels as a person sees them."""

import pytest

from mdn_gui.errors import ConfigError
from mdn_gui.files.table_formats import FORMATS
from mdn_gui.ui.exporting.formats import format_label, table_filter
from mdn_gui.ui.exporting.levels import levels_text, typed_levels


def test_that_every_format_is_offered_the_wanted_one_first():
    assert table_filter().split(";;")[0] == "CSV (*.csv)"
    assert table_filter(".parquet").split(";;")[0] == "Parquet (*.parquet)"
    for ending in (each.ending for each in FORMATS):
        assert f"*{ending})" in table_filter()
    assert all(map(format_label, FORMATS))


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("5 50 95", (0.05, 0.5, 0.95)),
        ("5,50,95", (0.05, 0.5, 0.95)),
        ("2.5 %; 97.5 %", (0.025, 0.975)),
        ("", ()),
    ],
)
def test_that_levels_are_typed_as_percentages(text, levels):
    assert typed_levels(text) == levels


def test_that_levels_come_back_as_they_are_shown():
    levels = (0.001, 0.05, 1 / 3, 0.5, 0.95, 0.999)
    assert typed_levels(levels_text(levels)) == pytest.approx(levels, abs=1e-12)


@pytest.mark.parametrize("text", ["0", "100", "-1", "x", "nan", "5 inf"])
def test_that_a_level_that_is_none_is_refused(text):
    with pytest.raises(ConfigError, match="percentage between 0 and 100"):
        typed_levels(text)
