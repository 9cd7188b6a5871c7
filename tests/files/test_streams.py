"""Packed files as streams: sound, damaged, swollen."""

import io
import lzma
import zipfile
import zlib
from pathlib import Path

import pytest

from mdn_gui.errors import DataError
from mdn_gui.files import streams
from mdn_gui.files.streams import Packing, members_of, open_bytes, packing_of
from tests.files.dialect_writer import packed

CONTENT = b"x,y\n" + b"".join(b"%d,%d\n" % (number, number * number) for number in range(20_000))
PACKINGS = {"": Packing.PLAIN, ".gz": Packing.GZIP, ".bz2": Packing.BZIP2, ".xz": Packing.XZ, ".zip": Packing.ZIP}


def saved(folder: Path, content: bytes) -> Path:
    path = folder / "table.csv"
    path.write_bytes(content)
    return path


def everything(path: Path, part: str | None = None) -> bytes:
    with open_bytes(path, part) as stream:
        return b"".join(iter(lambda: stream.read(1 << 16), b""))


def drain(path: Path, taken: list[int]) -> None:
    with open_bytes(path) as stream:
        while piece := stream.read(1 << 20):
            taken.append(len(piece))


def archive(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize("packing", PACKINGS)
def test_that_packing_is_told_by_content(tmp_path: Path, packing: str) -> None:
    path = saved(tmp_path, packed(CONTENT, packing))
    assert packing_of(path) is PACKINGS[packing]
    assert everything(path) == CONTENT


@pytest.mark.parametrize("content", [b"BZh9,1\n2,3\n", b"PK,1\n", b"\x1f,2\n", b""])
def test_that_text_that_resembles_a_packed_file_is_plain(tmp_path: Path, content: bytes) -> None:
    path = saved(tmp_path, content)
    assert packing_of(path) is Packing.PLAIN
    assert everything(path) == content


@pytest.mark.parametrize("packing", [".gz", ".bz2", ".xz"])
def test_that_packed_pieces_one_behind_the_other_are_one_file(tmp_path: Path, packing: str) -> None:
    assert everything(saved(tmp_path, packed(CONTENT, packing) * 2)) == CONTENT * 2


@pytest.mark.parametrize("packing", PACKINGS)
def test_that_a_peek_takes_nothing(tmp_path: Path, packing: str) -> None:
    with open_bytes(saved(tmp_path, packed(CONTENT, packing))) as stream:
        assert stream.peek(10) == stream.peek(10) == CONTENT[:10]
        assert stream.peek(len(CONTENT) + 5) == CONTENT
        assert stream.read(3) + stream.read(1 << 20) == CONTENT
        assert stream.fraction > 0.5


@pytest.mark.parametrize("packing", [".gz", ".bz2", ".xz", ".zip"])
@pytest.mark.parametrize("keep", [0.3, 0.6, 0.99])
def test_that_a_packed_file_that_was_cut_off_is_refused(tmp_path: Path, packing: str, keep: float) -> None:
    whole = packed(CONTENT, packing)
    path = saved(tmp_path, whole[: int(len(whole) * keep)])
    with pytest.raises(DataError, match=r"table\.csv is damaged or cut off after [\d,]+ unpacked bytes") as caught:
        everything(path)
    assert "Get the file again" in caught.value.hint


@pytest.mark.parametrize("packing", [".gz", ".bz2", ".xz", ".zip"])
def test_that_a_packed_file_with_a_wrong_bit_is_refused(tmp_path: Path, packing: str) -> None:
    whole = bytearray(packed(CONTENT, packing))
    whole[len(whole) // 2] ^= 1
    with pytest.raises(DataError, match=r"table\.csv is damaged"):
        everything(saved(tmp_path, bytes(whole)))


def test_that_an_archive_of_several_files_needs_a_choice(tmp_path: Path) -> None:
    members = {"a.csv": b"1\n", "folder/b.csv": b"2\n"}
    path = saved(tmp_path, archive({**members, "__MACOSX/._a.csv": b"?", "folder/": b""}))
    assert members_of(path) == ("a.csv", "folder/b.csv")
    assert everything(path, "folder/b.csv") == b"2\n"
    with pytest.raises(DataError, match=r"table\.csv holds 2 files") as caught:
        everything(path)
    assert "Choose one of 'a.csv', 'folder/b.csv'" in caught.value.hint
    with pytest.raises(DataError, match="has no member 'c'") as caught:
        everything(path, "c")
    assert "'a.csv'" in caught.value.hint


def test_that_an_archive_without_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="a ZIP archive without files"):
        everything(saved(tmp_path, archive({})))


def test_that_a_plain_file_has_no_parts(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="has no parts"):
        everything(saved(tmp_path, CONTENT), "sheet")


def test_that_an_encrypted_member_is_named(tmp_path: Path) -> None:
    content = bytearray(archive({"a.csv": CONTENT}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(DataError, match=r"'a\.csv' is encrypted") as caught:
        everything(saved(tmp_path, bytes(content)))
    assert "password" in caught.value.hint


def test_that_an_archive_with_an_endless_list_of_members_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="its list of members is too long"):
        members_of(saved(tmp_path, archive({f"{number:0100}": b"" for number in range(8000)})))


@pytest.mark.parametrize("packing", [".gz", ".bz2", ".xz", ".zip"])
def test_that_a_bomb_is_refused_before_it_has_unfolded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packing: str
) -> None:
    monkeypatch.setattr(streams, "LARGEST_UNSUSPECTED", 1 << 20)
    path = saved(tmp_path, packed(b"1,2\n" * (2 << 20), packing))
    taken: list[int] = []
    with pytest.raises(DataError, match=r"table\.csv: [\d,]+ bytes unpack to more than [\d,]+") as caught:
        drain(path, taken)
    assert 1 << 20 <= sum(taken) <= 3 << 20
    assert "unpack the file" in caught.value.hint


def test_that_no_packed_file_unpacks_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "LARGEST_UNPACKED", 100_000)
    with pytest.raises(DataError, match="unpack to more than"):
        everything(saved(tmp_path, packed(CONTENT, ".gz")))
    assert everything(saved(tmp_path, CONTENT)) == CONTENT


def test_that_xz_is_unpacked_within_bounded_memory(tmp_path: Path) -> None:
    greedy = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 29}]
    with pytest.raises(DataError, match="Memory usage limit"):
        everything(saved(tmp_path, _xz_that_wants(greedy)))


def _xz_that_wants(filters: list[dict[str, int]]) -> bytes:
    """Return a small file whose header asks for a large dictionary."""
    content = bytearray(lzma.compress(CONTENT, filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 16}]))
    start, size = 12, (content[12] + 1) * 4
    flags = content.index(b"\x21\x01", start)
    content[flags + 2] = 2 * (filters[0]["dict_size"].bit_length() - 1) - 24
    content[start + size - 4 : start + size] = zlib.crc32(content[start : start + size - 4]).to_bytes(4, "little")
    return bytes(content)
