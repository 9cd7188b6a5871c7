import numpy as np
import pytest

from mdn_gui.core.encoding import ColumnKind, Encoding
from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.core.neighbours import NearbyRows, Neighbourhood
from mdn_gui.core.quantities import quantities
from mdn_gui.core.questions import Questions
from mdn_gui.core.reading import Line, Reading
from mdn_gui.ui.reading.copied_text import reading_text


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


def cells_of(text: str) -> dict[str, list[str]]:
    return {cells[0]: cells[1:] for cells in (each.split("\t") for each in text.splitlines())}


def test_that_every_quantity_that_is_asked_for_comes_back_bit_for_bit(german):
    questions = Questions(levels=(0.1, 0.5), mass=0.75, low=0.1 + 0.2, high=1e300)
    text = reading_text(Reading(0.5, MIXTURE, 12, 0.01, is_outside=False), line("x"), "y", questions)
    found = cells_of(text)
    names = {
        "entropy": "entropy (nats)",
        "quantile_0.1": "quantile 0.1",
        "quantile_0.5": "median",
        "region_0.75": "region of mass 0.75",
        "modes": "mode",
        "probability": "P(0.30000000000000004 < y <= 1e+300)",
        "skewness": "skewness",
        "effective_components": "effective number of components",
    }
    for each in quantities(questions):
        if each.key in names:
            values = np.ravel(each.read(MIXTURE)).tolist()
            assert [float(cell) for cell in found[names[each.key]]] == values


def test_that_the_line_of_the_reading_itself_counts():
    encodings = (Encoding("a"), Encoding("b"))
    own = Line(encodings, 0, np.array([1.0, 7.0]))
    other = Line(encodings, 0, np.array([1.0, 9.0]))
    reading = Reading(0.5, MIXTURE, 12, 0.01, is_outside=False, line=own)
    found = cells_of(reading_text(reading, other, "y"))
    assert found["b"] == ["7.0"]
    assert "rows near x" not in found  # counted along one axis it would be another number


def test_that_what_is_extrapolated_is_named():
    reading = Reading(9.0, MIXTURE, 0, 0.01, is_outside=True, held_outside=("wa\tter", "age"))
    lines = reading_text(reading, line("x"), "y").splitlines()
    assert "outside the data\tx" in lines
    assert "held outside its range\twa ter" in lines
    assert "held outside its range\tage" in lines


def test_that_the_rows_near_x_are_stated_with_how_they_fit():
    held = Line((Encoding("a"), Encoding("b")), 0, np.array([1.0, 7.0]))
    reading = Reading(0.5, MIXTURE, 12, 0.01, is_outside=False, line=held)
    pit = np.linspace(0.03, 0.97, 30)
    near = Neighbourhood(4, np.arange(30), is_nearest=True, reach=1 / 3, num_columns=2)
    nearby = NearbyRows(np.array([0.5, 7.0]), near, np.zeros(30), pit)
    found = cells_of(reading_text(reading, held, "y", None, nearby))
    assert found["rows within 0.1 of the range of each input"] == ["4"]
    assert found["nearest rows instead, reach (sds)"] == ["30", repr(1 / 3)]
    assert float(found["mean PIT with its standard error"][0]) == nearby.mean_pit.value
    assert float(found["coverage of the central 0.9 with its standard error"][1]) == nearby.coverage.standard_error
    elsewhere = NearbyRows(np.array([0.5, 8.0]), near, np.zeros(30), pit)
    assert "mean PIT with its standard error" not in cells_of(reading_text(reading, held, "y", None, elsewhere))
