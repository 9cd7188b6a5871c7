"""The settings of a run in the words of the form, with what the automatic ones came to."""

from dataclasses import dataclass, fields

from PySide6.QtCore import QCoreApplication

from mdn_gui.core.automatic import ResolvedSettings, resolved
from mdn_gui.core.config import ModelConfig, TrainingConfig, setting_of
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.split import num_held_out
from mdn_gui.ui.numbers import precise, reader_locale
from mdn_gui.ui.setting_fields import AUTOMATIC, automatic_text, resolved_value


@dataclass(frozen=True)
class SettingLine:
    """One setting.

    Parameters
    ----------
    label : str
        What the form calls it.
    value : str
        What it was.
    other : str
        What it is in another run; the same where they agree.
    """

    label: str
    value: str
    other: str

    @property
    def differs(self) -> bool:
        """Whether the two runs do not agree."""
        return self.value != self.other


def setting_lines(model: FittedModel, other: FittedModel | None = None) -> tuple[SettingLine, ...]:
    """Return every setting of a model in declaration order, beside that of another; of none beside itself."""
    beside = other or model
    known, known_beside = _resolved(model), _resolved(beside)
    lines = []
    for config, config_beside in (
        (model.model_config, beside.model_config),
        (model.training_config, beside.training_config),
    ):
        for each in fields(config):
            label = QCoreApplication.translate("Settings", setting_of(each).label)
            value = _text(config, each.name, known)
            lines.append(SettingLine(label, value, _text(config_beside, each.name, known_beside)))
    return tuple(lines)


def _resolved(model: FittedModel) -> ResolvedSettings | None:
    """Return what the automatic settings came to on the rows of the run; None where their number is not known."""
    num_rows, config = model.provenance.num_rows, model.training_config
    if num_rows < 2:
        return None
    return resolved(model.model_config, config, num_rows - num_held_out(config, num_rows), model.num_inputs)


def _text(config: ModelConfig | TrainingConfig, name: str, known: ResolvedSettings | None) -> str:
    value = getattr(config, name)
    if value is None or value == AUTOMATIC:
        return automatic_text(resolved_value(known, name))
    if isinstance(value, bool):
        return QCoreApplication.translate("Runs", "on") if value else QCoreApplication.translate("Runs", "off")
    if isinstance(value, tuple):
        separator = "; " if reader_locale().decimalPoint() == "," else ", "
        return separator.join(map(str, value))
    return precise(value) if isinstance(value, float) else str(value)
