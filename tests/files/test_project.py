"""Model files: what is saved comes back, what is broken or hostile is refused."""

import builtins
import errno
import io
import json
import math
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdn_gui.core.config import preset
from mdn_gui.core.metrics import StopReason, TrainingHistory
from mdn_gui.errors import ProjectFileError
from mdn_gui.files import project
from mdn_gui.files.project import load_model, save_model
from tests.files.models import random_model

Members = dict[str, bytes]


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "m.mdn"
    save_model(path, random_model(components=2, hidden=(3,)))
    return path


def members_of(path: Path) -> Members:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(path: Path, members: Members, compression: int = zipfile.ZIP_STORED) -> None:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, compression)


def change_manifest(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    members = members_of(path)
    manifest = json.loads(members["manifest.json"])
    change(manifest)
    members["manifest.json"] = json.dumps(manifest).encode()
    pack(path, members)


def assert_refused(path: Path, what: str = "cannot be opened", remedy: str = "") -> None:
    with pytest.raises(ProjectFileError, match=what) as caught:
        load_model(path)
    assert str(path) in caught.value.message
    assert caught.value.hint
    assert remedy in caught.value.hint


@pytest.mark.parametrize(
    "model",
    [
        random_model(),
        random_model(1, names=("größe", "=x\n", "z"), target="caf\udce9", components=1, hidden=(2, 3, 4)),
        random_model(2, activation="elu", ceiling=7.5, components=8),
        random_model(3, history=None),
        random_model(4, history=TrainingHistory((math.nan, math.inf), (), 0, StopReason.DIVERGED, 0.1)),
    ],
    ids=["plain", "odd names", "ceiling", "no history", "odd history"],
)
def test_that_a_model_comes_back_with_the_same_bits(tmp_path: Path, model: Any) -> None:
    save_model(tmp_path / "m.mdn", model)
    again = load_model(tmp_path / "m.mdn")
    x = np.random.default_rng(0).normal(size=(50, model.num_inputs)) * 10
    first, second = model.conditional(x), again.conditional(x)
    for name in ("weights", "locs", "scales"):
        assert getattr(first, name).tobytes() == getattr(second, name).tobytes()
    assert (again.model_config, again.training_config) == (model.model_config, model.training_config)
    assert repr(again.history) == repr(model.history)
    for name in ("input_names", "target_name", "source", "num_rows"):
        assert getattr(again.provenance, name) == getattr(model.provenance, name)
    assert again.provenance.input_ranges.tobytes() == model.provenance.input_ranges.tobytes()
    assert not again.network.kernels[0].flags.writeable


@settings(max_examples=25)
@given(seed=st.integers(0, 2**31 - 1), components=st.integers(1, 6), inputs=st.integers(1, 4))
def test_that_any_network_comes_back_with_the_same_bits(
    tmp_path_factory: pytest.TempPathFactory, seed: int, components: int, inputs: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.mdn"
    model = random_model(seed, names=tuple("abcd"[:inputs]), components=components)
    save_model(path, model)
    pairs = zip(model.network.kernels, load_model(path).network.kernels, strict=True)
    assert all(first.tobytes() == second.tobytes() for first, second in pairs)


def test_that_the_same_model_gives_the_same_file(tmp_path: Path) -> None:
    for name in ("a.mdn", "b.mdn"):
        save_model(tmp_path / name, random_model())
    assert (tmp_path / "a.mdn").read_bytes() == (tmp_path / "b.mdn").read_bytes()


def test_that_members_are_stored_under_their_fixed_names(saved: Path) -> None:
    with zipfile.ZipFile(saved) as archive:
        assert archive.namelist() == ["manifest.json", "weights.f32", "history.f64", "reference.f64"]
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}


def test_that_saving_again_keeps_the_previous_file(saved: Path) -> None:
    before = saved.read_bytes()
    save_model(saved, random_model(9))
    assert saved.with_name("m.mdn.bak").read_bytes() == before
    assert sorted(path.name for path in saved.parent.iterdir()) == ["m.mdn", "m.mdn.bak"]
    assert load_model(saved).training_config.seed == 9


def test_that_a_flip_of_any_byte_is_refused_or_harmless(saved: Path) -> None:
    content = saved.read_bytes()
    x = np.linspace(-3, 3, 9)[:, np.newaxis]
    expected = load_model(saved).conditional(x).locs
    for place in range(len(content)):
        saved.write_bytes(content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :])
        try:
            found = load_model(saved)
        except ProjectFileError:
            continue
        # dates and attributes of the archive may change, the model may not
        assert np.array_equal(found.conditional(x).locs, expected), place


