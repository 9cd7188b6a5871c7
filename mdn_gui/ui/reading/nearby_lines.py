"""Two lines about the rows near x: how many there are, how the model fits them."""

import math

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mdn_gui.core.neighbours import MASS, SHARE, NearbyRows
from mdn_gui.ui.labels import ElidedLabel
from mdn_gui.ui.numbers import counted, fixed, grouped, share, significant
from mdn_gui.ui.texts import tip_text


class NearbyLines(QWidget):
    """Number of rows near x, where several inputs say what near means; coverage and mean PIT of these rows.

    It is grey while what it says belongs to another x, and keeps its height so that nothing below it jumps.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._nearby: NearbyRows | None = None
        self._counts_rows = False
        self._rows = ElidedLabel(self, "nearby")
        self._fit = ElidedLabel(self, "nearby")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self._rows)
        layout.addWidget(self._fit)
        self._show()

    @property
    def text(self) -> str:
        """What the lines say."""
        return "\n".join(label.text() for label in (self._rows, self._fit) if label.text())

    @property
    def warns(self) -> bool:
        """Whether the coverage is off."""
        return bool(self._fit.property("warns"))

    def show_inputs(self, count: int) -> None:
        """Take how many input columns there are: of one it is counted elsewhere, at once, how many rows are near."""
        self._counts_rows = count > 1
        self._show()

    def show_nearby(self, nearby: NearbyRows | None) -> None:
        """State what is known of the rows near x, or nothing."""
        self._nearby = nearby
        self._show()

    def show_stale(self) -> None:
        """Grey what belongs to another x, until the next :meth:`show_nearby`."""
        if self.isEnabled():
            self.setEnabled(False)

    def _show(self) -> None:
        nearby = self._nearby
        self.setEnabled(True)
        self._rows.setVisible(self._counts_rows)
        self._rows.show_text(near_text(nearby) if nearby is not None and self._counts_rows else "")
        self._show_fit()
        warns = nearby is not None and bool(len(nearby.pit)) and nearby.is_off
        if self.warns is not warns:
            self._fit.setProperty("warns", warns)
            self._fit.style().unpolish(self._fit)
            self._fit.style().polish(self._fit)

    def _show_fit(self) -> None:
        """State how the rows fit; that they are mostly trained on, how far they reach, where there is room."""
        nearby = self._nearby
        text = fit_text(nearby) if nearby is not None else ""
        if nearby is not None and len(nearby.pit):
            short = fit_text(nearby, says_reach=False)
            texts = (f"{text} · {_tr('mostly trained on')}", text, short)
            advance = self._fit.fontMetrics().horizontalAdvance
            text = next((each for each in texts if advance(each) <= self.width()), short)
        if text != self._fit.text():
            self._fit.show_text(text)
        self._fit.setToolTip(tip_text(fit_tip(nearby)) if nearby is not None else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """State as much as there is room for."""
        super().resizeEvent(event)
        self._show_fit()

    def changeEvent(self, event: QEvent) -> None:
        """Draw the labels anew when they turn grey: they paint themselves."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.EnabledChange:
            self.update()


def near_text(nearby: NearbyRows) -> str:
    """Return such as "40 rows within ±10 % in every input"."""
    count = nearby.neighbourhood.num_within
    if nearby.neighbourhood.num_columns == 1:
        one, many = _tr("{count} row within ±{width}"), _tr("{count} rows within ±{width}")
        return counted(count, one, many, width=significant(nearby.neighbourhood.half_width, 1))
    one = _tr("{count} row within ±{share} % in every input")
    many = _tr("{count} rows within ±{share} % in every input")
    return counted(count, one, many, share=fixed(100.0 * SHARE, 0))


def fit_text(nearby: NearbyRows, *, says_reach: bool = True) -> str:
    """Return such as "90 % interval holds 36 of 40 · PIT 0.48 ± 0.05", or that nothing is judged."""
    count, near = len(nearby.pit), nearby.neighbourhood
    if not count:
        if near.is_outside:
            return _tr("outside the data: not judged")
        return _tr("too few rows near: not judged") if near.num_within else _tr("no rows near: not judged")
    mass, held = fixed(100.0 * MASS, 0), grouped(nearby.num_held)
    if nearby.neighbourhood.is_nearest:
        text = _tr("{mass} % holds {held} of {count} nearest").format(mass=mass, held=held, count=grouped(count))
        text += f" ({_reach_text(nearby)})" if says_reach else ""
    else:
        text = _tr("{mass} % interval holds {held} of {count}")
        text = text.format(mass=mass, held=held, count=grouped(count))
    return f"{text} · {_pit_text(nearby)}"


def fit_tip(nearby: NearbyRows) -> str:
    """Return what the numbers of :func:`fit_text` mean."""
    sentences = [near_text(nearby) + "."]
    if nearby.neighbourhood.num_columns > 1:
        text = _tr("Near is a tenth of the range to either side in every column of numbers, the same level of others.")
        sentences.append(text)
    if nearby.neighbourhood.is_nearest:
        text = _tr("That is too few to judge by: these are the {count} nearest rows instead, {reach} away at most.")
        sentences.append(text.format(count=grouped(len(nearby.targets)), reach=_reach_text(nearby)))
    if not len(nearby.pit):
        sentences.append(_tr("How well the model fits other rows says nothing of this place."))
    elif len(nearby.pit) < len(nearby.targets):
        sentences.append(_tr("{count} of them, spread evenly, are judged.").format(count=grouped(len(nearby.pit))))
    if len(nearby.pit):
        coverage = nearby.coverage
        text = _tr("The model's central 90 % interval, at the inputs of each row, holds {value} % ± {error} % of them.")
        value, error = fixed(100.0 * coverage.value, 1), fixed(100.0 * coverage.standard_error, 1)
        sentences.append(text.format(value=value, error=error))
        if nearby.is_off:
            sentences.append(_tr("That is off by more than two standard errors."))
        sentences.append(_tr("PIT values have the mean 0.5 where the model is right."))
        sentences.append(_tr("Most of these rows were trained on, as a rule: unseen ones may fit worse."))
    return "\n".join(sentences)


def _pit_text(nearby: NearbyRows) -> str:
    estimate = nearby.mean_pit
    if not math.isfinite(estimate.standard_error):
        return _tr("PIT {mean}").format(mean=fixed(estimate.value, 2))
    text = _tr("PIT {mean} ± {error}")
    return text.format(mean=fixed(estimate.value, 2), error=share(estimate.standard_error, 2))


def _reach_text(nearby: NearbyRows) -> str:
    reach = significant(nearby.neighbourhood.reach, 2)
    if nearby.neighbourhood.num_columns == 1:
        return f"±{reach}"
    return _tr("{reach} sd").format(reach=reach)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Nearby", text)
