"""The memory a run needs, compared with what is free."""

import psutil

from mdn_gui.core.dataset import Dataset
from mdn_gui.errors import TrainingError
from mdn_gui.training.state import StepKind

_FLOAT = 4
_INDEX = 8
_COPIES_OF_PARAMETERS = 16
_COPIES_OF_VALUES = 3
"""Values of a layer, their sums, their derivatives."""
_ARRAYS_OF_COMPONENTS = 16
_BASE = 64 * 2**20


def needed_bytes(kind: StepKind, num_rows: int, num_validation: int) -> int:
    """Return about how many bytes a run allocates beside the data set, at its largest.

    Parameters
    ----------
    kind : StepKind
        Its steps.
    num_rows : int
        Training and held-out rows together.
    num_validation : int
        Held-out rows, judged all at once.
    """
    architecture = kind.architecture
    rows = num_rows * (_FLOAT * (architecture.num_inputs + 1) + 3 * _INDEX)
    values = _FLOAT * (
        _COPIES_OF_VALUES * (sum(architecture.hidden_layers) + architecture.num_inputs)
        + _ARRAYS_OF_COMPONENTS * architecture.num_components
    )
    widest = max(kind.batch_size, num_validation)
    parameters = _FLOAT * _COPIES_OF_PARAMETERS * architecture.num_parameters
    return _BASE + rows + kind.restarts * (widest * values + parameters)


def check_memory(dataset: Dataset, kind: StepKind, num_validation: int) -> None:
    """Refuse a run that cannot fit.

    Raises
    ------
    TrainingError
        When the run needs more memory than is free, with both numbers.
    """
    needed, free = needed_bytes(kind, len(dataset), num_validation), psutil.virtual_memory().available
    if needed > free:
        message = f"This run needs about {_text(needed)} of memory; {_text(free)} are free."
        raise TrainingError(message, "Choose a smaller batch, fewer restarts, fewer units or fewer components.")


def _text(size: int) -> str:
    return f"{size / 1e9:,.1f} GB" if size >= 1e9 else f"{size / 1e6:,.0f} MB"
