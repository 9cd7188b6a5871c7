"""Projects to report on, made without training."""

from dataclasses import replace
from html.parser import HTMLParser

import numpy as np

from mdn_gui.core.columns import Column
from mdn_gui.core.config import TargetTransform
from mdn_gui.core.encoding import ColumnKind
from mdn_gui.core.metrics import StopReason, TrainingHistory
from mdn_gui.core.pin import NamedPlace
from mdn_gui.core.selection import HoldOut
from mdn_gui.core.table import Table
from mdn_gui.core.taken import Taken
from mdn_gui.core.training_run import TrainingRun
from mdn_gui.files.projects.project import DataSource, Project
from tests.fakes import made_model

HISTORY = TrainingHistory(
    tuple((3.0 / np.arange(1, 1201)).tolist()),
    tuple((3.1 / np.arange(1, 1201)).tolist()),
    900,
    StopReason.PATIENCE,
    12.5,
)


def mixed_table(count: int = 300, names: tuple[str, ...] = ("age", "colour", "day", "price")) -> Table:
    """A table with a number, a category, dates, a target above 0."""
    rng = np.random.default_rng(0)
    no = np.zeros(count, dtype=bool)
    age, colour, day = rng.uniform(20, 80, count), rng.integers(0, 3, count).astype(float), rng.uniform(0, 900, count)
    price = np.exp(0.3 * np.sin(day / 100.0) + 0.4 * colour + 0.2 * rng.normal(size=count))
    columns = (
        Column(names[0], age, no),
        Column(names[1], colour, no, ColumnKind.CATEGORY, ("red", "<b>green</b>", names[0])),
        Column(names[2], day, no, ColumnKind.DAYS, (), "2020-01-01"),
        Column(names[3], price, no),
    )
    return Table("table.csv", columns, source=f"{names[0]}.csv")


def made_project(
    table: Table | None = None,
    *,
    components: int = 3,
    transform: TargetTransform = "none",
    pins: tuple[NamedPlace, ...] = (NamedPlace("A", 0, (30.0, 1.0, 400.0)),),
    hold_out: float = 0.2,
) -> Project:
    """A project with two runs of random weights that saw its rows."""
    table = table or mixed_table()
    *inputs, target = (column.name for column in table.columns)
    taken = Taken(tuple(inputs), target, np.array([0, 5]), HoldOut(fraction=hold_out))
    dataset = taken.selection(table).dataset
    runs = []
    for number in (1, 2):
        model = made_model(dataset, number, HISTORY, components)
        config = replace(model.model_config, target_transform=transform)
        run = TrainingRun(number, replace(model, model_config=config), "2026-01-02T03:04:05Z", {"numpy": "2.0"})
        runs.append(replace(run, name=f"name {number}", notes="a note", is_starred=number == 1))
    source = DataSource("/data/table 1.csv", title="table 1.csv")
    return Project(table, taken, source, runs=tuple(runs), runs_made=2, shown=2, pins=pins)


class Page(HTMLParser):
    """The tags, attributes, texts of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in {"meta", "path", "rect"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append(data)

    @property
    def text(self) -> str:
        """Everything a person reads, and the style sheet."""
        return "\n".join(self.texts)
