"""Each finding: when it is told, when nothing is said."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mdn_gui.core.checks import data_checks
from mdn_gui.core.columns import Column
from mdn_gui.core.config import ModelConfig, TrainingConfig, preset
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.encoding import ColumnKind, Encoding
from mdn_gui.core.findings import Finding, FindingKind, Mend
from mdn_gui.core.samples import sample
from mdn_gui.core.selection import Selection
from mdn_gui.core.split import split_of_run
from mdn_gui.core.table import Table

RNG = np.random.default_rng(7)
X, Y = RNG.normal(size=400), RNG.normal(size=400)


def selected(x: object, y: object, *encodings: Encoding) -> Selection:
    inputs = np.asarray(x, dtype=float)
    inputs = inputs[:, None] if inputs.ndim == 1 else inputs
    names = tuple(name for each in encodings for name in each.names)
    return Selection(Dataset(inputs, y, names or tuple("abcdef"[: inputs.shape[1]]), "y", "", encodings), ())


def findings(selection: Selection, **settings_of_model: object) -> dict[FindingKind, Finding]:
    found = data_checks(selection, ModelConfig(**settings_of_model), TrainingConfig())
    assert len({finding.kind for finding in found}) == len(found)
    return {finding.kind: finding for finding in found}


def changed(values: np.ndarray, **cells: float) -> np.ndarray:
    """Return a copy with other values in some rows: r7=1e30."""
    copy = values.copy()
    for row, value in cells.items():
        copy[int(row[1:])] = value
    return copy


# -- silence ----------------------------------------------------------------------------------------------------------


def test_that_nothing_is_said_of_clean_data():
    assert findings(selected(X, Y)) == {}


@pytest.mark.parametrize("key", ["cardioid", "inverse-sine", "faithful"])
def test_that_nothing_is_said_of_the_samples(key):
    table = sample(key).table()
    assert findings(table.select(*table.proposed_roles())) == {}


def test_that_of_the_motorcycle_data_only_the_pile_at_one_value_is_told():
    table = sample("mcycle").table()
    found = findings(table.select(*table.proposed_roles()))
    assert list(found) == [FindingKind.TIES]
    assert found[FindingKind.TIES].message == "accel: 15 of 133 rows hold exactly -2.7."
    assert found[FindingKind.TIES].mend is None


# -- constant inputs --------------------------------------------------------------------------------------------------


def test_that_constant_inputs_are_told_in_one_finding_with_the_offer_to_drop_them():
    finding = findings(selected(np.column_stack([X, np.full(400, 3.0), np.zeros(400)]), Y))[FindingKind.CONSTANT]
    assert finding.message == "b is the same in every row; c is the same in every row."
    assert finding.mend is Mend.DROP_INPUTS
    assert finding.columns == ("b", "c")


def test_that_a_category_of_which_one_level_is_left_is_constant():
    colour = Encoding("colour", ColumnKind.CATEGORY, ("blue", "red"))
    x = np.column_stack([X, np.ones(400), np.zeros(400)])
    found = findings(selected(x, Y, Encoding("a"), colour))
    assert list(found) == [FindingKind.CONSTANT]
    assert found[FindingKind.CONSTANT].columns == ("colour",)


def test_that_an_input_that_changes_in_held_out_rows_only_is_told():
    train, held_out = split_of_run(TrainingConfig(), 400)
    flag = np.zeros(400)
    flag[held_out[:6]] = 1.0
    finding = findings(selected(np.column_stack([X, flag]), Y))[FindingKind.CONSTANT]
    assert finding.message == "b is the same in every training row; 6 held-out rows differ."
    flag[train[3]] = 1.0
    assert FindingKind.CONSTANT not in findings(selected(np.column_stack([X, flag]), Y))


def test_that_the_only_input_cannot_be_dropped():
    _, held_out = split_of_run(TrainingConfig(), 400)
    flag = np.zeros(400)
    flag[held_out[0]] = 1.0
    finding = findings(selected(flag, Y))[FindingKind.CONSTANT]
    assert finding.mend is None
    assert "Choose another input" in finding.remedy


# -- the target -------------------------------------------------------------------------------------------------------


def test_that_a_pile_at_one_value_is_told_with_the_smallest_sd():
    y = np.where(np.arange(400) < 60, 0.0, Y)
    finding = findings(selected(X, y), scale_floor=0.01)[FindingKind.TIES]
    assert finding.message == "y: 60 of 400 rows hold exactly 0."
    assert f"{0.01 * y.std():.3g}" in finding.remedy


def test_that_a_pile_in_rounded_values_is_told_where_it_stands_out():
    rounded = np.round(Y, 2)
    assert FindingKind.TIES not in findings(selected(X, rounded))
    assert FindingKind.TIES in findings(selected(X, np.where(np.arange(400) < 60, 0.0, rounded)))


def test_that_many_ties_without_a_common_step_are_told():
    y = np.concatenate((Y[:300], Y[:100]))
    finding = findings(selected(X, y))[FindingKind.TIES]
    assert finding.message == "y: 200 of 400 rows share their value with another row, without a common step."
    assert FindingKind.TIES not in findings(selected(X, np.concatenate((Y[:380], Y[:20]))))


def test_that_a_smallest_sd_of_zero_is_told_to_be_dangerous_on_ties():
    found = findings(selected(X, np.where(np.arange(400) < 60, 0.0, Y)), scale_floor=0.0)
    assert "grows without limit" in found[FindingKind.TIES].remedy


def test_that_ties_are_counted_on_a_stated_sample_of_large_data(monkeypatch):
    monkeypatch.setattr("mdn_gui.core.checks.MOST_ROWS_LOOKED_AT", 100)
    message = findings(selected(X, np.where(np.arange(400) % 2, 0.0, Y)))[FindingKind.TIES].message
    told = re.fullmatch(r"y: (\d+) of 100 rows drawn at random hold exactly 0\.", message)
    assert told
    assert 30 < int(told[1]) < 70


def test_that_a_coarse_rounding_is_told_with_what_it_does():
    found = findings(selected(X, np.round(Y, 0)))
    assert list(found) == [FindingKind.ROUNDING]
    assert found[FindingKind.ROUNDING].message == "y is rounded to multiples of 1."
    assert "half the step, 0.5:" in found[FindingKind.ROUNDING].remedy


def test_that_a_fine_rounding_is_told_only_where_nothing_limits_the_sd():
    fine = np.round(Y, 2)
    assert findings(selected(X, fine)) == {}
    assert "narrow as a point" in findings(selected(X, fine), scale_floor=0.0)[FindingKind.ROUNDING].remedy


def test_that_of_a_transformed_target_no_sd_in_its_units_is_told():
    rounded = selected(X, np.round(np.exp(Y), 0) + 1.0)
    assert FindingKind.ROUNDING in findings(rounded)
    assert FindingKind.ROUNDING not in findings(rounded, target_transform="log")
    pile = findings(selected(X, np.where(np.arange(400) < 60, 1.0, np.exp(Y))), target_transform="log")
    assert pile[FindingKind.TIES].remedy == "A component there can become as narrow as the smallest sd."


def test_that_a_target_of_two_values_is_told_and_nothing_else_of_it():
    found = findings(selected(X, (Y > 0).astype(float)))
    assert list(found) == [FindingKind.TWO_VALUES]
    assert found[FindingKind.TWO_VALUES].message == "y holds only two values, 0 and 1."
    assert FindingKind.TWO_VALUES not in findings(selected(X, np.arange(400.0) % 3))


# -- rows -------------------------------------------------------------------------------------------------------------


def test_that_repeated_rows_are_told_by_their_number_in_the_table():
    columns = [np.append(values, values[[3, 3, 9]]) for values in (X, Y)]
    empty = np.zeros(403, dtype=bool)
    table = Table("t", (Column("a", changed(columns[0], r0=np.nan), empty), Column("b", columns[1], empty)))
    finding = findings(table.select(["a"], "b"))[FindingKind.REPEATS]
    assert finding.message == "3 of 402 rows repeat an earlier row exactly (rows 401, 402, 403)."
    assert finding.rows.tolist() == [400, 401, 402]
    assert finding.mend is Mend.EXCLUDE_ROWS
    assert FindingKind.REPEATS not in findings(table.select(["a"], "b", excluded=finding.rows))


def test_that_rows_that_agree_because_their_columns_are_coarse_are_no_repeats():
    x, y = np.round(RNG.normal(size=2000), 1), np.round(RNG.normal(size=2000), 1)
    assert FindingKind.REPEATS not in findings(selected(x, y))


def test_that_copies_are_not_told_as_ties_besides():
    assert list(findings(selected(np.append(X, X[:200]), np.append(Y, Y[:200])))) == [FindingKind.REPEATS]


def test_that_outliers_are_told_with_row_value_and_range_of_the_others():
    finding = findings(selected(changed(X, r17=-999.0, r20=-999.0), changed(Y, r5=1e30)))[FindingKind.OUTLIERS]
    first, second = finding.message.split("; ")
    assert re.fullmatch(r"a: 2 values in rows 18, 21 are far from all others \(-\S+ to \S+\)", first)
    assert re.fullmatch(r"y: 1e\+30 in row 6 is far from all others \(-\S+ to \S+\)\.", second)
    assert finding.rows.tolist() == [5, 17, 20]
    assert finding.mend is Mend.SELECT_ROWS
    assert finding.columns == ("a", "y")


def test_that_categories_and_booleans_have_no_outliers():
    flag = Encoding("flag", ColumnKind.BOOLEAN)
    found = findings(selected((np.arange(400) % 100 == 0).astype(float), Y, flag))
    assert list(found) == [FindingKind.RARE_LEVELS]


def test_that_too_few_rows_for_k_offer_a_smaller_k():
    few = selected(X[:60], Y[:60])  # 51 of them train
    finding = findings(few, num_components=8)[FindingKind.FEW_ROWS]
    assert finding.message == "51 training rows for 8 components: fewer than 10 for each."
    assert (finding.mend, finding.num_components) == (Mend.SET_COMPONENTS, 5)
    assert FindingKind.FEW_ROWS not in findings(few, num_components=5)


def test_that_held_out_rows_do_not_count_for_k():
    assert FindingKind.FEW_ROWS in findings(selected(X[:85], Y[:85]), num_components=8)  # 72 of them train
    assert FindingKind.FEW_ROWS not in findings(selected(X[:95], Y[:95]), num_components=8)


def test_that_too_few_rows_for_one_component_offer_nothing():
    finding = findings(selected(X[:6], Y[:6]), num_components=1)[FindingKind.FEW_ROWS]
    assert finding.mend is None
    assert "More rows" in finding.remedy


@pytest.mark.parametrize(
    ("y", "told"),
    [
        (Y * 1e31, "y reaches"),
        (Y * 1e-32, "y stays below"),
        (1e6 + Y * 1e-6, "y changes by"),
        (Y * 1e29, ""),
        (Y * 1e-29, ""),
        (1e6 + Y, ""),
    ],
)
def test_that_a_scale_beyond_use_is_told(y, told):
    found = findings(selected(X, y))
    assert found[FindingKind.SCALE].message.startswith(told) if told else FindingKind.SCALE not in found


def test_that_rare_levels_are_told_by_name():
    levels = np.where(np.arange(400) < 3, 0, np.where(np.arange(400) < 200, 1, 2))
    one_hot = (levels[:, None] == np.arange(4)).astype(float)
    colour = Encoding("colour", ColumnKind.CATEGORY, ("blue", "green", "red", "white"))
    finding = findings(selected(one_hot, Y, colour))[FindingKind.RARE_LEVELS]
    assert finding.message == "colour: fewer than 5 rows with blue (3), white (0)."
    plenty = (np.arange(400)[:, None] % 4 == np.arange(4)).astype(float)
    assert findings(selected(plenty, Y, colour)) == {}


def test_that_a_long_column_name_is_cut_short():
    table = Table("t", tuple(Column(n, v, np.zeros(400, dtype=bool)) for n, v in (("x" * 900, X), ("y", Y))))
    selection = table.select(["x" * 900], "y")
    selection.dataset.x.setflags(write=True)
    selection.dataset.x[0] = 1e9
    assert len(findings(selection)[FindingKind.OUTLIERS].message) < 200


# -- any data ---------------------------------------------------------------------------------------------------------

NUMBERS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False), st.sampled_from([0.0, -0.0, 1.0, 5e-324, -1.7e308, 1.7e308])
)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_that_no_finite_data_raise(data):
    shape = data.draw(st.tuples(st.integers(2, 40), st.integers(2, 4)))
    values = data.draw(arrays(np.float64, shape, elements=NUMBERS))
    chosen = preset(data.draw(st.sampled_from(["default", "tfp-example"])))
    for finding in data_checks(selected(values[:, :-1], values[:, -1]), *chosen):
        assert finding.message.endswith(".")
        assert finding.remedy.endswith(".")
        assert set(finding.rows.tolist()) <= set(range(shape[0]))


# -- the transform ----------------------------------------------------------------------------------------------------


def test_that_a_transform_that_the_target_does_not_allow_is_told_first_with_the_rows():
    above = np.abs(Y) + 0.1
    assert FindingKind.TRANSFORM not in findings(selected(X, above), target_transform="log")
    selection = selected(X, changed(above, r7=-1.0, r30=0.0))
    found = findings(selection, target_transform="log")
    assert next(iter(found)) is FindingKind.TRANSFORM
    finding = found[FindingKind.TRANSFORM]
    assert "2 of 400 rows do not allow the log (rows 8, 31)" in finding.message
    assert "above 0" in finding.remedy
    assert (finding.mend, finding.rows.tolist()) == (Mend.NO_TRANSFORM, [7, 30])
    assert FindingKind.TRANSFORM not in findings(selection)


def test_that_the_logit_needs_values_between_its_ends():
    share = np.clip(np.abs(Y) / 10.0, 0.01, 0.99)
    finding = findings(selected(X, changed(share, r0=1.0)), target_transform="logit")[FindingKind.TRANSFORM]
    assert "above 0 and below 1" in finding.remedy
