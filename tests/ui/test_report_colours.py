"""A report wears the colours of the window."""

import pytest

from mdn_gui.files.report import look
from mdn_gui.ui.theme import DARK, LIGHT, Theme


@pytest.mark.parametrize(
    ("colours", "components", "theme"),
    [(look.LIGHT, look.LIGHT_COMPONENTS, LIGHT), (look.DARK, look.DARK_COMPONENTS, DARK)],
)
def test_that_a_report_wears_the_colours_of_the_window(
    colours: dict[str, str], components: tuple[str, ...], theme: Theme
) -> None:
    assert {name: getattr(theme, name) for name in colours} == colours
    assert components == theme.components
