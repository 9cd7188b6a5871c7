from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray

from mdn_gui.session.preferences import Preferences


@pytest.fixture
def place(tmp_path: Path, qapp) -> Path:
    return tmp_path / "preferences.ini"


def test_that_what_is_remembered_is_there_at_the_next_start(place):
    first = Preferences(place)
    first.remember("theme", "dark")
    first.remember("geometry", QByteArray(b"\x00\x01binary\xff"))
    del first
    second = Preferences(place)
    assert second.text_of("theme") == "dark"
    assert second.bytes_of("geometry") == QByteArray(b"\x00\x01binary\xff")


def test_that_what_was_never_remembered_counts_as_unset(place):
    preferences = Preferences(place)
    assert preferences.text_of("theme") == ""
    assert preferences.text_of("theme", "system") == "system"
    assert preferences.bytes_of("layout").isEmpty()
    assert preferences.recent_files == ()


def test_that_recent_files_come_newest_first_once_each(place, tmp_path):
    a, b = tmp_path / "a, with comma.csv", tmp_path / "b.csv"
    for path in (a, b):
        path.touch()
    preferences = Preferences(place)
    for path in (a, b, a):
        preferences.add_recent_file(path)
    del preferences
    assert Preferences(place).recent_files == (a, b)


def test_that_a_single_recent_file_survives_a_restart(place, tmp_path):
    path = tmp_path / "only.csv"
    path.touch()
    Preferences(place).add_recent_file(path)
    assert Preferences(place).recent_files == (path,)


def test_that_the_list_of_recent_files_is_bounded(place, tmp_path):
    preferences = Preferences(place)
    paths = [tmp_path / f"{number}.csv" for number in range(12)]
    for path in paths:
        path.touch()
        preferences.add_recent_file(path)
    assert preferences.recent_files == tuple(reversed(paths[4:]))


def test_that_a_recent_file_that_is_gone_is_not_offered(place, tmp_path):
    gone = tmp_path / "gone.csv"
    gone.touch()
    preferences = Preferences(place)
    preferences.add_recent_file(gone)
    gone.unlink()
    assert preferences.recent_files == ()


@pytest.mark.parametrize("name", ["x" * 5000, "nul\x00byte", "~nobody-here/a.csv", "\udcff.csv"])
def test_that_a_name_the_system_cannot_look_up_is_not_offered(place, name):
    preferences = Preferences(place)
    preferences.remember("recent_files", [name])
    assert preferences.recent_files == ()


CORRUPT = {
    "random": bytes(range(256)) * 8,
    "no structure": b"[General\ntheme\n====\n",
    "variant": b"[General]\ntheme=@Variant(\\0\\0\\0\\x7f\\0\\0\\0\\x9f)\ngeometry=@Variant(\\0\\0)\n",
    "wrong kinds": b"[General]\ntheme=@ByteArray(xx)\ngeometry=text\nlayout=1\nrecent_files=@Invalid()\n",
    "object": b"[General]\nrecent_files=@Variant(\\0\\0\\0\\x7f\\0\\0\\0\\x1bPySide::PyObjectWrapper\\0\\xff)\n",
    "undecodable": b"[General]\ntheme=\xff\xfe\x80\nrecent_files=\xc3\x28, \x80\n",
}


@pytest.mark.qt_log_ignore("QVariant::load", extend=True)
@pytest.mark.parametrize("content", CORRUPT.values(), ids=list(CORRUPT))
def test_that_a_corrupt_file_counts_as_unset_and_can_be_written_over(place, content):
    place.write_bytes(content)
    preferences = Preferences(place)
    assert isinstance(preferences.text_of("theme"), str)
    assert isinstance(preferences.bytes_of("geometry"), QByteArray)
    assert isinstance(preferences.bytes_of("layout"), QByteArray)
    assert preferences.recent_files == ()
    preferences.remember("theme", "dark")
    assert preferences.text_of("theme") == "dark"


def test_that_a_folder_in_place_of_the_file_is_survived(place):
    place.mkdir()
    preferences = Preferences(place)
    preferences.remember("theme", "dark")
    assert preferences.recent_files == ()
