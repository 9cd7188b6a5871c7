"""Every messy or hostile file through the real window: what it got, time, memory of the child, gaps of the event loop.

    python -m tests.benchmarks.corpus [--only WORD] [--limit-mib 1024] [--json FILE]

The files are those of `tests.files.corpus`, made one after another in a temporary folder. Each is opened as a person
would: the import dialog is shown with its preview, then the file is read with what the dialog proposes, or all the same
where the dialog would not. One window takes them all. A child process may have the memory that it would have on the
smallest machine. "right" is what the corpus says that the file is to give; MiB are the most that a child had resident;
gaps are the longest time between ticks of a precise timer of 10 ms.
"""

import functools
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from mdn_gui.core.table import Table
from mdn_gui.errors import UserError
from mdn_gui.files import isolation, reading
from mdn_gui.files.options import Preview, ReadOptions, Watch
from mdn_gui.session.import_memory import RememberedImports
from mdn_gui.session.importing import ImportChoice
from mdn_gui.session.messages import Notice
from mdn_gui.session.preferences import Preferences
from mdn_gui.ui.importing.dialog import ImportDialog
from tests.benchmarks import reports, stage
from tests.files.corpus import CORPUS
from tests.files.members import MIB, Member

COLUMNS = ("file", "bytes", "preview", "reading", "window", "s", "MiB", "gap ms", "alive", "right")


class ChildMemory:
    """The most memory that a child process had since it was last asked, looked at a hundred times a second."""

    def __init__(self) -> None:
        self._peak = 0
        self._ended = threading.Event()
        threading.Thread(target=self._look, daemon=True).start()

    def taken(self) -> float:
        peak, self._peak = self._peak, 0
        return peak / MIB

    def stop(self) -> None:
        self._ended.set()

    def _look(self) -> None:
        while not self._ended.wait(0.01):
            for child in psutil.Process().children():
                self._peak = max(self._peak, _peak_of(child.pid))


def _peak_of(pid: int) -> int:
    """Return the most memory that a reader had resident; 0 before it is one."""
    try:
        if "mdn_gui.files.child" not in Path(f"/proc/{pid}/cmdline").read_text():
            return 0
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)


@dataclass
class Heard:
    """What came of one file."""

    preview: Preview | Exception | None = None
    reading: Table | Exception | None = None
    notices: list[Notice] = field(default_factory=list)


class Desk:
    """Opens files one after another in the window."""

    def __init__(self, made: stage.Stage, heard: Heard) -> None:
        self.made, self.heard = made, heard
        self._memory = ChildMemory()
        self._change: functools.partial[object] | None = None
        made.window.commands.previewer.previewed.connect(self._hear_preview)
        made.window.commands.previewer.failed.connect(self._hear_preview)
        made.session.noticed.connect(heard.notices.append)
        made.session.data.loader.progressed.connect(self._meddle)

    def stop(self) -> None:
        self._memory.stop()

    def _hear_preview(self, answer: Preview | Exception) -> None:
        self.heard.preview = answer

    def _meddle(self, _: float = 0.0) -> None:
        if self._change is not None:
            change, self._change = self._change, None
            change()

    def opened(self, name: str, member: Member, folder: Path) -> dict[str, object]:
        """Return a row of the table; ``self.heard`` keeps what was heard."""
        path = folder / member.file
        member.make(path)
        size = path.stat().st_size if path.exists() else None
        self.heard.preview = self.heard.reading = None
        self.heard.notices.clear()
        self._memory.taken()
        gaps, begin = stage.Gaps(), time.perf_counter()
        choice = self._previewed(path)
        self._change = functools.partial(member.change, path) if member.change else None
        if member.is_changed_early:
            self._meddle()
        data = self.made.session.data
        self.made.session.open_file(choice)
        stage.wait_until(lambda: not data.is_reading, 300.0)
        seconds = time.perf_counter() - begin
        ticks = len(gaps.milliseconds)
        stage.wait(0.3)
        alive = self.made.window.isVisible() and len(gaps.milliseconds) > ticks
        outcome = self.heard.reading or self.heard.preview
        values = (
            name,
            size,
            said(self.heard.preview),
            "the same" if said(self.heard.reading) == said(self.heard.preview) else said(self.heard.reading),
            "; ".join(f"{each.message} {each.hint}" for each in self.heard.notices) or "opened",
            round(seconds, 2),
            round(self._memory.taken()),
            round(max(gaps.stop())),
            "yes" if alive else "NO",
            "yes" if isinstance(outcome, Table | UserError) and member.is_answered_by(outcome) else "NO",
        )
        return dict(zip(COLUMNS, values, strict=True))

    def _previewed(self, path: Path) -> ImportChoice:
        """Show the dialog until it has its preview; return what it would open."""
        with tempfile.TemporaryDirectory() as folder:  # what was chosen for one file must not touch the next
            remembered = RememberedImports(Preferences(Path(folder, "preferences.ini")))
            dialog = ImportDialog(path, self.made.window.commands.previewer, remembered, self.made.window)
            dialog.show()
            stage.wait_until(lambda: self.heard.preview is not None, 120.0)
            stage.wait(0.2)
            choice = dialog.choice if dialog.open_button.isEnabled() else None
            dialog.reject()
            dialog.deleteLater()
        options = self.heard.preview.options if isinstance(self.heard.preview, Preview) else ReadOptions()
        return choice or ImportChoice(path, options)


