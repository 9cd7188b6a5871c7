"""One run as members of an archive: what is said of it, its weights, its record, what it must give."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.metrics import TrainingHistory
from mdn_gui.core.network import averaged
from mdn_gui.core.training_run import TrainingRun
from mdn_gui.files.projects.archive import Member, array_bytes, check_sums, numbers_of
from mdn_gui.files.projects.descriptions import Description, description_in, model_content
from mdn_gui.files.projects.networks import (
    check_references,
    keep_references,
    networks_of,
    reference_bytes,
    weights_bytes,
)
from mdn_gui.files.projects.refusal import RefusedError
from mdn_gui.files.projects.section import Section, json_bytes, parsed_json, unknown_entries, with_unknown

LARGEST_DESCRIPTION = 1024**2
"""Bytes of what is said of a run."""
MOST_RUNS = 1000
GREATEST_NUMBER = 10**9
DESCRIPTION = "run.json"

_WEIGHTS, _RESTARTS = "weights.f32", "restarts.f32"
_HISTORY, _REFERENCE = "history.f64", "reference.f64"
_LARGEST_RESTARTS = 128 * 1024**2
_NAMES_OF_OTHERS = ("libraries", "sha256")
"""Objects whose names are what is said: none of them is unknown."""
_checked: set[str] = set()
"""SHA-256 of what is said of runs that gave what they should: what was opened, what is read back after a save, is not
worked out again."""


def run_members(run: TrainingRun) -> list[Member]:
    """Return a run as members of its folder, what is said of it first; that holds the sums of the others.

    Restarts of more than 128 MiB are left out: the model is read without them.

    Raises
    ------
    RefusedError
        When it could not be read again.
    """
    model, folder = run.model, folder_of(run.number)
    weights, restarts = weights_bytes(model.network.members), weights_bytes(model.restarts)
    if sum(map(len, restarts)) > _LARGEST_RESTARTS:
        model, restarts = replace(model, restarts=()), ()
    members = [Member(folder + _WEIGHTS, weights)]
    if restarts:
        members.append(Member(folder + _RESTARTS, restarts))
    if model.history is not None:
        nll = np.array((*model.history.train_nll, *model.history.validation_nll), dtype="<f8")
        members.append(Member(folder + _HISTORY, (array_bytes(nll, "<f8"),)))
    members.append(Member(folder + _REFERENCE, (reference_bytes(model),)))
    sums = {member.name.removeprefix(folder): member.sha256 for member in members}
    content = with_unknown({**_said(run), **model_content(model), "sha256": sums}, run.unknown)
    return [Member(folder + DESCRIPTION, (json_bytes(content, LARGEST_DESCRIPTION),)), *members]


def _said(run: TrainingRun) -> dict[str, object]:
    """Return what is said of a run apart from its model."""
    return {
        "ended": run.ended,
        "name": run.name,
        "notes": run.notes,
        "is_starred": bool(run.is_starred),
        "continues": int(run.continues),
        "sweep": int(run.sweep),
        "libraries": dict(run.libraries),
    }


def folder_of(number: int) -> str:
    """Return where the members of a run are."""
    return f"runs/{number}/"


def run_of(number: int, members: Mapping[str, memoryview]) -> TrainingRun:
    """Return the run whose members are in its folder.

    Parameters
    ----------
    number : int
        Of the run.
    members : mapping of str to memoryview
        The members of its folder, by their names there; the sum of what is said of it is right.

    Raises
    ------
    RefusedError
        When one is missing, foreign, or not as it should be.
    """
    root = parsed_json(members[DESCRIPTION], DESCRIPTION, LARGEST_DESCRIPTION)
    others = {name: content for name, content in members.items() if name != DESCRIPTION}
    digest = Member(DESCRIPTION, (members[DESCRIPTION],)).sha256
    model = model_of(root, others, is_checked=digest in _checked)
    _checked.add(digest)
    run = TrainingRun(
        number=number,
        model=model,
        ended=root.text("ended"),
        libraries=MappingProxyType(root.section("libraries").all_texts()),
        continues=root.whole("continues", 0, GREATEST_NUMBER),
        sweep=root.whole("sweep", 0, GREATEST_NUMBER),
        name=root.text("name"),
        notes=root.text("notes"),
        is_starred=root.flag("is_starred"),
    )
    known = {**_said(run), **model_content(run.model), **{name: root.values[name] for name in _NAMES_OF_OTHERS}}
    return replace(run, unknown=MappingProxyType(unknown_entries(root.values, known)))


def model_of(root: Section, members: Mapping[str, memoryview], *, is_checked: bool = False) -> FittedModel:
    """Return the model that is described; its sums are checked, it gives what it gave when it was saved.

    Parameters
    ----------
    root : Section
        What is said of it, the sums of its members with it.
    members : mapping of str to memoryview
        The members that hold its numbers.
    is_checked : bool
        Whether it is known to give what it gave; its sums are checked in any case.

    Raises
    ------
    RefusedError
        When anything is missing, foreign, or not as it should be.
    """
    description = description_in(root)
    needed = {_WEIGHTS, _REFERENCE} | ({_HISTORY} if description.history else set())
    needed |= {_RESTARTS} if description.num_restarts else set()
    if set(members) != needed:
        raise RefusedError(f"it holds {', '.join(sorted(members)) or 'nothing'} beside {root.name}")
    check_sums(members, root.section("sha256").all_texts())
    count = len(description.shares)
    model = FittedModel(
        averaged(networks_of(description, members[_WEIGHTS], _WEIGHTS, count), description.shares),
        description.x_scaler,
        description.y_scaler,
        description.provenance,
        description.model_config,
        description.training_config,
        _history(description, members.get(_HISTORY, memoryview(b""))),
        networks_of(description, members.get(_RESTARTS, memoryview(b"")), _RESTARTS, description.num_restarts),
    )
    if not is_checked:
        check_references(model, members[_REFERENCE], _REFERENCE)
    keep_references(model, members[_REFERENCE])
    return model


def _history(description: Description, content: memoryview) -> TrainingHistory | None:
    outline = description.history
    if outline is None:
        return None
    values = numbers_of(content, "<f8", outline.epochs * (2 if outline.validated else 1), _HISTORY)
    train, validation = values[: outline.epochs].tolist(), values[outline.epochs :].tolist()
    return TrainingHistory(
        tuple(train),
        tuple(validation),
        outline.best_epoch,
        outline.stop_reason,
        outline.seconds,
        outline.rollbacks,
        outline.kept_nll,
        outline.distilled,
    )
