"""Projects that others have open, whose rows are elsewhere; what is preferred about keeping them."""

from dataclasses import replace
from pathlib import Path

import pytest

from mdn_gui.files.projects.opening import open_project
from mdn_gui.files.projects.project import DataSource
from mdn_gui.files.projects.saving import save_project
from mdn_gui.session.messages import Severity
from mdn_gui.session.preferences import KEEP_ROWS, RECOVERY_INTERVAL, THEME
from mdn_gui.ui.theme import DARK
from tests.documents import OtherProcess, made_project
from tests.ui.conftest import made_stage
from tests.ui.stage import Stage, made_table, saved_table
from tests.ui.test_document_desk import change, names_of, open_path, save_as

TABLE = made_table()


# -- open elsewhere ---------------------------------------------------------------------------------------------------


def test_that_a_project_that_another_window_has_open_is_told_of_and_saved_elsewhere(stage: Stage, tmp_path):
    path, other = tmp_path / "shared.mdn", tmp_path / "mine.mdn"
    save_project(path, made_project(1))
    with OtherProcess("hold", path) as holder:
        assert holder.says() == {"took": True}
        open_path(stage, path)
        assert stage.messages[0] == "shared.mdn is open in another window."
        assert stage.notices[0].severity is Severity.INFO
        assert stage.session.state.name == "FITTED"
        change(stage)
        stage.trigger("save")
        stage.wait_for_disk()
        assert stage.messages[0] == "shared.mdn was not saved: another window has it open."
        assert "shared.mdn is open in another window." not in stage.messages
        assert stage.window.isWindowModified()
        stage.dialogs.save_answer = other
        stage.press("Save as…")
        stage.wait_for_disk()
        assert not any("shared.mdn" in message for message in stage.messages)
        assert not stage.window.isWindowModified()
        assert not open_project(path).runs[0].is_starred
        assert open_project(other).runs[0].is_starred


# -- rows elsewhere ---------------------------------------------------------------------------------------------------


@pytest.fixture
def without_rows(fitted: Stage, tmp_path: Path) -> Path:
    """A project whose rows are not where they were."""
    project = replace(fitted.session.project(), table=None, source=DataSource("/gone/rows.csv"))
    path = tmp_path / "light.mdn"
    save_project(path, project)
    fitted.open(made_table("another", rows=20))
    return path


def test_that_missing_rows_can_be_found(fitted: Stage, without_rows, tmp_path):
    open_path(fitted, without_rows)
    assert "/gone/rows.csv" in fitted.messages[0]
    assert not fitted.window.status.text.startswith("Open")
    assert fitted.session.table.title == "another"
    fitted.dialogs.open_answer = saved_table(TABLE, tmp_path / "moved.csv")
    fitted.press("Find the rows…")
    fitted.wait_for_disk()
    assert fitted.notices == []
    assert len(fitted.session.dataset) == 60
    assert fitted.session.fit_saw_these_rows
    assert fitted.window.windowTitle() == "light.mdn – run 1[*] – mdn-gui"


def test_that_missing_rows_are_still_asked_for_where_no_file_is_chosen(fitted: Stage, without_rows):
    open_path(fitted, without_rows)
    fitted.press("Find the rows…")
    fitted.wait_for_disk()
    assert fitted.dialogs.asked[-1] == "open"
    assert "/gone/rows.csv" in fitted.messages[0]
    assert fitted.session.table.title == "another"


def test_that_rows_that_do_not_fit_are_refused(fitted: Stage, without_rows, tmp_path):
    open_path(fitted, without_rows)
    other = made_table("t", a=[1.0, 2.0, 3.0, 5.0], b=[2.0, 1.0, 7.0, 3.0])
    fitted.dialogs.open_answer = saved_table(other, tmp_path / "other.csv")
    fitted.press("Find the rows…")
    fitted.wait_for_disk()
    assert fitted.messages
    assert fitted.notices[0].hint
    assert fitted.session.table.title == "another"


# -- what is preferred ------------------------------------------------------------------------------------------------


def prefer(stage: Stage, **values: object) -> None:
    stage.dialogs.preferred = values
    stage.trigger("show_preferences")


def test_that_rows_are_kept_unless_a_person_prefers_otherwise(stage: Stage, tmp_path):
    stage.open_file(saved_table(TABLE, tmp_path / "rows.csv"))
    stage.train()
    save_as(stage, tmp_path / "whole.mdn")
    prefer(stage, **{KEEP_ROWS: False})
    save_as(stage, tmp_path / "light.mdn")
    assert open_project(tmp_path / "whole.mdn").table.num_rows == 60
    assert open_project(tmp_path / "light.mdn").table is None
    open_path(stage, tmp_path / "light.mdn")
    assert stage.session.fit_saw_these_rows
    assert names_of(tmp_path / "light.mdn") == [""]


def test_that_rows_that_are_in_no_file_are_kept_whatever_is_preferred(fitted: Stage, tmp_path):
    prefer(fitted, **{KEEP_ROWS: False})
    save_as(fitted, tmp_path / "light.mdn")
    assert open_project(tmp_path / "light.mdn").table.num_rows == 60


def test_that_the_theme_is_preferred_at_once(stage: Stage):
    prefer(stage, **{THEME: "dark"})
    assert stage.themes.theme is DARK
    assert stage.preferences.text_of("theme") == "dark"


def test_that_snapshots_are_as_frequent_as_is_preferred_now_and_at_the_next_start(application, qtbot, tmp_path):
    for before, after in ((None, 7), (7, 11)):
        with made_stage(qtbot, tmp_path / "preferences.ini", tmp_path / "recovery") as stage:
            recovery = stage.window.documents._keeping.recovery
            assert recovery.interval == (before or stage.preferences.recovery_seconds)
            prefer(stage, **{RECOVERY_INTERVAL: after})
            assert recovery.interval == after
