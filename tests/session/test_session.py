import math
import threading
from pathlib import Path

import numpy as np
import pytest

from mdn_gui.core.columns import Column
from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.table import Table
from mdn_gui.errors import TrainingError
from mdn_gui.files.options import ReadOptions, Watch
from mdn_gui.session.importing import ImportChoice
from mdn_gui.session.messages import CursorOrigin, RunState, Severity
from mdn_gui.session.session import Session
from tests.fakes import FakeBaselineFit, FakeFit
from tests.session.conftest import Ears


def made_table(title: str = "made up", **columns: object) -> Table:
    chosen = columns or {"dose": np.arange(20.0), "response": np.sin(np.arange(20.0))}
    return Table(
        title,
        tuple(Column(name, np.asarray(v, dtype=float), np.isnan(np.asarray(v, float))) for name, v in chosen.items()),
    )


@pytest.fixture
def opened(session: Session) -> Session:
    session.open_table(made_table(dose=np.linspace(-2, 2, 21), extra=np.arange(21) ** 2, response=np.arange(21) % 5))
    return session


@pytest.fixture
def fitted(opened: Session, qtbot) -> Session:
    opened.start_training()
    qtbot.waitUntil(lambda: not opened.state.is_running)
    return opened


# -- states -----------------------------------------------------------------------------------------------------------


def test_that_a_run_passes_through_its_states_in_order(qtbot, opened, fit: FakeFit, hear: Ears):
    fit.loadable.clear()
    states = hear(opened.state_changed)
    opened.start_training()
    assert opened.state is RunState.PREPARING
    fit.loadable.set()
    qtbot.waitUntil(lambda: opened.state is RunState.FITTED)
    assert states == [RunState.PREPARING, RunState.TRAINING, RunState.FITTED]


def test_that_training_without_data_does_nothing(session, fit):
    session.start_training()
    session.stop_early()
    session.discard_run()
    assert session.state is RunState.NO_DATA
    assert not fit.runs


def test_that_a_second_start_is_ignored_while_a_run_lives(qtbot, opened, fit):
    fit.free.clear()
    opened.start_training()
    opened.start_training()
    fit.free.set()
    qtbot.waitUntil(lambda: opened.state is RunState.FITTED)
    assert len(fit.runs) == 1


def test_that_stopping_is_shown_at_once_and_keeps_the_best_epoch(qtbot, opened, fit, hear: Ears):
    fit.free.clear()
    progress = hear(opened.progressed)
    opened.start_training()
    fit.allow(1)
    qtbot.waitUntil(lambda: bool(progress))
    opened.stop_early()
    assert opened.state is RunState.STOPPING
    opened.stop_early()
    qtbot.waitUntil(lambda: opened.state is RunState.FITTED)
    assert opened.model.history.best_epoch == 1
    assert fit.stops_seen == 1


def test_that_a_run_stopped_before_its_first_epoch_is_fitted(qtbot, opened, fit):
    fit.free.clear()
    opened.start_training()
    opened.stop_early()
    qtbot.waitUntil(lambda: opened.state is RunState.FITTED)
    assert opened.model.history.epochs == 0


@pytest.mark.parametrize("after_stop", [False, True])
def test_that_discarding_brings_the_previous_model_back(qtbot, fitted, fit, hear: Ears, after_stop):
    previous = fitted.model
    progress, finished = hear(fitted.progressed), hear(fitted.run_finished)
    fit.free.clear()
    fitted.start_training()
    fit.allow(1)
    qtbot.waitUntil(lambda: bool(progress))
    assert fitted.model is not previous
    if after_stop:
        fitted.stop_early()
    fitted.discard_run()
    assert fitted.state is RunState.STOPPING
    fitted.discard_run()
    qtbot.waitUntil(lambda: not fitted.state.is_running)
    assert fitted.state is RunState.FITTED
    assert fitted.model is previous
    assert finished == [None]


def test_that_discarding_the_first_run_leaves_the_data_alone(qtbot, opened, fit):
    fit.free.clear()
    opened.start_training()
    opened.discard_run()
    qtbot.waitUntil(lambda: not opened.state.is_running)
    assert opened.state is RunState.DATA
    assert opened.model is None


def test_that_a_run_uses_the_settings_and_rows_chosen_before_it(qtbot, opened, fit):
    chosen = ModelConfig(num_components=2), TrainingConfig(seed=7)
    opened.configure(*chosen)
    opened.start_training()
    qtbot.waitUntil(lambda: opened.state is RunState.FITTED)
    assert fit.runs == [(opened.dataset, *chosen)]