def test_that_a_file_cut_off_anywhere_is_refused(saved: Path) -> None:
    content = saved.read_bytes()
    for length in range(0, len(content), 7):
        saved.write_bytes(content[:length])
        assert_refused(saved)


@pytest.mark.parametrize("name", ["weights.f32", "history.f64", "reference.f64", "manifest.json"])
@pytest.mark.parametrize("change", ["flip", "cut", "grow", "empty", "drop", "rename"])
def test_that_a_changed_member_is_refused(saved: Path, name: str, change: str) -> None:
    members = members_of(saved)
    content = members.pop(name)
    changed = {
        "flip": content[:5] + bytes([content[5] ^ 1]) + content[6:],
        "cut": content[:-8],
        "grow": content + bytes(8),
        "empty": b"",
    }
    if change == "rename":
        members[f"{name}.exe"] = content
    elif change != "drop":
        members[name] = changed[change]
    pack(saved, members)
    assert_refused(saved)


@pytest.mark.parametrize(
    ("path", "value", "what"),
    [
        (("format",), "spreadsheet", "not a model file"),
        (("format_version",), [0, 9], "no format 0.9"),
        (("format_version",), "1.0", "format_version does not hold 2 numbers"),
        (("model_config",), None, "model_config is missing or not an object"),
        (("model_config", "num_components"), 0, "model_config: Components"),
        (("model_config", "num_components"), 3, "weights.f32 has .* bytes where"),
        (("model_config", "num_components"), "2", "model_config: Components"),
        (("model_config", "hidden_layers"), 3, "model_config: Layers"),
        (("model_config", "hidden_layers"), [4], "weights.f32 has .* bytes where"),
        (("model_config", "activation"), {"a": 1}, "model_config: Activation"),
        (("model_config", "standardize"), 5, "model_config: Standardise"),
        (("training_config", "seed"), None, "training_config: Seed"),
        (("training_config", "epochs"), 10**30, "training_config: Epochs"),
        (("provenance", "input_names"), [], "input_names is not a list"),
        (("provenance", "input_names"), [1], "input_names does not hold"),
        (("provenance", "input_names"), ["x", "x"], "input_names does not hold different"),
        (("provenance", "input_ranges"), [[1, 2]], "input_ranges does not hold 1 x 3 numbers"),
        (("provenance", "num_rows"), -1, "num_rows is not a whole number"),
        (("provenance", "source"), 7, "source is missing or not a text"),
        (("x_scaler", "sd"), [0], "sd holds a number that is not positive"),
        (("x_scaler", "mean"), [True], "mean does not hold 1 numbers"),
        (("y_scaler",), [], "y_scaler is missing or not an object"),
        (("y_scaler", "mean"), [99.0], "does not give the parameters that were saved"),
        (("y_scaler", "sd"), [1e308], "cannot be evaluated|does not give"),
        (("network", "activation"), "os.system", "activation is not one of"),
        (("network", "activation"), "relu", "does not give the parameters that were saved"),
        (("network", "scale_floor"), -1, "scale_floor is not a number of at least 0"),
        (("network", "scale_ceiling"), 0.0, "does not give the parameters|cannot be evaluated"),
        (("history", "epochs"), 2, "history.f64 has"),
        (("history", "best_epoch"), 9, "best_epoch is not a whole number from 0 to 3"),
        (("history", "validated"), "yes", "validated is not true or false"),
        (("history", "stop_reason"), "bored", "stop_reason is not one of"),
        (("history",), None, "it holds history.f64"),
        (("sha256",), {}, "checksum of"),
        (("sha256", "weights.f32"), "0" * 64, "checksum of weights.f32 is wrong"),
    ],
)
def test_that_a_manifest_is_believed_only_where_it_is_right(
    saved: Path, path: tuple[str, ...], value: object, what: str
) -> None:
    def change(manifest: dict[str, Any]) -> None:
        for key in path[:-1]:
            manifest = manifest[key]
        manifest[path[-1]] = value

    change_manifest(saved, change)
    assert_refused(saved, what)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (b'"seconds": 1.25', b'"seconds": NaN', "not finite"),
        (b'"seconds": 1.25', b'"seconds": 1e999', "not finite"),
        (b'"seconds": 1.25', b'"seconds": ' + b"9" * 5000, "too long"),
        (b'"seconds": 1.25', b'"seconds": 1, "seconds": 2', "holds a name twice"),
        (b'"seconds": 1.25', b'"seconds": 1, "deep": ' + b"[" * 40 + b"]" * 40, "more than 32 deep"),
        (b'"seconds": 1.25', b'"seconds": 1, "deep": ' + b"[" * 200_000 + b"]" * 200_000, "more than 32 deep"),
        (b'"seconds": 1.25', b'"seconds": ', "is not JSON"),
        (b'"seconds": 1.25', b'"seconds": "\xff"', "is not JSON"),
        (b'"seconds": 1.25', b'"seconds": 1, "long": "' + b"x" * 1024**2 + b'"', "manifest.json is larger"),
    ],
)
def test_that_json_with_traps_is_refused(saved: Path, old: bytes, new: bytes, what: str) -> None:
    members = members_of(saved)
    assert old in members["manifest.json"]
    members["manifest.json"] = members["manifest.json"].replace(old, new)
    pack(saved, members)
    assert_refused(saved, what)


