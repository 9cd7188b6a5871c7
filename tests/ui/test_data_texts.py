from math import inf
from pathlib import Path

import pytest

from mdn_gui.core.diagnostics import Estimate
from mdn_gui.core.findings import Finding, FindingKind, Mend
from mdn_gui.core.score import Score
from mdn_gui.session.messages import Severity
from mdn_gui.ui.texts import changed_notice, mend_text, remarks_text, score_text, vanished_notice


def told(nll: float, error: float, rows: int = 200) -> str:
    return score_text(Score(Estimate(nll, error), Estimate(0.1, 0.01), rows))


@pytest.mark.parametrize(
    ("nll", "error", "expected"),
    [
        (0.2312, 0.0119, "Test NLL 0.231 ± 0.012, 200 rows never trained on"),
        (-1.5, 0.2, "Test NLL -1.500 ± 0.200, 200 rows never trained on"),
        (0.231234, 0.00031, "Test NLL 0.23123 ± 0.00031, 200 rows never trained on"),
        (0.25, 0.0, "Test NLL 0.250 ± 0.000, 200 rows never trained on"),
        (0.25, inf, "Test NLL 0.250, 200 rows never trained on"),
        (3.2e9, 1.0, "Test NLL 3.200e+09, 200 rows never trained on"),
        (inf, inf, "Test NLL infinite: the density is 0 at a row of the test, 200 rows never trained on"),
    ],
)
def test_that_the_test_score_is_one_sentence(nll, error, expected):
    assert told(nll, error) == expected


def test_that_rows_of_the_test_are_grouped():
    assert told(0.2, 0.01, 12345).endswith("12,345 rows never trained on")


def test_that_remarks_are_counted():
    assert remarks_text(3) == "3 remarks on the data"


@pytest.mark.parametrize("mend", list(Mend))
def test_that_every_mend_has_a_text(mend):
    assert mend_text(Finding(FindingKind.TIES, "m.", "r.", mend, num_components=4))
    assert mend_text(Finding(FindingKind.TIES, "m.", "r.")) == ""


def test_that_a_changed_file_can_be_read_again():
    notice = changed_notice(Path("/data/open.csv"))
    assert notice.message == "open.csv has changed on disk."
    assert (notice.action, notice.severity) == ("reload_file", Severity.INFO)


def test_that_a_vanished_file_is_named():
    notice = vanished_notice(Path("/data/open.csv"))
    assert notice.message.startswith("open.csv ")
    assert (notice.action, notice.details) == ("", str(Path("/data/open.csv")))
