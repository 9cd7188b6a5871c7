"""Projects to save, made without training."""

import math
from types import MappingProxyType
from typing import Any

import numpy as np

from mdn_gui.core.columns import Column
from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.encoding import ColumnKind
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.pin import NamedPlace
from mdn_gui.core.questions import Questions
from mdn_gui.core.selection import HoldOut, LeftOut
from mdn_gui.core.table import Table
from mdn_gui.core.taken import Taken
from mdn_gui.core.training_run import TrainingRun
from mdn_gui.files.options import ReadOptions
from mdn_gui.files.projects.project import DataSource, Project
from tests.files.models import random_model

ODD_NAN = np.array([0x7FF8DEADBEEF0001], dtype=np.uint64).view(np.float64)[0]
HOSTILE = ("=cmd|' /C calc'!A0", "<b>bold</b>", "../../etc/passwd", "caf\udce9", "a\0b\n\r\t\u202e", "")


def example_table(num_rows: int = 20, title: str = "rows.csv") -> Table:
    """Return a table with a column of each kind, odd numbers, odd texts."""
    numbers = np.random.default_rng(num_rows).normal(size=num_rows)
    numbers[:5] = [ODD_NAN, -0.0, math.inf, -math.inf, 5e-324]
    counted = np.arange(num_rows) * 1.0
    no = np.zeros(num_rows, dtype=bool)
    some = counted % 3 == 0
    levels = np.where(some, np.nan, counted % len(HOSTILE))
    texts = tuple(f"{HOSTILE[row % len(HOSTILE)]}{row}" for row in range(num_rows))
    return Table(
        title,
        (
            Column("x", numbers, some, oddities={7: "about 3", 2: "caf\udce9"}),
            Column("y", counted, no),
            Column("<i>day</i>", counted, no, ColumnKind.DAYS, (), "2020-02-29", {1: "tomorrow"}),
            Column("seconds", counted / 7, no, ColumnKind.SECONDS, (), "2020-02-29 12:30:00"),
            Column("yes", counted % 2, no, ColumnKind.BOOLEAN),
            Column("=colour", levels, some, ColumnKind.CATEGORY, HOSTILE),
            Column("text", counted, no, ColumnKind.TEXT, texts),
            Column("", np.full(num_rows, np.nan), ~no, ColumnKind.TEXT),
        ),
        source="C:\\data\\rows.csv",
        inputs=("x",),
        target="y",
        notes=("delimiter: semicolon", "delimiter: semicolon", "\udce9"),
        left_out=(LeftOut("too few cells", (1, num_rows)), LeftOut("", ())),
    )


def example_project(**changes: Any) -> Project:
    """Return a project in which every field holds something."""
    fields: dict[str, Any] = {
        "table": example_table(),
        "taken": Taken(("x", "=colour"), "y", np.array([3, 4, 19]), HoldOut(0.2, 5), example_table(9, "test")),
        "source": DataSource(
            "/data/rows.csv",
            ReadOptions(decimal=",", has_header=True, columns=("x", "y"), kinds={"x": ColumnKind.NUMBER}, sample=20),
            "/data/test.csv",
            "Rows <b>",
        ),
        "model_config": ModelConfig(num_components=3, hidden_layers=(7,)),
        "training_config": TrainingConfig(seed=11, noise=0.25),
        "runs": (example_run(1), example_run(4, name=HOSTILE[1], notes="".join(HOSTILE), is_starred=True)),
        "runs_made": 5,
        "shown": 4,
        "cursor": NamedPlace("", 0, (0.25, 1.0)),
        "pins": (NamedPlace("A", 0, (1e300, 0.0)), NamedPlace(HOSTILE[3], 1, (math.nan, -math.inf))),
        "questions": Questions((0.1, 0.9), 0.5, -1.0),
        "unknown": MappingProxyType({"colour": {"deep": [1, None, "\udce9"]}, "source": {"sheet": 2.5}}),
    }
    return Project(**fields | changes)


def example_run(number: int = 1, model: FittedModel | None = None, **fields: Any) -> TrainingRun:
    model = model or random_model(number, components=2, hidden=(3,))
    said = {"ended": "2026-11-23T03:10:00Z", "libraries": MappingProxyType({"numpy": "2.0.0"}), "continues": 0}
    return TrainingRun(number, model, **said | {"sweep": 2} | fields)
