from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPixmap

from mdn_gui.demo import DemoTour
from mdn_gui.ui.pictures import save_picture
from tests.ui.conftest import application, hidden_stage, preferences_path, stage
from tests.ui.read_out import texts
from tests.ui.stage import Stage

__all__ = ["application", "hidden_stage", "preferences_path", "stage"]


@pytest.fixture
def tour(stage: Stage, tmp_path: Path) -> DemoTour:
    folder = tmp_path / "out"
    folder.mkdir()
    return DemoTour(stage.session, stage.window, folder)


def test_that_the_tour_trains_saves_both_files_and_leaves(stage: Stage, tour, tmp_path, capsys):
    stage.open()
    stage.train()
    assert tour.status == 0
    assert not stage.window.isVisible()
    assert stage.dialogs.asked == []
    picture = QImage(str(tmp_path / "out" / "mdn-demo.png"))
    assert picture.size() == stage.window.size()
    lines = (tmp_path / "out" / "mdn-demo.csv").read_text().splitlines()
    rows = np.array([[float(cell) for cell in line.split(",")] for line in lines if line[0] not in "#d"])
    assert rows.shape == (1000, 16)
    np.testing.assert_array_equal(rows[:, 1:4], stage.session.model.conditional(rows[:, :1]).weights)
    told = capsys.readouterr().out
    assert "Saved mdn-demo.png and mdn-demo.csv" in told
    assert "Kept epoch 5" in told


def test_that_the_picture_holds_every_figure_at_the_cursor(stage: Stage, tour, monkeypatch):
    seen = []

    def save(path: Path, picture: QPixmap) -> None:
        table = stage.window.reading_panel.quantities
        assert table.is_complete
        seen.extend((key, texts(table, key)[0]) for key in table.shown_keys())
        save_picture(path, picture)

    monkeypatch.setattr("mdn_gui.demo.save_picture", save)
    stage.open()
    stage.train()
    assert len(seen) == 12
    median = float(stage.session.model.conditional([[1.25]]).quantile(0.5)[0])
    assert float(dict(seen)["quantile_0.5"]) == pytest.approx(median, abs=1e-3)


def test_that_a_failed_run_ends_the_tour_with_an_error(stage: Stage, tour, tmp_path, capsys):
    stage.open()
    stage.fit.error = ZeroDivisionError("surprise")
    stage.train()
    assert tour.status == 1
    assert not stage.window.isVisible()
    assert list((tmp_path / "out").iterdir()) == []
    assert "surprise" in capsys.readouterr().err


def test_that_a_folder_that_cannot_be_written_ends_the_tour_with_an_error(stage: Stage, tour, tmp_path, capsys):
    (tmp_path / "out").rmdir()
    stage.open()
    stage.train()
    assert tour.status == 1
    assert f"was not saved: there is no folder {tmp_path / 'out'}" in capsys.readouterr().err
