"""JSON that is believed only where it is what it should be."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from mdn_gui.core.dataset import FloatArray
from mdn_gui.files.projects.refusal import RefusedError

Content = dict[str, Any]
"""One JSON object."""

_DEEPEST = 32
_LONGEST_NUMBER = 40
_NOT_FINITE = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


def json_bytes(content: Mapping[str, Any], largest: int) -> bytes:
    """Return an object as compact ASCII, at most ``largest`` bytes; the same object gives the same bytes.

    Raises
    ------
    RefusedError
        When it is larger, or holds what JSON cannot say.
    """
    try:
        text = json.dumps(content, separators=(",", ":"), allow_nan=False).encode("ascii")
    except (TypeError, ValueError) as error:
        raise RefusedError(f"its description cannot be written ({error})") from error
    if len(text) > largest:
        raise RefusedError(f"its description is longer than {_size(largest)}", "Use fewer or shorter names.")
    return text


def parsed_json(content: memoryview, name: str, largest: int) -> "Section":
    """Return the object in a member of an archive.

    Raises
    ------
    RefusedError
        When it is larger than ``largest`` bytes, or is no JSON object without traps: no name twice, no number that is
        not finite or has more than 40 characters, at most 32 deep.
    """
    if len(content) > largest:
        raise RefusedError(f"{name} is larger than {_size(largest)}")
    try:
        value: object = json.loads(
            bytes(content).decode("utf-8"),
            object_pairs_hook=_object,
            parse_int=_whole_number,
            parse_float=_finite_number,
            parse_constant=_finite_number,
        )
    except RecursionError:
        raise RefusedError(f"{name} is nested more than {_DEEPEST} deep") from None
    except RefusedError as refusal:
        raise RefusedError(f"{name} {refusal.reason}") from None
    except ValueError as error:
        raise RefusedError(f"{name} is not JSON ({error})") from None
    if _is_deeper(value):
        raise RefusedError(f"{name} is nested more than {_DEEPEST} deep")
    return Section(value, name)


def number_content(value: float) -> float | str:
    """Return a number as JSON can say it: one that is not finite as "nan", "inf" or "-inf"."""
    return float(value) if math.isfinite(value) else str(float(value))


def unknown_entries(given: Mapping[str, Any], known: Mapping[str, Any]) -> Content:
    """Return the part of an object that another one does not have, object by object, lists passed over.

    Parameters
    ----------
    given : mapping
        What was read.
    known : mapping
        What this version writes of it.
    """
    found: Content = {name: value for name, value in given.items() if name not in known}
    for name, value in known.items():
        if isinstance(value, Mapping) and isinstance(given.get(name), Mapping):
            inner = unknown_entries(given[name], value)
            if inner:
                found[name] = inner
    return found


def with_unknown(known: Mapping[str, Any], unknown: Mapping[str, Any]) -> Content:
    """Return an object with what :func:`unknown_entries` found put back; what is known wins."""
    content = {**known, **{name: value for name, value in unknown.items() if name not in known}}
    for name, value in unknown.items():
        if isinstance(known.get(name), Mapping) and isinstance(value, Mapping):
            content[name] = with_unknown(known[name], value)
    return content


@dataclass(frozen=True)
class Section:
    """One JSON object, read value by value; whatever is not as it should be raises :class:`RefusedError`.

    Parameters
    ----------
    content : object
        What was read.
    name : str
        What it is called.
    """

    content: object
    name: str

    @property
    def values(self) -> Content:
        """Everything in it."""
        if not isinstance(self.content, dict):
            raise RefusedError(f"{self.name} is missing or not an object")
        return self.content

    def section(self, key: str) -> "Section":
        """Return an object in it."""
        return Section(self.values.get(key), key)

    def optional(self, key: str) -> "Section | None":
        """Return an object in it; None where null is there, or nothing."""
        return None if self.values.get(key) is None else self.section(key)

    def sections(self, key: str, most: int) -> "tuple[Section, ...]":
        """Return a list of at most ``most`` objects."""
        values = self.values.get(key)
        if not isinstance(values, list) or len(values) > most:
            raise RefusedError(f"{self.name}.{key} is not a list of at most {most:,} objects")
        return tuple(Section(value, key) for value in values)

    def text(self, key: str) -> str:
        """Return a text."""
        value = self.values.get(key)
        if not isinstance(value, str):
            raise RefusedError(f"{self.name}.{key} is missing or not a text")
        return value

    def optional_text(self, key: str) -> str | None:
        """Return a text; None where null is there, or nothing."""
        return None if self.values.get(key) is None else self.text(key)

    def choice(self, key: str, choices: tuple[str, ...]) -> str:
        """Return one of these texts."""
        if self.text(key) not in choices:
            raise RefusedError(f"{self.name}.{key} is not one of {', '.join(choices)}")
        return self.text(key)

    def texts(self, key: str, most: int, *, least: int = 0) -> tuple[str, ...]:
        """Return a list of different texts."""
        values = self.values.get(key)
        if not isinstance(values, list) or not least <= len(values) <= most:
            raise RefusedError(f"{self.name}.{key} is not a list of {least} to {most:,} texts")
        if not all(isinstance(value, str) for value in values) or len(set(values)) < len(values):
            raise RefusedError(f"{self.name}.{key} does not hold different texts")
        return tuple(values)

    def all_texts(self) -> dict[str, str]:
        """Return an object of texts."""
        return {key: self.text(key) for key in self.values}

    def flag(self, key: str) -> bool:
        """Return true or false."""
        value = self.values.get(key)
        if not isinstance(value, bool):
            raise RefusedError(f"{self.name}.{key} is not true or false")
        return value

    def optional_flag(self, key: str) -> bool | None:
        """Return true or false; None where null is there, or nothing."""
        return None if self.values.get(key) is None else self.flag(key)

    def whole(self, key: str, least: int, most: int) -> int:
        """Return a whole number from ``least`` to ``most``."""
        value = self.values.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise RefusedError(f"{self.name}.{key} is not a whole number from {least} to {most}")
        return value

    def number(self, key: str, least: float) -> float:
        """Return a finite number of at least ``least``."""
        value = self.values.get(key)
        if not isinstance(value, int | float) or isinstance(value, bool) or value < least:
            raise RefusedError(f"{self.name}.{key} is not a number of at least {least:g}")
        return float(value)

    def any_number(self, key: str) -> float:
        """Return a number, as :func:`number_content` gives it."""
        value = self.values.get(key)
        return _NOT_FINITE[value] if isinstance(value, str) and value in _NOT_FINITE else self.number(key, -math.inf)

    def any_numbers(self, key: str, most: int) -> tuple[float, ...]:
        """Return a list of at most ``most`` numbers, each as :func:`number_content` gives it."""
        values = self.values.get(key)
        if not isinstance(values, list) or len(values) > most:
            raise RefusedError(f"{self.name}.{key} is not a list of at most {most:,} numbers")
        return tuple(Section({key: value}, self.name).any_number(key) for value in values)

    def array(self, key: str, shape: tuple[int, ...]) -> FloatArray:
        """Return finite numbers in a list, or in lists of a list, of this shape."""
        value = self.values.get(key)
        if not _has_shape(value, shape):
            raise RefusedError(f"{self.name}.{key} does not hold {' x '.join(map(str, shape))} numbers")
        return np.array(value, dtype=np.float64)


def _has_shape(value: object, shape: tuple[int, ...]) -> bool:
    if not shape:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, list) and len(value) == shape[0] and all(_has_shape(item, shape[1:]) for item in value)


def _object(pairs: list[tuple[str, Any]]) -> Content:
    content = dict(pairs)
    if len(content) < len(pairs):
        raise RefusedError("holds a name twice")
    return content


def _whole_number(text: str) -> int:
    if len(text) > _LONGEST_NUMBER:
        raise RefusedError("holds a number that is too long")
    return int(text)


def _finite_number(text: str) -> float:
    value = float(text) if len(text) <= _LONGEST_NUMBER else math.nan
    if not math.isfinite(value):
        raise RefusedError("holds a number that is not finite")
    return value


def _is_deeper(value: object) -> bool:
    """Return whether objects and lists are nested more than 32 deep."""
    level = [value]
    for _ in range(_DEEPEST):
        level = [
            item
            for outer in level
            if isinstance(outer, dict | list)
            for item in (outer.values() if isinstance(outer, dict) else outer)
        ]
    return bool(level)


def _size(num_bytes: int) -> str:
    return f"{num_bytes // 1024**2} MiB"
