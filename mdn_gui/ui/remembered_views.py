"""What the plots show, what the read-out lists, between starts."""

import json
from typing import TYPE_CHECKING

from mdn_gui.core.questions import Questions
from mdn_gui.errors import ConfigError
from mdn_gui.session.preferences import Preferences

if TYPE_CHECKING:
    from mdn_gui.session.instrument import Instrument
    from mdn_gui.ui.fit.panel import FitPanel
    from mdn_gui.ui.reading.panel import ReadingPanel

_KEY = "views"


class RememberedViews:
    """Layers, rows and columns of the read-out, quantiles; what cannot be read counts as not remembered.

    Parameters
    ----------
    preferences : Preferences
        Where they are kept.
    """

    def __init__(self, preferences: Preferences) -> None:
        self._preferences = preferences

    def restore(self, fit: "FitPanel", reading: "ReadingPanel", instrument: "Instrument") -> None:
        """Show again what was shown."""
        kept = self._preferences.entries_of(_KEY)
        if isinstance(kept.get("layers"), dict):
            fit.restore(kept["layers"])
        for name, show in (("rows", reading.quantities.show_rows), ("columns", reading.table.show_columns)):
            if isinstance(kept.get(name), list):
                show(kept[name])
        try:
            instrument.ask(Questions(tuple(kept["levels"]), kept["mass"]))
        except (KeyError, TypeError, ValueError, ConfigError):
            return

    def keep(self, fit: "FitPanel", reading: "ReadingPanel", instrument: "Instrument") -> None:
        """Remember what is shown; not the interval, which belongs to its data."""
        shown = {
            "layers": fit.states(),
            "rows": reading.quantities.shown_keys(),
            "columns": reading.table.shown_columns(),
            "levels": instrument.questions.levels,
            "mass": instrument.questions.mass,
        }
        self._preferences.remember(_KEY, json.dumps(shown))
