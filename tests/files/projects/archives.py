"""Project files taken apart, changed, put together again with sums that fit."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mdn_gui.errors import ProjectFileError
from mdn_gui.files.projects.opening import open_project

Members = dict[str, bytes]
MANIFEST, RUN, TABLE = "manifest.json", "runs/1/run.json", "rows/table.json"


def members_of(path: Path) -> Members:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(path: Path, members: Members, compression: int = zipfile.ZIP_STORED) -> None:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, compression)


def description(path: Path, name: str = RUN) -> dict[str, Any]:
    """Return what a JSON member says."""
    return json.loads(members_of(path)[name])


def change(path: Path, name: str, new: Callable[[bytes], bytes]) -> None:
    """Change the bytes of a member; every sum is made to fit."""
    members = members_of(path)
    members[name] = new(members[name])
    pack(path, with_right_sums(members))


def change_json(path: Path, name: str, edit: Callable[[dict[str, Any]], object]) -> None:
    """Change what a JSON member says; every sum but those in it is made to fit."""

    def edited(content: bytes) -> bytes:
        value = json.loads(content)
        edit(value)
        return json.dumps(value).encode()

    members = members_of(path)
    members[name] = edited(members[name])
    pack(path, with_right_sums(members, but=name))


def change_run(path: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    change_json(path, RUN, edit)


def change_numbers(path: Path, name: str, edit: Callable[[np.ndarray], object]) -> None:
    """Change the numbers of a member; every sum is made to fit."""

    def edited(content: bytes) -> bytes:
        numbers = np.frombuffer(content, {"32": "<f4", "64": "<f8"}[name[-2:]]).copy()
        edit(numbers)
        return numbers.tobytes()

    change(path, name, edited)


def with_right_sums(members: Members, but: str = "") -> Members:
    """Return the members with the sums that each folder's description and the manifest hold made to fit."""
    result = dict(members)
    if but == MANIFEST:
        return result
    for name in [name for name in members if name.endswith(("/run.json", "/table.json")) and name != but]:
        folder = name[: name.rfind("/") + 1]
        content = json.loads(result[name])
        content["sha256"] = {
            each: sum_of(result[folder + each]) for each in content["sha256"] if folder + each in result
        }
        result[name] = json.dumps(content).encode()
    manifest = json.loads(result[MANIFEST])
    manifest["sha256"] = {name: sum_of(result[name]) for name in manifest["sha256"] if name in result}
    for run in manifest["runs"]:
        run["sha256"] = sum_of(result.get(f"runs/{run['number']}/run.json", b""))
    result[MANIFEST] = json.dumps(manifest).encode()
    return result


def sum_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def assert_refused(path: Path, what: str = "cannot be opened", remedy: str = "") -> None:
    with pytest.raises(ProjectFileError, match=what) as caught:
        open_project(path)
    assert str(path) in caught.value.message
    assert caught.value.hint
    assert remedy in caught.value.hint
