"""What is told of one run."""

from dataclasses import replace

import pytest

from mdn_gui.core.config import TrainingConfig
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.fitted import Provenance
from mdn_gui.ui.runs.actions import RunActions
from mdn_gui.ui.runs.details import RunDetails
from mdn_gui.ui.runs.settings_lines import setting_lines
from mdn_gui.ui.runs.shown import RunsShown
from mdn_gui.ui.theme import DARK
from tests.ui.runs.made import DATA, HOSTILE, made_data, made_history, made_run, shown_of


@pytest.fixture
def details(qtbot) -> RunDetails:
    made = RunDetails(RunActions(None))
    qtbot.addWidget(made)
    made.show()
    return made


def test_that_nothing_is_told_without_a_run(details):
    assert details.text == ""
    assert not details.notes.isEnabled()


def test_that_the_end_the_data_the_settings_the_versions_are_told(details):
    run = made_run(2, name="best", continues=1)
    details.show_run(run, shown_of(made_run(1), run, shown=2))
    assert details._title.text() == "Run 2 · best"
    for part in (
        "Stopped early",
        "made up.csv",
        "30 (these rows)",
        "dose → response",
        DATA.digest[:12],
        "run 1",
        "numpy 2.2.0",
        "Learning rate",
        "0.005",
        "automatic (relu)",
    ):
        assert part in details.text
    assert "Differs" not in details.text


def test_that_what_differs_from_the_run_shown_is_bold(details):
    config = TrainingConfig(learning_rate=0.25, epochs=77)
    run = made_run(2, config=config, components=5)
    details.show_run(run, shown_of(made_run(1), run, shown=1))
    html = details._html()
    assert "Differs from run 1" in details.text
    for value in ("0.25", "77", "5"):
        assert f"<b>{value}</b>" in html
    assert "shown: 0.005" in details.text
    assert html.count("<b>") == len([line for line in setting_lines(run.model, made_run(1).model) if line.differs])


def test_that_the_same_settings_are_said_to_be_the_same(details):
    run = made_run(2)
    details.show_run(run, shown_of(made_run(1), run, shown=1))
    assert "The same settings as run 1" in details.text
    assert "<b>" not in details._html()


def test_that_automatic_settings_say_what_they_came_to_on_the_rows_of_the_run():
    lines = {line.label: line for line in setting_lines(made_run(1).model, made_run(2, data=made_data(4000)).model)}
    assert lines["Batch"].value == "automatic (26)"
    assert lines["Batch"].other == "automatic (128)"
    assert lines["Batch"].differs
    assert not lines["Seed"].differs
    assert lines["Standardise"].value == "on"


def test_that_a_run_of_unknown_rows_has_settings_still():
    run = made_run(1)
    model = replace(run.model, provenance=replace(run.model.provenance, num_rows=0))
    lines = {line.label: line.value for line in setting_lines(model)}
    assert lines["Batch"] == "automatic"


def test_that_texts_from_a_file_stay_plain(details):
    data = Dataset(DATA.x, DATA.y, (HOSTILE,), HOSTILE, HOSTILE)
    run = made_run(1, data=data, name=HOSTILE, libraries={HOSTILE: HOSTILE})
    details.show_run(run, RunsShown((run,)))
    assert "<img" not in details._html()
    assert details.text.count("<b>bold</b>") >= 4
    assert "\u202e" not in details._title.text()


def test_that_a_run_without_a_history_without_anything_is_told(details):
    run = made_run(1, history=made_history(), libraries={}, ended="")
    seen = Provenance((), "y", "", 0, run.model.provenance.input_ranges, run.model.provenance.encodings)
    run = replace(run, model=replace(run.model, history=None, provenance=seen))
    details.show_run(run, RunsShown((run,)))
    assert "not recorded" in details.text


def test_that_the_place_stays_where_the_same_run_is_told_again(details):
    details.resize(240, 150)
    run = made_run(1)
    details.show_run(run, shown_of(run))
    bar = details._text.verticalScrollBar()
    bar.setValue(60)
    details.show_run(replace(run, is_starred=True), shown_of(run))
    details.show_theme(DARK)
    assert bar.value() == 60
    details.show_run(made_run(2), shown_of(run, made_run(2)))
    assert bar.value() == 0


def test_that_notes_being_written_stay_when_something_else_changes(details):
    run = made_run(1)
    details.show_run(run, shown_of(run))
    details.notes.setPlainText("half a sen")
    details.show_run(replace(run, is_starred=True), shown_of(run))
    assert details.notes.toPlainText() == "half a sen"
    details.show_run(replace(run, notes="another"), shown_of(run))
    assert details.notes.toPlainText() == "another"


def test_that_the_folder_of_the_rows_is_not_told(details):
    run = made_run(1)
    seen = replace(run.model.provenance, source="/home/me/private/rows.csv")
    run = replace(run, model=replace(run.model, provenance=seen))
    details.show_run(run, shown_of(run, shown=1))
    assert "rows.csv" in details.text
    assert "private" not in details.text