def test_that_a_newer_format_is_refused_naming_the_version_needed(saved: Path) -> None:
    change_manifest(saved, lambda manifest: manifest.update(format_version=[2, 0], app_version="9.1.0"))
    assert_refused(saved, "its format is 2.0, this program reads 1.x", "mdn-gui 9.1.0 or newer")


def test_that_unknown_fields_and_a_newer_minor_format_are_accepted(saved: Path) -> None:
    def extend(manifest: dict[str, Any]) -> None:
        manifest.update(format_version=[1, 7], pins=[{"x": 1}])
        manifest["model_config"]["colour"] = "blue"
        manifest["history"]["note"] = None

    change_manifest(saved, extend)
    assert load_model(saved).num_components == 2


def test_that_settings_an_older_program_did_not_know_take_their_defaults(saved: Path) -> None:
    change_manifest(saved, lambda manifest: manifest["training_config"].pop("clip_norm"))
    assert load_model(saved).training_config.clip_norm == preset("default")[1].clip_norm


def test_that_weights_that_are_not_finite_are_refused(saved: Path) -> None:
    members = members_of(saved)
    weights = np.frombuffer(members["weights.f32"], "<f4").copy()
    weights[0] = np.nan
    members["weights.f32"] = weights.tobytes()
    manifest = json.loads(members["manifest.json"])
    manifest["sha256"]["weights.f32"] = project.hashlib.sha256(members["weights.f32"]).hexdigest()
    members["manifest.json"] = json.dumps(manifest).encode()
    pack(saved, members)
    assert_refused(saved, "a weight is not a finite number")


