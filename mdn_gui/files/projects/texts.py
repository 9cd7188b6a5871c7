"""Many texts as two members of an archive, so that a million of them are no list in JSON."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import numpy as np

from mdn_gui.files.projects.archive import array_bytes
from mdn_gui.files.projects.refusal import RefusedError

_TOGETHER = 4096
"""Texts encoded in one go: what the interpreter does without a pause stays short."""


def packed_texts(texts: Iterable[str]) -> tuple[list[bytes | memoryview], list[bytes | memoryview]]:
    """Return the texts in UTF-8, one after the other, and how many bytes each has, uint32.

    Parameters
    ----------
    texts : iterable of str
        May hold lone surrogates.
    """
    content: list[bytes | memoryview] = []
    lengths: list[bytes | memoryview] = []
    left = iter(texts)
    while some := [text.encode("utf-8", "surrogatepass") for text in islice(left, _TOGETHER)]:
        content.append(b"".join(some))
        lengths.append(array_bytes(np.array([len(each) for each in some]), "<u4"))
    return content, lengths


class TextReader:
    """Takes texts out of what :func:`packed_texts` made, in the same order.

    Parameters
    ----------
    content : memoryview
        The texts in UTF-8.
    lengths : array [T]
        Bytes of each.

    Raises
    ------
    RefusedError
        When the lengths do not fit the content.
    """

    def __init__(self, content: memoryview, lengths: np.ndarray) -> None:
        self._content, self._lengths = content, lengths
        self._taken = self._position = 0
        if int(lengths.sum(dtype=np.uint64)) != len(content):
            raise RefusedError("its texts do not have the lengths that are given")

    @property
    def left(self) -> int:
        """Number of texts that were not taken."""
        return len(self._lengths) - self._taken

    def take(self, count: int) -> tuple[str, ...]:
        """Return the next ``count`` texts.

        Raises
        ------
        RefusedError
            When there are fewer, or one is not UTF-8.
        """
        if count > self.left:
            raise RefusedError("it holds fewer texts than its columns need")
        try:
            return tuple(self._next(count))
        except UnicodeDecodeError:
            raise RefusedError("one of its texts is not UTF-8") from None

    def _next(self, count: int) -> Iterator[str]:
        for begin in range(self._taken, self._taken + count, _TOGETHER):
            for length in self._lengths[begin : min(begin + _TOGETHER, self._taken + count)].tolist():
                end = self._position + length
                yield str(self._content[self._position : end], "utf-8", "surrogatepass")
                self._position = end
        self._taken += count


def whole_numbers(numbers: Sequence[int]) -> list[bytes | memoryview]:
    """Return whole numbers as int64, a few thousand at a time.

    Raises
    ------
    RefusedError
        When one is no whole number of 64 bits.
    """
    try:
        return [
            array_bytes(np.array(numbers[begin : begin + _TOGETHER], dtype=np.int64), "<i8")
            for begin in range(0, len(numbers), _TOGETHER)
        ]
    except (OverflowError, TypeError, ValueError) as error:
        raise RefusedError(f"the number of a row cannot be written ({error})") from error