# -- errors -----------------------------------------------------------------------------------------------------------


def test_that_an_expected_error_speaks_its_own_words_and_keeps_the_fit(qtbot, fitted, fit, hear: Ears):
    previous, notices = fitted.model, hear(fitted.noticed)
    fit.error = TrainingError("The loss is not finite.", "Lower the learning rate.")
    fitted.start_training()
    qtbot.waitUntil(lambda: not fitted.state.is_running)
    assert (notices[0].message, notices[0].hint) == ("The loss is not finite.", "Lower the learning rate.")
    assert notices[0].details == ""
    assert (fitted.model, fitted.state) == (previous, RunState.FITTED)


def test_that_an_unexpected_error_comes_with_details_and_the_program_goes_on(qtbot, opened, fit, hear: Ears):
    notices = hear(opened.noticed)
    fit.error = ZeroDivisionError("surprise")
    opened.start_training()
    qtbot.waitUntil(lambda: not opened.state.is_running)
    assert "ZeroDivisionError: surprise" in notices[0].message
    assert "Traceback" in notices[0].details
    assert opened.state is RunState.DATA
    fit.error = None
    opened.start_training()
    qtbot.waitUntil(lambda: opened.state is RunState.FITTED)


def test_that_a_failed_load_is_told_and_the_next_run_works(qtbot, opened, fit, hear: Ears):
    notices = hear(opened.noticed)
    fit.load_error = ImportError("libcudart is missing")
    opened.start_training()
    qtbot.waitUntil(lambda: not opened.state.is_running)
    assert "libcudart is missing" in notices[0].message
    assert opened.state is RunState.DATA
    fit.load_error = None
    opened.start_training()
    qtbot.waitUntil(lambda: opened.state is RunState.FITTED)


# -- data -------------------------------------------------------------------------------------------------------------


def test_that_opening_data_is_refused_while_a_run_lives(qtbot, opened, fit, hear: Ears, tmp_path):
    table, notices = opened.table, hear(opened.noticed)
    fit.free.clear()
    opened.start_training()
    opened.open_table(made_table("other"))
    opened.open_file(ImportChoice(tmp_path / "other.csv"))
    assert not opened.choose_columns(["extra"], "response")
    assert opened.table is table
    assert len(notices) == 3
    assert {notice.severity for notice in notices} == {Severity.INFO}
    assert notices[0].hint
    fit.free.set()
    qtbot.waitUntil(lambda: opened.state is RunState.FITTED)


def test_that_new_data_take_the_old_fit_and_pin_away(fitted):
    fitted.instrument.add_pin(1.0)
    fitted.open_table(made_table("other"))
    assert fitted.state is RunState.DATA
    assert (fitted.model, fitted.instrument.reading) == (None, None)


def test_that_the_cursor_begins_in_the_middle_of_the_data(fitted):
    assert fitted.instrument.reading.x == 0.0


@pytest.mark.parametrize(
    ("inputs", "target", "words"),
    [(["extra"], "extra", "twice"), (["nothing"], "response", "no column"), ([], "response", "no input")],
)
def test_that_impossible_roles_are_told_and_change_nothing(fitted, hear: Ears, inputs, target, words):
    notices, model, selection = hear(fitted.noticed), fitted.model, fitted.selection
    assert not fitted.choose_columns(inputs, target)
    assert words in notices[0].message
    assert notices[0].hint
    assert (fitted.model, fitted.selection) == (model, selection)


def test_that_other_columns_make_a_new_beginning(fitted):
    assert fitted.choose_columns(["extra"], "response")
    assert fitted.dataset.input_names == ("extra",)
    assert (fitted.instrument.axis.low, fitted.instrument.axis.high) == (0.0, 400.0)
    assert (fitted.state, fitted.model) == (RunState.DATA, None)


def test_that_a_file_is_announced_once_it_is_open(qtbot, session, tmp_path, hear: Ears):
    path = tmp_path / "good.csv"
    path.write_text("a,b\n1,2\n2,3\n3,5\n")
    opened = hear(session.data.file_opened)
    session.open_file(ImportChoice(path))
    qtbot.waitUntil(lambda: bool(opened))
    assert [choice.path for choice in opened] == [path]
    assert len(session.dataset) == 3


def test_that_a_bad_file_is_not_announced_as_opened(qtbot, session, tmp_path, hear: Ears):
    path = tmp_path / "words.csv"
    path.write_text("a,b\nx,y\nz,w\n")
    opened, notices = hear(session.data.file_opened), hear(session.noticed)
    session.open_file(ImportChoice(path))
    qtbot.waitUntil(lambda: bool(notices))
    assert not opened
    assert session.state is RunState.NO_DATA


