"""What is taken from the open table, and what becomes of the fit when that changes."""

import numpy as np
import pytest

from mdn_gui.core.columns import Column
from mdn_gui.core.encoding import ColumnKind
from mdn_gui.core.selection import HoldOut
from mdn_gui.core.table import EXCLUDED, Table
from mdn_gui.session.importing import ImportChoice
from mdn_gui.session.messages import RunState
from mdn_gui.session.session import Session
from tests.session.conftest import Ears


def made_table(title: str = "made up") -> Table:
    rng = np.random.default_rng(0)
    full = np.zeros(40, dtype=bool)
    return Table(
        title,
        (
            Column("dose", np.linspace(-2.0, 2.0, 40), full),
            Column("extra", rng.normal(size=40), full),
            Column("colour", rng.integers(0, 3, 40), full, ColumnKind.CATEGORY, ("red", "blue", "green")),
            Column("response", rng.normal(size=40), full),
        ),
    )


@pytest.fixture
def opened(session: Session) -> Session:
    session.open_table(made_table())
    return session


@pytest.fixture
def fitted(opened: Session, qtbot) -> Session:
    assert opened.choose_columns(["dose", "colour", "extra"], "response")
    opened.start_training()
    qtbot.waitUntil(lambda: opened.state is RunState.FITTED)
    return opened


# -- rows -------------------------------------------------------------------------------------------------------------


def test_that_excluded_rows_add_up_and_can_be_restored(opened):
    assert opened.exclude_rows([3, 1])
    assert opened.exclude_rows([1, 7])
    assert [(group.reason, group.rows) for group in opened.selection.left_out] == [(EXCLUDED, (2, 4, 8))]
    assert len(opened.dataset) == 37
    assert opened.restore_rows()
    assert len(opened.dataset) == 40


def test_that_rows_are_not_excluded_when_too_few_would_be_left(opened, hear: Ears):
    notices, dataset = hear(opened.noticed), opened.dataset
    assert not opened.exclude_rows(range(39))
    assert "1 of 40 rows would be left" in notices[0].message
    assert notices[0].hint
    assert opened.dataset is dataset


def test_that_other_columns_keep_what_was_excluded_and_held_out(opened):
    opened.exclude_rows([0])
    opened.hold_out(HoldOut(0.25))
    opened.choose_columns(["extra"], "response")
    assert (len(opened.dataset), len(opened.selection.test)) == (29, 10)


def test_that_the_rows_of_the_test_are_never_handed_to_a_run(opened, fit, qtbot):
    opened.hold_out(HoldOut(0.25))
    opened.start_training()
    qtbot.waitUntil(lambda: opened.state is RunState.FITTED)
    trained = fit.runs[0][0]
    assert len(trained) == 30
    assert not set(trained.x[:, 0]) & set(opened.selection.test.x[:, 0])


# -- the fit ----------------------------------------------------------------------------------------------------------


def test_that_a_fit_stays_when_rows_are_excluded_and_says_that_it_saw_others(fitted):
    model = fitted.model
    assert fitted.fit_saw_these_rows
    fitted.exclude_rows([0])
    assert (fitted.state, fitted.model) == (RunState.FITTED, model)
    assert not fitted.fit_saw_these_rows
    fitted.restore_rows()
    assert fitted.fit_saw_these_rows


def test_that_a_fit_is_not_continued_on_rows_that_it_did_not_see(fitted, fit):
    fitted.exclude_rows([0])
    fitted.continue_training()
    assert len(fit.runs) == 1


def test_that_a_fit_goes_when_a_column_goes(fitted):
    fitted.choose_columns(["dose", "colour"], "response")
    assert (fitted.state, fitted.model) == (RunState.DATA, None)


def test_that_a_fit_goes_when_another_table_comes_with_the_same_columns(fitted):
    fitted.open_table(made_table("another"))
    fitted.choose_columns(["dose", "colour", "extra"], "response")
    assert fitted.model is None


