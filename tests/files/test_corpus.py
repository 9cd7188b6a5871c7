"""Every file of the corpus through the window's door: read right, or refused with the file, the place, the remedy."""

from pathlib import Path

import pytest

from mdn_gui.errors import DataError
from mdn_gui.files.formats import preview_here, read_here
from mdn_gui.files.options import ReadOptions, Unwatched
from tests.files.corpus import CORPUS

LIGHT = [
    name
    for name, member in CORPUS.items()
    if not member.is_heavy and (member.change is None or member.is_changed_early)
]


@pytest.mark.parametrize("name", LIGHT)
def test_that_a_file_of_the_corpus_is_read_right_or_refused_by_name(tmp_path: Path, name: str) -> None:
    member = CORPUS[name]
    path = tmp_path / member.file
    member.make(path)
    try:
        preview = preview_here(path, ReadOptions())
        if member.change is not None:
            member.change(path)
        outcome = read_here(path, preview.options, Unwatched())
    except DataError as error:
        outcome = error
    assert member.is_answered_by(outcome), outcome
