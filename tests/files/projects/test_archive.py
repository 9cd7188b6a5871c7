"""The container of a project: only what this program writes is read."""

import io
import itertools
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdn_gui.errors import ProjectFileError
from mdn_gui.files.projects.archive import Archive, Member, archive_size, write_archive
from mdn_gui.files.projects.contents import members_of as list_of_members
from mdn_gui.files.projects.opening import open_project
from mdn_gui.files.projects.project import Project
from mdn_gui.files.projects.refusal import RefusedError
from mdn_gui.files.projects.saving import save_project
from tests.files.models import random_model
from tests.files.projects.archives import assert_refused, members_of, pack
from tests.files.projects.examples import example_project, example_run
from tests.files.projects.mutants import mutants, packed

CENTRAL, END = b"PK\x01\x02", b"PK\x05\x06"


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "m.mdn"
    save_project(path, Project.of_run(example_run(1, random_model(components=2, hidden=(3,)))))
    return path


@pytest.fixture
def full(tmp_path: Path) -> Path:
    path = tmp_path / "full.mdn"
    save_project(path, example_project())
    return path


def test_that_any_program_that_reads_archives_reads_it(full: Path) -> None:
    with zipfile.ZipFile(full) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[:2] == ["manifest.json", "rows/table.json"]
        assert {(info.compress_type, info.date_time[0]) for info in archive.infolist()} == {(zipfile.ZIP_STORED, 1980)}
        members = [Member(info.filename, (archive.read(info),)) for info in archive.infolist()]
    stream = io.BytesIO()
    write_archive(stream, members)
    assert stream.getvalue() == full.read_bytes()
    assert archive_size(members) == full.stat().st_size


def test_that_an_archive_packed_again_by_another_program_opens(full: Path) -> None:
    pack(full, dict(reversed(members_of(full).items())))
    assert open_project(full).runs_made == 5


def test_that_a_flip_of_any_byte_is_refused_or_harmless(saved: Path, tmp_path: Path) -> None:
    content = saved.read_bytes()
    harmless = 0
    for place in range(len(content)):
        saved.write_bytes(content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :])
        try:
            found = open_project(saved)
        except ProjectFileError:
            continue
        harmless += 1
        stream = io.BytesIO()
        write_archive(stream, list_of_members(found))
        assert stream.getvalue() == content, place
    assert harmless < 200  # dates, versions, permissions in the headers of five members


def test_that_a_file_cut_off_anywhere_is_refused(saved: Path) -> None:
    content = saved.read_bytes()
    for length in range(0, len(content), 7):
        saved.write_bytes(content[:length])
        assert_refused(saved)


def test_that_a_file_with_anything_behind_or_before_it_is_refused(saved: Path) -> None:
    content = saved.read_bytes()
    for changed in (content + b"x", b"x" + content, b"PK" + content):
        saved.write_bytes(changed)
        assert_refused(saved)


@pytest.mark.parametrize("change", ["flip", "cut", "grow", "empty", "drop", "rename"])
def test_that_a_changed_member_is_refused(full: Path, change: str) -> None:
    members = members_of(full)
    for name, content in members.items():
        if change == "flip" and name == "manifest.json":
            continue  # no other member vouches for it; the sum in its header is right here
        middle = len(content) // 2
        changed = {
            "flip": content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :],
            "cut": content[:-8],
            "grow": content + bytes(8),
            "empty": b"",
        }
        others = {other: each for other, each in members.items() if other != name}
        if change == "rename":
            others[f"{name}.exe"] = content
        elif change != "drop":
            others[name] = changed[change]
        pack(full, others)
        assert_refused(full)


def test_that_members_that_change_places_are_refused(full: Path) -> None:
    members = members_of(full)
    names = list(members)
    for one, other in itertools.pairwise(names):
        pack(full, {**members, one: members[other], other: members[one]})
        assert_refused(full)


