"""The process that reads for the window: its limits, its death, its lies."""

import logging
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from mdn_gui.core.encoding import ColumnKind
from mdn_gui.core.table import Table
from mdn_gui.errors import DataError
from mdn_gui.files import isolation
from mdn_gui.files.isolation import Limits, preview_apart, read_apart
from mdn_gui.files.options import ReadingCancelledError, ReadOptions, Unwatched
from tests.files.made import cells, packed_array, parquet

MIB = 1024**2
BEGINNING = "import sys; sys.path[:] = sys.argv[1:]\n"
READER = BEGINNING + "import threading; import mdn_gui.files.child as child\n"
HANGING = f"{READER}child.read_here = lambda *_: threading.Event().wait()\nchild.main()"
ANSWERING = BEGINNING + "import os, sys\nsys.stdin.readline()\nos.write(1, {answer!r})"
HEADER = b'{"title": "t", "source": "", "inputs": [], "target": "", "notes": [], "num_rows": %d, '
COLUMN = b'{"name": "x", "kind": "%s", "origin": "", "levels": 0, "oddities": 0, "has_empty": false}'
ONE_COLUMN = b'{"table": ' + HEADER + b'"columns": [' + COLUMN + b'], "left_out": []}}\n'


class Impatient:
    """Cancels as soon as the reader has been asked to work."""

    def __init__(self, patience: int) -> None:
        self.patience, self.asked = patience, 0
        self.fractions: list[float] = []

    def report(self, fraction: float) -> None:
        self.fractions.append(fraction)

    def is_cancelled(self) -> bool:
        self.asked += 1
        return self.asked > self.patience


@pytest.fixture
def numbers(tmp_path: Path) -> Path:
    path = tmp_path / "numbers.npy"
    path.write_bytes(packed_array(np.arange(6.0).reshape(3, 2)))
    return path


