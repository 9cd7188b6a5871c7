"""Model files (``.mdn``): a trained model on disk, opened without running anything in it."""

import hashlib
import io
import stat
import struct
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.metrics import TrainingHistory
from mdn_gui.core.network import Network, averaged
from mdn_gui.core.transform import NONE
from mdn_gui.errors import DataError, ProjectFileError
from mdn_gui.files.manifest import LARGEST as LARGEST_MANIFEST
from mdn_gui.files.manifest import Manifest, RefusedError, manifest_bytes, parsed_manifest
from mdn_gui.files.saving import SaveError, replace_file

if TYPE_CHECKING:
    from os import PathLike

_MANIFEST, _WEIGHTS, _RESTARTS = "manifest.json", "weights.f32", "restarts.f32"
_HISTORY, _REFERENCE = "history.f64", "reference.f64"
_LARGEST = {
    _MANIFEST: LARGEST_MANIFEST,
    _WEIGHTS: 128 * 1024**2,
    _RESTARTS: 128 * 1024**2,
    _HISTORY: 16 * 10**6,
    _REFERENCE: 16 * 1024**2,
}
"""The members a file may have, with the bytes each may take."""
_LARGEST_FILE = sum(_LARGEST.values()) + 4096
_ZIP_FAULTS = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    ValueError,
    EOFError,
    OSError,
    struct.error,
    LookupError,
    OverflowError,
)
"""What the standard library raises on a damaged archive."""
_LOCAL_HEADER = 30
_TOLERANCE = 1e-5


def save_model(path: "str | PathLike[str]", model: FittedModel) -> None:
    """Write a model to a file, whole or not at all; an earlier file of that name stays beside it as ``NAME.bak``.

    Restarts of more than 128 MiB are left out: the model is read without them.

    Parameters
    ----------
    path : path
        Where the file belongs.
    model : FittedModel
        What to write.

    Raises
    ------
    ProjectFileError
        When the file cannot be written, or would not open again.
    """
    try:
        content = _packed(model)
        replace_file(
            path,
            lambda stream: _write(stream, content),
            check=lambda written: _verify(written, content),
            keep_previous=True,
        )
    except RefusedError as refusal:
        message = f"{path} was not saved: {refusal.reason}."
        raise ProjectFileError(message, refusal.remedy or "Train again, then save.") from refusal
    except SaveError as error:
        raise ProjectFileError(error.message, error.hint) from error


def load_model(path: "str | PathLike[str]") -> FittedModel:
    """Return the model in a file; it gives the same bits as the one that was saved.

    Parameters
    ----------
    path : path
        A file that :func:`save_model` wrote.

    Raises
    ------
    ProjectFileError
        When the file cannot be read, is damaged, or is of a newer format.
    """
    try:
        return _unpacked(_content(Path(path)))
    except RefusedError as refusal:
        remedy = (
            refusal.remedy or f"It is damaged; open an earlier copy, such as {Path(path).name}.bak, or train again."
        )
        raise ProjectFileError(f"{path} cannot be opened: {refusal.reason}.", remedy) from refusal


def _content(path: Path) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            kind = "a folder" if stat.S_ISDIR(status.st_mode) else "not a regular file"
            raise RefusedError(f"it is {kind}", "Choose a .mdn file.")
        if status.st_size > _LARGEST_FILE:
            raise RefusedError(f"it is larger than {_LARGEST_FILE // 1024**2} MiB", "Choose a .mdn file.")
        with path.open("rb") as stream:
            return stream.read(_LARGEST_FILE)
    except FileNotFoundError:
        raise RefusedError("there is no such file", "Check the name and the folder.") from None
    except PermissionError:
        raise RefusedError("it may not be read", "Ask its owner for permission, or copy it.") from None
    except (OSError, ValueError) as error:
        raise RefusedError(str(error), "Check the name and the disk.") from error


def _packed(model: FittedModel) -> bytes:
    members, restarts = {_WEIGHTS: _weights(model.network.members)}, _weights(model.restarts)
    if len(restarts) > _LARGEST[_RESTARTS]:
        model = replace(model, restarts=())
    elif model.restarts:
        members[_RESTARTS] = restarts
    if model.history is not None:
        nll = (*model.history.train_nll, *model.history.validation_nll)
        members[_HISTORY] = np.array(nll, dtype="<f8").tobytes()
    try:
        members[_REFERENCE] = b"".join(
            _reference(each, _reference_inputs(each)).astype("<f8").tobytes() for each in (model, *model.members())
        )
    except DataError as error:
        raise RefusedError(error.message.rstrip(".")) from error
    checksums = {name: hashlib.sha256(content).hexdigest() for name, content in members.items()}
    archive_bytes = io.BytesIO()
    with zipfile.ZipFile(archive_bytes, "w", zipfile.ZIP_STORED) as archive:
        for name, content in {_MANIFEST: manifest_bytes(model, checksums), **members}.items():
            # a fixed date: the same model gives the same file
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)
    return archive_bytes.getvalue()


def _weights(networks: tuple[Network, ...]) -> bytes:
    layers = [layer for each in networks for layer in zip(each.kernels, each.biases, strict=True)]
    return b"".join(array.astype("<f4").tobytes() for layer in layers for array in layer)


def _write(stream: BinaryIO, content: bytes) -> None:
    stream.write(content)


def _verify(written: Path, content: bytes) -> None:
    found = _content(written)
    if found != content:
        raise RefusedError("the disk gave back other bytes than were written", "Save in another folder.")
    _unpacked(found)


