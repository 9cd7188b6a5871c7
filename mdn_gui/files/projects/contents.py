"""A project as members of an archive, whose sums are checked when it is read back."""

import json
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import BinaryIO

import numpy as np

from mdn_gui.core.table import Table
from mdn_gui.core.taken import Taken
from mdn_gui.core.training_run import TrainingRun
from mdn_gui.errors import DataError
from mdn_gui.files.projects import manifest, rows, runs
from mdn_gui.files.projects.archive import Archive, Member, array_bytes, check_sums, numbers_of
from mdn_gui.files.projects.project import Project
from mdn_gui.files.projects.refusal import RefusedError
from mdn_gui.files.projects.section import Section, json_bytes, parsed_json, unknown_entries, with_unknown

MOST_ROW_BYTES = 2**30
"""Bytes of the rows of a project, those of its test with them."""

_MANIFEST, _EXCLUDED = "manifest.json", "excluded.i64"
_ROWS, _TEST = "rows/", "test/"
_MOST_UNKNOWN = 1024**2
_NAMES_OF_OTHERS = ("format", "format_version", "app_version", "libraries", "runs", "sha256")
"""Entries that are no part of the project itself."""

Members = Mapping[str, memoryview]


def members_of(project: Project) -> list[Member]:
    """Return a project as members of an archive, the manifest first; that holds the sums of the others.

    Raises
    ------
    RefusedError
        When it could not be opened again; with what to leave out of it.
    """
    members = _row_members(project)
    sums = {member.name: member.sha256 for member in members if not member.name.startswith((_ROWS, _TEST))}
    sums |= {member.name: member.sha256 for member in members if member.name.endswith(f"/{rows.DESCRIPTION}")}
    if len(project.runs) > runs.MOST_RUNS:
        raise RefusedError(f"it has {len(project.runs):,} runs", f"Delete runs: at most {runs.MOST_RUNS:,} are kept.")
    listed = []
    for run in project.runs:
        found = _run_members(run)
        listed.append({"number": int(run.number), "sha256": found[0].sha256})
        members += found
    known = {**manifest.head_content(), **manifest.project_content(project), "runs": listed, "sha256": sums}
    content = json_bytes(with_unknown(known, project.unknown), manifest.LARGEST)
    return [Member(_MANIFEST, (content,)), *members]


def _row_members(project: Project) -> list[Member]:
    taken, members = project.taken, list[Member]()
    if project.table is not None:
        members += rows.table_members(project.table, _ROWS)
    if taken is not None:
        members.append(Member(_EXCLUDED, (array_bytes(np.asarray(taken.excluded), "<i8"),)))
        if taken.test_table is not None:
            members += rows.table_members(taken.test_table, _TEST)
    if sum(member.size for member in members) > MOST_ROW_BYTES:
        raise RefusedError("its rows take more than 1 GiB", "Save it without the rows; they stay in their own file.")
    return members


def _run_members(run: TrainingRun) -> list[Member]:
    try:
        return runs.run_members(run)
    except RefusedError as refusal:
        remedy = refusal.remedy or f"Delete run {run.number}, then save."
        raise RefusedError(f"run {run.number}: {refusal.reason}", remedy) from refusal


def project_in(stream: BinaryIO) -> Project:
    """Return the project in a file.

    Parameters
    ----------
    stream : BinaryIO
        The file, of this format or a model file of the formats 1.0 to 1.3; it can be read anywhere.

    Raises
    ------
    RefusedError
        When anything in it is not as it should be.
    """
    archive = Archive(stream)
    if _MANIFEST not in archive.names:
        raise RefusedError("it has no manifest", "Choose a .mdn file.")
    root = parsed_json(archive.read(_MANIFEST), "its manifest", manifest.LARGEST)
    if manifest.checked_format(root) == manifest.MODEL_FORMAT:
        return _project_of_model(root, {name: archive.read(name) for name in archive.names if name != _MANIFEST})
    folders = _Folders(archive, root.section("sha256").all_texts())
    fields = manifest.fields_of(root)
    table = folders.table(_ROWS)
    project = Project(table=table, taken=_taken(root, table, folders), runs=_runs(root, folders), **fields)
    folders.check_finished()
    _check_numbers(project)
    known = manifest.project_content(project)
    known |= {name: root.values.get(name) for name in _NAMES_OF_OTHERS}
    unknown = unknown_entries(root.values, known)
    _check_unknown([unknown, *(run.unknown for run in project.runs)])
    return replace(project, unknown=MappingProxyType(unknown))


