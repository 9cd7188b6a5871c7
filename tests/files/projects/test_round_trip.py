"""Project, save, load, save: the same bytes."""

from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mdn_gui.core.columns import Column
from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.encoding import ColumnKind
from mdn_gui.core.pin import NamedPlace
from mdn_gui.core.questions import Questions
from mdn_gui.core.selection import HoldOut, LeftOut
from mdn_gui.core.table import Table
from mdn_gui.core.taken import Taken
from mdn_gui.core.training_run import TrainingRun
from mdn_gui.files.options import ReadOptions
from mdn_gui.files.projects.opening import open_project
from mdn_gui.files.projects.project import DataSource, Project
from mdn_gui.files.projects.saving import save_project
from tests.files.models import random_model
from tests.files.projects.archives import MANIFEST, change_numbers, description, members_of
from tests.files.projects.examples import ODD_NAN, example_project, example_table

TEXTS = st.text(st.characters(), max_size=8) | st.sampled_from(["\udce9", "=1+1", "<b>", "../x", "\0", ""])
ODD_BITS = (1 << 63, 0x7FF0000000000001, 0x7FF8DEADBEEF0001, 0xFFF8000000000000, 0x7FF0000000000000, 1)
BITS = st.integers(0, 2**64 - 1) | st.sampled_from(ODD_BITS)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
FLOATS = st.floats()
PLACES = st.builds(NamedPlace, TEXTS, st.integers(0, 9), st.lists(FLOATS, max_size=4).map(tuple))
MODELS = [
    random_model(seed, components=1 + seed, hidden=(2,), names=("x", "\udce9=")[: 1 + seed % 2]) for seed in range(4)
]


@st.composite
def columns(draw: st.DrawFn, name: str, num_rows: int) -> Column:
    bits = draw(st.lists(BITS, min_size=num_rows, max_size=num_rows))
    values = np.array(bits, dtype=np.uint64).view(np.float64)
    empty = np.array(draw(st.lists(st.booleans(), min_size=num_rows, max_size=num_rows)), dtype=bool)
    kind, levels, origin = draw(st.sampled_from(ColumnKind)), (), ""
    if not kind.is_numeric:
        levels = tuple(draw(st.lists(TEXTS, max_size=num_rows)))
        numbers = [draw(st.sampled_from([ODD_NAN, *range(len(levels))])) for _ in range(num_rows)]
        values = np.array(numbers, dtype=np.float64)
    elif kind.is_date:
        origin = draw(st.datetimes()).isoformat()
    rows = draw(st.lists(st.integers(0, num_rows - 1), unique=True, max_size=4)) if num_rows else []
    return Column(name, values, empty, kind, levels, origin, {row: draw(TEXTS) for row in rows})


@st.composite
def tables(draw: st.DrawFn, names: list[str]) -> Table:
    num_rows = draw(st.integers(0, 20))
    rows = st.lists(st.integers(1, max(num_rows, 1)), max_size=5 if num_rows else 0).map(tuple)
    return Table(
        draw(TEXTS),
        tuple(draw(columns(name, num_rows)) for name in names),
        draw(TEXTS),
        tuple(draw(st.lists(TEXTS, max_size=3, unique=True))),
        draw(TEXTS),
        tuple(draw(st.lists(TEXTS, max_size=3))),
        tuple(LeftOut(draw(TEXTS), draw(rows)) for _ in range(draw(st.integers(0, 2)))),
    )


@st.composite
def projects(draw: st.DrawFn) -> Project:
    names = draw(st.lists(TEXTS, min_size=2, max_size=5, unique=True))
    table = draw(st.none() | tables(names))
    excluded = draw(st.lists(st.integers(0, table.num_rows - 1), max_size=4)) if table and table.num_rows else []
    hold_out = HoldOut(draw(st.floats(0, 0.9)), draw(st.integers(0, 2**31)), draw(TEXTS), draw(TEXTS))
    test = draw(st.none() | tables(names))
    taken = Taken(tuple(names[:-1]), names[-1], np.array(excluded, dtype=np.int64), hold_out, test)
    numbers = draw(st.lists(st.integers(1, 50), unique=True, max_size=3))
    kinds = draw(st.dictionaries(TEXTS, st.sampled_from(ColumnKind), max_size=2))
    low, high = sorted(draw(st.tuples(st.floats(-1e308, 1e308), st.floats(-1e308, 1e308))))
    return Project(
        table,
        draw(st.sampled_from([None, taken])),
        DataSource(draw(TEXTS), ReadOptions(encoding=draw(st.none() | TEXTS), kinds=kinds), draw(TEXTS), draw(TEXTS)),
        ModelConfig(num_components=draw(st.integers(1, 64)), scale_floor=draw(st.sampled_from([0, 0.5, 1e-300]))),
        TrainingConfig(seed=draw(st.integers(0, 2**31 - 1)), noise=draw(st.none() | st.floats(0, 1))),
        tuple(draw(runs(number)) for number in numbers),
        max(numbers, default=0) + draw(st.integers(0, 9)),
        draw(st.sampled_from([0, *numbers])),
        draw(st.none() | PLACES),
        tuple(draw(st.lists(PLACES, max_size=3))),
        Questions(tuple(draw(st.lists(st.floats(0.01, 0.99), max_size=3))), 0.5, low, high + abs(high) + 1.0),
        MappingProxyType(draw(st.dictionaries(TEXTS.map("new {}".format), JSON, max_size=2))),
    )


