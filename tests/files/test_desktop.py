"""The entry by which a Linux desktop opens project files."""

import os
import shlex
from configparser import RawConfigParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from mdn_gui.app import main
from mdn_gui.errors import UserError
from mdn_gui.files.desktop import data_folder, launch_command, register, unregister

SPACE = "{http://www.freedesktop.org/standards/shared-mime-info}"


def entry(folder: Path) -> dict[str, str]:
    parser = RawConfigParser(delimiters=("=",))
    parser.optionxform = str  # type names are case sensitive
    parser.read(folder / "applications" / "mdn-gui.desktop", encoding="utf-8")
    return dict(parser["Desktop Entry"])


@pytest.fixture
def tools(tmp_path: Path, monkeypatch) -> Path:
    """Stand-ins for the programs that make indexes; each notes its folder."""
    place, log = tmp_path / "bin", tmp_path / "log"
    place.mkdir()
    for name in ("update-mime-database", "update-desktop-database"):
        tool = place / name
        tool.write_text(f'#!/bin/sh\necho "{name} $1" >> "{log}"\nexit 3\n')
        tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{place}{os.pathsep}/usr/bin{os.pathsep}/bin")
    return log


def test_that_a_project_file_is_opened_by_this_installation(tmp_path, tools):
    folder = tmp_path / "data"
    written = register(folder, ("/opt/mdn/bin/mdn-gui",))
    assert all(path.is_file() for path in written)
    found = entry(folder)
    assert shlex.split(found["Exec"]) == ["/opt/mdn/bin/mdn-gui", "%f"]
    kind = ElementTree.parse(folder / "mime" / "packages" / "mdn-gui.xml").getroot().find(f"{SPACE}mime-type")
    assert found["MimeType"] == f"{kind.get('type')};"
    assert kind.find(f"{SPACE}glob").get("pattern") == "*.mdn"
    assert (folder / "icons" / "hicolor" / "scalable" / "apps" / f"{found['Icon']}.svg").is_file()
    assert tools.read_text().splitlines() == [
        f"update-mime-database {folder / 'mime'}",
        f"update-desktop-database {folder / 'applications'}",
    ]


def test_that_registering_twice_is_registering_once_and_unregistering_leaves_no_file(tmp_path, tools):
    first = register(tmp_path / "data", ("/old/mdn-gui",))
    assert register(tmp_path / "data", ("/new/mdn-gui",)) == first
    assert "/new/" in entry(tmp_path / "data")["Exec"]
    assert unregister(tmp_path / "data") == first
    assert not any(path.exists() for path in first)
    assert unregister(tmp_path / "data") == ()


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/a b/mdn-gui", '"/a b/mdn-gui"'),
        ("/50%/mdn-gui", '"/50%%/mdn-gui"'),
        ('/"x"/$y/`z`', '"/\\\\"x\\\\"/\\\\$y/\\\\`z\\\\`"'),
        ("/back\\slash", '"/back\\\\\\\\slash"'),
    ],
)
def test_that_odd_paths_are_quoted_as_the_specification_says(tmp_path, tools, path, told):
    register(tmp_path, (path, "-m", "mdn_gui"))
    assert entry(tmp_path)["Exec"] == f'{told} "-m" "mdn_gui" %f'


def test_that_a_folder_that_takes_nothing_is_named(tmp_path):
    (tmp_path / "applications").write_text("in the way")
    with pytest.raises(UserError, match=r"applications/mdn-gui\.desktop cannot be written") as refused:
        register(tmp_path, ("mdn-gui",))
    assert "XDG_DATA_HOME" in refused.value.hint


def test_that_the_folder_is_that_of_the_specification():
    assert data_folder({"XDG_DATA_HOME": "/x/y"}) == Path("/x/y")
    for environment in ({}, {"XDG_DATA_HOME": ""}, {"XDG_DATA_HOME": "relative"}):
        assert data_folder(environment) == Path.home() / ".local" / "share"


def test_that_what_is_launched_exists():
    assert Path(launch_command()[0]).is_absolute()
    assert os.access(launch_command()[0], os.X_OK)


def test_that_the_command_line_registers_and_unregisters(tmp_path, tools, monkeypatch, capsys):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr("sys.platform", "linux")
    assert main(["--register"]) == 0
    written = [line.removeprefix("wrote ") for line in capsys.readouterr().out.splitlines()]
    assert len(written) == 3
    assert all(Path(path).is_file() for path in written)
    assert main(["--unregister"]) == 0
    assert capsys.readouterr().out.splitlines() == [f"removed {path}" for path in written]


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_that_other_systems_are_told_what_to_do(tmp_path, monkeypatch, capsys, system):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with monkeypatch.context() as patched:
        patched.setattr("sys.platform", system)
        assert main(["--register"]) == 2
    assert "by hand" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_that_a_refusal_is_told_without_a_traceback(tmp_path, monkeypatch, capsys):
    (tmp_path / "applications").write_text("in the way")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert main(["--register"]) == 2
    assert capsys.readouterr().err.startswith("mdn-gui: ")
