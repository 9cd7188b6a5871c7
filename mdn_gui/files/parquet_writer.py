"""Tables to Parquet files, block by block."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from mdn_gui.files.names import unique_names

if TYPE_CHECKING:
    from mdn_gui.core.dataset import FloatArray
    from mdn_gui.files.tables import Block, Column, Outline

COMMENTS = b"comments"
"""Key of the metadata under which the comments stand, a line each."""
_BYTES_A_GROUP = 1 << 24
"""Bytes that are kept before a group of rows is written."""


def write_parquet(stream: BinaryIO, outline: "Outline", blocks: "Iterable[Block]") -> None:
    """Write the rows as columns of float64 or UTF-8 text, the comments as metadata of the schema.

    A number that is NaN is missing (null); infinite ones and -0.0 are kept as they are.

    Parameters
    ----------
    stream : binary file
        Where to write.
    outline : Outline
        What is known of the table before its rows.
    blocks : iterable of Block
        The rows.
    """
    import pyarrow
    from pyarrow import parquet

    names, _ = unique_names(outline.names)
    kinds = [pyarrow.string() if is_text else pyarrow.float64() for is_text in outline.are_texts]
    comments = "\n".join(outline.comments).encode("utf-8", "replace")
    schema = pyarrow.schema(list(zip(names, kinds, strict=True)), metadata={COMMENTS: comments})
    with parquet.ParquetWriter(stream, schema) as writer:
        waiting: list[Any] = []
        for block in blocks:
            arrays = [_array(column) for column in block]
            waiting.append(pyarrow.record_batch(arrays, schema=schema))
            if sum(batch.nbytes for batch in waiting) >= _BYTES_A_GROUP:
                writer.write_table(pyarrow.Table.from_batches(waiting))
                waiting.clear()
        if waiting:
            writer.write_table(pyarrow.Table.from_batches(waiting))


def _array(column: "Column") -> Any:
    """Return a column for pyarrow, from plain buffers: its own conversion would load pandas where that is installed."""
    import pyarrow

    if not isinstance(column, tuple):
        values: FloatArray = np.ascontiguousarray(column, dtype=np.float64)
        given = np.packbits(~np.isnan(values), bitorder="little")
        buffers = [pyarrow.py_buffer(given), pyarrow.py_buffer(values)]
        return pyarrow.Array.from_buffers(pyarrow.float64(), len(values), buffers)
    texts = [text.encode("utf-8", "replace") for text in column]
    ends = np.cumsum([0, *map(len, texts)]).astype(np.int32)
    buffers = [None, pyarrow.py_buffer(ends), pyarrow.py_buffer(b"".join(texts))]
    return pyarrow.Array.from_buffers(pyarrow.string(), len(texts), buffers)