@pytest.mark.parametrize("compression", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_that_compressed_members_are_refused_unread(saved: Path, compression: int) -> None:
    pack(saved, members_of(saved), compression)
    assert_refused(saved, "manifest.json is compressed")


def test_that_an_encrypted_member_is_refused(saved: Path) -> None:
    content = bytearray(saved.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    saved.write_bytes(content)
    assert_refused(saved, "manifest.json is encrypted", "without a password")


@pytest.mark.parametrize("name", ["../../evil", "/etc/passwd", "extra.bin"])
def test_that_foreign_members_are_refused(saved: Path, name: str) -> None:
    pack(saved, {**members_of(saved), name: b"x"})
    assert_refused(saved, "members that do not belong")


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
def test_that_a_member_given_twice_is_refused(saved: Path) -> None:
    with zipfile.ZipFile(saved, "a") as archive:
        archive.writestr("weights.f32", b"x")
    assert_refused(saved, "members that do not belong")


def test_that_overlapping_members_are_refused(saved: Path) -> None:
    content = saved.read_bytes()
    second = content.index(b"PK\x01\x02", content.index(b"PK\x01\x02") + 1)
    saved.write_bytes(content[: second + 42] + bytes(4) + content[second + 46 :])
    assert_refused(saved, "overlaps another member")


@pytest.mark.parametrize("content", [b"", b"x,y\n1,2\n", b"\x80\x04\x95pickle", b"PK\x05\x06" + bytes(18)])
def test_that_other_files_are_not_models(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "m.mdn"
    path.write_bytes(content)
    assert_refused(path, "is not a model file|has no manifest", "Choose a .mdn file")


def test_that_a_huge_file_is_refused_by_its_size(tmp_path: Path) -> None:
    path = tmp_path / "m.mdn"
    with path.open("wb") as stream:
        stream.truncate(2**30)
    assert_refused(path, "larger than", "Choose a .mdn file")


def test_that_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    assert_refused(tmp_path / "gone.mdn", "there is no such file", "Check the name")
    assert_refused(tmp_path, "it is a folder", "Choose a .mdn file")


@pytest.mark.parametrize(
    ("error", "what"), [(PermissionError(13, "denied"), "may not be read"), (OSError(5, "I/O error"), "I/O error")]
)
def test_that_a_file_the_system_withholds_is_named(
    saved: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, what: str
) -> None:
    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr(Path, "open", refuse)
    assert_refused(saved, what)


def test_that_opening_runs_and_extracts_nothing(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbid(*_: object, **__: object) -> None:
        raise AssertionError

    for name in ("eval", "exec", "compile"):
        monkeypatch.setattr(builtins, name, forbid)
    monkeypatch.setattr("pickle.load", forbid)
    monkeypatch.setattr("pickle.loads", forbid)
    load_model(saved)
    assert [path.name for path in saved.parent.iterdir()] == ["m.mdn"]


@pytest.mark.parametrize(("number", "what"), [(errno.ENOSPC, "the disk is full"), (errno.EROFS, "is not allowed")])
def test_that_a_failed_save_leaves_the_old_model(
    saved: Path, monkeypatch: pytest.MonkeyPatch, number: int, what: str
) -> None:
    def refuse(_descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    before = saved.read_bytes()
    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(ProjectFileError, match=what) as caught:
        save_model(saved, random_model(5))
    assert caught.value.hint
    assert {path.name: path.read_bytes() for path in saved.parent.iterdir()} == {"m.mdn": before}


def test_that_a_disk_that_changes_bytes_is_noticed(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = saved.read_bytes()
    monkeypatch.setattr(project, "_write", lambda stream, content: stream.write(content[:-1] + b"!"))
    with pytest.raises(ProjectFileError, match="other bytes than were written") as caught:
        save_model(saved, random_model(5))
    assert "another folder" in caught.value.hint
    assert saved.read_bytes() == before


def test_that_a_model_that_would_not_open_again_is_not_saved(tmp_path: Path) -> None:
    model = random_model(names=tuple(f"{'x' * 500}{i}" for i in range(3000)), components=1, hidden=(1,))
    with pytest.raises(ProjectFileError, match=r"m\.mdn was not saved: .* longer than 1 MiB") as caught:
        save_model(tmp_path / "m.mdn", model)
    assert "shorter" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


@given(st.binary(max_size=400))
@settings(max_examples=50)
def test_that_any_bytes_behind_an_archives_start_are_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "noise.mdn"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("manifest.json", content)
    path.write_bytes(stream.getvalue())
    assert_refused(path)
