"""What a calibration means, in the language of the window."""

from PySide6.QtCore import QCoreApplication

from mdn_gui.core.verdict import Speaker, decimals_of, departure, is_too_few, is_worse
from mdn_gui.session.calibrating import Unjudged
from mdn_gui.ui.numbers import fixed, grouped, reader_locale

__all__ = [
    "calibration_text",
    "decimals_of",
    "departure",
    "estimate_text",
    "is_too_few",
    "is_worse",
    "judge_tip",
    "place_name",
    "range_text",
    "rival_name",
    "rows_judged_text",
    "unjudged_text",
]


def _tr(text: str) -> str:
    return QCoreApplication.translate("Calibration", text)


def _shortest(value: float, digits: int) -> str:
    return reader_locale().toString(value, "g", digits)


_SPEAKER = Speaker(_tr, fixed, grouped, _shortest)

calibration_text = _SPEAKER.calibration_text
rows_judged_text = _SPEAKER.rows_judged_text
judge_tip = _SPEAKER.judge_tip
rival_name = _SPEAKER.rival_name
place_name = _SPEAKER.place_name
range_text = _SPEAKER.range_text
estimate_text = _SPEAKER.estimate_text


def unjudged_text(why: Unjudged) -> str:
    """Return what stands where there is no calibration."""
    return {
        Unjudged.NO_FIT: _tr("Train a model: its held-out rows are judged here."),
        Unjudged.BUSY: _tr("Judging the fit …"),
        Unjudged.OTHER_ROWS: _tr(
            "This fit learned from other rows than those open, so none of these is known to be held out. Train again, "
            "or bring its rows back, to have it judged."
        ),
        Unjudged.FAILED: _tr("The fit could not be judged; the log tells why. It reads as well as before."),
    }[why]
