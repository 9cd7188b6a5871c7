"""Pieces of HTML in which every text is escaped."""

import html
from collections.abc import Iterable, Sequence


def escaped(text: str) -> str:
    """Return a text as HTML shows it: on one line, without characters that cannot be shown or turn the order round."""
    return html.escape("".join(char if char.isprintable() else " " for char in text))


def paragraph(text: str, kind: str = "") -> str:
    """Return a paragraph; nothing of an empty text."""
    return f"<p{_class(kind)}>{escaped(text)}</p>\n" if text else ""


def heading(text: str, level: int = 2) -> str:
    """Return a heading."""
    return f"<h{level}>{escaped(text)}</h{level}>\n"


def facts(rows: Iterable[tuple[str, str]]) -> str:
    """Return a table of names with what they are; rows without anything are left out."""
    cells = "".join(f"<tr><th>{escaped(name)}</th><td>{escaped(text)}</td></tr>\n" for name, text in rows if text)
    return f'<div class="scroll"><table>\n{cells}</table></div>\n'


def table(
    names: Sequence[str], rows: Iterable[Sequence[str]], *, texts: Sequence[int] = (0,), shown: int | None = None
) -> str:
    """Return a table with a head.

    Parameters
    ----------
    names : sequence of str [C]
        Of the columns.
    rows : iterable of sequence of str [C]
        The cells.
    texts : sequence of int
        Which columns hold texts; the others hold numbers, which stand to the right.
    shown : int or None
        The row that stands out.
    """
    kinds = ["" if place in texts else "number" for place in range(len(names))]
    head = "".join(f"<th{_class(kind)}>{escaped(name)}</th>" for kind, name in zip(kinds, names, strict=True))
    lines = []
    for number, row in enumerate(rows):
        cells = "".join(f"<td{_class(kind)}>{escaped(cell)}</td>" for kind, cell in zip(kinds, row, strict=True))
        lines.append(f"<tr{_class('shown' if number == shown else '')}>{cells}</tr>\n")
    return f'<div class="scroll"><table>\n<tr>{head}</tr>\n{"".join(lines)}</table></div>\n'


def figure(picture: str, caption: str = "") -> str:
    """Return a picture with what it shows."""
    below = f"<figcaption>{escaped(caption)}</figcaption>" if caption else ""
    return f"<figure>{picture}{below}</figure>\n"


def code(text: str) -> str:
    """Return text to be copied."""
    lines = "\n".join(map(escaped, text.split("\n")))
    return f"<pre>{lines}</pre>\n"


def side_by_side(*parts: str) -> str:
    """Return parts beside each other where there is room."""
    return f'<div class="side">{"".join(f"<div>{part}</div>" for part in parts if part)}</div>\n'


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""