@pytest.fixture(autouse=True)
def nothing_is_left_behind(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test after which a child process lives or a temporary file stays."""
    folder = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    before = set(psutil.Process().children())
    yield
    assert set(psutil.Process().children()) <= before
    assert list(folder.iterdir()) == []


@pytest.fixture
def child_is(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    return lambda program: monkeypatch.setattr(isolation, "_START", program)


def read(path: Path, limits: Limits | None = None) -> Table:
    return read_apart(path, ReadOptions(), Unwatched(), limits)


def test_that_a_table_arrives_as_it_was_read(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    texts = "".join(
        f'{{"t": "text {n} \u00e9\u4e2d", "n": {n}, "d": "2020-01-{n % 28 + 1:02}"}}\n' for n in range(3000)
    )
    path.write_text(texts + '{"n": "odd", "d": "2020-02-30"}\n', encoding="utf-8")
    watch = Impatient(patience=10**9)
    table = read_apart(path, ReadOptions(), watch)
    assert [column.kind for column in table.columns] == [ColumnKind.TEXT, ColumnKind.NUMBER, ColumnKind.DAYS]
    assert cells(table)["t"][2999:] == ["text 2999 \u00e9\u4e2d", ""]
    assert table.column("n").values[:3000].tolist() == list(range(3000))
    assert dict(table.column("n").oddities) == {3000: "odd"}
    assert dict(table.column("d").oddities) == {3000: "2020-02-30"}
    assert table.source == str(path)
    assert watch.fractions == sorted(watch.fractions)


def test_that_a_preview_arrives_as_it_was_read(tmp_path: Path) -> None:
    path = parquet(tmp_path / "t.parquet", {"x": np.arange(500), "c": ["ab"[n % 2] for n in range(500)]})
    options = ReadOptions(kinds={"x": ColumnKind.NUMBER}, sample=7, columns=("x", "c"))
    preview = preview_apart(path, options, Unwatched())
    assert preview.path == path
    assert preview.form == "Parquet file"
    assert preview.options == options
    assert preview.all_columns == ("x", "c")
    assert preview.cells[199] == ("199", "b")
    assert preview.table.num_rows == 200
    assert preview.num_rows == 500


def test_that_what_the_reader_refuses_is_refused_here_with_its_hint(numbers: Path) -> None:
    numbers.write_bytes(packed_array(np.array([{}])))
    with pytest.raises(DataError, match="holds Python objects") as caught:
        read(numbers)
    assert "pickles" in caught.value.hint


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("import os; os.abort()", "stopped unexpectedly"),
        ("import os; os._exit(0)", "stopped unexpectedly"),
        (ANSWERING.format(answer=b"hello\n"), "makes no sense"),
        (ANSWERING.format(answer=b"[1]\n"), "makes no sense"),
        (ANSWERING.format(answer=b"[" * 100_000 + b"\n"), "makes no sense"),
        (ANSWERING.format(answer=b'{"table": 3}\n'), "makes no sense"),
        (ANSWERING.format(answer=b'{"preview": {}}\n'), "stopped unexpectedly"),
        (ANSWERING.format(answer=b'{"progress": "much"}\n'), "makes no sense"),
        (ANSWERING.format(answer=ONE_COLUMN % (10**15, b"number")), "makes no sense"),
        (ANSWERING.format(answer=ONE_COLUMN % (-1, b"number")), "makes no sense"),
        (ANSWERING.format(answer=ONE_COLUMN % (3, b"number") + bytes(23)), "stopped unexpectedly"),
        (ANSWERING.format(answer=ONE_COLUMN % (3, b"banana") + bytes(24)), "makes no sense"),
        (ANSWERING.format(answer=ONE_COLUMN % (3, b"text") + bytes(24)), "makes no sense"),
        (ANSWERING.format(answer=ONE_COLUMN % (3, b"date, in days") + bytes(24)), "makes no sense"),
        (ANSWERING.format(answer=b'{"refused": "failure"}\n'), "stopped unexpectedly"),
        (BEGINNING + "raise SystemExit('no such module')", "stopped unexpectedly"),
    ],
)
def test_that_a_child_that_dies_or_lies_is_a_clear_error(
    numbers: Path, child_is: Callable[[str], None], program: str, words: str
) -> None:
    child_is(program)
    with pytest.raises(DataError, match=words) as caught:
        read(numbers)
    assert caught.value.message.startswith("numbers.npy could not be read")
    assert "save" in caught.value.hint


def test_that_an_honest_answer_by_hand_is_believed(numbers: Path, child_is: Callable[[str], None]) -> None:
    child_is(ANSWERING.format(answer=ONE_COLUMN % (3, b"number") + np.array([1.0, 2, 3]).tobytes()))
    assert cells(read(numbers)) == {"x": ["1", "2", "3"]}


def test_that_silence_ends_the_child(numbers: Path, child_is: Callable[[str], None]) -> None:
    child_is(HANGING)
    with pytest.raises(DataError, match=r"given up after 0\.5 s") as caught:
        read(numbers, Limits(silence=0.5))
    assert "CSV" in caught.value.hint


@pytest.mark.parametrize("patience", [0, 3])
def test_that_cancelling_ends_the_child(numbers: Path, child_is: Callable[[str], None], patience: int) -> None:
    child_is(HANGING)
    with pytest.raises(ReadingCancelledError):
        read_apart(numbers, ReadOptions(), Impatient(patience))


def test_that_a_child_that_takes_too_much_is_ended(numbers: Path, child_is: Callable[[str], None]) -> None:
    takes = "child.read_here = lambda *_: (b'1' * (300 << 20), threading.Event().wait())\nchild.main()"
    child_is(READER + takes)
    with pytest.raises(DataError, match=r"needed more than 0\.2 GiB of memory") as caught:
        read(numbers, Limits(memory=200 * MIB))
    assert "sample" in caught.value.hint


def test_that_one_huge_allocation_is_refused_at_once(numbers: Path, child_is: Callable[[str], None]) -> None:
    child_is(f"{READER}child.read_here = lambda *_: bytearray(1 << 50)\nchild.main()")
    with pytest.raises(DataError, match="needed more than"):
        read(numbers, Limits(memory=200 * MIB))


def test_that_a_bomb_of_an_array_is_stopped_at_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "bomb.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("x.npy", packed_array(np.zeros((28 * MIB, 1))))
    assert path.stat().st_size < 2 * MIB
    with pytest.raises(DataError, match=r"needed more than 0\.2 GiB"):
        read(path, Limits(memory=200 * MIB))


def test_that_what_the_child_says_goes_to_the_log(
    numbers: Path, child_is: Callable[[str], None], caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    child_is(f"{READER}child.read_here = lambda *_: print('to stdout', flush=True) or 1 / 0\nchild.main()")
    with caplog.at_level(logging.WARNING), pytest.raises(DataError, match="stopped unexpectedly"):
        read(numbers)
    assert "ZeroDivisionError" in caplog.text
    assert "to stdout" in caplog.text
    assert capfd.readouterr() == ("", "")


def test_that_the_child_does_not_outlive_its_parent(numbers: Path, tmp_path: Path) -> None:
    told = tmp_path / "pid"
    program = HANGING.replace(
        "child.main()", f"import os; open({str(told)!r}, 'w').write(str(os.getpid()))\nchild.main()"
    )
    parent = (
        "from pathlib import Path\nfrom mdn_gui.files import isolation\n"
        "from mdn_gui.files.options import ReadOptions, Unwatched\n"
        f"isolation._START = {program!r}\nisolation.read_apart(Path({str(numbers)!r}), ReadOptions(), Unwatched())"
    )
    with subprocess.Popen([sys.executable, "-c", parent]) as process:
        try:
            while not (told.exists() and told.read_text()):
                assert process.poll() is None
                threading.Event().wait(0.02)
            child = psutil.Process(int(told.read_text()))
            assert child.is_running()
        finally:
            process.kill()
    gone, _ = psutil.wait_procs([child], timeout=20)
    assert gone or child.status() == psutil.STATUS_ZOMBIE


def test_that_the_child_loads_only_what_it_needs(numbers: Path) -> None:
    program = (
        f"{BEGINNING}import json, os; import mdn_gui.files.child as child; before = set(sys.modules)\n"
        "from mdn_gui.files.formats import preview_here; from mdn_gui.files.options import ReadOptions\n"
        "from pathlib import Path; preview_here(Path(sys.stdin.readline().strip()), ReadOptions())\n"
        "print(json.dumps([sorted(before), sorted(sys.modules)]))"
    )
    csv = numbers.with_name("t.csv")
    csv.write_text("x,y\n1,2\n3,4\n")
    places = [place for place in sys.path if place]
    result = subprocess.run(
        [sys.executable, "-I", "-c", program, *places], input=str(csv), capture_output=True, text=True, check=True
    )
    heavy = ("scipy", "pandas", "pyarrow", "openpyxl", "PySide6", "shiboken6", "tensorflow", "sklearn", "psutil")
    assert "numpy" in result.stdout
    assert [name for name in heavy if f'"{name}"' in result.stdout] == []


def test_that_the_child_has_no_pandas_even_where_pyarrow_would_load_it(
    tmp_path: Path, child_is: Callable[[str], None], caplog: pytest.LogCaptureFixture
) -> None:
    path = parquet(tmp_path / "t.parquet", {"x": np.arange(9.0), "d": np.arange(9).astype("M8[D]")})
    telling = (
        "def told(*asked):\n    print(read(*asked) and 'pandas' in sys.modules, flush=True)\n    return read(*asked)\n"
    )
    child_is(f"{READER}read = child.read_here\n{telling}child.read_here = told\nchild.main()")
    assert read_apart(path, ReadOptions(sample=3), Unwatched()).num_rows == 3
    assert caplog.messages == [f"the reader of {path} said:\nFalse"]