@pytest.mark.parametrize("compression", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_that_compressed_members_are_refused_unread(saved: Path, compression: int) -> None:
    pack(saved, members_of(saved), compression)
    assert_refused(saved, "manifest.json is compressed")


def test_that_an_encrypted_member_is_refused(saved: Path) -> None:
    content = bytearray(saved.read_bytes())
    content[content.index(CENTRAL) + 8] |= 1
    saved.write_bytes(content)
    assert_refused(saved, "manifest.json is encrypted", "without a password")


@pytest.mark.parametrize("name", ["../../evil", "/etc/passwd", "extra.bin", "runs/9/run.json", "r\xfc.json", "rows/"])
def test_that_foreign_members_are_refused(saved: Path, full: Path, name: str) -> None:
    for path in (saved, full):
        pack(path, {**members_of(path), name: b"x"})
        assert_refused(path, "members that do not belong|rows/table.json is missing|has flags|it holds ")


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
def test_that_a_member_given_twice_is_refused(saved: Path) -> None:
    with zipfile.ZipFile(saved, "a") as archive:
        archive.writestr(zipfile.ZipInfo("runs/1/weights.f32"), b"x")
    assert_refused(saved, "holds a member twice")


def test_that_overlapping_members_are_refused() -> None:
    inner, outer = b"inner", packed({"b.bin": b"inner"})[: 30 + 5 + 5]
    content = bytearray(packed({"a.bin": outer, "b.bin": inner}))
    second = content.index(CENTRAL, content.index(CENTRAL) + 1)
    struct.pack_into("<L", content, second + 42, 30 + 5)  # the second member begins inside of the first one
    with pytest.raises(RefusedError, match=r"b\.bin overlaps another member"):
        Archive(io.BytesIO(content))


def header_change(mark: bytes, place: int, kind: str, value: int) -> Callable[[bytes], bytes]:
    def changed(content: bytes) -> bytes:
        begin = content.index(mark) + place
        return content[:begin] + struct.pack(kind, value) + content[begin + struct.calcsize(kind) :]

    return changed


@pytest.mark.parametrize(
    "changed",
    [
        header_change(CENTRAL, 20, "<L", 2**32 - 1),
        header_change(CENTRAL, 24, "<L", 2**32 - 1),
        header_change(CENTRAL, 28, "<H", 2**16 - 1),
        header_change(CENTRAL, 30, "<H", 2**16 - 1),
        header_change(CENTRAL, 32, "<H", 2**16 - 1),
        header_change(CENTRAL, 34, "<H", 1),
        header_change(CENTRAL, 42, "<L", 2**32 - 1),
        header_change(b"PK\x03\x04", 18, "<L", 2**32 - 1),
        header_change(b"PK\x03\x04", 26, "<H", 2**16 - 1),
        header_change(b"PK\x03\x04", 28, "<H", 2**16 - 1),
        header_change(END, 4, "<H", 1),
        header_change(END, 8, "<H", 2**16 - 1),
        header_change(END, 10, "<H", 2**16 - 1),
        header_change(END, 12, "<L", 2**32 - 1),
        header_change(END, 16, "<L", 2**32 - 1),
        header_change(END, 20, "<H", 7),
        lambda content: END + struct.pack("<4H2LH", 0, 0, 65535, 65535, 0, 0, 0),
    ],
)
def test_that_headers_with_impossible_numbers_are_refused(saved: Path, changed: Callable[[bytes], bytes]) -> None:
    saved.write_bytes(changed(saved.read_bytes()))
    assert_refused(saved)


@pytest.mark.parametrize("content", [b"", b"x,y\n1,2\n", b"\x80\x04\x95pickle", b"PK", END + bytes(18)])
def test_that_other_files_are_not_projects(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "m.mdn"
    path.write_bytes(content)
    assert_refused(path, "is not a project file|has no manifest", "Choose a .mdn file")


@given(st.binary(max_size=400))
@settings(max_examples=50, deadline=None)
def test_that_any_bytes_as_a_manifest_are_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "noise.mdn"
    pack(path, {"manifest.json": content})
    assert_refused(path)


def test_that_files_with_something_wrong_are_refused_or_open_as_what_they_say(full: Path, tmp_path: Path) -> None:
    original, place, opened, reasons = full.read_bytes(), tmp_path / "mutant.mdn", 0, set()
    for mutant in mutants(original, members_of(full), 280, seed=1):
        place.write_bytes(mutant.content)
        try:
            found = open_project(place)
        except ProjectFileError as error:
            reasons.add(bool(error.hint) and error.message.startswith(str(place)))
            continue
        opened += 1
        save_project(place, found)
        again = place.read_bytes()
        assert mutant.is_told or again == original, mutant.kind
        save_project(place, open_project(place))
        assert place.read_bytes() == again, mutant.kind
    assert 0 < opened < 140
    assert reasons == {True}
