"""The levels of quantiles as a person types them, as they are shown."""

import re
from collections.abc import Sequence

from mdn_gui.errors import ConfigError
from mdn_gui.ui.numbers import parsed, precise

_DIGITS = 12


def levels_text(levels: Sequence[float]) -> str:
    """Return probabilities as percentages, such as "5  50  95"."""
    return "  ".join(precise(round(100.0 * level, _DIGITS)) for level in levels)


def typed_levels(text: str) -> tuple[float, ...]:
    """Return the probabilities that percentages state, such as "5 50 95"; commas divide where they are no decimals.

    Raises
    ------
    ConfigError
        When one is no percentage between 0 and 100.
    """
    words = [word.strip(",%") for word in re.split(r"[;\s]+", text) if word.strip(",%")]
    return tuple(_level(part) for word in words for part in ([word] if parsed(word) is not None else word.split(",")))


def _level(text: str) -> float:
    value = parsed(text)
    if value is None or not 0.0 < value < 100.0:
        message = f"{text!r} is not a percentage between 0 and 100."
        raise ConfigError(message, "Type the levels of the quantiles such as 5 50 95, or nothing for none.")
    return round(value / 100.0, _DIGITS)