@st.composite
def runs(draw: st.DrawFn, number: int) -> TrainingRun:
    return TrainingRun(
        number,
        draw(st.sampled_from(MODELS)),
        draw(TEXTS),
        MappingProxyType(draw(st.dictionaries(TEXTS, TEXTS, max_size=2))),
        draw(st.integers(0, 9)),
        draw(st.integers(0, 9)),
        draw(TEXTS),
        draw(TEXTS),
        draw(st.booleans()),
        MappingProxyType(draw(st.dictionaries(TEXTS.map("new {}".format), JSON, max_size=2))),
    )


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(project=projects())
def test_that_any_project_comes_back_as_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory, project: Project
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.mdn"
    save_project(path, project)
    before, again = path.read_bytes(), open_project(path)
    save_project(path, again)
    assert path.read_bytes() == before
    assert repr((again.source, again.cursor, again.pins, again.questions, again.model_config, again.unknown)) == repr(
        (project.source, project.cursor, project.pins, project.questions, project.model_config, project.unknown)
    )
    for table, found in (
        (project.table, again.table),
        *([(project.taken.test_table, again.taken.test_table)] if project.taken else []),
    ):
        assert (table is None) == (found is None)
        for one, other in zip(table.columns, found.columns, strict=True) if table else ():
            assert one.values.tobytes() == other.values.tobytes()
            assert np.array_equal(one.empty, other.empty)
            assert (one.name, one.kind, one.levels, one.origin) == (other.name, other.kind, other.levels, other.origin)
            assert dict(one.oddities) == dict(other.oddities)


def test_that_every_field_of_a_project_comes_back(tmp_path: Path) -> None:
    project = example_project()
    save_project(tmp_path / "p.mdn", project)
    again = open_project(tmp_path / "p.mdn")
    table, found = project.table, again.table
    for name in ("title", "source", "inputs", "target", "notes", "left_out", "num_rows"):
        assert getattr(table, name) == getattr(found, name), name
    for name in ("source", "model_config", "training_config", "runs_made", "shown", "questions", "unknown"):
        assert getattr(project, name) == getattr(again, name), name
    assert repr((project.cursor, project.pins)) == repr((again.cursor, again.pins))
    taken, given_back = project.taken, again.taken
    assert (taken.inputs, taken.target, taken.hold_out) == (given_back.inputs, given_back.target, given_back.hold_out)
    assert given_back.excluded.tolist() == [3, 4, 19]
    assert given_back.test_table.title == "test"
    for one, other in zip(project.runs, again.runs, strict=True):
        for name in ("number", "ended", "libraries", "continues", "sweep", "name", "notes", "is_starred", "unknown"):
            assert getattr(one, name) == getattr(other, name), name


def test_that_arrays_that_come_back_cannot_be_written_to(tmp_path: Path) -> None:
    save_project(tmp_path / "p.mdn", example_project())
    project = open_project(tmp_path / "p.mdn")
    column = project.table.columns[0]
    arrays = [column.values, column.empty, project.taken.excluded, project.model.provenance.input_ranges]
    assert not any(array.flags.writeable for array in arrays)


def test_that_an_empty_project_comes_back(tmp_path: Path) -> None:
    save_project(tmp_path / "p.mdn", Project())
    again = open_project(tmp_path / "p.mdn")
    assert (again.table, again.taken, again.runs, again.model) == (None, None, (), None)


def test_that_what_is_taken_is_kept_without_the_rows(tmp_path: Path) -> None:
    save_project(tmp_path / "p.mdn", example_project(table=None))
    again = open_project(tmp_path / "p.mdn")
    assert again.table is None
    assert (again.taken.inputs, again.taken.excluded.tolist()) == (("x", "=colour"), [3, 4, 19])


def test_that_many_texts_are_no_list_in_json(tmp_path: Path) -> None:
    texts = tuple(f"row {row} of a long table" for row in range(30_000))
    column = Column("text", np.arange(30_000), np.zeros(30_000, dtype=bool), ColumnKind.TEXT, texts)
    table = Table(
        "long", (*example_table(30_000).columns[:2], column), left_out=(LeftOut("odd", tuple(range(1, 20_001))),)
    )
    save_project(tmp_path / "p.mdn", example_project(table=table, taken=None))
    again = open_project(tmp_path / "p.mdn").table
    assert again.columns[2].levels == texts
    assert again.left_out == table.left_out
    assert len(repr(description(tmp_path / "p.mdn", "rows/table.json"))) < 2000


def test_that_a_thousand_runs_come_back(tmp_path: Path) -> None:
    model = random_model(components=1, hidden=(1,), history=None)
    many = tuple(TrainingRun(number, model, name=f"run {number}") for number in range(1, 1001))
    save_project(tmp_path / "p.mdn", Project(runs=many, runs_made=1000))
    again = open_project(tmp_path / "p.mdn")
    assert [run.name for run in again.runs] == [run.name for run in many]
    assert len(description(tmp_path / "p.mdn", MANIFEST)["runs"]) == 1000


def test_that_a_run_is_saved_again_with_what_it_gave_when_it_was_first_saved(tmp_path: Path) -> None:
    path = tmp_path / "p.mdn"
    save_project(path, example_project())
    name = "runs/1/reference.f64"

    def as_elsewhere(numbers: np.ndarray) -> None:
        numbers[2] *= 1.0 + 1e-15  # what the arithmetic of another machine gives

    change_numbers(path, name, as_elsewhere)
    expected = members_of(path)[name]
    save_project(path, open_project(path))
    assert members_of(path)[name] == expected
