"""Files opened lately are a menu away."""

from pathlib import Path

from tests.ui.stage import Stage, made_table, saved_table


def names(stage: Stage) -> list[str]:
    menu = stage.window.menus.recent
    menu.list_files()
    return [action.text() for action in menu.actions()]


def test_that_nothing_is_said_to_be_nothing(stage: Stage):
    assert names(stage) == ["No recent files"]
    assert not stage.window.menus.recent.actions()[0].isEnabled()


def test_that_opened_files_are_listed_newest_first_and_open_again(stage: Stage, tmp_path: Path):
    first = saved_table(made_table(), tmp_path / "a & b.csv")
    second = saved_table(made_table(), tmp_path / "c.csv")
    for path in (first, second):
        stage.open_file(path)
        stage.qtbot.waitUntil(lambda path=path: stage.session.data.choice.path == path)
    assert names(stage) == ["c.csv", "a && b.csv"]
    stage.window.menus.recent.actions()[1].trigger()
    stage.qtbot.waitUntil(lambda: stage.session.data.choice.path == first)
    second.unlink()
    assert names(stage) == ["a && b.csv"]
