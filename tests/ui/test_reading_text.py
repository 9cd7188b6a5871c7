import numpy as np
import pytest

from mdn_gui.core.encoding import ColumnKind, Encoding
from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.core.reading import Line, Reading
from mdn_gui.ui.reading_text import reading_text


def line(*names: str) -> Line:
    return Line(tuple(Encoding(name) for name in names), 0, np.full(len(names), 2.5))


MIXTURE = ConditionalMixture([[0.1 + 0.2, 0.7]], [[1 / 3, -1e-17]], [[2 / 3, 1e-5]])


@pytest.fixture
def lines() -> list[list[str]]:
    text = reading_text(Reading(1 / 7, MIXTURE, 12, 0.01, is_outside=False), line("do\tse\n1"), "respo\r\nnse")
    assert text.endswith("\n")
    return [cells.split("\t") for cells in text.splitlines()]


def test_that_numbers_come_back_bit_for_bit(lines):
    assert float(lines[0][1]) == 1 / 7
    quantities = (MIXTURE.weights, MIXTURE.locs, MIXTURE.variances, MIXTURE.scales)
    for k in range(2):
        assert lines[3 + k][0] == str(k + 1)
        assert [float(cell) for cell in lines[3 + k][1:]] == [float(q[0, k]) for q in quantities]
    named = {line[0]: line[1] for line in lines[5:]}
    assert float(named["mixture mean"]) == MIXTURE.mean()[0]
    assert float(named["mixture variance"]) == MIXTURE.variance()[0]
    assert float(named["mixture sd"]) == pytest.approx(np.sqrt(MIXTURE.variance()[0]))
    assert float(named["median"]) == MIXTURE.quantile(0.5)[0]
    assert named["rows near x"] == "12"


def test_that_names_cannot_break_the_table(lines):
    assert lines[0][0] == "do se 1"
    assert lines[1] == ["target", "respo nse"]


def test_that_the_columns_are_named(lines):
    assert lines[2] == ["component", "weight", "mean", "variance", "sd"]


def test_that_a_comma_locale_does_not_reach_the_clipboard(german):
    text = reading_text(Reading(0.5, MIXTURE, 12, 0.01, is_outside=False), line("x"), "y")
    assert text.startswith("x\t0.5\n")


def test_that_a_preview_is_named_on_the_clipboard(lines):
    text = reading_text(Reading(0.5, MIXTURE, 12, 0.01, is_outside=False, is_preview=True), line("x"), "y")
    assert "preview\tjoint Gaussian mixture, not the network" in text.splitlines()
    assert all(line[0] != "preview" for line in lines)


def test_that_the_other_inputs_are_named_with_where_they_are_held():
    encodings = (Encoding("a"), Encoding("b"), Encoding("colour", ColumnKind.CATEGORY, ("red", "blue")))
    whole = Line(encodings, 1, np.array([0.1 + 0.2, 9.0, 1.0]))
    text = reading_text(Reading(0.5, MIXTURE, 12, 0.01, is_outside=False), whole, "y")
    assert text.splitlines()[:4] == ["b\t0.5", f"a\t{0.1 + 0.2!r}", "colour\tblue", "target\ty"]
