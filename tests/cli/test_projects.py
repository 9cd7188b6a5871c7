"""A project that a window has open is not written over."""

from pathlib import Path

import pytest

from mdn_gui.session.locks import FileLock
from tests.cli.conftest import FakeFit
from tests.cli.made import Said, done, refused


@pytest.mark.parametrize("command", ["fit", "sweep"])
def test_that_a_project_open_in_a_window_is_left_alone(
    model_file: Path, fake_fit: FakeFit, capsys: Said, command: str
) -> None:
    before, lock = model_file.read_bytes(), FileLock.of_document(model_file)
    assert lock.take()
    try:
        said = refused(capsys, command, "sample:mcycle", "-o", model_file)
    finally:
        lock.release()
    assert f"{model_file} is open in a window (process " in said
    assert "Close it there, or give -o another name" in said
    assert model_file.read_bytes() == before
    assert not fake_fit.calls
    done(command, "sample:mcycle", "-o", model_file)


@pytest.mark.parametrize("text", ["", "nonsense", "999999999\nmdn\nhost", "1\nmdn\n{host}\n"])
def test_that_a_lock_left_behind_hinders_nobody(
    model_file: Path, fake_fit: FakeFit, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "host")
    lock = model_file.with_name(f".{model_file.name}.lock")
    lock.write_text(text.format(host="host"), encoding="utf-8")
    done("fit", "sample:mcycle", "-o", model_file)
    assert len(fake_fit.calls) == 1