def test_that_a_slow_file_does_not_replace_a_sample_opened_after_it(qtbot, fit, hear: Ears):
    release = threading.Event()
    arrived: list[Path] = []

    def read_slowly(path: Path, _options: ReadOptions, _watch: Watch) -> Table:
        release.wait()
        arrived.append(path)
        return made_table("slow")

    session = Session(fit.load, read_slowly, FakeBaselineFit())
    session.open_file(ImportChoice(Path("slow.csv")))
    session.open_table(made_table("sample"))
    release.set()
    session.shut_down()  # waits for the reader
    assert arrived
    assert session.table.title == "sample"
    session.deleteLater()


# -- the cursor -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("x", [math.nan, math.inf, -math.inf])
def test_that_a_place_that_is_no_number_is_ignored(fitted, x):
    fitted.instrument.set_cursor(0.5)
    fitted.instrument.set_cursor(x)
    fitted.instrument.add_pin(x)
    assert fitted.instrument.reading.x == 0.5
    assert fitted.instrument.pins == ()


def test_that_the_reading_is_the_mixture_of_the_model_there(fitted):
    fitted.instrument.set_cursor(0.7)
    expected = fitted.model.conditional([[0.7]])
    np.testing.assert_array_equal(fitted.instrument.reading.mixture.weights, expected.weights)
    np.testing.assert_array_equal(fitted.instrument.reading.mixture.locs, expected.locs)


def test_that_releasing_stays_at_the_last_x_without_a_pin(fitted):
    fitted.instrument.set_cursor(0.7)
    fitted.instrument.release_cursor()
    assert (fitted.instrument.reading.x, fitted.instrument.cursor_origin) == (0.7, CursorOrigin.LAST)


def test_that_releasing_returns_to_the_pin(fitted):
    fitted.instrument.add_pin(-1.0)
    fitted.instrument.set_cursor(0.7)
    assert fitted.instrument.cursor_origin is CursorOrigin.CURSOR
    fitted.instrument.release_cursor()
    assert (fitted.instrument.reading.x, fitted.instrument.cursor_origin) == (-1.0, CursorOrigin.PIN)


def test_that_a_dragged_pin_takes_the_reading_along_when_it_is_the_reading(fitted):
    fitted.instrument.add_pin(-1.0)
    fitted.instrument.release_cursor()
    fitted.instrument.move_pin("A", 1.5)
    assert (fitted.instrument.reading.x, fitted.instrument.pins[-1].x) == (1.5, 1.5)


def test_that_taking_the_pin_away_leaves_the_reading_where_it_was(fitted):
    fitted.instrument.add_pin(-1.0)
    fitted.instrument.release_cursor()
    fitted.instrument.remove_pins()
    assert (fitted.instrument.reading.x, fitted.instrument.cursor_origin) == (-1.0, CursorOrigin.LAST)


def test_that_steps_go_to_the_neighbouring_rows_and_the_ends(fitted):
    fitted.instrument.set_cursor(0.05)
    fitted.instrument.step_to_neighbour(1)
    assert fitted.instrument.reading.x == pytest.approx(0.2)
    fitted.instrument.step_to_neighbour(-1)
    assert fitted.instrument.reading.x == pytest.approx(0.0)
    fitted.instrument.jump_to_end(1)
    fitted.instrument.step_to_neighbour(1)
    assert fitted.instrument.reading.x == 2.0
    fitted.instrument.jump_to_end(-1)
    assert fitted.instrument.reading.x == -2.0


def test_that_the_cursor_reads_the_newest_snapshot_during_training(qtbot, opened, fit, hear: Ears):
    fit.free.clear()
    models, readings = hear(opened.instrument.section_changed), hear(opened.instrument.reading_changed)
    opened.start_training()
    fit.epochs = 10_000

    def have_come(snapshots: int) -> bool:
        fit.allow(1)  # epochs close upon each other share a message, which leaves with a later one
        return len(models) >= snapshots

    for snapshots in (1, 2):
        qtbot.waitUntil(lambda wanted=snapshots: have_come(wanted))
        opened.instrument.set_cursor(0.3)
        np.testing.assert_array_equal(readings[-1].mixture.locs, models[-1].conditional([[0.3]]).locs)
    assert models[0] is not models[1]
    opened.stop_early()
    qtbot.waitUntil(lambda: opened.state is RunState.FITTED)
