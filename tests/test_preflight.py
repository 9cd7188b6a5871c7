import sys

import pytest

from mdn_gui import preflight


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A Linux machine without any display."""
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_that_a_bare_machine_has_no_display(bare):
    assert not preflight.has_display()


def test_that_a_display_where_no_server_answers_is_none(bare):
    bare.setenv("DISPLAY", ":987")
    assert not preflight.has_display()


def test_that_a_named_wayland_socket_must_exist(bare, tmp_path):
    bare.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    bare.setenv("WAYLAND_DISPLAY", "wayland-7")
    assert not preflight.has_display()
    (tmp_path / "wayland-7").touch()
    assert preflight.has_display()


def test_that_a_chosen_platform_counts_as_a_display(bare):
    bare.setenv("QT_QPA_PLATFORM", "offscreen")
    assert preflight.has_display()


def test_that_nothing_is_missing_where_qt_runs(bare):
    assert preflight.missing_packages(with_display=False) == ()


def test_that_a_missing_library_is_named_by_its_package(bare):
    bare.setattr(preflight, "_loads", lambda library: library != "libEGL.so.1")
    assert preflight.missing_packages(with_display=False) == ("libegl1",)


def test_that_libraries_of_x11_are_asked_for_only_with_a_display(bare):
    bare.setattr(preflight, "_loads", lambda _: False)
    without = preflight.missing_packages(with_display=False)
    assert set(without) < set(preflight.missing_packages(with_display=True))
    assert "libxcb-cursor0" not in without


def test_that_other_systems_bring_their_own_libraries(bare):
    bare.setattr(sys, "platform", "darwin")
    bare.setattr(preflight, "_loads", lambda _: False)
    assert preflight.missing_packages(with_display=True) == ()
    assert preflight.has_display()
