"""What every benchmark takes from the command line, prints for people, keeps as JSON."""

import argparse
import json
from pathlib import Path


def parser(description: str | None) -> argparse.ArgumentParser:
    """Return a parser with what every benchmark takes."""
    made = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--json", type=Path, help="also write everything measured here")
    return made


def table(title: str, rows: dict[str, dict[str, object]]) -> str:
    """Return named rows of named values as an aligned Markdown table; what a row lacks stays empty."""
    columns = list(dict.fromkeys(column for row in rows.values() for column in row))
    lines = [[name, *(_cell(row.get(column)) for column in columns)] for name, row in rows.items()]
    lines.insert(0, [title, *columns])
    widths = [max(map(len, cells)) for cells in zip(*lines, strict=True)]
    lines.insert(1, ["-" * widths[0]] + ["-" * (width - 1) + ":" for width in widths[1:]])
    return "\n".join(
        f"| {' | '.join([cells[0].ljust(widths[0]), *map(str.rjust, cells[1:], widths[1:])])} |" for cells in lines
    )


def keep(result: dict[str, object], path: Path | None) -> None:
    """Write the result as JSON where asked."""
    if path:
        path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return "" if value is None else str(value)
