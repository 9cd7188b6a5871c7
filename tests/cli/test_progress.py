"""The line on a terminal that says how far the work is."""

import io
import sys
from pathlib import Path

import pytest

from mdn_gui.cli import progress
from mdn_gui.cli.progress import Progress
from tests.cli.made import done


def attached(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """Return a terminal of 100 columns that stands in for standard error from now on."""
    stream = io.StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(progress, "_SECONDS_BETWEEN_LINES", 0.0)
    monkeypatch.setenv("COLUMNS", "100")
    return stream


def test_that_a_line_is_written_over_then_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal, line = attached(monkeypatch), Progress("K = 3")
    line.show(0.5, "half")
    line.clear()
    shown = "K = 3  [########........]  half"
    assert terminal.getvalue() == f"\r{shown:<99}\r{shown}\r{'':<99}\r"


def test_that_a_line_is_cut_where_the_terminal_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = attached(monkeypatch)
    monkeypatch.setenv("COLUMNS", "20")
    Progress("reading a file of a long name").show(0.5)
    assert terminal.getvalue().split("\r")[-1] == "reading a file of a"


def test_that_a_name_cannot_steer_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = attached(monkeypatch)
    Progress("\x1b[2J").show(2.0)
    assert "\x1b" not in terminal.getvalue()
    assert "[################]" in terminal.getvalue()


def test_that_nothing_is_shown_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    line = Progress("K = 3")
    line.show(0.5)
    line.clear()
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("fake_fit")
def test_that_a_run_is_followed_epoch_by_epoch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = attached(monkeypatch)
    done("fit", "sample:mcycle", "-o", tmp_path / "m.mdn")
    shown = terminal.getvalue()
    assert "\r[#####...........]  epoch 1/3  at most 2 s left  validation 1.6000  train 1.5000  best 1" in shown
    assert shown.count("\n") == 2  # the rows, the result


@pytest.mark.usefixtures("fake_fit")
def test_that_a_sweep_says_which_run_it_is_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = attached(monkeypatch)
    done("sweep", "sample:mcycle", "--components", "2,4", "--seeds", "3", "-o", tmp_path / "m.mdn")
    assert "\rrun 2 of 2, K = 4, seed 3  [###########.....]  epoch 1/3" in terminal.getvalue()
