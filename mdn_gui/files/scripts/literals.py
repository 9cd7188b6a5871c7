"""Values as Python source: what is written is read back as the same value, never as code."""

import base64
import math
import unicodedata
from collections.abc import Mapping

import numpy as np

_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
"""Characters that change the order in which those around them are shown."""
_WIDTH = 100
"""Characters of base64 in one line."""
_SHORT = 100
"""Characters up to which a collection stays on one line."""


def literal(value: object, indent: str = "") -> str:
    """Return the source of a value: texts, numbers, booleans, None, sequences, mappings from texts.

    Parameters
    ----------
    value : object
        Made of those.
    indent : str
        Of the line that it begins on.

    Raises
    ------
    TypeError
        For a value of any other kind.
    """
    if value is None or isinstance(value, bool | int):
        return repr(value)
    if isinstance(value, str):
        return text_literal(value)
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else f'float("{value}")'
    if isinstance(value, Mapping):
        parts = [f"{text_literal(name)}: {literal(each, f'{indent}    ')}" for name, each in value.items()]
        return _joined("{", parts, "}", indent)
    if isinstance(value, list | tuple):
        return _joined("[", [literal(each, f"{indent}    ") for each in value], "]", indent)
    raise TypeError(f"{type(value).__name__} has no source")


def text_literal(text: str) -> str:
    """Return the source of a text: printable left-to-right characters as they are, any others escaped."""
    return f'"{"".join(map(_escaped, text))}"'


def array_literal(array: np.ndarray, indent: str = "") -> str:
    """Return the source of a float32 array, exact: a call of ``float32`` with its shape, its bytes in base64."""
    text = base64.b64encode(np.ascontiguousarray(array, dtype="<f4").tobytes()).decode("ascii")
    shape = ", ".join(map(str, array.shape)) + ("," if array.ndim == 1 else "")
    if len(text) <= _WIDTH:
        return f'float32(({shape}), "{text}")'
    lines = "\n".join(text[start : start + _WIDTH] for start in range(0, len(text), _WIDTH))
    return f'float32(({shape}), """\n{lines}\n{indent}""")'


def _escaped(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    if char.isprintable() and unicodedata.bidirectional(char) not in _RIGHT_TO_LEFT:
        return char
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _joined(opening: str, parts: list[str], closing: str, indent: str) -> str:
    line = f"{opening}{', '.join(parts)}{closing}"
    if len(line) <= _SHORT and "\n" not in line:
        return line
    inner = "".join(f"{indent}    {part},\n" for part in parts)
    return f"{opening}\n{inner}{indent}{closing}"