def _unpacked(content: bytes) -> FittedModel:
    members = _members(content)
    if _MANIFEST not in members:
        raise RefusedError("it has no manifest", "Choose a .mdn file.")
    manifest = parsed_manifest(members.pop(_MANIFEST))
    needed = {_WEIGHTS, _REFERENCE} | ({_HISTORY} if manifest.history else set())
    needed |= {_RESTARTS} if manifest.num_restarts else set()
    if set(members) != needed:
        raise RefusedError(f"it holds {', '.join(sorted(members)) or 'nothing'} beside its manifest")
    for name, member in members.items():
        if hashlib.sha256(member).hexdigest() != manifest.sha256.get(name):
            raise RefusedError(f"the checksum of {name} is wrong")
    model = FittedModel(
        averaged(_networks(manifest, members[_WEIGHTS], _WEIGHTS, len(manifest.shares)), manifest.shares),
        manifest.x_scaler,
        manifest.y_scaler,
        manifest.provenance,
        manifest.model_config,
        manifest.training_config,
        _history(manifest, members.get(_HISTORY, b"")),
        _networks(manifest, members.get(_RESTARTS, b""), _RESTARTS, manifest.num_restarts),
    )
    _check_references((model, *model.members()), members[_REFERENCE])
    return model


def _members(content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            _check_members(infos, len(content))
            return {info.filename: archive.read(info) for info in infos}
    except _ZIP_FAULTS as error:
        reason = "it is not a model file" if content[:2] != b"PK" else f"its archive is damaged ({error})"
        raise RefusedError(reason, "" if content[:2] == b"PK" else "Choose a .mdn file.") from error


def _check_members(infos: list[zipfile.ZipInfo], num_bytes: int) -> None:
    names = [info.filename for info in infos]
    if len(names) > len(_LARGEST) or len(set(names)) < len(names) or not set(names) <= set(_LARGEST):
        raise RefusedError("it holds members that do not belong in a model file", "Choose a .mdn file.")
    for info in infos:
        if info.flag_bits & 1:
            raise RefusedError(f"{info.filename} is encrypted", "Save it again without a password.")
        if info.compress_type != zipfile.ZIP_STORED or info.compress_size != info.file_size:
            raise RefusedError(f"{info.filename} is compressed", "Open the file as it was saved, not packed again.")
        if info.file_size > _LARGEST[info.filename]:
            raise RefusedError(f"{info.filename} is larger than {_LARGEST[info.filename]:,} bytes")
    end = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise RefusedError(f"{info.filename} overlaps another member")
        end = info.header_offset + _LOCAL_HEADER + len(info.filename) + info.file_size
    if end > num_bytes:
        raise RefusedError("its last member ends behind the end of the file")


def _numbers(member: bytes, kind: str, count: int, name: str) -> np.ndarray:
    size = np.dtype(kind).itemsize
    if len(member) != count * size:
        raise RefusedError(f"{name} has {len(member):,} bytes where {count * size:,} belong")
    return np.frombuffer(member, dtype=kind)


def _networks(manifest: Manifest, member: bytes, name: str, count: int) -> tuple[Network, ...]:
    size = sum((fan_in + 1) * fan_out for fan_in, fan_out in manifest.layer_shapes)
    weights = _numbers(member, "<f4", size * count, name)
    if not np.isfinite(weights).all():
        raise RefusedError("a weight is not a finite number")
    return tuple(_one_network(manifest, part) for part in weights.reshape(count, size))


def _one_network(manifest: Manifest, weights: np.ndarray) -> Network:
    kernels, biases = [], []
    for fan_in, fan_out in manifest.layer_shapes:
        kernel, bias, weights = np.split(weights, [fan_in * fan_out, (fan_in + 1) * fan_out])
        kernels.append(kernel.reshape(fan_in, fan_out))
        biases.append(bias)
    return Network(tuple(kernels), tuple(biases), manifest.activation, manifest.scale_floor, manifest.scale_ceiling)


def _history(manifest: Manifest, member: bytes) -> TrainingHistory | None:
    outline = manifest.history
    if outline is None:
        return None
    values = _numbers(member, "<f8", outline.epochs * (2 if outline.validated else 1), _HISTORY)
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


def _reference_inputs(model: FittedModel) -> FloatArray:
    low, median, high = model.provenance.input_ranges.T
    return np.stack([low, low / 2 + median / 2, median, median / 2 + high / 2, high])


def _reference(model: FittedModel, x: FloatArray) -> FloatArray:
    """Return x with the parameters there, [R, D + 3 K]."""
    mixture = model.conditional(x)
    return np.column_stack([x, mixture.weights, mixture.locs, mixture.scales])


def _check_references(models: tuple[FittedModel, ...], member: bytes) -> None:
    """Refuse models that do not give the parameters that were saved with them, one after the other."""
    shapes = [(len(_reference_inputs(each)), each.num_inputs + 3 * each.num_components) for each in models]
    sizes = [rows * width for rows, width in shapes]
    parts = np.split(_numbers(member, "<f8", sum(sizes), _REFERENCE), np.cumsum(sizes)[:-1])
    for model, part, shape in zip(models, parts, shapes, strict=True):
        _check_reference(model, part.reshape(shape))


def _check_reference(model: FittedModel, expected: FloatArray) -> None:
    unit = np.ones(expected.shape[1])
    unit[model.num_inputs + model.num_components :] = model.y_scaler.sd[0] if model.transform is NONE else 0.0
    try:
        with np.errstate(all="ignore"):  # what overflows or is NaN is refused below
            found = _reference(model, expected[:, : model.num_inputs])
            close = np.abs(found - expected) <= _TOLERANCE * (unit + np.abs(expected))
            close |= found == expected  # moments of a transformed target may be infinite
    except DataError as error:
        raise RefusedError(f"it cannot be evaluated ({error.message})") from error
    if not close.all():
        raise RefusedError("it does not give the parameters that were saved with it")
