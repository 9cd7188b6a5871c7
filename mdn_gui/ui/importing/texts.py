"""The sentences of the import dialog."""

from PySide6.QtCore import QCoreApplication, QLocale

from mdn_gui.core.encoding import ColumnKind
from mdn_gui.core.selection import Selection
from mdn_gui.errors import UserError
from mdn_gui.files.names import listed
from mdn_gui.files.options import Preview
from mdn_gui.session.importing import ImportChoice, Outlook
from mdn_gui.ui.numbers import grouped
from mdn_gui.ui.texts import one_line

_LONGEST_NAME = 32
_MOST_REASONS = 3
OPTIONS = ("part", "encoding", "delimiter", "decimal", "thousands", "has_header", "day_first")
"""Reading options with one value, in the order of the form."""
_OPTION_WORDS = (
    ("encoding", "utf-8"),
    ("delimiter", "two cells"),
    ("has_header", "first row"),
    ("day_first", "day first"),
    ("day_first", "with the day"),
    ("part", "archive holds"),
    ("decimal", "decimal mark"),
    ("decimal", "points and commas"),
    ("decimal", "is taken for"),
)
"""Which option a doubt is about, by words in it; the first that fits."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("ImportTexts", text)


def size_text(num_bytes: int) -> str:
    """Return an amount of memory, such as "1.2 GB"."""
    return QLocale().formattedDataSize(num_bytes, 1, QLocale.DataSizeFormat.DataSizeSIFormat)


def rows_text(preview: Preview) -> str:
    """Return such as "133 rows" or "about 1,000,000 rows": of an estimate two digits are told."""
    if preview.num_rows is not None:
        return _count_of_rows(preview.num_rows)
    unit = 10 ** max(len(str(preview.rows_estimate)) - 2, 0)
    return _tr("about {rows}").format(rows=_count_of_rows(round(preview.rows_estimate / unit) * unit))


def _count_of_rows(count: int) -> str:
    return (_tr("{count} row") if count == 1 else _tr("{count} rows")).format(count=grouped(count))


def kind_text(kind: ColumnKind, num_levels: int = 0) -> str:
    """Return what the cells of a column mean, in a word or two."""
    text = {
        ColumnKind.NUMBER: _tr("number"),
        ColumnKind.BOOLEAN: _tr("boolean"),
        ColumnKind.CATEGORY: _tr("category"),
        ColumnKind.DAYS: _tr("date, in days"),
        ColumnKind.SECONDS: _tr("date, in seconds"),
        ColumnKind.TEXT: _tr("text"),
    }[kind]
    return f"{text} · {grouped(num_levels)}" if num_levels else text


def option_label(option: str) -> str:
    """Return the name of a reading option, for people."""
    return {
        "encoding": _tr("Encoding"),
        "delimiter": _tr("Delimiter"),
        "decimal": _tr("Decimal mark"),
        "thousands": _tr("Thousands mark"),
        "has_header": _tr("First row"),
        "day_first": _tr("Dates"),
        "part": _tr("Part"),
        "columns": _tr("Columns"),
    }[option]


def part_label(form: str) -> str:
    """Return what the parts of a file are called."""
    words = (("Excel", _tr("Sheet")), ("NumPy", _tr("Array")), ("JSON", _tr("List")), ("text", _tr("Member")))
    return next((label for word, label in words if word in form), _tr("Part"))


def option_in_doubt(doubt: str) -> str:
    """Return the option that settles a doubt; empty where that is not known."""
    text = doubt.casefold()
    return next((option for option, words in _OPTION_WORDS if words in text), "")


def error_texts(error: Exception) -> tuple[str, str]:
    """Return what went wrong, what to do."""
    if isinstance(error, UserError):
        return error.message, error.hint
    message = _tr("Something unexpected went wrong: {error}").format(error=f"{type(error).__name__}: {error}")
    return message, _tr("Try other options, or another file.")


def memory_text(bytes_needed: int, free_bytes: int) -> str:
    """Return why a sample is proposed."""
    text = _tr("Reading all rows takes about {needed} of memory; {free} are free.")
    return text.format(needed=size_text(bytes_needed), free=size_text(free_bytes))


def outlook_text(preview: Preview, choice: ImportChoice, seen: Outlook) -> str:
    """Return what will be opened, in one sentence; or why that cannot be, with the remedy."""
    if seen.refusal is not None:
        return f"{seen.refusal}{_other_parts_text(preview)}"
    parts = [f"{_inputs_text(choice)}, {_tr('target {name}').format(name=one_line(choice.target, _LONGEST_NAME))}"]
    if choice.options.sample is not None:
        sample = _tr("a sample of {count} of {rows}")
        parts.append(sample.format(count=grouped(choice.options.sample), rows=rows_text(preview)))
    else:
        parts.append(rows_text(preview))
    if seen.selection is not None:
        parts[-1] += f", {_left_out_text(preview, seen.selection)}"
    parts += [text for text in (_test_text(preview, choice, seen.selection),) if text]
    sentence = "; ".join(parts) + "."
    if seen.doubt is not None:
        rows = _count_of_rows(preview.table.num_rows)
        sentence += " " + _tr("In the first {rows}: {problem}").format(rows=rows, problem=seen.doubt.message)
    return sentence


def _inputs_text(choice: ImportChoice) -> str:
    if len(choice.inputs) == 1:
        return _tr("Input {name}").format(name=one_line(choice.inputs[0], _LONGEST_NAME))
    return _tr("{count} inputs").format(count=grouped(len(choice.inputs)))


def _other_parts_text(preview: Preview) -> str:
    """Return where else to look when the part that is read has not two columns of numbers."""
    others = [one_line(name, _LONGEST_NAME) for name in preview.parts if name != preview.options.part]
    if not others or len(preview.table.numeric_names) > 1:
        return ""
    text = _tr(" Or choose another {part}: {names}.")
    return text.format(part=part_label(preview.form).lower(), names=listed(others))


def _is_whole(preview: Preview) -> bool:
    return preview.num_rows is not None and preview.num_rows <= preview.table.num_rows


def _left_out_text(preview: Preview, selection: Selection) -> str:
    shown, is_whole = preview.table.num_rows, _is_whole(preview)
    if not selection.left_out:
        return _tr("none left out") if is_whole else _tr("none of the first {shown} left out").format(shown=shown)
    reasons = [f"{_count_of_rows(len(group.rows))}: {one_line(group.reason, 48)}" for group in selection.left_out]
    if len(reasons) == 1:
        reasons = [one_line(selection.left_out[0].reason, 48)]
    if len(reasons) > _MOST_REASONS + 1:  # a fourth one takes no more room than the words that stand for it
        reasons[_MOST_REASONS:] = [_tr("{count} more reasons").format(count=len(reasons) - _MOST_REASONS)]
    text = _tr("{count} left out ({reasons})") if is_whole else _tr("{count} of the first {shown} left out ({reasons})")
    return text.format(count=grouped(selection.num_left_out), shown=shown, reasons="; ".join(reasons))


def _test_text(preview: Preview, choice: ImportChoice, selection: Selection | None) -> str:
    """Return what is kept for the test; how many of the previewed rows, but for a fraction that is drawn of more."""
    if choice.test_path is not None:
        return _tr("tested on {name}").format(name=one_line(choice.test_path.name, _LONGEST_NAME))
    if choice.hold_out.column:
        pair = f"{one_line(choice.hold_out.column, _LONGEST_NAME)} = {one_line(choice.hold_out.level, _LONGEST_NAME)}"
        kept = _tr("rows with {pair} kept for the test").format(pair=pair)
    elif choice.hold_out.fraction:
        kept = _tr("{percent} % kept for the test").format(percent=round(100 * choice.hold_out.fraction))
    else:
        return ""
    is_whole = _is_whole(preview) and choice.options.sample is None
    if selection is None or not (is_whole or choice.hold_out.column):
        return kept
    rows = _count_of_rows(preview.table.num_rows)
    text = _tr("{kept}: {count} of {rows}") if is_whole else _tr("{kept}: {count} of the first {rows}")
    return text.format(kept=kept, count=grouped(len(selection.test_rows)), rows=rows)
