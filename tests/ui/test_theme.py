from itertools import combinations

import numpy as np
import pytest
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from mdn_gui.ui.theme import DARK, LIGHT, MARKERS, Theme, blend, contrast, palette
from mdn_gui.ui.theme_switch import ThemeChoice, ThemeSwitch
from tests.ui.stage import Stage

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
TEXTS = [("text", "window"), ("text", "base"), ("text", "raised"), ("text", "accent_soft"), ("muted", "window")]
TEXTS += [
    ("muted", "base"),
    ("muted", "raised"),
    ("on_accent", "accent"),
    ("error", "error_soft"),
    ("accent", "window"),
]
TEXTS += [("text", "error_soft")]
DEFICIENCIES = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
"""Machado, Oliveira and Fernandes 2009, severity 1.0, for linear RGB."""
JUST_APART = 0.05
"""Distance in OKLab below which two colours are one; the markers must differ besides."""


def oklab(linear: np.ndarray) -> np.ndarray:
    """Björn Ottosson 2020."""
    to_cones = [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566]]
    to_cones.append([0.0883024619, 0.2817188376, 0.6299787005])
    to_lab = [[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099]]
    to_lab.append([0.0259040371, 0.7827717662, -0.8086757660])
    return np.asarray(to_lab) @ np.cbrt(np.asarray(to_cones) @ np.clip(linear, 0.0, 1.0))


def linear_rgb(colour: str) -> np.ndarray:
    c = np.array(QColor(colour).getRgbF()[:3])
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


@THEMES
@pytest.mark.parametrize(("front", "back"), TEXTS)
def test_that_text_can_be_read(theme, front, back):
    assert contrast(getattr(theme, front), getattr(theme, back)) >= 4.5


@THEMES
@pytest.mark.parametrize("mark", ["points", "train", "cursor", "accent", *range(7)])
def test_that_marks_stand_out_from_the_ground(theme, mark):
    colour = theme.components[mark] if isinstance(mark, int) else getattr(theme, mark)
    assert contrast(colour, theme.base) >= 3.0


@THEMES
@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_that_components_differ_for_every_eye(theme, deficiency):
    matrix = np.array(DEFICIENCIES[deficiency])
    seen = [oklab(matrix @ linear_rgb(colour)) for colour in theme.components]
    near = [
        (theme.components[i], theme.components[j], float(np.linalg.norm(seen[i] - seen[j])))
        for i, j in combinations(range(len(seen)), 2)
        if np.linalg.norm(seen[i] - seen[j]) < JUST_APART
    ]
    assert not near
    assert len(set(MARKERS[: len(seen)])) == len(seen) == 7


@THEMES
def test_that_runs_differ_from_each_other_for_every_eye_and_can_be_texts(theme):
    for matrix in (np.eye(3), *map(np.array, DEFICIENCIES.values())):
        seen = [oklab(matrix @ linear_rgb(colour)) for colour in theme.runs]
        assert min(np.linalg.norm(a - b) for a, b in combinations(seen, 2)) > JUST_APART
    own = [oklab(linear_rgb(colour)) for colour in (*theme.components, theme.accent, theme.other)]
    assert min(np.linalg.norm(oklab(linear_rgb(run)) - each) for run in theme.runs for each in own) > JUST_APART
    for colour, ground in ((colour, ground) for colour in theme.runs for ground in (theme.base, theme.window)):
        assert contrast(colour, ground) >= 4.5
    assert theme.run(9) == theme.run(1) == QColor(theme.runs[0])


def test_that_markers_tell_components_apart_where_colours_repeat():
    for theme in (LIGHT, DARK):
        looks = {(theme.component(k).name(), MARKERS[k % len(MARKERS)]) for k in range(40)}
        assert len(looks) == 40
    assert len(set(MARKERS)) == len(MARKERS)


@pytest.mark.parametrize(
    ("first", "second", "ratio"), [("#000", "#fff", 21.0), ("#777", "#fff", 4.48), ("#123", "#123", 1)]
)
def test_that_contrast_is_that_of_the_guidelines(first, second, ratio):
    assert contrast(first, second) == pytest.approx(ratio, abs=0.005)
    assert contrast(second, first) == contrast(first, second)


def test_that_blending_is_opaque_and_linear():
    assert blend("#ffffff", "#000000", 0.5).name() == "#808080"
    assert blend("#102030", "#ffffff", 1.0).name() == "#102030"
    assert blend("#102030", "#ffffff", 0.0).name() == "#ffffff"


@THEMES
def test_that_every_colour_is_valid_and_the_palette_uses_them(theme: Theme):
    names = [value for value in vars(theme).values() if isinstance(value, str)]
    assert all(QColor(name).isValid() for name in (*names, *theme.components, *theme.runs))
    made = palette(theme)
    assert made.color(QPalette.ColorRole.Window).name() == theme.window
    disabled = made.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
    assert contrast(disabled, theme.window) < contrast(theme.text, theme.window)


def test_that_a_switch_colours_the_application(application: QApplication, qtbot):
    switch = ThemeSwitch(application, ThemeChoice.LIGHT)
    with qtbot.waitSignal(switch.changed) as changed:
        switch.choose(ThemeChoice.DARK)
    assert changed.args == [DARK]
    assert application.palette().color(QPalette.ColorRole.Window).name() == DARK.window
    assert DARK.window in application.styleSheet()
    assert "$" not in application.styleSheet()
    switch.deleteLater()


def test_that_the_system_is_followed_only_when_chosen(application: QApplication, qtbot):
    switch = ThemeSwitch(application, ThemeChoice.DARK)
    hints = QGuiApplication.styleHints()
    with qtbot.assertNotEmitted(switch.changed):
        hints.colorSchemeChanged.emit(hints.colorScheme())
    switch.choose(ThemeChoice.SYSTEM)
    with qtbot.waitSignal(switch.changed):
        hints.colorSchemeChanged.emit(hints.colorScheme())
    switch.deleteLater()


def test_that_the_theme_changes_live_in_every_plot(fitted: Stage):
    fitted.window.choose_theme(ThemeChoice.DARK)
    plot, loss, panel = fitted.plot, fitted.window.loss_panel.plot, fitted.window.reading_panel
    assert plot.marks._line_pen.color().name() == DARK.cursor
    assert plot.marks._rim_pen.color().name() == DARK.base
    assert plot._crowd.points.opts["brush"].color().name() == DARK.points
    assert [mark.colour.name() for mark in plot.marks.marks] == list(DARK.components[:3])
    assert loss._validation.opts["pen"].color().name() == DARK.accent
    assert [pen.color().name() for pen in panel.density._canvas._lines] == list(DARK.components)
    for each in (plot, loss, panel.density):
        assert each.backgroundBrush().color().name() == DARK.base
    fitted.window.choose_theme(ThemeChoice.LIGHT)
    assert plot.marks._line_pen.color().name() == LIGHT.cursor
    assert [mark.colour.name() for mark in plot.marks.marks] == list(LIGHT.components[:3])