def said(answer: Preview | Table | Exception | None) -> str:
    """Return what a person learns from a preview, a table, a refusal."""
    if isinstance(answer, Preview):
        rows = f"{answer.num_rows:,}" if answer.num_rows is not None else f"about {answer.rows_estimate:,}"
        return ". ".join([f"{rows} × {len(answer.table.columns):,}", *answer.doubts])
    if isinstance(answer, Table):
        left = [f"left out, {group.reason}: {len(group.rows):,}" for group in answer.left_out]
        odd = [f"not understood, {each.name}: {len(each.oddities):,}" for each in answer.columns if each.oddities]
        return "; ".join([f"{answer.num_rows:,} × {len(answer.columns):,}", *left, *odd[:5], *answer.notes])
    return str(answer)


def markdown(rows: list[dict[str, object]]) -> str:
    """Return rows as a Markdown table; nothing in a cell is taken for a mark."""
    lines = [list(COLUMNS), ["---"] * len(COLUMNS), *([_cell(row[name]) for name in COLUMNS] for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _cell(value: object) -> str:
    text = "" if value is None else f"{value:,}" if isinstance(value, int) else str(value)
    printable = "".join(char if char.isprintable() else " " for char in text)
    return printable.replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|")


def measured(word: str, limit: int) -> list[dict[str, object]]:
    """Return a row for each member whose name holds the word, children held to a limit in bytes."""
    isolation.Limits = functools.partial(isolation.Limits, memory=limit)
    read_file, heard = reading.read_file, Heard()

    def heard_read_file(path: Path, options: ReadOptions, watch: Watch) -> Table:
        try:
            heard.reading = read_file(path, options, watch)
        except Exception as error:
            heard.reading = error
            raise
        return heard.reading

    reading.read_file = heard_read_file
    rows = []
    with stage.stage() as made:
        desk = Desk(made, heard)
        for name, member in CORPUS.items():
            if word in name:
                with tempfile.TemporaryDirectory() as folder:
                    rows.append(desk.opened(name, member, Path(folder)))
                print(name, rows[-1]["right"], rows[-1]["s"], file=sys.stderr)
        desk.stop()
    return rows


def main() -> None:
    options = reports.parser(__doc__)
    options.add_argument("--only", default="", help="only the files whose name holds this word")
    options.add_argument("--limit-mib", type=int, default=1024, help="memory that a child may have")
    chosen = options.parse_args()
    with stage.display():
        rows = measured(chosen.only, chosen.limit_mib * MIB)
    print(markdown(rows))
    reports.keep({"limit MiB": chosen.limit_mib, "files": rows}, chosen.json)


if __name__ == "__main__":
    main()