def test_that_a_file_read_again_keeps_the_fit_and_its_columns(session, qtbot, tmp_path, hear: Ears):
    path = tmp_path / "rows.csv"
    path.write_text("a,b,c\n" + "".join(f"{i},{i % 7},{i % 5}\n" for i in range(40)))
    opened = hear(session.data.file_opened)
    session.open_file(ImportChoice(path, inputs=("b",), target="c"))
    qtbot.waitUntil(lambda: len(opened) == 1)
    session.start_training()
    qtbot.waitUntil(lambda: session.state is RunState.FITTED)
    path.write_text(path.read_text() + "40,3,9\n")
    session.open_file(session.data.choice)
    qtbot.waitUntil(lambda: len(opened) == 2)
    assert len(session.dataset) == 41
    assert session.model is not None
    assert not session.fit_saw_these_rows


def test_that_rows_excluded_by_hand_stay_out_only_while_the_file_holds_the_same(session, qtbot, tmp_path, hear: Ears):
    path = tmp_path / "rows.csv"
    path.write_text("a,b\n" + "".join(f"{i},{i % 7}\n" for i in range(40)))
    opened, lost = hear(session.data.file_opened), hear(session.data.exclusion_lost)
    session.open_file(ImportChoice(path))
    qtbot.waitUntil(lambda: len(opened) == 1)
    session.exclude_rows([3, 4])
    session.open_file(session.data.choice)
    qtbot.waitUntil(lambda: len(opened) == 2)
    assert (len(session.dataset), lost) == (38, [])
    path.write_text(path.read_text() + "40,3\n")
    session.open_file(session.data.choice)
    qtbot.waitUntil(lambda: len(opened) == 3)
    assert (len(session.dataset), lost) == (41, [2])


def test_that_reading_can_be_cancelled_and_what_was_open_stays(opened, tmp_path, hear: Ears):
    ended, table = hear(opened.data.reading_ended), opened.table
    opened.open_file(ImportChoice(tmp_path / "nowhere.csv"))
    assert opened.data.is_reading
    opened.data.cancel_reading()
    assert not opened.data.is_reading
    assert len(ended) == 1
    assert opened.table is table


# -- the line through the inputs --------------------------------------------------------------------------------------


def test_that_the_reading_is_that_of_the_model_where_the_others_are_held(fitted):
    fitted.instrument.hold(1, 2.0)
    fitted.instrument.hold(2, 0.25)
    fitted.instrument.set_cursor(0.7)
    expected = fitted.model.conditional([[0.7, 0.0, 0.0, 1.0, 0.25]])
    np.testing.assert_array_equal(fitted.instrument.reading.mixture.locs, expected.locs)


def test_that_another_column_on_the_axis_leaves_the_cursor_where_it_stood(fitted, hear: Ears):
    lines = hear(fitted.instrument.line_changed)
    fitted.instrument.set_cursor(0.7)
    fitted.instrument.choose_axis(2)
    fitted.instrument.set_cursor(-1.0)
    assert lines[-1].place == 2
    assert fitted.instrument.axis.name == "extra"
    levels = np.eye(3)[int(lines[-1].held[1])]
    expected = fitted.model.conditional([[0.7, *levels, -1.0]])
    np.testing.assert_array_equal(fitted.instrument.reading.mixture.locs, expected.locs)


def test_that_the_cursor_goes_from_level_to_level_of_a_category(fitted):
    fitted.instrument.choose_axis(1)
    fitted.instrument.set_cursor(1.7)
    assert fitted.instrument.reading.x == 2.0
    fitted.instrument.add_pin(0.2)
    assert fitted.instrument.pins[-1].x == 0.0


def test_that_a_value_that_is_no_number_holds_nothing(fitted, hear: Ears):
    lines = hear(fitted.instrument.line_changed)
    fitted.instrument.hold(0, float("nan"))
    assert not lines


def test_that_rows_excluded_leave_the_line_as_it_was(fitted):
    fitted.instrument.choose_axis(2)
    fitted.instrument.hold(0, 1.5)
    fitted.exclude_rows([0])
    assert fitted.instrument.axis.name == "extra"
    fitted.instrument.set_cursor(0.0)
    held = fitted.model.conditional([[1.5, *np.eye(3)[int(fitted.instrument.section.line.held[1])], 0.0]])
    np.testing.assert_array_equal(fitted.instrument.reading.mixture.locs, held.locs)
