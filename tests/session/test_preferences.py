from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray

from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.session.preferences import KEEP_ROWS, LANGUAGE, PREFERENCES, RECOVERY_INTERVAL, THEME, Preferences


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


# -- what cannot be read is set aside ---------------------------------------------------------------------------------


def kept_aside(place: Path) -> list[Path]:
    return [path for path in place.parent.iterdir() if ".unreadable-" in path.name]


@pytest.mark.parametrize("name", ["random", "no structure", "undecodable"])
def test_that_a_damaged_file_is_set_aside_once(place, name):
    place.write_bytes(CORRUPT[name])
    preferences = Preferences(place)
    assert [preferences.set_aside] == kept_aside(place)
    assert preferences.set_aside.name.startswith("preferences.ini.unreadable-2")
    assert preferences.set_aside.read_bytes() == CORRUPT[name]
    assert preferences.text_of("theme") == ""
    preferences.remember("theme", "dark")
    del preferences
    again = Preferences(place)
    assert again.set_aside is None
    assert again.text_of("theme") == "dark"
    assert len(kept_aside(place)) == 1


def test_that_a_damaged_file_that_was_read_before_leaves_nothing_behind(place):
    place.write_text("[General]\ntheme=dark\n")
    assert Preferences(place).value_of(THEME) == "dark"
    place.write_text("[General]\ntheme=dark\n" + "rubbish\n")
    preferences = Preferences(place)
    assert preferences.set_aside is not None
    assert preferences.value_of(THEME) == "system"


@pytest.mark.parametrize(
    "content", ["", "[General]\n; a remark\n\ntheme=dark", "[a]\r\nx=1\r\n", "[General]\nname=\u2028x\n"]
)
def test_that_a_file_that_can_be_read_stays_in_its_place(place, content):
    place.write_text(content, encoding="utf-8")
    assert Preferences(place).set_aside is None
    assert place.read_text(encoding="utf-8").replace("\r", "") == content.replace("\r", "")


def test_that_whatever_is_remembered_is_read_again(place):
    preferences = Preferences(place)
    text = "line\nbreak = [x] ; \x00 \u2028 \u00e9 \u4e2d \U0001f600"
    preferences.remember("odd", text)
    preferences.remember("bytes", QByteArray(bytes(range(256))))
    del preferences
    again = Preferences(place)
    assert again.set_aside is None
    assert again.text_of("odd") == text
    assert again.bytes_of("bytes") == QByteArray(bytes(range(256)))


def test_that_a_damaged_file_in_a_folder_that_takes_nothing_does_not_stop_the_start(place, monkeypatch):
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    place.write_bytes(CORRUPT["random"])
    monkeypatch.setattr("mdn_gui.session.preferences.os.replace", refuse)
    preferences = Preferences(place)
    assert preferences.set_aside is None
    assert preferences.value_of(THEME) == "system"


def test_that_a_file_that_may_not_be_read_is_set_aside(place, monkeypatch):
    def refuse(_: object) -> bytes:
        raise PermissionError(13, "Permission denied")

    place.write_text("[General]\ntheme=dark\n")
    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_bytes", refuse)
        preferences = Preferences(place)
    assert [preferences.set_aside] == kept_aside(place)
    assert preferences.value_of(THEME) == "system"


# -- what a person prefers --------------------------------------------------------------------------------------------


def test_that_every_preference_has_a_default_of_its_kind(place):
    preferences = Preferences(place)
    assert [preferences.value_of(each.key) for each in PREFERENCES] == ["system", "system", 20, True]
    assert (preferences.recovery_seconds, preferences.keeps_rows) == (20, True)
    assert len({each.key for each in PREFERENCES}) == len(PREFERENCES)


@pytest.mark.parametrize(
    ("key", "value"), [(THEME, "dark"), (LANGUAGE, "zh_CN"), (RECOVERY_INTERVAL, 5), (KEEP_ROWS, False)]
)
def test_that_a_preference_is_there_at_the_next_start(place, key, value):
    Preferences(place).prefer(key, value)
    found = Preferences(place).value_of(key)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("key", "text", "taken"),
    [
        (THEME, "pink", "system"),
        (THEME, "@ByteArray(x)", "system"),
        (RECOVERY_INTERVAL, "4", 20),
        (RECOVERY_INTERVAL, "31", 20),
        (RECOVERY_INTERVAL, "30", 30),
        (RECOVERY_INTERVAL, "1e1", 20),
        (RECOVERY_INTERVAL, "\u0665", 20),
        (RECOVERY_INTERVAL, "9" * 5000, 20),
        (RECOVERY_INTERVAL, "true", 20),
        (KEEP_ROWS, "perhaps", True),
        (KEEP_ROWS, "0", True),
        (LANGUAGE, "@ByteArray(x)", "system"),
    ],
)
def test_that_a_value_of_a_wrong_kind_counts_as_unset(place, key, text, taken):
    place.write_text(f"[General]\n{key}={text}\n", encoding="utf-8")
    assert Preferences(place).value_of(key) == taken


def test_that_new_documents_begin_with_the_settings_kept_for_them(place):
    configs = ModelConfig(num_components=5, hidden_layers=(16,)), TrainingConfig(seed=9, epochs=None)
    preferences = Preferences(place)
    assert preferences.default_settings == (ModelConfig(), TrainingConfig())
    preferences.keep_default_settings(configs)
    del preferences
    again = Preferences(place)
    assert again.default_settings == configs
    again.keep_default_settings(None)
    assert again.default_settings == (ModelConfig(), TrainingConfig())


@pytest.mark.parametrize(
    "text",
    [
        "no json",
        "[1]",
        '{"model": 3, "training": []}',
        '{"model": {"num_components": "many", "hidden_layers": 3, "unheard_of": 1}, "training": {"seed": -1.5}}',
        '{"model": {"hidden_layers": [[]]}, "training": {"epochs": {}}}',
    ],
)
def test_that_default_settings_that_cannot_be_read_are_those_of_the_factory(place, text):
    preferences = Preferences(place)
    preferences.remember("default_settings", text)
    assert preferences.default_settings == (ModelConfig(), TrainingConfig())


def test_that_what_can_be_read_of_default_settings_is_taken(place):
    preferences = Preferences(place)
    preferences.remember(
        "default_settings", '{"model": {"num_components": 3, "activation": "?"}, "training": {"seed": 4}}'
    )
    assert preferences.default_settings == (ModelConfig(num_components=3), TrainingConfig(seed=4))