def _project_of_model(root: Section, members: Members) -> Project:
    """Return a project without rows, with the one run of which a model file holds the model."""
    model = runs.model_of(root, members)
    version = root.values.get("app_version")
    libraries = {"mdn-gui": version} if isinstance(version, str) else {}
    return Project.of_run(TrainingRun(1, model, libraries=MappingProxyType(libraries)))


class _Folders:
    """Takes members out of an archive, folder by folder.

    Parameters
    ----------
    archive : Archive
        Where they are read from, when they are asked for.
    sums : mapping of str to str
        SHA-256 of what is said of each table, of the rows taken out.
    """

    def __init__(self, archive: Archive, sums: Mapping[str, str]) -> None:
        self._archive, self._sums = archive, sums
        self._left: dict[str, list[str]] = {}
        for path in archive.names:
            if path != _MANIFEST:
                self._left.setdefault(path[: path.rfind("/") + 1], []).append(path)

    def folder(self, name: str) -> Members:
        """Return the members of a folder by their names there, none where there is none."""
        return {path.removeprefix(name): self._archive.read(path) for path in self._left.pop(name, ())}

    def table(self, folder: str) -> Table | None:
        """Return the table in a folder; None where there is none."""
        members = self.folder(folder)
        if not members:
            return None
        if rows.DESCRIPTION not in members:
            raise RefusedError(f"{folder}{rows.DESCRIPTION} is missing")
        check_sums({folder + rows.DESCRIPTION: members[rows.DESCRIPTION]}, self._sums)
        return rows.table_of(members)

    def excluded(self) -> np.ndarray:
        """Return the numbers of the rows that are taken out."""
        members = self.folder("")
        if set(members) != {_EXCLUDED}:
            raise RefusedError(f"it holds {', '.join(sorted(members)) or 'nothing'} beside its manifest")
        content = members[_EXCLUDED]
        check_sums(members, self._sums)
        return numbers_of(content, "<i8", len(content) // 8, _EXCLUDED)

    def check_finished(self) -> None:
        """Refuse members that nothing asked for."""
        if self._left:
            raise RefusedError("it holds members that do not belong in a project file", "Choose a .mdn file.")


def _runs(root: Section, folders: _Folders) -> tuple[TrainingRun, ...]:
    return tuple(_run(section, folders) for section in root.sections("runs", runs.MOST_RUNS))


def _run(section: Section, folders: _Folders) -> TrainingRun:
    number = section.whole("number", 1, runs.GREATEST_NUMBER)
    try:
        members = folders.folder(runs.folder_of(number))
        if runs.DESCRIPTION not in members:
            raise RefusedError(f"{runs.DESCRIPTION} is missing")
        check_sums({runs.DESCRIPTION: members[runs.DESCRIPTION]}, {runs.DESCRIPTION: section.text("sha256")})
        return runs.run_of(number, members)
    except RefusedError as refusal:
        raise RefusedError(f"run {number}: {refusal.reason}", refusal.remedy) from refusal


def _taken(root: Section, table: Table | None, folders: _Folders) -> Taken | None:
    section = root.optional("taken")
    if section is None:
        return None
    taken, excluded = manifest.taken_in(section), folders.excluded()
    if len(excluded) and (excluded.min() < 0 or (table is not None and excluded.max() >= table.num_rows)):
        raise RefusedError("it takes out a row that the table does not have")
    excluded = np.array(excluded, dtype=np.int64)
    excluded.setflags(write=False)
    taken = replace(taken, excluded=excluded, test_table=folders.table(_TEST))
    try:
        for each in filter(None, (table, taken.test_table)):
            for name in (*taken.inputs, taken.target):
                each.column(name)
    except DataError as error:
        raise RefusedError(error.message.rstrip(".")) from error
    return taken


def _check_numbers(project: Project) -> None:
    numbers = [run.number for run in project.runs]
    if len(set(numbers)) < len(numbers) or max(numbers, default=0) > project.runs_made:
        raise RefusedError("its runs do not have different numbers up to runs_made")
    if project.shown and project.shown not in numbers:
        raise RefusedError("the run that it shows is not there")


def _check_unknown(unknown: list[Mapping[str, object]]) -> None:
    """Refuse more entries of a later version than a small part of a file, since they are kept as they are."""
    if sum(len(json.dumps(dict(each))) for each in unknown if each) > _MOST_UNKNOWN:
        raise RefusedError("it holds more than 1 MiB of entries that this version does not know")
