"""Which columns of a table predictions read, in which form they are written."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mdn_gui.core.encoding import ColumnKind, Encoding
from mdn_gui.core.fitted import FittedModel
from mdn_gui.errors import DataError
from mdn_gui.files.formats import Form
from mdn_gui.files.names import listed, unique_names
from mdn_gui.files.options import Preview
from mdn_gui.files.table_formats import TableFormat

NUMBERS = frozenset({ColumnKind.NUMBER, ColumnKind.BOOLEAN})
"""Kinds of columns that are written as numbers."""

_DATE_LABEL = re.compile(r"(.*) \((days|seconds) since ([^()]+)\)", re.DOTALL)
_CODE = re.compile(r"\s*[-+]?(?:0\d|\d{16})")
"""What looks like a number, but would not be written as it was: an id with zeros in front, or with many digits."""


@dataclass(frozen=True)
class PredictionColumns:
    """The columns of the table that are read.

    Parameters
    ----------
    inputs : tuple of Encoding
        Those of the model, in its terms.
    target : Encoding or None
        None where the table does not have it.
    kept : tuple of (str, ColumnKind)
        Others, with what their cells mean: numbers or texts.
    """

    inputs: tuple[Encoding, ...]
    target: Encoding | None
    kept: tuple[tuple[str, ColumnKind], ...] = ()

    @property
    def learned(self) -> tuple[Encoding, ...]:
        """Those that the model knows."""
        return self.inputs if self.target is None else (*self.inputs, self.target)

    @property
    def names(self) -> tuple[str, ...]:
        """Names in the order in which they are written."""
        return (*(each.column for each in self.learned), *(name for name, _ in self.kept))

    @property
    def are_texts(self) -> tuple[bool, ...]:
        """Which of them are written as texts."""
        kinds = (*(each.kind for each in self.learned), *(kind for _, kind in self.kept))
        return tuple(kind not in NUMBERS for kind in kinds)


def columns_found(
    model: FittedModel, preview: Preview, keep: tuple[str, ...] | None, form: TableFormat
) -> PredictionColumns:
    """Return which columns of a table are read, how.

    Parameters
    ----------
    model : FittedModel
        Its inputs are found by the names of their columns.
    preview : Preview
        The first rows of the table.
    keep : tuple of str or None
        Other columns that are written too; None for every other column.
    form : TableFormat
        In which they are written.

    Raises
    ------
    DataError
        When the table lacks an input or a column to keep.
    """
    encodings = model.provenance.encodings
    names, _ = unique_names(preview.all_columns or [column.name for column in preview.table.columns])
    missing = [each.column for each in encodings if each.column not in names]
    if missing:
        what = "an input" if len(missing) == 1 else "inputs"
        message = f"{preview.path.name} does not have {listed([repr(name) for name in missing])}, {what} of the model."
        raise DataError(message, f"Its columns are {listed(names)}. Name them as those that the model learned from.")
    absent = [name for name in keep or () if name not in names]
    if absent:
        message = f"{preview.path.name} does not have {listed([repr(name) for name in absent])}, which is to be kept."
        raise DataError(message, f"Its columns are {listed(names)}.")
    columns = PredictionColumns(encodings, _target_of(model, preview, names))
    known = columns.names
    others = (name for name in (names if keep is None else dict.fromkeys(keep)) if name not in known)
    return replace(columns, kept=tuple((name, _kind_kept(preview, name, form)) for name in others))


def _target_of(model: FittedModel, preview: Preview, names: Sequence[str]) -> Encoding | None:
    target = model.provenance.target_name
    label = _DATE_LABEL.fullmatch(target)
    if target in names:
        is_truth = any(each.name == target and each.kind is ColumnKind.BOOLEAN for each in preview.table.columns)
        return Encoding(target, ColumnKind.BOOLEAN if is_truth else ColumnKind.NUMBER)
    if label and label[1] in names:
        kind = ColumnKind.DAYS if label[2] == "days" else ColumnKind.SECONDS
        return Encoding(label[1], kind, origin=label[3])
    return None


def _kind_kept(preview: Preview, name: str, form: TableFormat) -> ColumnKind:
    """Return how a column that is kept is written.

    From text to text as it stands there; otherwise as numbers where its first cells are such throughout: a cell below
    them that is none is then empty.
    """
    if (
        form.is_text
        and preview.form == Form.TEXT.value
        and (preview.options.decimal, preview.options.thousands)
        == (
            ".",
            "",
        )
    ):
        return ColumnKind.TEXT
    for place, column in enumerate(preview.table.columns):
        if column.name == name and column.kind is ColumnKind.NUMBER and not column.oddities:
            are_codes = any(_CODE.match(row[place]) for row in preview.cells if place < len(row))
            return ColumnKind.TEXT if are_codes else ColumnKind.NUMBER
    return ColumnKind.TEXT
