"""The manifest of a project file: everything that is neither a run nor a row."""

from dataclasses import asdict, fields
from typing import Any

from mdn_gui import __version__
from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.encoding import ColumnKind
from mdn_gui.core.libraries import library_versions
from mdn_gui.core.pin import NamedPlace
from mdn_gui.core.questions import Questions
from mdn_gui.core.selection import HoldOut
from mdn_gui.core.taken import Taken
from mdn_gui.errors import ConfigError
from mdn_gui.files.options import ReadOptions
from mdn_gui.files.projects.descriptions import MOST_ROWS, config_in
from mdn_gui.files.projects.project import DataSource, Project
from mdn_gui.files.projects.refusal import RefusedError
from mdn_gui.files.projects.section import Content, Section, number_content

FORMAT, MODEL_FORMAT = "mdn-gui project", "mdn-gui model"
"""What a file says that it is: a project, or a model alone, as the formats 1.0 to 1.3 were."""
VERSION = (2, 0)
"""Major, minor: a reader opens every file of its own major version, and the model files of major version 1."""
LARGEST = 1024**2
"""Bytes of a manifest."""

_MOST_COLUMNS = 10_000
_MOST_PINS = 10_000
_MOST_LEVELS = 1000
_GREATEST = 2**63 - 1


def project_content(project: Project) -> Content:
    """Return what the manifest says of a project, without its runs and rows."""
    source, questions = project.source, project.questions
    options = {field.name: getattr(source.options, field.name) for field in fields(ReadOptions)}
    options["kinds"] = {name: kind.value for name, kind in source.options.kinds.items()}
    return {
        "source": {
            "path": source.path,
            "title": source.title,
            "test_path": source.test_path,
            "options": options,
        },
        "taken": None if project.taken is None else _taken_content(project.taken),
        "model_config": asdict(project.model_config),
        "training_config": asdict(project.training_config),
        "cursor": None if project.cursor is None else _place_content(project.cursor),
        "pins": [_place_content(pin) for pin in project.pins],
        "questions": {
            "levels": [float(level) for level in questions.levels],
            "mass": float(questions.mass),
            "low": number_content(questions.low),
            "high": number_content(questions.high),
        },
        "runs_made": int(project.runs_made),
        "shown": int(project.shown),
    }


def head_content() -> Content:
    """Return what the manifest says first: what the file is, who wrote it."""
    libraries = dict(library_versions())
    return {"format": FORMAT, "format_version": VERSION, "app_version": __version__, "libraries": libraries}


def checked_format(root: Section) -> str:
    """Return what a file says that it is: :data:`FORMAT` or :data:`MODEL_FORMAT`.

    Raises
    ------
    RefusedError
        When it is something else, or of a version that this program does not read; then it names the one that does.
    """
    form = root.text("format")
    if form not in {FORMAT, MODEL_FORMAT}:
        raise RefusedError("it is not a project file of this program", "Choose a .mdn file.")
    major, minor = root.array("format_version", (2,))
    if major > VERSION[0]:
        needed = str(root.values.get("app_version", "a newer version"))[:40]
        reason = f"its format is {major:g}.{minor:g}, this program reads {VERSION[0]}.x"
        raise RefusedError(reason, f"Open it with mdn-gui {needed} or newer.")
    if major != (VERSION[0] if form == FORMAT else 1):
        raise RefusedError(f"there is no format {major:g}.{minor:g} of it")
    return form


def fields_of(root: Section) -> dict[str, Any]:
    """Return the fields of a project that the manifest holds; those of the table, the runs are not among them.

    Raises
    ------
    RefusedError
        When anything that is needed is missing, of another kind or out of range.
    """
    cursor = root.optional("cursor")
    return {
        "source": _source(root.section("source")),
        "model_config": config_in(root.section("model_config"), ModelConfig),
        "training_config": config_in(root.section("training_config"), TrainingConfig),
        "cursor": None if cursor is None else _place(cursor),
        "pins": tuple(_place(section) for section in root.sections("pins", _MOST_PINS)),
        "questions": _questions(root.section("questions")),
        "runs_made": root.whole("runs_made", 0, _GREATEST),
        "shown": root.whole("shown", 0, _GREATEST),
    }


def taken_in(section: Section) -> Taken:
    """Return what is taken from the table, without the rows that are taken out and those of the test.

    Raises
    ------
    RefusedError
        When anything that is needed is missing, of another kind or out of range.
    """
    hold_out = section.section("hold_out")
    try:
        rows_of_test = HoldOut(
            hold_out.number("fraction", 0.0),
            hold_out.whole("seed", 0, _GREATEST),
            hold_out.text("column"),
            hold_out.text("level"),
        )
    except ConfigError as error:
        raise RefusedError(error.message.rstrip(".")) from error
    return Taken(section.texts("inputs", _MOST_COLUMNS), section.text("target"), hold_out=rows_of_test)


def _taken_content(taken: Taken) -> Content:
    return {"inputs": list(taken.inputs), "target": taken.target, "hold_out": asdict(taken.hold_out)}


def _place_content(place: NamedPlace) -> Content:
    return {
        "name": place.name,
        "axis": int(place.axis),
        "values": [number_content(value) for value in place.values],
    }


def _place(section: Section) -> NamedPlace:
    axis = section.whole("axis", 0, _MOST_COLUMNS)
    return NamedPlace(section.text("name"), axis, section.any_numbers("values", _MOST_COLUMNS))


def _questions(section: Section) -> Questions:
    levels = section.any_numbers("levels", _MOST_LEVELS)
    try:
        return Questions(levels, section.number("mass", 0.0), section.any_number("low"), section.any_number("high"))
    except ConfigError as error:
        raise RefusedError(error.message.rstrip(".")) from error


def _source(section: Section) -> DataSource:
    options = _options(section.section("options"))
    return DataSource(section.text("path"), options, section.text("test_path"), section.text("title"))


def _options(section: Section) -> ReadOptions:
    kinds = section.section("kinds")
    choices = tuple(kind.value for kind in ColumnKind)
    return ReadOptions(
        encoding=section.optional_text("encoding"),
        delimiter=section.optional_text("delimiter"),
        decimal=section.optional_text("decimal"),
        thousands=section.optional_text("thousands"),
        has_header=section.optional_flag("has_header"),
        day_first=section.optional_flag("day_first"),
        part=section.optional_text("part"),
        columns=None if section.values.get("columns") is None else section.texts("columns", _MOST_COLUMNS),
        kinds={name: ColumnKind(kinds.choice(name, choices)) for name in kinds.values},
        sample=None if section.values.get("sample") is None else section.whole("sample", 0, MOST_ROWS),
        seed=section.whole("seed", 0, _GREATEST),
    )
